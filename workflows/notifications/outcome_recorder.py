"""Records in the log what became of letters: delivered, failed, or come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain.actors import Actor, Role
from domain.canonical import canonical_json, digest
from domain.messages import RecordedEvent
from domain.notices import UNRECORDED, Notice
from domain.ports.clock import Moment
from domain.ports.errors import Unreadable
from domain.ports.outbox import DeliveryOutcome, NoticeBatch, Outbox, QueuedNotice
from domain.rules import Refused, require
from domain.silence.commands import RecordNotices
from domain.streams import Stream, StreamKind
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.commands.orders import order_of_program
from workflows.notifications import policy
from workflows.notifications.round_cache import NotifiedRecord

SERVICE: Final = Actor(role=Role.NOTICES)


class OutcomeRecorder:
    """Records outcomes; `mark` gives what the record calls an address."""

    def __init__(
        self,
        record: NotifiedRecord,
        handling: CommandHandler,
        outbox: Outbox,
        *,
        clock: Callable[[], Moment],
        mark: Callable[[str], str],
    ) -> None:
        self._record, self._handling, self._outbox = record, handling, outbox
        self._clock, self._mark = clock, mark

    def record_batches(self) -> list[CommandResult]:
        """Record what the outbox knows and the log does not."""
        return [
            result
            for batch in self._outbox.unrecorded_batches()
            for result in self._record_batch(batch)
        ]

    def _record_batch(self, batch: NoticeBatch) -> list[CommandResult]:
        """Record a batch; what the record refuses is not tried again, unless the clock is off."""
        results = []
        try:
            command = RecordNotices(
                window=batch.window,
                seats=batch.seats,
                result="delivered" if batch.state == "accepted" else "failed",
                reason=batch.reason,
                about=batch.about,
                via=batch.via,
                event=self._version(batch.organisation, batch.window, batch.occasion),
            )
            name = f"notices:{batch.id}"
            results.append(self._execute(batch.organisation, command, name, SERVICE))
        except Unreadable:
            return []
        except Refused as refused:
            if refused.rule == "one-clock":
                return []
        self._outbox.mark_recorded(batch.id)
        return results

    def record_bounce(
        self, key: str, reason: str, *, by: Actor, address: str = ""
    ) -> CommandResult | None:
        """Note that an accepted letter came back; recorded where it told a seat.

        It is a failure once no address is left that took it, nor a later letter about the same.
        `address` says from which it came back, where there are several. The same said again is
        recorded once. Raises Refused for a letter that this outbox did not send there.
        """
        require("empty", reason.strip(), "a bounce needs its reason")
        self.record_batches()
        queued = self._sent(key)
        handed = self._outbox.accepting_addresses(key)
        where = _bounced_address(handed, address)
        left = [other for other, state in handed.items() if state == "taken" and other != where]
        result = None
        if not (queued.notice.office or queued.notice.about in UNRECORDED):
            reached = bool(left or self._outbox.accepted_later(queued.notice))
            command = self._bounce(queued, reason, where, reached=reached)
            which = digest(canonical_json([where, reason]))[:16]
            name = f"bounced:{key}:{which}"
            result = self._execute(queued.notice.organisation, command, name, by)
        self._outbox.record_bounce(key, where)
        if not left:
            back = DeliveryOutcome(state="bounced", reason=reason)
            self._outbox.finish_attempt(key, back, self._clock().at, before="accepted")
        return result

    def _sent(self, key: str) -> QueuedNotice:
        """A letter that was accepted. Raises Refused for any other."""
        found = self._outbox.find(key)
        if found is None or found.state not in {"accepted", "bounced"}:
            raise Refused("known", f"no letter {key} was sent from here and accepted")
        return found

    def _bounce(
        self, queued: QueuedNotice, reason: str, address: str, *, reached: bool
    ) -> RecordNotices:
        """The command for a letter that came back; `reached` says that another one arrived."""
        notice: Notice = queued.notice
        return RecordNotices(
            window=notice.window,
            seats=(notice.to,),
            result="bounced" if reached else "failed",
            reason=reason,
            about=notice.about,
            via=queued.via,
            address=address and self._mark(address),
            event=self._version(notice.organisation, notice.window, notice.occasion),
        )

    def _version(self, organisation: str, window: str, occasion: str) -> int | None:
        """The version of the event that a notice tells, or of the deadline that it reminds of."""
        events = self._record.history(organisation).events_of(Stream(StreamKind.WINDOW, window))
        found = [event.version for event in events if occasion in _occasions(event)]
        return found[-1] if found else None

    def _execute(
        self, organisation: str, command: RecordNotices, name: str, by: Actor
    ) -> CommandResult:
        now = self._clock()
        order = order_of_program(command, name, by, now.at, now.offset_ms)
        return self._handling.handle(organisation, order)


def _occasions(event: RecordedEvent) -> tuple[str, ...]:
    """What a notice of this event calls it: by its position, or the deadline that it sets."""
    closes = event.fact.closes if isinstance(event.fact, policy.DEADLINES) else ""
    return str(event.position), str(closes)


def _bounced_address(handed: Mapping[str, str], address: str) -> str:
    """The address that a letter came back from; empty where it is not known at which it was.

    Raises Refused for one to which it was not sent, and where it is one of several.
    """
    named = [other for other in handed if other.casefold() == address.casefold()]
    require("known", named or not address, f"the letter was not accepted for {address}")
    possible = named or list(handed)
    several = f"it was accepted for {len(possible)} addresses: say from which it came back"
    require("known", len(possible) <= 1, several)
    return possible[0] if possible else ""
