"""Collection of mail: each message is copied and stored, then the position in the mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from msgspec import Struct, structs

from domain.actors import Actor, Role
from domain.incoming_mail import BOUNCE, RECORDED, SHOWN, DeliveryReport, IncomingMessage
from domain.ports.errors import Unavailable
from domain.ports.incoming_mail import IncomingMailStore, Mailbox
from domain.rules import Refused
from workflows.incoming.matching import references
from workflows.notifications.service import Notifications
from workflows.projections.parking import Alarm

EVERY: Final = timedelta(seconds=15)
"""How often mailboxes are looked at, unless the silence clock asks for it sooner."""
SERVICE: Final = Actor(role=Role.NOTICES)
NO_FAILURE: Final = "it reports no failure"
NOT_OURS: Final = "it names no letter that was sent from here"
OF_A_LINK: Final = "it reports on a link to an account, and is shown with the accounts"


NoteReturned = Callable[[str, str], bool]
"""Notes that the letter with this key came back, and why; whether it is one with a link."""


class LookResult(Struct, frozen=True):
    """What a look at all mailboxes found: new messages, and what failed, by mailbox."""

    messages: tuple[IncomingMessage, ...] = ()
    failures: tuple[str, ...] = ()


class MailCollector:
    """Reads the mailboxes of this process. `now` returns the time of the record (UTC)."""

    def __init__(
        self,
        store: IncomingMailStore,
        notifications: Notifications,
        *,
        now: Callable[[], datetime],
        alarm: Alarm,
        note_returned: NoteReturned,
    ) -> None:
        self._note_returned = note_returned
        self._store, self._notifications, self._now, self._alarm = store, notifications, now, alarm
        self.mailboxes: Sequence[Mailbox] = ()
        self.wanted = False
        """Whether the silence clock waits for a look."""
        self.tried: dict[str, datetime] = {}
        """When the last look at each mailbox began that ended, well or badly (UTC)."""
        self._next = datetime.min.replace(tzinfo=UTC)
        self._looking = Lock()

    def look_when_due(self) -> None:
        """Look at all mailboxes, if it is time to or somebody waits for it.

        Raises Unavailable for mailboxes that cannot be read; what the others had was kept.
        """
        now = self._now()
        if self.mailboxes and (self.wanted or now >= self._next):
            self.wanted = False
            self._next = now + EVERY
            if failures := self.look().failures:
                self._next = now  # who calls again decides how soon
                raise Unavailable("; ".join(failures))

    def look(self) -> LookResult:
        """Look at all mailboxes now. Raises Unavailable where the store cannot be written."""
        taken: list[IncomingMessage] = []
        failures: list[str] = []
        with self._looking:
            for mailbox in self.mailboxes:
                began = self._now()
                try:
                    taken += self._read(mailbox)
                except Unavailable as error:
                    failures.append(str(error))
                    self._fail(mailbox, began, str(error))
                else:
                    self._succeed(mailbox, began)
                self.tried[mailbox.name] = began
        self.record_reports()
        return LookResult(tuple(taken), tuple(failures))

    def _read(self, mailbox: Mailbox) -> list[IncomingMessage]:
        known = {box.name: box.marker for box in self._store.mailboxes()}
        places = self._store.places(mailbox.name)
        return [
            self._store.keep(mailbox.name, fetched, self._now())
            for fetched in mailbox.unread(known.get(mailbox.name, ""), places)
        ]

    def _fail(self, mailbox: Mailbox, began: datetime, because: str) -> None:
        failing = {box.name for box in self._store.mailboxes() if box.failed_since}
        self._store.note_failure(mailbox.name, began, because)
        if mailbox.name not in failing:
            self._alarm.error("a mailbox cannot be read", mailbox=mailbox.name, because=because)

    def _succeed(self, mailbox: Mailbox, began: datetime) -> None:
        failing = {box.name for box in self._store.mailboxes() if box.failed_since}
        self._store.note_look(mailbox.name, began)
        if mailbox.name in failing:
            self._alarm.info("a mailbox can be read again", mailbox=mailbox.name)

    # --- Delivery reports -------------------------------------------------------------------------

    def record_reports(self) -> None:
        """Record of each delivery report what it says: a letter that came back was not received.

        Who forges one can only hold a procedure for people to look at. Raises Unavailable.
        """
        for message in self._store.messages(waiting=True):
            if message.summary.kind == BOUNCE and self._notifications.delivery:
                self._store.settle(self._recorded(message))

    def _recorded(self, message: IncomingMessage) -> IncomingMessage:
        failed = [report for report in message.summary.reports if report.action == "failed"]
        if not failed:
            return structs.replace(message, state=SHOWN, reason=NO_FAILURE)
        key = self._key(message)
        if not key and self._was_a_link(message, failed):
            return structs.replace(message, state=SHOWN, reason=OF_A_LINK)
        if not key:
            return structs.replace(message, state=SHOWN, reason=NOT_OURS)
        done = message
        for report in failed:
            named = filter(None, dict.fromkeys((report.original, report.address)))
            reason = f"it came back: {report.status or 'without a status'}"
            done = self._record(done, key, (*named, ""), reason)
        return done

    def _key(self, message: IncomingMessage) -> str:
        outbox = self._notifications.outbox
        found = (outbox.find_reference(reference) for reference in references(message.summary))
        return next((queued.notice.key for queued in found if queued), "")

    def _was_a_link(self, message: IncomingMessage, failed: Sequence[DeliveryReport]) -> bool:
        """Whether a link to an account came back; then that is noted with it."""
        reason = failed[0].status or "without a status"
        return any(self._note_returned(key, reason) for key in references(message.summary))

    def _record(
        self, message: IncomingMessage, key: str, addresses: Sequence[str], reason: str
    ) -> IncomingMessage:
        """Record one failure, of the first of these addresses at which the letter was accepted."""
        because = ""
        for address in addresses:
            try:
                assert self._notifications.delivery  # noqa: S101 (for the type checker)
                answer = self._notifications.delivery.record_bounce(
                    key, reason, by=SERVICE, address=address
                )
            except Refused as refused:
                because = because or refused.because
                continue
            event = answer.events[0] if answer and answer.events else None
            return structs.replace(
                message,
                state=RECORDED,
                dealt_at=self._now(),
                organisation=event.organisation if event else message.organisation,
                window=event.stream.id if event else message.window,
                position=event.position if event else message.position,
            )
        known = message.state == RECORDED
        return message if known else structs.replace(message, state=SHOWN, reason=because)
