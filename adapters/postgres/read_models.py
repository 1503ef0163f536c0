"""Views on PostgreSQL: rows that followers make, each follower's position beside its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from eventsourcing.persistence import Tracking, TrackingRecorder

from adapters.postgres import read_model_tables as tables
from adapters.postgres.connections import Connection, Connections
from adapters.postgres.read_transaction import read_transaction
from adapters.readmodels.page import (
    FIRST,
    FORMAT,
    LAST,
    NO_PLACES,
    AlreadyRead,
    Mark,
    Page,
    Places,
    Rows,
    of_json,
)
from domain.ports.errors import Unavailable

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
_OF: Final = "generation = COALESCE(%s::bigint, (SELECT generation FROM live))"
_POSITION: Final = (
    f"SELECT position FROM tracking WHERE {_OF} AND follower = %s AND organisation = %s"  # noqa: S608 (a constant)
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


class PostgresViews(TrackingRecorder):
    """The rows of one generation: the live one, or one that is being built.

    Views made by an older program are left behind, and an empty generation becomes the live one.
    As a TrackingRecorder it names an application `follower/organisation`.
    """

    def __init__(self, connections: Connections, generation: int | None = None) -> None:
        self._connections, self._generation = connections, generation
        if generation is None:
            self._make_sure()

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Rows,
        *,
        places: Places = NO_PLACES,
        after: int | None = None,
    ) -> None:
        """Keep what a follower made of the events up to `position`, rows and position together.

        A row without a place is found by its key only. `after` is the position that it started
        from, where it wants to be sure that nobody, such as a rebuild, moved it meanwhile; with
        it rows may be kept anew where the follower stands. Raises AlreadyRead, and keeps nothing,
        when the follower has been there already; Unavailable when the database cannot be written.
        """
        page = Page.of(rows, places)
        with self._connections.transaction() as connection:
            ((generation,),) = connection.execute(_LIVE_KEPT, (self._generation,)).fetchall()
            _track(connection, (generation, follower, organisation), position, after)
            tables.put_rows(connection, generation, organisation, page)

    def position(self, follower: str, organisation: str) -> int:
        """The position up to which a follower has read; 0 when it has not begun."""
        found = self._read(_POSITION, follower, organisation)
        return int(found[0][0]) if found else 0

    def row(self, view: str, organisation: str, key: str) -> Mapping[str, object] | None:
        """One row of a view, or None."""
        found = self._read(tables.ROW, view, organisation, key)
        return of_json(found[0][0]) if found else None

    def rows(self, view: str, organisation: str | None = None) -> Iterator[Mapping[str, object]]:
        """A view's rows in order of organisation and key."""
        found = self._read(tables.ROWS, view, organisation, organisation)
        return (of_json(json) for (json,) in found)

    def rows_named(
        self, view: str, names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Mapping[str, object]]:
        """Those of the rows with these organisations and keys that there are."""
        columns = ([one for one, _ in names], [one for _, one in names])
        found = self._connections.read(tables.SOME, (*columns, self._generation, view))
        return {(organisation, key): of_json(told) for organisation, key, told in found}

    def list_rows(
        self,
        view: str,
        place: str,
        limit: int,
        *,
        after: Mark = FIRST,
        before: Mark = LAST,
        backwards: bool = False,
    ) -> Sequence[Mark]:
        """At most `limit` rows at a place between two marks, in order of rank, or backwards.

        The rows themselves are not read.
        """
        query = tables.LISTED_BACKWARDS if backwards else tables.LISTED
        return self._read(query, view, place, *after, *before, limit)

    def rows_part_of(
        self, view: str, organisation: str, whole: str
    ) -> Sequence[Mapping[str, object]]:
        """The rows of a view that are a part of `whole`, in order of their keys."""
        return [of_json(told) for (told,) in self._read(tables.PARTS, view, organisation, whole)]

    def counts(self, view: str, organisation: str | None = None) -> Mapping[str, int]:
        """How many rows stand at each place of a view."""
        return dict(self._read(tables.COUNTS, view, organisation, organisation))

    def count_up_to(self, view: str, place: str, rank: str) -> int:
        """How many rows at a place have at most this rank; they are looked at one by one."""
        return int(self._read(tables.COUNT_UP_TO, view, place, rank)[0][0])

    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row at one moment: view, organisation, key, place, rank, part of, JSON."""
        which = "NULL" if self._generation is None else str(self._generation)
        with read_transaction(self._connections) as seen:
            yield from seen.rows(tables.WHOLE.format(generation=which))

    def wrong_counts(self) -> Sequence[tuple[str, str, str]]:
        """View, organisation and place of each count that does not fit the rows."""
        found = self._connections.read(tables.MISCOUNTED, (self._generation, self._generation))
        return [(view, organisation, place) for view, organisation, place in found]

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
                ((generation,),) = alone.execute(_NEXT).fetchall()
                try:
                    yield generation
                finally:
                    self._forget(generation)
            finally:
                alone.execute(_REBUILT)

    def _forget(self, generation: int) -> None:
        """Take a generation away that is not the live one; what cannot go now goes later."""
        with suppress(Unavailable), self._connections.transaction() as connection:
            if connection.execute(_IS_LIVE, (generation,)).fetchone() is None:
                _clear(connection, "=", generation)

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a position without rows. Raises like `keep`."""
        follower, _, organisation = tracking.application_name.partition("/")
        self.keep(follower, organisation, tracking.notification_id, {})

    def max_tracking_id(self, application_name: str) -> int | None:
        """The position of `follower/organisation`, or None when it has not begun."""
        follower, _, organisation = application_name.partition("/")
        return self.position(follower, organisation) or None

    def _read(self, query: str, *values: object) -> list[Any]:
        """What a query finds in this generation."""
        return self._connections.read(query, (self._generation, *values))

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


def _track(
    connection: Connection, who: tuple[int, str, str], position: int, after: int | None
) -> None:
    connection.execute(_BEGIN, who)
    ((now,),) = connection.execute(_HELD, who).fetchall()
    anew = position == now == after
    if (position <= now and not anew) or after not in {None, now}:
        raise AlreadyRead(f"{who[1]} has read {who[2]} up to {now}, so it cannot keep {position}")
    connection.execute(_TRACK, (position, *who))
