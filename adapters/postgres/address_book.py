"""The directory of addresses of a store on PostgreSQL: a row that all processes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.files.address_book import FILE, StoredAddressBook, new_key
from adapters.files.locks import archive_file
from adapters.postgres.connections import Connections
from adapters.postgres.host_home import identity, require_own_home, take_address_book
from domain.ports.address_book import DirectoryChange

_CONTENT: Final = "SELECT yaml FROM address_book"
_PUT: Final = (
    "INSERT INTO address_book VALUES (true, %s, NULL)"
    " ON CONFLICT (one) DO UPDATE SET yaml = excluded.yaml"
)
_LOCK: Final = b"SELECT pg_advisory_xact_lock(hashtext('placet directory'))"
_NOTE: Final = (
    b"INSERT INTO directory_change (at, by, what, organisation, body, name)"
    b" VALUES (%s, %s, %s, %s, %s, %s)"
)
_CHANGES: Final = "SELECT at, by, what, organisation, body, name FROM directory_change ORDER BY id"
_KEY: Final = "SELECT key FROM address_book WHERE key IS NOT NULL"
_PUT_KEY: Final = (
    "INSERT INTO address_book VALUES (true, NULL, %s)"
    " ON CONFLICT (one) DO UPDATE SET key = coalesce(address_book.key, excluded.key) RETURNING key"
)


class PostgresAddressBook(StoredAddressBook):
    """The port `AddressBook` in the database.

    What an older version kept in the home of this host is brought over at the first use.
    """

    def __init__(self, connections: Connections, home: Path) -> None:
        self._connections, self._home = connections, home
        self.where = f"the directory of {connections.where}"

    def content(self) -> bytes | None:
        """The text as it was loaded (see the base class)."""
        found = self._connections.read(_CONTENT)
        if not found and (self._home / FILE).is_file():
            self._bring_over()
            found = self._connections.read(_CONTENT)
        return found[0][0] if found else None

    def put(self, content: bytes) -> None:
        """Keep this text in the place of the other (see the base class)."""
        self._bring_over()
        with self._connections.borrow() as connection:
            connection.execute(_PUT, (content,))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While no other process changes the directory (see the base class).

        The lock is on a connection of its own; each statement stands by itself.
        """
        with self._connections.transaction() as connection:
            connection.execute(_LOCK)
            yield

    def note(self, change: DirectoryChange) -> None:
        """Keep what was changed (see the base class)."""
        values = (change.at, change.by, change.what)
        place = (change.organisation, change.body, change.name)
        with self._connections.borrow() as connection:
            connection.execute(_NOTE, (*values, *place))

    def changes(self) -> Sequence[DirectoryChange]:
        """What was changed, oldest first. Raises Unavailable."""
        return [
            DirectoryChange(
                at=at, by=by, what=what, organisation=organisation, body=body, name=name
            )
            for at, by, what, organisation, body, name in self._connections.read(_CHANGES)
        ]

    def key(self, given: bytes | None = None) -> bytes:
        """The key of marks, the same for all who use the store (see the base class)."""
        if found := self._connections.read(_KEY):
            return bytes(found[0][0])
        self._bring_over()
        with self._connections.borrow() as connection:
            ((key,),) = connection.execute(_PUT_KEY, (given or new_key(),)).fetchall()
        return bytes(key)

    def _bring_over(self) -> None:
        """Bring over what the home of this host held for all. Raises Unavailable for another."""
        with self._connections.transaction() as connection:
            require_own_home(connection, self._connections.where, identity(self._home))
            take_address_book(connection, self._home)
        archive_file(self._home / FILE, datetime.now(UTC))
