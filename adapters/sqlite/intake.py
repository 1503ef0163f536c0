"""The intake of a store in a folder: a small file beside the log, and room set aside in advance."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import structs

from adapters.eventstore.intake_encoding import decode_entry, encode_entry
from adapters.files.locks import hold_lock, replace_durably
from adapters.sqlite.connections import Connections, create_database
from domain.intake_entry import IntakeEntry, LostAttempts
from domain.ports.errors import Unavailable

FILE: Final = "intake.db"
ATTEMPTS_FILE: Final = "intake.aside"
ROOM: Final = 64 * 1024
"""Bytes that are set aside on the disk for notes of what could not be kept when it is full."""

_TABLE: Final = "CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, json BLOB NOT NULL)"
_ADD: Final = "INSERT INTO entry (json) VALUES (?)"
_ALL: Final = "SELECT id, json FROM entry ORDER BY id"
_TAKE_OFF: Final = "DELETE FROM entry WHERE id = ?"


class IntakeFile:
    """The port `IntakeQueue` in a file of its own: it never waits for writers of the log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = Connections(path)

    def keep(self, entries: Sequence[IntakeEntry]) -> Sequence[IntakeEntry]:
        """Keep them durably, all or none; the same with their numbers. Raises Unavailable."""
        if not self._path.is_file():
            with hold_lock(self._path.with_name(self._path.name + "-turn"), 30):
                if not self._path.is_file():
                    with create_database(self._path) as made:
                        made.execute(_TABLE)
        with self._connections.transaction() as connection:
            return [_kept(connection, entry) for entry in entries]

    def pending_entries(self) -> Sequence[IntakeEntry]:
        """Those that are kept, in order. Raises Unavailable."""
        if not self._path.is_file():
            return ()
        return [decode_entry(*row) for row in self._connections.read(_ALL, ())]

    def remove(self, ids: Iterable[int]) -> None:
        """Forget these. Raises Unavailable."""
        with self._connections.transaction() as connection:
            connection.executemany(_TAKE_OFF, [(entry_id,) for entry_id in ids])

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()


class ReservedAttemptsFile:
    """The port `AttemptsLog`: a file of fixed size, reserved in advance, that never grows.

    What is noted is written over what was noted before, so that a disk which has become full
    takes it all the same.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def prepare(self) -> None:
        """Set the room aside, if that has not been done. Raises Unavailable."""
        try:
            if not self._path.is_file() or self._path.stat().st_size < ROOM:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                part = self._path.with_name(self._path.name + ".part")
                with part.open("wb") as file:
                    file.write(b" " * ROOM)
                    file.flush()
                    os.fsync(file.fileno())
                replace_durably(part, self._path)
        except OSError as error:
            raise Unavailable(f"{self._path} cannot be written: {error.strerror}.") from error

    def attempts(self) -> Sequence[LostAttempts]:
        """What was noted; nothing where nothing can be read."""
        try:
            noted = self._path.read_bytes().strip()
            return msgspec.json.decode(noted, type=list[LostAttempts]) if noted else ()
        except (OSError, msgspec.DecodeError):
            return ()

    def note(self, attempts: Sequence[LostAttempts]) -> None:
        """Note these, in place of all others, as far as they find room. Never raises."""
        some = list(attempts)
        while len(noted := msgspec.json.encode(some)) > ROOM:
            del some[len(some) // 2 :]
        with suppress(OSError), self._path.open("r+b") as file:
            file.write(noted.ljust(ROOM))
            file.flush()
            os.fsync(file.fileno())


def _kept(connection: sqlite3.Connection, entry: IntakeEntry) -> IntakeEntry:
    number = connection.execute(_ADD, (encode_entry(entry),)).lastrowid
    return structs.replace(entry, id=number or 0)
