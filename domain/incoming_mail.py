"""Messages that came by mail: stored whole beside the log, and shown to people.

Nothing in a message acts by itself. Senders and texts are no part of the record; a response that
staff register because of a message cites it by its SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct, structs

MESSAGE: Final = "message"
AUTOMATIC: Final = "automatic answer"
BOUNCE: Final = "delivery report"

WAITING: Final = "waiting"
REGISTERED: Final = "registered"
NO_RESPONSE: Final = "not a response"
RECORDED: Final = "recorded"
"""A delivery report of which the record says what it reports."""
SHOWN: Final = "shown only"
"""What asks for nothing: an automatic answer, or a report of no failure of a letter from here."""

INTERNALDATE: Final = "IMAP INTERNALDATE"
MAILDIR_TIME: Final = "time of the file in the Maildir"
TRACE: Final = "Received header of our own server"
STATED: Final = "stated by staff"
UNKNOWN: Final = "not known"


class Receipt(Struct, frozen=True, kw_only=True):
    """When our mailbox received a message, and how that is known.

    The header `Date`, which its sender writes, never counts (RFC 5322, 3.6.1: it is when the sender
    declared the message complete). INTERNALDATE is the server's own time of receipt (RFC 3501,
    2.3.3), and a server writes its trace line on top of all others (RFC 5321, 4.4).
    """

    at: datetime | None = None
    """UTC; None where no trusted source gives it."""
    source: str = UNKNOWN
    reason: str = ""
    """Why staff stated another time."""
    by: str = ""
    """Who stated it: a function or an opaque principal."""


class Attachment(Struct, frozen=True, kw_only=True):
    """A part of a message other than its text: its name as the sender gives it, and its size."""

    name: str
    type: str
    size: int


class DeliveryReport(Struct, frozen=True, kw_only=True):
    """What a delivery report says of one recipient (RFC 3464, 2.3)."""

    address: str
    original: str = ""
    action: str = ""
    """`failed`, `delayed`, `delivered`, `relayed` or `expanded`."""
    status: str = ""
    """The code, such as `5.1.1` (RFC 3463)."""


class TraceLine(Struct, frozen=True, kw_only=True):
    """A `Received` header: which server wrote it, and when (UTC) that one had the message."""

    by: str
    at: datetime | None = None


class MessageSummary(Struct, frozen=True, kw_only=True):
    """What a message says of itself; none of it is trusted."""

    kind: str = MESSAGE
    sender: str = ""
    """The address in `From`, in lower case; empty where there is none that can be read."""
    sender_name: str = ""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """The Message-IDs that it answers or, for a delivery report, reports on."""
    recipients: tuple[str, ...] = ()
    date: str = ""
    """The header `Date` as it stands there."""
    automatic: str = ""
    """By which header it is known as an automatic answer."""
    reports: tuple[DeliveryReport, ...] = ()
    trace: tuple[TraceLine, ...] = ()
    """The topmost first."""
    faults: tuple[str, ...] = ()
    """What of it could not be read."""


class AuthenticationResults(Struct, frozen=True, kw_only=True):
    """A header `Authentication-Results` (RFC 8601): which server wrote it, as it says, and what."""

    server: str
    """Its `authserv-id`, in lower case."""
    results: str


class MessageContent(Struct, frozen=True, kw_only=True):
    """The parts of a message for people who read it."""

    text: str = ""
    from_html: bool = False
    """Whether the text was taken out of HTML, as there is no plain one."""
    shortened: bool = False
    """Whether the text is longer than what is shown."""
    attachments: tuple[Attachment, ...] = ()
    attachment_count: int = 0
    authentication: tuple[AuthenticationResults, ...] = ()
    """The topmost first. Anybody may have written them."""


class Registration(Struct, frozen=True, kw_only=True):
    """The event by which a message was registered as a response, and by whom it was noted."""

    organisation: str
    window: str
    position: int
    by: str = ""
    """A function or an opaque principal."""
    noted_at: datetime | None = None
    """UTC."""


class IncomingMessage(Struct, frozen=True, kw_only=True):
    """A message as it is kept. Its bytes are under its SHA-256, and never change."""

    sha256: str
    size: int
    """Its bytes in the mailbox."""
    mailbox: str
    """Where it came in; `file` for one that was given by hand."""
    place: str
    """Its place there: UIDVALIDITY and UID, or the name of its file."""
    taken_at: datetime
    """When it was copied from there (UTC)."""
    receipt: Receipt
    summary: MessageSummary
    whole: bool = True
    """Whether all of it is kept; of one that is too large, its headers are."""
    state: str = WAITING
    reason: str = ""
    """Why it is no response, or could not be recorded."""
    by: str = ""
    dealt_at: datetime | None = None
    organisation: str = ""
    """Where it was registered or recorded; where more than once, for the last time."""
    window: str = ""
    position: int = 0
    """The position of the event that records it."""
    registrations: tuple[Registration, ...] = ()
    """All events by which it was registered, in the order of being noted; see `registered`."""
    id: int = 0

    @property
    def registered(self) -> tuple[Registration, ...]:
        """All events by which it was registered, also where one alone was noted long ago."""
        if self.registrations or self.state != REGISTERED:
            return self.registrations
        only = Registration(
            organisation=self.organisation,
            window=self.window,
            position=self.position,
            by=self.by,
            noted_at=self.dealt_at,
        )
        return (only,)

    def as_of(self, positions: Mapping[str, int]) -> IncomingMessage:
        """As it stands where the record of each organisation ends at these positions.

        What a later event registered or recorded waits again, unless an earlier one did so too.
        """
        kept = tuple(
            each for each in self.registered if each.position <= positions.get(each.organisation, 0)
        )
        if self.position <= positions.get(self.organisation, 0) and kept == self.registered:
            return self
        if not kept:
            return structs.replace(self, state=WAITING, position=0, window="", registrations=())
        return structs.replace(
            self,
            organisation=kept[-1].organisation,
            window=kept[-1].window,
            position=kept[-1].position,
            registrations=kept,
        )

    @property
    def in_hand(self) -> datetime | None:
        """When it was certainly here (UTC), by what is known; None where only staff can say.

        A time of receipt after the moment at which we had it is no time of receipt.
        """
        return None if self.receipt.at is None else min(self.receipt.at, self.taken_at)

    @property
    def waits(self) -> bool:
        """Whether it may be a response that has not been dealt with."""
        return self.state == WAITING and self.summary.kind == MESSAGE

    def came_between(self, opened: datetime, end: datetime) -> bool:
        """Whether it may have come after `opened` and before `end` (UTC); in doubt it did."""
        if self.in_hand is None:
            return self.taken_at >= opened
        return opened <= self.in_hand < end


class MailboxStatus(Struct, frozen=True, kw_only=True):
    """How a mailbox of a store is doing, as all processes see it."""

    name: str
    looked_at: datetime | None = None
    """When the last look that found all there was began (UTC)."""
    failed_since: datetime | None = None
    """Since when it cannot be read (UTC); None while it can."""
    because: str = ""
    marker: str = ""
    """How far it was read: UIDVALIDITY and the last UID of an IMAP mailbox."""
