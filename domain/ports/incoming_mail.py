"""The ports of incoming mail: mailboxes that are read, and where messages are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from domain.incoming_mail import IncomingMessage, MailboxStatus, MessageContent, Receipt


class FetchedMessage(Struct, frozen=True, kw_only=True):
    """A message as a mailbox gave it."""

    content: bytes
    """All of it; or its headers, where it is larger than what is taken."""
    size: int
    place: str
    received_at: datetime | None
    """When the mailbox received it (UTC); None where it does not say."""
    source: str
    """Where that time comes from."""
    marker: str = ""
    """How far the mailbox is read with it."""
    whole: bool = True


class Mailbox(Protocol):
    """A mailbox that is read, and never changed."""

    @property
    def name(self) -> str:
        """What people call it; it holds no password."""

    def unread(self, marker: str, known: Collection[str]) -> Iterator[FetchedMessage]:
        """What came after `marker`, without the places that are `known`, in order.

        Raises Unavailable; what came before that is not to be fetched again.
        """


class Mailboxes(Protocol):
    """The ways by which mail can come in."""

    def imap(
        self, host: str, port: int, *, user: str, password: str, tls: str, folder: str
    ) -> Mailbox:
        """A mailbox on a server. Raises Unavailable for a password that would go in clear."""

    def maildir(self, folder: Path) -> Mailbox:
        """A Maildir on this machine."""


class IncomingMailStore(Protocol):
    """Where messages are kept whole beside the log. Every method raises Unavailable."""

    def exists(self) -> bool:
        """Whether anything was ever kept; asking makes nothing."""

    def keep(self, mailbox: str, fetched: FetchedMessage, taken_at: datetime) -> IncomingMessage:
        """Keep a message durably, and how far its mailbox is read with it.

        The same bytes are kept once; a time of receipt that was not known is filled in.
        """

    def messages(self, *, waiting: bool = False, limit: int = 0) -> Sequence[IncomingMessage]:
        """The messages, newest first; all where no limit is given.

        With `waiting`, those with which nothing has been done yet, delivery reports among them.
        """

    def count_waiting(self) -> int:
        """How many messages wait that may be responses."""

    def find(self, number: int) -> IncomingMessage | None:
        """The message with this number."""

    def content(self, number: int) -> bytes:
        """The bytes of a message. Raises Unreadable where they are not those that were kept."""

    def read_message(self, number: int) -> MessageContent:
        """What people read of a message. Raises Unreadable."""

    def settle(self, message: IncomingMessage) -> None:
        """Note what was done with a message: its state, why, by whom, where."""

    def revise(
        self, number: int, change: Callable[[IncomingMessage], IncomingMessage]
    ) -> IncomingMessage:
        """Note what was done with a message as it stands, and give it back.

        `change` is called while nobody else can note anything; what it raises leaves all as it is.
        Raises LookupError where there is no such message.
        """

    def state_receipt(self, number: int, receipt: Receipt) -> None:
        """Note another time of receipt."""

    def mailboxes(self) -> Sequence[MailboxStatus]:
        """The mailboxes of this store."""

    def places(self, mailbox: str) -> Collection[str]:
        """The places of what was taken from a mailbox."""

    def note_look(self, mailbox: str, looked_at: datetime) -> None:
        """Note that all was read that was there when this look began (UTC)."""

    def note_failure(self, mailbox: str, at: datetime, because: str) -> None:
        """Note that it cannot be read, since then if not longer."""

    def forget_mailbox(self, mailbox: str) -> bool:
        """Read it no longer; what was taken from it stays. Whether there was one."""

    def close(self) -> None:
        """Close what it alone uses; a later use opens it again."""
