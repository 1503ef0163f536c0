"""What readers may see: names that a window's policy withholds are withheld in every output."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from domain.actors import Role
from domain.agenda.events import ObjectionNoted
from domain.decision_context import DecisionContext
from domain.erasures import TextErased, apply_erasure, is_replaced, text_at
from domain.messages import Fact, RecordedEvent
from domain.silence import Window
from domain.silence.events import (
    LateResponseReceived,
    NoticesRecorded,
    NoticesRepeated,
    ObjectionWithdrawn,
    Response,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
)
from domain.silence.notice_results import NoticeResults
from domain.silence.responses import ReceivedResponse
from domain.streams import Stream, StreamKind

WITHHELD: Final = "withheld"


def holds_text(event: RecordedEvent) -> bool:
    """Whether a sealed text of an event can still be read."""
    texts = (text_at(event, path) for path in event.sealed)
    return any(text and not is_replaced(text) for text in texts)


class Redaction:
    """Shows events as any reader may see them. Until people can log in, no reader sees more.

    The record itself always holds the names; only what leaves the program is covered.
    """

    def __init__(self, world: DecisionContext) -> None:
        self._world = world
        self._withheld: dict[str, bool] = {}
        self._erasures: dict[Stream, tuple[RecordedEvent, ...]] = {}

    def withholds_names(self, window: str) -> bool:
        """Whether the names of those who answer in this window are withheld."""
        if window not in self._withheld:
            self._withheld[window] = self._world.window(window).policy.names_withheld
        return self._withheld[window]

    def redact_event(self, event: RecordedEvent) -> RecordedEvent:
        """The event as it may be shown; also one of an agenda that an answer has moved.

        A text of which the history says that it was erased is not shown, though its key is there.
        """
        if event.sealed:
            event = self.with_erasure(event)
        if isinstance(event.fact, ObjectionNoted):
            return self._noted(event, event.fact)
        here = event.stream.kind is StreamKind.WINDOW
        window = event.stream.id if here else getattr(event.fact, "window", "")
        by_seat = event.actor.role is Role.SEAT
        if not window or not (here or by_seat) or not self.withholds_names(window):
            return event
        redacted = structs.replace(
            event, fact=_covered(event.fact), command_id=WITHHELD, command_hash=WITHHELD
        )
        if not by_seat:
            return redacted
        actor = structs.replace(event.actor, seat=WITHHELD, name="", principal="")
        return structs.replace(redacted, actor=actor, authority=event.authority and WITHHELD)

    def with_erasure(self, event: RecordedEvent) -> RecordedEvent:
        """An event whose texts are erased says since when, and by what authority.

        That is so also before the key is destroyed. Its whole stream is read for it, once.
        """
        if event.stream not in self._erasures:
            erasures = (
                e for e in self._world.events(event.stream) if isinstance(e.fact, TextErased)
            )
            self._erasures[event.stream] = tuple(erasures)
        for later in self._erasures[event.stream]:
            if isinstance(later.fact, TextErased) and later.fact.version == event.version:
                event = apply_erasure(event, later, later.fact)
        return event

    @staticmethod
    def _noted(event: RecordedEvent, fact: ObjectionNoted) -> RecordedEvent:
        """An objection that came while no silence ran, without names where they are withheld."""
        if not fact.names_withheld:
            return event
        redacted = structs.replace(
            event, fact=fact.shown, command_id=WITHHELD, command_hash=WITHHELD
        )
        actor = structs.replace(
            event.actor, seat=event.actor.seat and WITHHELD, name="", principal=""
        )
        return structs.replace(redacted, actor=actor, authority=event.authority and WITHHELD)

    def redact_window(self, window: Window) -> Window:
        """A window as it may be shown."""
        if not window.policy.names_withheld:
            return window
        responses = [_anonymous(response) for response in window.responses]
        return structs.replace(
            window,
            responses=tuple(responses),
            notices=NoticeResults(),
            terms=structs.replace(window.terms, roster_hash=""),
        )


def _covered(fact: Fact) -> Fact:
    """The fact without names; a reason for refusing a response may hold one too."""
    match fact:
        case ResponseRefused():
            return structs.replace(fact, response=redact_response(fact.response), reason=WITHHELD)
        case (
            ResponseReceived()
            | LateResponseReceived()
            | ResponseAtMargin()
            | ResponseFoundAfterClose()
        ):
            return structs.replace(fact, response=redact_response(fact.response))
        case ObjectionWithdrawn(seats=seats, evidence=evidence):
            withheld = (WITHHELD,) * len(seats)
            return structs.replace(fact, seats=withheld, evidence=evidence and WITHHELD)
        case NoticesRecorded(seats=seats) | NoticesRepeated(seats=seats):
            return structs.replace(fact, seats=(WITHHELD,) * len(seats))
    return fact


def _anonymous(response: ReceivedResponse) -> ReceivedResponse:
    """A response without the names of those who gave it, or withdrew it while others did not."""
    whole = response.withdrawals[-1:] if response.withdrawn else ()
    withdrawals = tuple(structs.replace(last, names=frozenset()) for last in whole)
    return structs.replace(
        response, response=redact_response(response.response), withdrawals=withdrawals
    )


def redact_response(response: Response) -> Response:
    """A response without the names of those who gave it.

    The hash of its evidence file goes too: with it one could cite the file elsewhere, and read it.
    """
    return structs.replace(
        response,
        seats=(WITHHELD,) if response.seats else (),
        on_behalf_of=(WITHHELD,) if response.on_behalf_of else (),
        evidence=response.evidence and WITHHELD,
    )
