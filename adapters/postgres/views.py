"""Views on PostgreSQL: rows that followers make, each follower's position beside its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import msgspec
from eventsourcing.persistence import Tracking, TrackingRecorder

from adapters.codec import encoded, plain
from adapters.postgres.connections import Connection, Connections
from adapters.views import FORMAT, AlreadyRead, Rows
from domain.ports import Unavailable

_LIVE: Final = "SELECT generation, format FROM live"
_LIVE_KEPT: Final = "SELECT COALESCE(%s::bigint, generation) FROM live FOR SHARE"
_CHANGING: Final = "SELECT pg_advisory_xact_lock(hashtext('placet views'))"
_REBUILDING: Final = "SELECT pg_try_advisory_lock(hashtext('placet rebuild'))"
_REBUILT: Final = "SELECT pg_advisory_unlock(hashtext('placet rebuild'))"
_NEXT: Final = "SELECT nextval('generations')"
_PUT: Final = (
    "INSERT INTO live VALUES (true, %s, %s) ON CONFLICT (one)"
    " DO UPDATE SET generation = excluded.generation, format = excluded.format"
)
_CLEAR: Final = (
    "DELETE FROM row WHERE generation <> %s",
    "DELETE FROM tracking WHERE generation <> %s",
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
_ROW: Final = f"SELECT json FROM row WHERE {_OF} AND view = %s AND organisation = %s AND key = %s"  # noqa: S608 (a constant)
_ROWS: Final = (
    f"SELECT json FROM row WHERE {_OF} AND view = %s AND (%s::text IS NULL OR organisation = %s)"  # noqa: S608 (a constant)
    " ORDER BY organisation, key"
)
_KEEP: Final = (
    b"INSERT INTO row SELECT %s, view, %s, key, json"
    b" FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS made (view, key, json)"
    b" ON CONFLICT (generation, view, organisation, key) DO UPDATE SET json = excluded.json"
)
_DROP: Final = (
    b"DELETE FROM row USING unnest(%s::text[], %s::text[]) AS gone (view, key)"
    b" WHERE generation = %s AND organisation = %s AND row.view = gone.view AND row.key = gone.key"
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
        after: int | None = None,
    ) -> None:
        """Keep what a follower made of the events up to `position`, rows and position together.

        `after` is the position that it started from, where it wants to be sure that nobody, such
        as a rebuild, moved it meanwhile; with it rows may be kept anew where the follower stands.
        Raises AlreadyRead, and keeps nothing, when the
        follower has been there already; Unavailable when the database cannot be written.
        """
        with self._connections.transaction() as connection:
            ((generation,),) = connection.execute(_LIVE_KEPT, (self._generation,)).fetchall()
            _track(connection, (generation, follower, organisation), position, after)
            _put(connection, generation, organisation, rows)

    def position(self, follower: str, organisation: str) -> int:
        """The position up to which a follower has read; 0 when it has not begun."""
        found = self._connections.read(_POSITION, (self._generation, follower, organisation))
        return int(found[0][0]) if found else 0

    def row(self, table: str, organisation: str, key: str) -> Mapping[str, object] | None:
        """One row of a view, or None."""
        found = self._connections.read(_ROW, (self._generation, table, organisation, key))
        return _of_json(found[0][0]) if found else None

    def rows(self, table: str, organisation: str | None = None) -> Iterator[Mapping[str, object]]:
        """A view's rows in order of organisation and key."""
        values = (self._generation, table, organisation, organisation)
        return (_of_json(json) for (json,) in self._connections.read(_ROWS, values))

    @contextmanager
    def rebuild(self) -> Iterator[PostgresViews]:
        """Empty views to be filled; they replace these in one transaction when all went well.

        Readers see the old rows until then, and other followers go on with these. Raises
        Unavailable while another process rebuilds.
        """
        with self._connections.lent() as alone:
            if alone.execute(_REBUILDING).fetchone() != (True,):
                raise Unavailable("Another process is making the views anew.")
            try:
                ((generation,),) = alone.execute(_NEXT).fetchall()
                yield PostgresViews(self._connections, generation)
                with self._connections.transaction() as connection:
                    _make_live(connection, generation)
            finally:
                alone.execute(_REBUILT)

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
    for statement in _CLEAR:
        connection.execute(statement.encode(), (generation,))


def _track(
    connection: Connection, who: tuple[int, str, str], position: int, after: int | None
) -> None:
    connection.execute(_BEGIN, who)
    ((now,),) = connection.execute(_HELD, who).fetchall()
    anew = position == now == after
    if (position <= now and not anew) or after not in {None, now}:
        raise AlreadyRead(f"{who[1]} has read {who[2]} up to {now}, so it cannot keep {position}")
    connection.execute(_TRACK, (position, *who))


def _put(connection: Connection, generation: int, organisation: str, rows: Rows) -> None:
    made = [(*place, encoded(plain(row))) for place, row in rows.items() if row is not None]
    gone = [place for place, row in rows.items() if row is None]
    if made:
        columns = [list(one) for one in zip(*made, strict=True)]
        connection.execute(_KEEP, (generation, organisation, *columns))
    if gone:
        columns = [list(one) for one in zip(*gone, strict=True)]
        connection.execute(_DROP, (*columns, generation, organisation))


def _of_json(content: bytes) -> Mapping[str, object]:
    row: Mapping[str, object] = msgspec.json.decode(content)
    return row
