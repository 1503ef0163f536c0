"""A store on PostgreSQL: the log, which is the truth, and the views made from it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final
from uuid import uuid4

from psycopg.conninfo import conninfo_to_dict

from adapters.eventstore.event_store import StoredHistory
from adapters.eventstore.integrity import Report, check
from adapters.postgres import schema
from adapters.postgres.clock import PostgresClock
from adapters.postgres.connections import Connections, Limits
from adapters.postgres.heartbeat import PostgresHeartbeat
from adapters.postgres.intake import PostgresIntake
from adapters.postgres.leader_election import PostgresLeaderElection
from adapters.postgres.read_models import PostgresViews
from adapters.postgres.read_transaction import read_transaction
from adapters.postgres.recorder import PostgresRecorder
from adapters.readmodels.page import FORMAT
from domain.ports.errors import Unavailable

HOME: Final = "PLACET_HOME"
"""The environment variable that names the folder for the keys and the outbox of a store."""
NAMED: Final = "home"
"""The file that tells a home from others, so that it may be mounted anywhere."""
_CLAIM: Final = "INSERT INTO meta VALUES ('home', %s) ON CONFLICT DO NOTHING"
_OWNER: Final = "SELECT value FROM meta WHERE key = 'home'"
_VIEWS: Final = "SELECT EXISTS (SELECT FROM live WHERE format = %s)"
_NAMES: Final = "SELECT organisation FROM counter WHERE position > 0 ORDER BY organisation"


class PostgresStore:
    """The port `EventLog` on PostgreSQL. Use `create` or `open`; close it, or use it as a context.

    Any number of processes may use it at once, on any number of machines.
    """

    def __init__(self, url: str, *, read_only: bool = False, limits: Limits | None = None) -> None:
        self.read_only = read_only
        self._url = url
        self._connections = Connections(url, limits, read_only=read_only)
        self._histories: dict[str, StoredHistory] = {}
        try:
            marks = schema.read_store_marks(self._connections)
        except Unavailable:
            self._connections.close()
            raise
        self.virtual = marks.get("virtual") == "yes"
        self.format = int(marks["schema"])
        self.made_by = marks.get("program", "unknown")

    @classmethod
    def create(cls, url: str, *, virtual: bool = False, durable: bool = True) -> PostgresStore:
        """Make an empty store in an existing database; see `schema.make` for what it raises."""
        connections = Connections(url)
        try:
            schema.create_tables(connections, virtual=virtual, durable=durable)
        finally:
            connections.close()
        return cls(url)

    @classmethod
    def open(
        cls, url: str, *, read_only: bool = False, limits: Limits | None = None
    ) -> PostgresStore:
        """Open a store. Raises Unavailable for what is none, or not safe to use."""
        return cls(url, read_only=read_only, limits=limits)

    @staticmethod
    def exists(url: str) -> bool:
        """Whether the database holds a store of any version. Raises Unavailable."""
        connections = Connections(url)
        try:
            return schema.store_exists(connections)
        finally:
            connections.close()

    @staticmethod
    def upgrade(url: str) -> tuple[int, int]:
        """Bring the tables to this program's version; the versions before and after."""
        connections = Connections(url)
        try:
            return schema.upgrade_tables(connections)
        finally:
            connections.close()

    @property
    def name(self) -> str:
        """The name of the database."""
        return str(conninfo_to_dict(self._url).get("dbname") or "placet")

    @property
    def home(self) -> Path:
        """The folder for what belongs into no database; it need not exist yet."""
        if told := os.environ.get(HOME):
            return Path(told)
        state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        return Path(state) / "placet" / self.name

    @property
    def warnings(self) -> Sequence[str]:
        """Nothing that whoever runs the store should know beyond the documents."""
        return ()

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are lent out, and how many may be."""
        return self._connections.in_use

    @property
    def has_views(self) -> bool:
        """Whether there are views of this program's format; asking makes none."""
        return self._connections.read(_VIEWS, (FORMAT,)) == [(True,)]

    def views(self) -> PostgresViews:
        """The rows kept from the log."""
        return PostgresViews(self._connections)

    def heartbeat(self) -> PostgresHeartbeat:
        """When the store was served."""
        return PostgresHeartbeat(self._connections)

    def clock(self) -> PostgresClock:
        """The clock of this machine, compared with the server's."""
        return PostgresClock(self._connections, virtual=self.virtual)

    def clock_doubt(self) -> str:
        """Nothing: the clock of the database server vouches, with which this one is compared."""
        return ""

    def intake(self) -> PostgresIntake:
        """Where responses lie until they are decided."""
        return PostgresIntake(self._connections)

    def leader_election(self) -> PostgresLeaderElection:
        """The lead in following the log, which one process has at a time."""
        return PostgresLeaderElection(self._connections)

    @contextmanager
    def server_lock(self) -> Iterator[None]:
        """The right to serve this store, which all processes that share its home have.

        With two homes there would be two outboxes, and each notice would go out twice. Raises
        Unavailable in another home than that of the first who served it.
        """
        mine = _named(self.home)
        with self._connections.transaction() as connection:
            connection.execute(_CLAIM, (mine,))
            ((owner,),) = connection.execute(_OWNER).fetchall()
        if owner != mine:
            raise Unavailable(
                f"{self._connections.where} is served with the keys and the outbox of another"
                f" folder than {self.home}: set {HOME} to that one."
            )
        yield

    def organisations(self) -> Sequence[str]:
        """The organisations that have events, in alphabetical order."""
        return [name for (name,) in self._connections.read(_NAMES)]

    def history(self, organisation: str) -> StoredHistory:
        """An organisation's history; nothing is created before its first append."""
        if organisation not in self._histories:
            recorder = PostgresRecorder(organisation, self._connections)
            self._histories[organisation] = StoredHistory(recorder)
        return self._histories[organisation]

    def check(self) -> Report:
        """Read everything and compare it with its hashes; see `adapters.checking`."""
        with read_transaction(self._connections) as tables:
            return check(tables)

    def backup(self, target: Path) -> None:
        """Raise Unavailable, and say what to do instead."""
        raise Unavailable(
            f"{self._connections.where} is backed up by pg_basebackup or pg_dump;"
            f" `placet store copy` copies its log to {target}."
        )

    def close(self) -> None:
        """Close all connections. The store may be used again afterwards."""
        self._connections.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _named(home: Path) -> str:
    """The name that a home got when it was first used. Raises Unavailable."""
    path = home / NAMED
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), path.open("x") as file:
            file.write(uuid4().hex)
        return path.read_text()
    except OSError as error:
        raise Unavailable(f"{home} cannot be written: {error.strerror}.") from error
