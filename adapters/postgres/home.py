"""The home of a host: its keys and marks; and what older versions kept there, brought over once.

Until version 5 of the tables the outbox and the directory of addresses lay in one home that all
servers shared, and the row `home` of the table `meta` says which. What waits there comes into the
database in one transaction, together with the row `outbox`, which says from which home.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from adapters.files import address_book
from adapters.files.locks import aside_name, set_aside
from adapters.mail import outbox_statements as statements
from adapters.mail.outbox import StoredOutbox
from adapters.mail.outbox_rows import empty, transfer
from adapters.postgres.connections import Connections
from adapters.postgres.outbox import LOCK, OutboxWriter
from adapters.postgres.session import Connection
from adapters.sqlite import outbox as outbox_file
from domain.ports.errors import Unavailable

HOME: Final = "PLACET_HOME"
"""The environment variable that names the home of this host."""
NAMED: Final = "home"
"""The file that tells a home from others, so that it may be mounted anywhere."""

_OWNER: Final = "SELECT value FROM meta WHERE key = 'home'"
_BEGUN: Final = "SELECT value FROM meta WHERE key = 'outbox'"
_BEGIN: Final = "INSERT INTO meta VALUES ('outbox', %s)"
_FORGET: Final = "DELETE FROM meta WHERE key = 'outbox'"
_DISOWN: Final = "DELETE FROM meta WHERE key = 'home'"
_TAKE_BOOK: Final = "INSERT INTO address_book VALUES (true, %s, %s) ON CONFLICT DO NOTHING"
ELSEWHERE: Final = (
    "Letters of {} wait in the home of the server that served it before this version: start Placet"
    f" once with {HOME} set to that folder. If it is gone for good, take the row home out of the"
    " table meta: then whatever the record does not say was told is told."
)
LEFT: Final = (
    "{} was queued before the outbox of this store began in its database: look whether letters"
    " wait in it, and take it away."
)
AHEAD: Final = "{} has read further than this log goes: it belongs to another store. Take it away."


def home_of(name: str) -> Path:
    """The home of this host for a database of this name; it need not exist yet."""
    if folder := os.environ.get(HOME):
        return Path(folder)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "placet" / name


def identity(home: Path) -> str:
    """The name that a home got when it was first used. Raises Unavailable."""
    path = home / NAMED
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), path.open("x") as file:
            file.write(uuid4().hex)
        return path.read_text()
    except OSError as error:
        raise Unavailable(f"{home} cannot be written: {error.strerror}.") from error


def has_outbox(connections: Connections) -> bool:
    """Whether the outbox has begun in the database. Raises Unavailable."""
    return bool(connections.read(_BEGUN))


def begin_outbox(connections: Connections, home: Path, standing: Mapping[str, int]) -> None:
    """Let the outbox begin in the database, if it has not, with what waits in an old home.

    Without any, what stands in the log now is history to it. Raises Unavailable, and leaves
    everything as it was, where letters wait in the home of another server.
    """
    mine, file = identity(home), home / outbox_file.FILE
    with _held(file) as waiting:
        with connections.transaction() as connection:
            connection.execute(LOCK)
            begun = connection.execute(_BEGUN).fetchone()
            if begun is None:
                insist_on_own(connection, connections.where, mine)
                _begin(connection, home, waiting, standing)
                connection.execute(_BEGIN, (mine,))
                connection.execute(_DISOWN)
        if waiting and begun not in {None, (mine,)}:
            raise Unavailable(LEFT.format(file))
    if waiting:
        set_aside(file)
    if begun is None:
        set_aside(home / address_book.FILE)


def forget_outbox(connections: Connections, home: Path) -> None:
    """Save the outbox to a file of the home, and let a new one begin. Raises Unavailable."""
    file = aside_name(home / outbox_file.FILE)
    with connections.transaction() as connection:
        connection.execute(LOCK)
        outbox = OutboxWriter(connection)
        identity(home)
        outbox_file.save(file, lambda sql: outbox.execute(sql).fetchall())
        empty(outbox)
        connection.execute(_FORGET)


def insist_on_own(connection: Connection, where: str, mine: str) -> None:
    """Raise Unavailable where the letters and addresses of the store wait in another home."""
    owner = connection.execute(_OWNER).fetchone()
    if owner not in {None, (mine,)}:
        raise Unavailable(ELSEWHERE.format(where))


def take_address_book(connection: Connection, home: Path) -> None:
    """Bring the directory of an old home over, and its key, if the database has none of them."""
    files = address_book.AddressBookFile(home)
    key = home / address_book.KEY
    connection.execute(_TAKE_BOOK, (files.content(), key.read_bytes() if key.is_file() else None))


@contextmanager
def _held(file: Path) -> Iterator[StoredOutbox | None]:
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


def _begin(
    connection: Connection, home: Path, waiting: StoredOutbox | None, standing: Mapping[str, int]
) -> None:
    outbox = OutboxWriter(connection)
    if waiting is None:
        for organisation, position in standing.items():
            outbox.execute(statements.BEGIN, (organisation, position))
    else:
        for organisation, _, position in waiting.read("SELECT * FROM follower"):
            if position > standing.get(organisation, 0):
                raise Unavailable(AHEAD.format(home / outbox_file.FILE))
        transfer(waiting.read, outbox)
    take_address_book(connection, home)
