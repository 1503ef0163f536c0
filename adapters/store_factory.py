"""Stores by where they are: a folder on this machine, or the address of a PostgreSQL database."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from adapters import operational_transfer
from adapters.eventstore import transfer
from adapters.eventstore.integrity import Report
from adapters.postgres import address
from adapters.postgres.address import is_address
from adapters.sqlite.schema import LOG
from adapters.sqlite.store import SqliteStore
from domain.ports.errors import Unavailable

if TYPE_CHECKING:
    from adapters.postgres.store import PostgresStore

AnyStore: TypeAlias = "SqliteStore | PostgresStore"


def _postgres() -> type[PostgresStore]:
    """The other kind of store; its library takes 11 MB and a tenth of a second to import."""
    from adapters.postgres.store import PostgresStore  # noqa: PLC0415 (see above)

    return PostgresStore


def open_store(place: str | Path, *, read_only: bool = False) -> AnyStore:
    """The store that is there. Raises Unavailable for none, and for one not safe to use."""
    if is_address(place):
        return _postgres().open(str(place), read_only=read_only)
    return SqliteStore.open(Path(place), read_only=read_only)


def create_store(place: str | Path, *, virtual: bool = False) -> AnyStore:
    """An empty store in a new folder, or in a database. Raises Unavailable where there is one."""
    if is_address(place):
        return _postgres().create(str(place), virtual=virtual)
    return SqliteStore.create(Path(place), virtual=virtual)


def upgrade_store(place: str | Path) -> tuple[int, int]:
    """Bring a store's tables to this program's version; the versions before and after.

    From then on the texts of a store that may hold personal data are sealed. Raises Unavailable.
    """
    if is_address(place):
        return _postgres().upgrade(str(place))
    return SqliteStore.upgrade(Path(place))


def copy_store(
    source: str | Path,
    target: str | Path,
    on_progress: Callable[[str, int, int], None],
    only: Sequence[str] = (),
) -> Report:
    """Copy a store to another one, made where there is none, and check the whole other store.

    What lies beside the log comes along (see `adapters.operational_transfer`), but not with
    `only`: then just the logs of these organisations are copied, also beside others. Raises
    Unavailable for a target that holds anything but the beginning of what is copied.
    """
    with open_store(source, read_only=True) as here:
        there = open_store(target) if _holds(target) else create_store(target, virtual=here.virtual)
        with there:
            copied = () if only else operational_transfer.copy_operational_tables(here, there)
            transfer.copy_logs(here, there, on_progress, only)
            for what in copied:
                on_progress(what, 1, 1)
            return there.check()


def restore_store(
    source: Path, target: Path, apart: Path | None = None, broken: Path | None = None
) -> Report:
    """Make a store in a new folder from a backup, and check it (see the port `StorePlaces`)."""
    return SqliteStore.restore(source, target, apart, broken)


def _holds(place: str | Path) -> bool:
    """Whether there is a store. Raises Unavailable when that cannot be found out."""
    if is_address(place):
        return _postgres().exists(str(place))
    return (Path(place) / LOG).exists()


@contextmanager
def temporary_store() -> Iterator[SqliteStore]:
    """A store that may hold simulated acts, and is gone afterwards. Raises Unavailable."""
    try:
        scratch = tempfile.TemporaryDirectory(prefix="placet-")
    except OSError as error:
        because = f"there is no folder for temporary files: {error.strerror or error}"
        raise Unavailable(f"Nothing can be played: {because}.") from error
    with scratch as folder:
        yield SqliteStore.create(Path(folder) / "store", virtual=True)


def without_password(place: str) -> str:
    """A folder as it is, an address without its password."""
    return address.without_password(place)
