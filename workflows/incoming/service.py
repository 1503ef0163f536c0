"""The incoming mail of one store: taken, matched, shown to staff, and considered before a lapse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct, structs

from domain.incoming_mail import (
    NO_RESPONSE,
    REGISTERED,
    STATED,
    TRACE,
    UNKNOWN,
    AuthenticationResults,
    IncomingMessage,
    MailboxStatus,
    MessageContent,
    Receipt,
    Registration,
)
from domain.messages import RecordedEvent
from domain.notices import Notice
from domain.ports.address_book import Directory
from domain.ports.clock import RecordingClock
from domain.ports.incoming_mail import FetchedMessage, IncomingMailStore, Mailbox
from domain.rules import require
from domain.silence import holds
from domain.silence.holds import Doubt
from domain.silence.window import Window
from workflows.incoming.collection import LookResult, MailCollector, NoteReturned
from workflows.incoming.matching import Match, match
from workflows.notifications.service import Notifications
from workflows.projections.parking import Alarm

FILE: Final = "file"
RULE: Final = "heard-before-lapse"
RECOVERY_TIME: Final = timedelta(minutes=1)
"""How long after the grace of a deadline a mailbox that fails may come back before people look."""
LONGEST_LOOK: Final = timedelta(minutes=5)
"""How long a look that has begun is waited for."""
NAMED: Final = 5
"""How many messages a hold names."""


class MatchedMessage(Struct, frozen=True):
    """A message with what it may belong to."""

    message: IncomingMessage
    match: Match


class IncomingMail:
    """The messages of one store. None of them has an effect by itself."""

    def __init__(
        self,
        store: IncomingMailStore,
        notifications: Notifications,
        *,
        body_of: Callable[[Notice], str],
        clock: RecordingClock,
        alarm: Alarm,
        note_returned: NoteReturned = lambda _, __: False,
    ) -> None:
        self.store, self._notifications = store, notifications
        self._body_of = body_of
        self._clock, self._alarm = clock, alarm
        self._collector = MailCollector(
            store, notifications, now=self.now, alarm=alarm, note_returned=note_returned
        )
        self._began: datetime | None = None
        self._hosts: frozenset[str] = frozenset()
        self._servers: frozenset[str] = frozenset()

    def now(self) -> datetime:
        """The time of the record (UTC)."""
        return self._clock.read().at

    def configure(
        self,
        mailboxes: Sequence[Mailbox],
        hosts: Sequence[str] = (),
        servers: Sequence[str] = (),
    ) -> None:
        """Read these mailboxes from now on; `hosts` are our own servers, whose trace lines count.

        `servers` are the names under which they write results of authentication (RFC 8601).
        From now on no silence procedure of this store lapses before they were read.
        """
        self._collector.mailboxes = mailboxes
        self._hosts = frozenset(host.casefold() for host in hosts)
        self._servers = frozenset(server.casefold() for server in servers)

    @property
    def is_configured(self) -> bool:
        """Whether this process reads any mailbox."""
        return bool(self._collector.mailboxes)

    # --- What comes in ----------------------------------------------------------------------------

    def look(self) -> LookResult:
        """Look at all mailboxes of this process now. Raises Unavailable."""
        return self._collector.look()

    def look_when_due(self) -> None:
        """The same, if it is time to. Raises Unavailable."""
        self._collector.look_when_due()

    def take(self, content: bytes, name: str) -> IncomingMessage:
        """Keep a message that is given as a file of this name.

        Its time of receipt is that of the top trace line, if one of our own servers wrote it.
        """
        fetched = FetchedMessage(
            content=content, size=len(content), place=name, received_at=None, source=UNKNOWN
        )
        kept = self.store.keep(FILE, fetched, self.now())
        top = kept.summary.trace[0] if kept.summary.trace else None
        if kept.receipt.at is None and top and top.at and top.by in self._hosts:
            self.store.state_receipt(kept.id, Receipt(at=top.at, source=TRACE))
        self._collector.record_reports()
        return self.get(kept.id)

    # --- What people see and do -------------------------------------------------------------------

    def get(self, number: int) -> IncomingMessage:
        """A message. Raises Refused where there is none."""
        found = self.store.find(number)
        require("known", found, f"no message {number} came by mail")
        assert found is not None  # noqa: S101 (required above)
        return found

    def matched(self, number: int) -> MatchedMessage:
        """A message with what it may belong to. Raises Refused where there is none."""
        message = self.get(number)
        return MatchedMessage(message, self._match(message, self._directory()))

    def of_organisation(self, organisation: str, limit: int = 0) -> list[MatchedMessage]:
        """The messages that may belong to an organisation, newest first."""
        directory = self._directory()
        found = (
            MatchedMessage(message, self._match(message, directory))
            for message in self.store.messages(limit=limit)
        )
        return [
            each
            for each in found
            if each.message.organisation == organisation
            or (not each.message.organisation and each.match.may_be_of(organisation))
        ]

    def checked_by_ours(
        self, message: IncomingMessage, content: MessageContent
    ) -> AuthenticationResults | None:
        """What our own mail server found out about who sent a message; it proves no person.

        Of several headers under its name the uppermost counts, as it writes its own on top of
        what came with the message. Those of other servers are not looked at, nor those of a file
        that somebody gave, since anybody may have written them.
        """
        if message.mailbox == FILE:
            return None
        return next((it for it in content.authentication if it.server in self._servers), None)

    def dismiss(self, number: int, reason: str, by: str) -> IncomingMessage:
        """Note that a message is no response, and why. Raises Refused without a reason."""
        self.get(number)
        require("empty", reason.strip(), "say why it is no response")

        def dismissed(message: IncomingMessage) -> IncomingMessage:
            require("stage", message.state != REGISTERED, f"message {number} is registered")
            return structs.replace(
                message, state=NO_RESPONSE, reason=reason.strip(), by=by, dealt_at=self.now()
            )

        return self._revise(number, dismissed)

    def note_registered(
        self, number: int, *, organisation: str, window: str, position: int, by: str
    ) -> IncomingMessage:
        """Note as which event a message was registered; what was said of it before is over.

        It may be registered more than once; each event is noted once.
        """
        now = self.now()
        new = Registration(
            organisation=organisation, window=window, position=position, by=by, noted_at=now
        )

        def registered(message: IncomingMessage) -> IncomingMessage:
            known = {(each.organisation, each.position) for each in message.registered}
            if (organisation, position) in known:
                return message
            return structs.replace(
                message,
                state=REGISTERED,
                reason="",
                by=by,
                dealt_at=now,
                organisation=organisation,
                window=window,
                position=position,
                registrations=(*message.registered, new),
            )

        self.get(number)
        return self._revise(number, registered)

    def note_recorded(self, number: int, events: Iterable[RecordedEvent]) -> None:
        """Note what the record says of a message, where a program stopped before it was noted."""
        noted = {(each.organisation, each.position) for each in self.get(number).registered}
        for event in events:
            if (event.organisation, event.position) not in noted:
                self.note_registered(
                    number,
                    organisation=event.organisation,
                    window=event.stream.id,
                    position=event.position,
                    by=event.actor.principal or str(event.actor.role),
                )

    def state_receipt(self, number: int, at: datetime, reason: str, by: str) -> IncomingMessage:
        """State when a message was received (UTC), and how that is known. Raises Refused."""
        message = self.get(number)
        require("empty", reason.strip(), "say how the time of receipt is known")
        require("stage", message.state != REGISTERED, f"message {number} is registered")
        require("known", at <= message.taken_at, "it was here before that time")
        receipt = Receipt(at=at.astimezone(UTC), source=STATED, reason=reason.strip(), by=by)
        self.store.state_receipt(number, receipt)
        self._alarm.info("a time of receipt was stated", message=number, at=at.isoformat(), by=by)
        return self.get(number)

    def _revise(
        self, number: int, change: Callable[[IncomingMessage], IncomingMessage]
    ) -> IncomingMessage:
        revised = self.store.revise(number, change)
        self._alarm.info(
            "a message was dealt with", message=number, state=revised.state, by=revised.by
        )
        return revised

    # --- What the silence clock hears -------------------------------------------------------------

    def closing_doubts(
        self, organisation: str, window: Window, now: datetime
    ) -> tuple[Doubt, ...] | None:
        """The doubts that mail leaves about a window whose grace is over, at `now` (UTC).

        None while a look at a mailbox is waited for that began after its grace. A mailbox that
        cannot be read is a doubt of its own, which ends once the presiding officer has looked.
        """
        if not (self.store.exists() or self.is_configured):
            return ()
        self._began = self._began or now
        unread = [
            box
            for box in self._all_mailboxes()
            if box.looked_at is None or box.looked_at < window.due_from
        ]
        found = []
        if unread and not window.review.mailbox_reviewed:
            self._collector.wanted = True
            since = max(self._began, window.due_from)
            if any(now < since + self._longest_wait(box, window.due_from) for box in unread):
                return None
            number = "a mailbox" if len(unread) == 1 else f"{len(unread)} mailboxes"
            because = f"{number} for answers could not be read since the deadline"
            found.append(Doubt(RULE, because, holds.MAILBOX))
        if waiting := self._waiting(organisation, window):
            some = ", ".join(f"message {number}" for number in sorted(waiting)[:NAMED])
            some += f" and {len(waiting) - NAMED} more" if len(waiting) > NAMED else ""
            because = f"nobody has dealt with what came by mail in time: {some}"
            found.append(Doubt(RULE, because, holds.MAIL))
        return tuple(found)

    def _all_mailboxes(self) -> list[MailboxStatus]:
        """The mailboxes of the store, and those of this process that were never looked at yet."""
        known = self.store.mailboxes()
        names = {box.name for box in known}
        own = self._collector.mailboxes
        return [*known, *(MailboxStatus(name=box.name) for box in own if box.name not in names)]

    def _longest_wait(self, box: MailboxStatus, due_from: datetime) -> timedelta:
        """How long the clock waits for a mailbox to be read, by this process or another one."""
        own = any(box.name == mailbox.name for mailbox in self._collector.mailboxes)
        tried = self._collector.tried.get(box.name)
        return LONGEST_LOOK if own and (tried is None or tried < due_from) else RECOVERY_TIME

    def _waiting(self, organisation: str, window: Window) -> list[int]:
        """The messages that may be responses to a window and have not been dealt with."""
        registered = {response.response.evidence for response in window.responses}
        directory: Directory | None = None
        found = []
        for message in self.store.messages(waiting=True):
            possible = (
                message.waits
                and message.sha256 not in registered
                and message.came_between(window.opened.earliest, window.due_from)
            )
            if possible:
                directory = directory or self._directory()
                matched = self._match(message, directory)
                if matched.concerns(organisation, window.id, window.body):
                    found.append(message.id)
        return found

    def problems(self) -> list[str]:
        """What needs a person, in sentences. Raises Unavailable."""
        found = [
            f"The mailbox {box.name} cannot be read since {box.failed_since:%Y-%m-%d %H:%M:%S} UTC:"
            f" {box.because}"
            for box in self.store.mailboxes()
            if box.failed_since
        ]
        if waiting := self.store.count_waiting():
            what = "1 message waits" if waiting == 1 else f"{waiting} messages wait"
            found.append(f"{what} that came by mail; see `placet mail list`.")
        return found

    def close(self) -> None:
        """Close what was opened."""
        self.store.close()

    # --- Matching ---------------------------------------------------------------------------------

    def _directory(self) -> Directory:
        return self._notifications.addresses.read_or_none() or Directory()

    def _match(self, message: IncomingMessage, directory: Directory) -> Match:
        return match(message, self._letter, self._body_of, directory)

    def _letter(self, reference: str) -> Notice | None:
        """The letter from here that has this key, or whose key begins so."""
        if not self._notifications.has_outbox:
            return None
        found = self._notifications.outbox.find_reference(reference)
        return found.notice if found else None
