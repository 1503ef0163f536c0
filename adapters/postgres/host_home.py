"""The home of a host: its keys and marks; and what older versions kept there, brought over once.

Until version 5 of the tables the outbox and the directory of addresses lay in one home that all
servers shared, and the row `home` of the table `meta` says which.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from adapters.files import address_book
from adapters.postgres.session import Connection
from domain.ports.errors import Unavailable

HOME: Final = "PLACET_HOME"
"""The environment variable that names the home of this host."""
NAMED: Final = "home"
"""The file that tells a home from others, so that it may be mounted anywhere."""

_OWNER: Final = "SELECT value FROM meta WHERE key = 'home'"
_TAKE_BOOK: Final = "INSERT INTO address_book VALUES (true, %s, %s) ON CONFLICT DO NOTHING"
ELSEWHERE: Final = (
    "Letters of {} wait in the home of the server that served it before this version: start Placet"
    f" once with {HOME} set to that folder. If it is gone for good, take the row home out of the"
    " table meta: then whatever the record does not say was told is told."
)


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


def require_own_home(connection: Connection, where: str, own_home: str) -> None:
    """Raise Unavailable where the letters and addresses of the store wait in another home."""
    owner = connection.execute(_OWNER).fetchone()
    if owner not in {None, (own_home,)}:
        raise Unavailable(ELSEWHERE.format(where))


def take_address_book(connection: Connection, home: Path) -> None:
    """Bring the directory of an old home over, and its key, if the database has none of them."""
    files = address_book.AddressBookFile(home)
    key = home / address_book.KEY
    connection.execute(_TAKE_BOOK, (files.content(), key.read_bytes() if key.is_file() else None))
