"""A store on PostgreSQL: the log, which is the truth, and the views made from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Final, NoReturn

from psycopg.conninfo import conninfo_to_dict

from adapters.eventstore.store import LogStore
from adapters.files.high_water_marks import HighWaterMarkFile
from adapters.postgres import schema
from adapters.postgres.accounts import PostgresAccounts
from adapters.postgres.address_book import PostgresAddressBook
from adapters.postgres.clock import PostgresClock
from adapters.postgres.connections import Connections, Limits
from adapters.postgres.drafts import PostgresDrafts
from adapters.postgres.heartbeat import PostgresHeartbeat
from adapters.postgres.host_home import home_of, identity
from adapters.postgres.incoming_mail import PostgresIncomingMail
from adapters.postgres.intake import PostgresIntake
from adapters.postgres.leader_election import PostgresLeaderElection
from adapters.postgres.migrations import SEALED
from adapters.postgres.outbox_place import PostgresOutboxPlace
from adapters.postgres.read_models import PostgresViews
from adapters.postgres.read_transaction import ReadTransaction, read_transaction
from adapters.postgres.recorder import PostgresRecorder
from adapters.postgres.standby import StandbyReader
from adapters.postgres.text_keys import PostgresTextKeys
from adapters.readmodels.encoded_rows import FORMAT
from domain.ports.errors import Unavailable
from domain.ports.store import Standby

STANDBY: Final = (
    "This database is a standby: what is here can only be read, and no deadline is recorded here."
)
_VIEWS: Final = "SELECT EXISTS (SELECT FROM live WHERE format = %s)"


class PostgresStore(LogStore):
    """The port `EventLog` on PostgreSQL. Use `create` or `open`; close it, or use it as a context.

    Any number of processes may use it at once, on any number of machines.
    """

    confirm_first: Final = True
    """Rows, outbox and times of service lie in the database, and are restored together with it."""

    sealed_from: ClassVar[int] = SEALED

    def __init__(self, url: str, *, read_only: bool = False, limits: Limits | None = None) -> None:
        self._url = url
        self._connections = Connections(url, limits, read_only=read_only)
        self._standby = StandbyReader(self._connections)
        try:
            marks = schema.read_store_marks(self._connections)
            keys = PostgresTextKeys(self._connections)
            super().__init__(marks, keys, read_only=read_only)
        except Unavailable:
            self._connections.close()
            raise

    @classmethod
    def create(cls, url: str, *, virtual: bool = False, durable: bool = True) -> PostgresStore:
        """Make an empty store in an existing database; see `schema.make` for what it raises."""
        connections = Connections(url)
        try:
            schema.create_tables(connections, virtual=virtual, durable=durable)
        finally:
            connections.close()
        made = cls(url)
        with suppress(Unavailable):  # then this host asks before it closes a window
            marks = HighWaterMarkFile(made.home)
            if not marks.begun():
                marks.put({})
        return made

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
    def place(self) -> str:
        """Where it is, for who opens it again; it may hold a password."""
        return self._url

    @property
    def home(self) -> Path:
        """The folder of this host for what belongs into no database; it need not exist yet."""
        return home_of(self.name)

    @property
    def warnings(self) -> Sequence[str]:
        """That it is a standby; beyond that nothing that the documents do not say."""
        return (STANDBY,) if self.standby() else ()

    def standby(self) -> Standby | None:
        """How a standby follows its primary; None for a server that can be written to."""
        return self._standby.read()

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

    def drafts(self) -> PostgresDrafts:
        """Where forms in progress lie, in a table that all processes share."""
        return PostgresDrafts(self._connections)

    def leader_election(self) -> PostgresLeaderElection:
        """The lead in following the log, which one process has at a time."""
        return PostgresLeaderElection(self._connections)

    def incoming_mail(self) -> PostgresIncomingMail:
        """Where messages are kept that came by mail: in tables that all processes share."""
        return PostgresIncomingMail(self._connections)

    def outbox_place(self) -> PostgresOutboxPlace:
        """Where letters wait: in tables that all processes share."""
        return PostgresOutboxPlace(self._connections, self.home)

    def accounts(self) -> PostgresAccounts:
        """Who may log in, for all processes."""
        return PostgresAccounts(self._connections)

    def address_book(self) -> PostgresAddressBook:
        """The directory of addresses that all processes share."""
        return PostgresAddressBook(self._connections, self.home)

    @contextmanager
    def server_lock(self) -> Iterator[None]:
        """The right to serve this store, which any number of processes have.

        Raises Unavailable where the home of this host cannot be written.
        """
        identity(self.home)
        yield

    def read(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        return self._connections.read(sql)

    def recorder(self, organisation: str) -> PostgresRecorder:
        """The rows of one organisation."""
        return PostgresRecorder(organisation, self._connections)

    def tables(self) -> AbstractContextManager[ReadTransaction]:
        """All tables as they stand at one moment. Raises Unavailable."""
        return read_transaction(self._connections)

    def backup(self, target: Path, apart: Path | None = None) -> NoReturn:
        """Raise Unavailable, and say what to do instead."""
        raise Unavailable(
            f"{self._connections.where} is backed up by pg_basebackup or pg_dump;"
            f" `placet store copy` copies its log to {target}{' only' if apart else ''}."
        )

    def close(self) -> None:
        """Close all connections. The store may be used again afterwards."""
        self._connections.close()
        self.text_keys.close()

    def forget_deleted(self) -> None:
        """Overwrite what was deleted beside the log (see the base class)."""
        with self._connections.borrow() as connection:
            connection.execute(b"VACUUM (FULL) intake, message, handed, address_book, draft")
