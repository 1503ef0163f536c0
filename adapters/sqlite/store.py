"""A store: the folder with the log, which is the truth, and the views made from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from typing import Any, ClassVar, Final

from adapters import clock_synchronization
from adapters.eventstore.integrity import Report
from adapters.eventstore.store import LogStore
from adapters.files.address_book import AddressBookFile
from adapters.files.locks import replace_durably
from adapters.sqlite.accounts import FILE as ACCOUNTS
from adapters.sqlite.accounts import AccountsFile
from adapters.sqlite.backup import MANIFEST, restore_backup, write_backup
from adapters.sqlite.connections import Connections, wal_reset_defect
from adapters.sqlite.drafts import FILE as DRAFTS
from adapters.sqlite.drafts import DraftsFile
from adapters.sqlite.errors import translate_errors
from adapters.sqlite.heartbeat import Heartbeat
from adapters.sqlite.incoming_mail import FILE as INCOMING_MAIL
from adapters.sqlite.incoming_mail import IncomingMailFile
from adapters.sqlite.intake import FILE as INTAKE
from adapters.sqlite.intake import IntakeFile
from adapters.sqlite.outbox import FILE as OUTBOX
from adapters.sqlite.outbox_folder import OutboxFolder
from adapters.sqlite.read_models import SqliteViews
from adapters.sqlite.read_transaction import ReadTransaction, read_transaction
from adapters.sqlite.recorder import SqliteRecorder
from adapters.sqlite.schema import LOG, SEALED, make_log, read_store_marks, upgrade_log
from adapters.sqlite.server_lock import SoleLeader, hold_server_lock
from adapters.sqlite.text_keys import TextKeysFile
from adapters.system_clock import ServerClock
from domain.ports.errors import Unavailable

VIEWS: Final = "views.db"


class SqliteStore(LogStore):
    """The port `EventLog` on SQLite. Use `create` or `open`; close it, or use it as a context.

    `virtual` marks a throw-away store that may hold simulated acts.
    """

    sealed_from: ClassVar[int] = SEALED

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self._connections = Connections(folder / LOG, read_only=read_only)
        with translate_errors(folder / LOG):
            marks = read_store_marks(self._connections.reader, folder / LOG)
        super().__init__(marks, TextKeysFile(folder), read_only=read_only)

    @property
    def confirm_first(self) -> bool:
        """Whether it was restored from a backup, as its manifest tells that came along."""
        return (self.folder / MANIFEST).is_file()

    @classmethod
    def create(cls, folder: Path, *, virtual: bool = False) -> SqliteStore:
        """Make an empty store. Raises Unavailable when the folder holds one, or cannot be used."""
        if (folder / LOG).exists():
            raise Unavailable(f"{folder} holds a store already.")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_log(folder / LOG, virtual=virtual)
        except OSError as error:
            raise Unavailable(f"{folder} cannot hold a store: {error.strerror}.") from error
        return cls(folder)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> SqliteStore:
        """Open a store. Raises Unavailable for a newer or damaged one, and for what is none."""
        if not (folder / LOG).is_file():
            raise Unavailable(f"{folder} is no store of Placet: it has no {LOG}.")
        return cls(folder, read_only=read_only)

    @classmethod
    def restore(
        cls, source: Path, target: Path, apart: Path | None = None, broken: Path | None = None
    ) -> Report:
        """Make a store from a backup, and check it; see `adapters.sqlite.backup`.

        What was erased in a newer part is erased in the log too. Raises Unavailable.
        """
        restore_backup(source, apart, target, broken)
        with cls.open(target) as store:
            store.destroy_erased_texts()
            return store.check()

    @classmethod
    def upgrade(cls, folder: Path) -> tuple[int, int]:
        """Bring a store to this program's version; the versions before and after."""
        with cls.open(folder, read_only=True) as store:
            before = store.format
        if before < SEALED:
            connections = Connections(folder / LOG)
            with closing(connections), connections.transaction() as connection:
                upgrade_log(connection)
        return before, max(before, SEALED)

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    @property
    def place(self) -> str:
        """Where it is, for who opens it again."""
        return str(self.folder)

    @property
    def home(self) -> Path:
        """The folder of the store's keys: its own."""
        return self.folder

    def views(self) -> SqliteViews:
        """The rows kept from the log."""
        return SqliteViews(self.views_path)

    def heartbeat(self) -> Heartbeat:
        """When the store was served."""
        return Heartbeat(self.folder)

    def clock(self) -> ServerClock:
        """The clock of this machine, compared with that of the process which serves the store."""
        return ServerClock(self.heartbeat().server_anchor, self.newest)

    def standby(self) -> None:
        """Nothing follows a folder: this is the store itself."""

    def clock_doubt(self) -> str:
        """Why nothing vouches for the clock; empty where the system or a server at work does."""
        return "" if self.heartbeat().server_anchor() else clock_synchronization.clock_doubt()

    def intake(self) -> IntakeFile:
        """Where responses lie until they are decided."""
        return IntakeFile(self.folder / INTAKE)

    def drafts(self) -> DraftsFile:
        """Where forms in progress lie."""
        return DraftsFile(self.folder / DRAFTS)

    def incoming_mail(self) -> IncomingMailFile:
        """Where messages are kept that came by mail: a file in the folder."""
        return IncomingMailFile(self.folder / INCOMING_MAIL)

    def outbox_place(self) -> OutboxFolder:
        """Where letters wait: a file in the folder."""
        return OutboxFolder(self.folder)

    def accounts(self) -> AccountsFile:
        """Who may log in, in the folder."""
        return AccountsFile(self.folder / ACCOUNTS, read_only=self.read_only)

    def address_book(self) -> AddressBookFile:
        """The directory of addresses, in the folder."""
        return AddressBookFile(self.folder)

    def server_lock(self) -> AbstractContextManager[None]:
        """The right to serve this store, which one process has at a time."""
        return hold_server_lock(self.folder)

    def leader_election(self) -> SoleLeader:
        """The lead in following the log: every process here follows for itself."""
        return SoleLeader()

    @property
    def connections(self) -> None:
        """A store in a folder has no bound for its connections."""
        return None

    @property
    def has_views(self) -> bool:
        """Whether there are views; asking makes none."""
        return self.views_path.is_file()

    @property
    def views_path(self) -> Path:
        """Where the views belong; they can be rebuilt at any time."""
        return self.folder / VIEWS

    @property
    def warnings(self) -> Sequence[str]:
        """What those who run the store should know, in sentences."""
        warning = (
            f"SQLite {sqlite3.sqlite_version} can lose commits when several connections write at"
            " once (sqlite.org/wal.html#walresetbug). Placet lets them write one by one; other"
            " programs must not write to the store. SQLite 3.51.3 or newer is better."
        )
        return (warning,) if wal_reset_defect() else ()

    def read(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        return self._connections.read(sql, ())

    def recorder(self, organisation: str) -> SqliteRecorder:
        """The rows of one organisation."""
        return SqliteRecorder(organisation, self._connections)

    def tables(self) -> AbstractContextManager[ReadTransaction]:
        """All tables as they stand at one moment. Raises Unavailable."""
        return read_transaction(self._connections.reader, self.folder / LOG)

    def backup(self, target: Path, apart: Path | None = None) -> Report:
        """Copy the store, also while it is served (see the port), and check the copy."""
        write_backup(self.folder, target, apart, self._copy_log)
        with SqliteStore.open(target, read_only=True) as copy:
            copy.text_keys = TextKeysFile(apart or target)
            report = copy.check()
        _remove_traces_of_readers(target)
        return report

    def copy_log(self, target: Path) -> None:
        """Copy the log and the keys of its texts, also while it is written, into a new folder.

        Raises Unavailable when the target exists or the copy cannot be completed.
        """
        try:
            target.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise Unavailable(f"{target} cannot take a backup: {error.strerror}.") from error
        try:
            self._copy_log(target, target)
        except BaseException:
            _discard(target)
            raise

    def _copy_log(self, target: Path, keys: Path) -> Mapping[str, int]:
        """Copy the log, and then the keys: so there is one for each text that the copy holds."""
        part = target / (LOG + ".part")
        with translate_errors(part):
            _copy(self._connections.reader, part)
        replace_durably(part, target / LOG)
        TextKeysFile(self.folder).copy_to(keys)
        with SqliteStore.open(target, read_only=True) as copy:
            positions = {name: head.position for name, head in copy.heads().items()}
        _remove_traces_of_readers(target)
        return positions

    def close(self) -> None:
        """Close all files. The store may be used again afterwards; it opens them then."""
        self._connections.close()
        self.text_keys.close()

    def forget_deleted(self) -> None:
        """Overwrite what was deleted beside the log (see the base class)."""
        for file in (INTAKE, OUTBOX, DRAFTS):
            if (self.folder / file).is_file():
                connections = Connections(self.folder / file)
                with closing(connections):
                    connections.overwrite_deleted()


def _remove_traces_of_readers(folder: Path) -> None:
    """Remove what readers leave beside a log that nobody writes to: they may not do it."""
    for ending in ("-wal", "-shm"):
        (folder / (LOG + ending)).unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, path: Path) -> None:
    copy = sqlite3.connect(path)
    path.chmod(0o600)
    try:
        copy.execute("PRAGMA synchronous=FULL")
        source.backup(copy)
    finally:
        copy.close()


def _discard(folder: Path) -> None:
    """Remove what a failed backup left, as far as possible."""
    with suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
