"""Messages that came by mail, kept whole beside the log, by statements of both kinds of store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import structs

from adapters.mail import message_reader
from adapters.mail.outbox_rows import stamp
from adapters.operational_tables import OperationalTables
from domain.canonical import digest
from domain.incoming_mail import (
    BOUNCE,
    MESSAGE,
    SHOWN,
    WAITING,
    IncomingMessage,
    MailboxStatus,
    MessageContent,
    MessageSummary,
    Receipt,
    Registration,
)
from domain.ports.errors import Unreadable
from domain.ports.incoming_mail import FetchedMessage, IncomingMailStore

TABLES: Final = """
CREATE TABLE incoming (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    mailbox TEXT NOT NULL,
    place TEXT NOT NULL,
    size INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    taken_at TEXT NOT NULL,
    summary BLOB NOT NULL,
    waits INTEGER NOT NULL,
    receipt BLOB NOT NULL,
    settled BLOB NOT NULL
);
CREATE INDEX incoming_that_waits ON incoming (waits);
CREATE TABLE incoming_bytes (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE incoming_place (
    mailbox TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (mailbox, place)
);
CREATE TABLE mailbox (
    name TEXT PRIMARY KEY, looked_at TEXT NOT NULL, failed_since TEXT NOT NULL,
    because TEXT NOT NULL, marker TEXT NOT NULL
);
CREATE TRIGGER incoming_bytes_stay BEFORE UPDATE ON incoming_bytes
BEGIN SELECT RAISE(ABORT, 'the bytes of a message never change'); END;
"""
"""The tables of a file; those of PostgreSQL are made by a migration."""

_COLUMNS: Final = (
    "id, sha256, mailbox, place, size, whole, taken_at, summary, receipt, settled FROM incoming"
)
_WAITS: Final = {MESSAGE: 1, BOUNCE: 2}
"""What the column `waits` says of messages with which nothing has been done yet; else 0."""

_ALL: Final = f"SELECT {_COLUMNS} ORDER BY id DESC"
_WAITING: Final = f"SELECT {_COLUMNS} WHERE waits > 0 ORDER BY id DESC"
_FIND: Final = f"SELECT {_COLUMNS} WHERE id = ?"
_SAME: Final = f"SELECT {_COLUMNS} WHERE sha256 = ?"
_COUNT: Final = "SELECT count(*) FROM incoming WHERE waits = 1"
_BYTES: Final = (
    "SELECT bytes, incoming.sha256 FROM incoming JOIN incoming_bytes"
    " ON incoming_bytes.sha256 = incoming.sha256 WHERE id = ?"
)
_ADD: Final = (
    "INSERT INTO incoming (sha256, mailbox, place, size, whole, taken_at, summary, waits, receipt,"
    " settled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_BYTES: Final = "INSERT INTO incoming_bytes VALUES (?, ?)"
_ADD_PLACE: Final = "INSERT INTO incoming_place VALUES (?, ?) ON CONFLICT DO NOTHING"
_SETTLE: Final = "UPDATE incoming SET waits = ?, settled = ? WHERE id = ?"
_RECEIVED: Final = "UPDATE incoming SET receipt = ? WHERE id = ?"
_PLACES: Final = "SELECT place FROM incoming_place WHERE mailbox = ?"
_MAILBOXES: Final = (
    "SELECT name, looked_at, failed_since, because, marker FROM mailbox ORDER BY name"
)
_BEGIN: Final = "INSERT INTO mailbox VALUES (?, '', '', '', '') ON CONFLICT DO NOTHING"
_MARK: Final = "UPDATE mailbox SET marker = ? WHERE name = ?"
_LOOKED: Final = (
    "UPDATE mailbox SET looked_at = ?, failed_since = '', because = ''"
    " WHERE name = ? AND looked_at < ?"
)
_FAILED: Final = (
    "UPDATE mailbox SET because = ?,"
    " failed_since = CASE WHEN failed_since = '' THEN ? ELSE failed_since END WHERE name = ?"
)
_FORGET: Final = "DELETE FROM mailbox WHERE name = ?"


class _Settled(msgspec.Struct, frozen=True):
    """What was done with a message."""

    state: str = WAITING
    reason: str = ""
    by: str = ""
    dealt_at: datetime | None = None
    organisation: str = ""
    window: str = ""
    position: int = 0
    registrations: tuple[Registration, ...] = ()


class StoredIncomingMail(OperationalTables, IncomingMailStore):
    """The messages of any kind of store."""

    def keep(self, mailbox: str, fetched: FetchedMessage, taken_at: datetime) -> IncomingMessage:
        """Keep a message and how far its mailbox is read, all or nothing (see the port)."""
        name = digest(fetched.content)
        summary = message_reader.summarize(fetched.content)
        receipt = Receipt(at=fetched.received_at, source=fetched.source)
        with self.writing() as writer:
            found = writer.execute(_SAME, (name,)).fetchall()
            if not found:
                state = WAITING if summary.kind in {MESSAGE, BOUNCE} else SHOWN
                waits = _WAITS.get(summary.kind, 0)
                writer.execute(_ADD_BYTES, (name, fetched.content))
                values = (
                    name,
                    mailbox,
                    fetched.place,
                    fetched.size,
                    int(fetched.whole),
                    stamp(taken_at),
                    msgspec.json.encode(summary),
                    waits,
                    msgspec.json.encode(receipt),
                    msgspec.json.encode(_Settled(state)),
                )
                writer.execute(_ADD, values)
            elif receipt.at and message_of(found[0]).receipt.at is None:
                number = found[0][0]
                writer.execute(_RECEIVED, (msgspec.json.encode(receipt), number))
            writer.execute(_ADD_PLACE, (mailbox, fetched.place))
            if fetched.marker:
                writer.execute(_BEGIN, (mailbox,))
                writer.execute(_MARK, (fetched.marker, mailbox))
            return message_of(writer.execute(_SAME, (name,)).fetchall()[0])

    def messages(self, *, waiting: bool = False, limit: int = 0) -> list[IncomingMessage]:
        """The messages, newest first (see the port)."""
        sql = _WAITING if waiting else _ALL
        rows = self.read(f"{sql} LIMIT ?", limit) if limit else self.read(sql)
        return [message_of(row) for row in rows]

    def count_waiting(self) -> int:
        """How many messages wait that may be responses."""
        return int(self.read(_COUNT)[0][0])

    def find(self, number: int) -> IncomingMessage | None:
        """The message with this number."""
        rows = self.read(_FIND, number)
        return message_of(rows[0]) if rows else None

    def content(self, number: int) -> bytes:
        """The bytes of a message, compared with their hash. Raises Unreadable."""
        rows = self.read(_BYTES, number)
        if not rows or digest(bytes(rows[0][0])) != rows[0][1]:
            raise Unreadable(f"the bytes of message {number} are not those that were kept")
        return bytes(rows[0][0])

    def read_message(self, number: int) -> MessageContent:
        """What people read of a message. Raises Unreadable."""
        return message_reader.read(self.content(number))

    def settle(self, message: IncomingMessage) -> None:
        """Note what was done with a message (see the port)."""
        with self.writing() as writer:
            writer.execute(_SETTLE, _settled_values(message))

    def revise(
        self, number: int, change: Callable[[IncomingMessage], IncomingMessage]
    ) -> IncomingMessage:
        """Note what was done with a message as it stands (see the port)."""
        with self.writing() as writer:
            rows = writer.execute(_FIND, (number,)).fetchall()
            if not rows:
                raise LookupError(number)
            revised = change(message_of(rows[0]))
            writer.execute(_SETTLE, _settled_values(revised))
            return revised

    def state_receipt(self, number: int, receipt: Receipt) -> None:
        """Note another time of receipt."""
        with self.writing() as writer:
            writer.execute(_RECEIVED, (msgspec.json.encode(receipt), number))

    def mailboxes(self) -> list[MailboxStatus]:
        """The mailboxes of this store, as all processes see them."""
        return [
            MailboxStatus(
                name=name,
                looked_at=_instant(looked_at),
                failed_since=_instant(failed_since),
                because=because,
                marker=marker,
            )
            for name, looked_at, failed_since, because, marker in self.read(_MAILBOXES)
        ]

    def places(self, mailbox: str) -> Collection[str]:
        """The places of what was taken from a mailbox."""
        rows = self.read(_PLACES, mailbox)
        return frozenset(place for (place,) in rows)

    def note_look(self, mailbox: str, looked_at: datetime) -> None:
        """Note that all was read that was there when this look began (UTC)."""
        at = stamp(looked_at)
        with self.writing() as writer:
            writer.execute(_BEGIN, (mailbox,))
            writer.execute(_LOOKED, (at, mailbox, at))

    def note_failure(self, mailbox: str, at: datetime, because: str) -> None:
        """Note that it cannot be read, since then if not longer."""
        with self.writing() as writer:
            writer.execute(_BEGIN, (mailbox,))
            writer.execute(_FAILED, (because, stamp(at), mailbox))

    def forget_mailbox(self, mailbox: str) -> bool:
        """Read it no longer (see the port)."""
        with self.writing() as writer:
            return writer.execute(_FORGET, (mailbox,)).rowcount == 1


def _settled_values(message: IncomingMessage) -> tuple[object, ...]:
    """What is written of what was done with a message."""
    settled = _Settled(*(getattr(message, name) for name in _Settled.__struct_fields__))
    waits = _WAITS.get(message.summary.kind, 0) if message.state == WAITING else 0
    return (waits, msgspec.json.encode(settled), message.id)


def message_of(row: Sequence[Any]) -> IncomingMessage:
    """The message in a row."""
    number, name, mailbox, place, size, whole, taken_at, summary, receipt, settled = row
    done = msgspec.json.decode(bytes(settled), type=_Settled)
    message = IncomingMessage(
        id=number,
        sha256=name,
        mailbox=mailbox,
        place=place,
        size=size,
        whole=bool(whole),
        taken_at=datetime.fromisoformat(taken_at),
        summary=msgspec.json.decode(bytes(summary), type=MessageSummary),
        receipt=msgspec.json.decode(bytes(receipt), type=Receipt),
    )
    return structs.replace(message, **structs.asdict(done))


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
