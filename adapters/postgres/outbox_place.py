"""Where the outbox of a store on PostgreSQL is, and how it begins: with what waits in an old home.

What waits there comes into the database in one transaction, together with the row `outbox` of the
table `meta`, which says from which home; so it is brought over once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.files import address_book
from adapters.files.locks import archive_file, archive_name
from adapters.mail import outbox_statements as statements
from adapters.mail.outbox import StoredOutbox
from adapters.mail.outbox_rows import empty, transfer
from adapters.operational_tables import TableWriter
from adapters.postgres.connections import Connections
from adapters.postgres.host_home import identity, require_own_home, take_address_book
from adapters.postgres.operational_tables import take_turn
from adapters.postgres.outbox import PostgresOutbox
from adapters.sqlite import outbox as outbox_file
from domain.ports.errors import Unavailable
from domain.ports.outbox import OutboxPlace

_BEGUN: Final = "SELECT value FROM meta WHERE key = 'outbox'"
_BEGIN: Final = "INSERT INTO meta VALUES ('outbox', %s)"
_FORGET: Final = "DELETE FROM meta WHERE key = 'outbox'"
_DISOWN: Final = "DELETE FROM meta WHERE key = 'home'"
_FOLLOWERS: Final = "SELECT organisation, position FROM follower"
LEFT: Final = (
    "{} was queued before the outbox of this store began in its database: look whether letters"
    " wait in it, and take it away."
)
AHEAD: Final = "{} has read further than this log goes: it belongs to another store. Take it away."


class PostgresOutboxPlace(OutboxPlace):
    """The port `OutboxPlace` in the database."""

    def __init__(self, connections: Connections, home: Path) -> None:
        self._connections, self._home = connections, home
        self._file = home / outbox_file.FILE

    def exists(self) -> bool:
        """Whether the outbox has begun in the database; asking makes none. Raises Unavailable."""
        return bool(self._connections.read(_BEGUN))

    def open(self, standing: Mapping[str, int]) -> PostgresOutbox:
        """The outbox; it begins with what waits in an old home, or else after `standing`.

        Raises Unavailable, and leaves everything as it was, where letters wait in the home of
        another server.
        """
        own_home = identity(self._home)
        with _locked(self._file) as waiting:
            begun = self._begun(own_home, waiting, standing)
            if waiting and begun not in {None, own_home}:
                raise Unavailable(LEFT.format(self._file))
        now = datetime.now(UTC)
        if waiting:
            archive_file(self._file, now)
        if begun is None:
            archive_file(self._home / address_book.FILE, now)
        return PostgresOutbox(self._connections)

    def archive(self, now: datetime) -> None:
        """Save the outbox to a file in the home of this host; the next one is a new one."""
        identity(self._home)
        with self._connections.transaction() as connection:
            outbox = take_turn(connection, PostgresOutbox.lock)
            if connection.execute(_BEGUN).fetchone() is None:
                return
            file = archive_name(self._file, now)
            outbox_file.save(file, lambda sql: outbox.execute(sql).fetchall())
            empty(outbox)
            connection.execute(_FORGET)

    def _begun(
        self, own_home: str, waiting: StoredOutbox | None, standing: Mapping[str, int]
    ) -> str | None:
        """Let the outbox begin, if it has not; from which home it had begun before."""
        with self._connections.transaction() as connection:
            outbox = take_turn(connection, PostgresOutbox.lock)
            if found := connection.execute(_BEGUN).fetchone():
                return str(found[0])
            require_own_home(connection, self._connections.where, own_home)
            self._fill(outbox, waiting, standing)
            take_address_book(connection, self._home)
            connection.execute(_BEGIN, (own_home,))
            connection.execute(_DISOWN)
        return None

    def _fill(
        self, outbox: TableWriter, waiting: StoredOutbox | None, standing: Mapping[str, int]
    ) -> None:
        """Let it begin where each log stands, or go on where an older one does."""
        if waiting is None:
            for organisation, position in standing.items():
                outbox.execute(statements.BEGIN, (organisation, position))
        else:
            for organisation, position in waiting.read(_FOLLOWERS):
                if position > standing.get(organisation, 0):
                    raise Unavailable(AHEAD.format(self._file))
            transfer(waiting.read, outbox)


@contextmanager
def _locked(file: Path) -> Iterator[StoredOutbox | None]:
    """An old outbox while nobody writes to it; None where there is none."""
    if not file.is_file():
        yield None
        return
    outbox = outbox_file.Outbox(file)
    try:
        with outbox.writing():
            yield outbox
    finally:
        outbox.close()
