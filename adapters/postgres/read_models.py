"""Views on PostgreSQL: rows that followers make, each follower's position beside its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, Final

from adapters.postgres import read_model_rows as tables
from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.read_transaction import read_transaction
from adapters.postgres.session import Connection
from adapters.readmodels.encoded_rows import FORMAT, EncodedPage, decode_row, require_progress
from adapters.readmodels.read_models import ReadModels
from adapters.readmodels.statements import Statements
from domain.ports.errors import Unavailable
from domain.ports.read_models import RowT

_LIVE: Final = "SELECT generation, format FROM live"
_LIVE_KEPT: Final = "SELECT COALESCE(%s::bigint, generation) FROM live FOR SHARE"
_CHANGING: Final = "SELECT pg_advisory_xact_lock(hashtext('placet views'))"
_REBUILDING: Final = "SELECT pg_try_advisory_lock(hashtext('placet rebuild'))"
_REBUILT: Final = "SELECT pg_advisory_unlock(hashtext('placet rebuild'))"
_IS_LIVE: Final = "SELECT FROM live WHERE generation = %s"
_NO_LIMIT: Final = "SET LOCAL statement_timeout = 0"
_NEXT: Final = "SELECT nextval('generations')"
_PUT: Final = (
    "INSERT INTO live VALUES (true, %s, %s) ON CONFLICT (one)"
    " DO UPDATE SET generation = excluded.generation, format = excluded.format"
)
_BEGIN: Final = "INSERT INTO tracking VALUES (%s, %s, %s, 0) ON CONFLICT DO NOTHING"
_HELD: Final = (
    "SELECT position FROM tracking WHERE generation = %s AND follower = %s AND organisation = %s"
    " FOR UPDATE"
)
_TRACK: Final = (
    "UPDATE tracking SET position = %s"
    " WHERE generation = %s AND follower = %s AND organisation = %s"
)


class PostgresViews(ReadModels):
    """The rows of one generation: the live one, or one that is being built.

    Views made by an older program are left behind, and an empty generation becomes the live one.
    """

    statements = Statements(tables.LIVE)

    def __init__(self, connections: Connections, generation: int | None = None) -> None:
        self._connections, self._generation = connections, generation
        if generation is None:
            self._make_sure()

    @property
    def scope(self) -> tuple[object, ...]:
        """The generation, or None for the live one."""
        return (self._generation,)

    def keep_page(
        self, follower: str, organisation: str, position: int, page: EncodedPage, after: int | None
    ) -> None:
        """Keep a page and a position together (see the base class)."""
        with self._connections.transaction() as connection:
            ((generation,),) = connection.execute(_LIVE_KEPT, self.scope).fetchall()
            who = (generation, follower, organisation)
            connection.execute(_BEGIN, who)
            ((now,),) = connection.execute(_HELD, who).fetchall()
            require_progress(follower, organisation, now, position, after)
            connection.execute(_TRACK, (position, *who))
            tables.put_rows(connection, generation, organisation, page)

    def rows_named(
        self, kind: type[RowT], names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], RowT]:
        """Those of the rows with these organisations and keys that there are."""
        columns = ([name for name, _ in names], [key for _, key in names])
        found = self._connections.read(tables.SOME, (*columns, self._generation, kind.view))
        return {(organisation, key): decode_row(row, kind) for organisation, key, row in found}

    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row at one moment: view, organisation, key, place, rank, part of, JSON."""
        which = "NULL" if self._generation is None else str(self._generation)
        with read_transaction(self._connections) as seen:
            yield from seen.rows(tables.WHOLE.format(generation=which))

    @contextmanager
    def rebuild(self) -> Iterator[PostgresViews]:
        """Empty views to be filled; they replace these in one transaction when all went well.

        Readers see the old rows until then, and other followers go on with these. Raises
        Unavailable while another process rebuilds.
        """
        with self._generation_of_its_own() as generation:
            yield PostgresViews(self._connections, generation)
            with self._connections.transaction() as connection:
                _make_live(connection, generation)

    @contextmanager
    def temporary_views(self) -> Iterator[PostgresViews]:
        """Empty views to be filled, and gone afterwards. Raises Unavailable like `rebuild`."""
        with self._generation_of_its_own() as generation:
            yield PostgresViews(self._connections, generation)

    @contextmanager
    def _generation_of_its_own(self) -> Iterator[int]:
        """A new generation; what is in it goes, unless it became the live one."""
        with self._connections.borrow() as alone:
            if alone.execute(_REBUILDING).fetchone() != (True,):
                raise Unavailable("Another process is making the views anew.")
            try:
                with self._new_generation() as generation:
                    yield generation
            finally:
                alone.execute(_REBUILT)

    @property
    def part_name(self) -> str:
        """The number of the generation."""
        return str(self._generation)

    @contextmanager
    def part(self) -> Iterator[PostgresViews]:
        """An empty generation beside this one, which is gone afterwards."""
        with self._new_generation() as generation:
            yield PostgresViews(self._connections, generation)

    def open_part(self, name: str) -> AbstractContextManager[PostgresViews]:
        """The generation with this number."""
        return nullcontext(PostgresViews(self._connections, int(name)))

    @contextmanager
    def _new_generation(self) -> Iterator[int]:
        ((generation,),) = self._connections.read(_NEXT)
        try:
            yield generation
        finally:
            self._forget(generation)

    def _forget(self, generation: int) -> None:
        """Take a generation away that is not the live one; what cannot go now goes later."""
        with suppress(Unavailable), self._connections.transaction() as connection:
            if connection.execute(_IS_LIVE, (generation,)).fetchone() is None:
                _clear(connection, "=", generation)

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; `?` stands for a value. Raises Unavailable."""
        return self._connections.read(native(sql), values)

    def _make_sure(self) -> None:
        with self._connections.transaction() as connection:
            connection.execute(_CHANGING)
            found = connection.execute(_LIVE).fetchone()
            if found is None or found[1] < FORMAT:
                ((generation,),) = connection.execute(_NEXT).fetchall()
                _make_live(connection, generation)
            elif found[1] > FORMAT:
                raise Unavailable("The views were made by a newer version of Placet: use that one.")


def _make_live(connection: Connection, generation: int) -> None:
    connection.execute(_PUT, (generation, FORMAT))
    _clear(connection, "<>", generation)


def _clear(connection: Connection, which: str, generation: int) -> None:
    """Take rows away; that may take longer than other statements."""
    connection.execute(_NO_LIMIT)
    for statement in tables.CLEAR:
        connection.execute(statement.format(which=which).encode(), (generation,))
