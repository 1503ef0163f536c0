"""What readers may see: names that a window's policy withholds are withheld in every output."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from domain.actors import Role
from domain.agenda.events import ObjectionNoted
from domain.decision_context import DecisionContext
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
from domain.streams import StreamKind

WITHHELD: Final = "withheld"


class Redaction:
    """Shows events as anybody may see them. Until people can log in, nobody sees more.

    The record itself always holds the names; only what leaves the program is covered.
    """

    def __init__(self, world: DecisionContext) -> None:
        self._world = world
        self._withheld: dict[str, bool] = {}

    def withholds_names(self, window: str) -> bool:
        """Whether the names of those who answer in this window are withheld."""
        if window not in self._withheld:
            self._withheld[window] = self._world.window(window).policy.names_withheld
        return self._withheld[window]

    def redact_event(self, one: RecordedEvent) -> RecordedEvent:
        """The event as it may be shown; also one of an agenda that an answer has moved."""
        if isinstance(one.fact, ObjectionNoted):
            return self._noted(one, one.fact)
        here = one.stream.kind is StreamKind.WINDOW
        window = one.stream.id if here else getattr(one.fact, "window", "")
        by_seat = one.actor.role is Role.SEAT
        if not window or not (here or by_seat) or not self.withholds_names(window):
            return one
        told = structs.replace(
            one, fact=_covered(one.fact), command_id=WITHHELD, command_hash=WITHHELD
        )
        if not by_seat:
            return told
        actor = structs.replace(one.actor, seat=WITHHELD, name="", principal="")
        return structs.replace(told, actor=actor, authority=one.authority and WITHHELD)

    @staticmethod
    def _noted(one: RecordedEvent, fact: ObjectionNoted) -> RecordedEvent:
        """An objection that came while no silence ran, without names where they are withheld."""
        if not fact.names_withheld:
            return one
        told = structs.replace(one, fact=fact.shown, command_id=WITHHELD, command_hash=WITHHELD)
        actor = structs.replace(one.actor, seat=one.actor.seat and WITHHELD, name="", principal="")
        return structs.replace(told, actor=actor, authority=one.authority and WITHHELD)

    def redact_window(self, told: Window) -> Window:
        """A window as it may be shown."""
        if not told.policy.names_withheld:
            return told
        heard = [_anonymous(one) for one in told.responses]
        return structs.replace(
            told,
            responses=tuple(heard),
            notices=NoticeResults(),
            terms=structs.replace(told.terms, roster_hash=""),
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
            told = (WITHHELD,) * len(seats)
            return structs.replace(fact, seats=told, evidence=evidence and WITHHELD)
        case NoticesRecorded(seats=seats) | NoticesRepeated(seats=seats):
            return structs.replace(fact, seats=(WITHHELD,) * len(seats))
    return fact


def _anonymous(one: ReceivedResponse) -> ReceivedResponse:
    """A response of which nobody sees who gave it, nor who withdrew it while others did not."""
    whole = one.withdrawals[-1:] if one.withdrawn else ()
    gone = tuple(structs.replace(last, names=frozenset()) for last in whole)
    return structs.replace(one, response=redact_response(one.response), withdrawals=gone)


def redact_response(response: Response) -> Response:
    """A response without the names of those who gave it.

    The hash of its paper goes too: whoever has it could cite the paper elsewhere, and read it.
    """
    return structs.replace(
        response,
        seats=(WITHHELD,) if response.seats else (),
        on_behalf_of=(WITHHELD,) if response.on_behalf_of else (),
        evidence=response.evidence and WITHHELD,
    )
