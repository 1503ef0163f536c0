"""The outbox: notices that wait to be sent, kept beside the log with a follower's position.

It is not a view. It says what has left the program, so it cannot be made anew from the log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from adapters.files.locks import hold_lock
from adapters.sqlite.connections import Connections, create_database
from domain.canonical import canonical_json, digest
from domain.notices import UNREACHABLE, UNRECORDED, Notice
from domain.ports.errors import ParkedStream, VersionConflict
from domain.ports.outbox import Batch, Outcome, Queued

FILE: Final = "outbox.db"
FORGOTTEN: Final = timedelta(minutes=10)
"""A notice that is being sent for longer was left by a sender that ended; it is tried again."""
PER_EVENT: Final = 100
"""For how many seats at most one event says what became of their notices."""

_TABLES: Final = """
CREATE TABLE follower (
    organisation TEXT PRIMARY KEY, began INTEGER NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE message (
    key TEXT PRIMARY KEY,
    organisation TEXT NOT NULL, window TEXT NOT NULL, about TEXT NOT NULL,
    occasion TEXT NOT NULL, addressee TEXT NOT NULL, office INTEGER NOT NULL,
    position INTEGER NOT NULL,
    queued_at TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL, via TEXT NOT NULL, reason TEXT NOT NULL, answer TEXT NOT NULL,
    batch TEXT NOT NULL, recorded INTEGER NOT NULL
);
CREATE INDEX message_by_state ON message (state, next_at);
"""
_PARKED: Final = """
CREATE TABLE IF NOT EXISTS parked (
    organisation TEXT NOT NULL, stream TEXT NOT NULL, position INTEGER NOT NULL,
    because TEXT NOT NULL, PRIMARY KEY (organisation, stream)
)
"""
"""Of streams that cannot be read nothing is told."""
_HANDED: Final = """
CREATE TABLE IF NOT EXISTS handed (
    key TEXT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (key, address)
)
"""
"""What became of a letter at each of its addresses."""
_PARK: Final = "INSERT OR IGNORE INTO parked VALUES (?, ?, ?, ?)"
_MEND: Final = "DELETE FROM parked WHERE organisation = ? AND stream = ?"
_COUNTS: Final = (
    "SELECT organisation, window, office, state, count(*) FROM message"
    " GROUP BY organisation, window, office, state"
)
_MOVE: Final = "UPDATE follower SET position = ? WHERE organisation = ? AND position = ?"
_FIELDS: Final = (
    "organisation, window, about, occasion, addressee, position, office,"
    " state, attempts, queued_at, next_at, answer, reason, via"
)
_INSERT: Final = (
    "INSERT OR IGNORE INTO message VALUES"
    " (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, '', '', '', '', 0)"
)
_SELECT: Final = f"SELECT {_FIELDS} FROM message"  # noqa: S608 (made of constants)
_UNSENT: Final = "state IN ('waiting', 'being sent')"
_FIRST: Final = (
    "NOT EXISTS (SELECT 1 FROM message AS before WHERE before.organisation = message.organisation"  # noqa: S608 (made of constants)
    " AND before.window = message.window AND before.addressee = message.addressee"
    f" AND before.office = message.office AND before.{_UNSENT} AND before.rowid < message.rowid)"
)
"""Letters to one addressee about one window leave in the order in which they were queued."""
_IN_ORDER: Final = (
    "CREATE INDEX IF NOT EXISTS message_in_order"
    f" ON message (organisation, window, addressee, office) WHERE {_UNSENT}"
)
_LATER: Final = {"parked": _PARKED, "handed": _HANDED, "message_in_order": _IN_ORDER}
"""What an outbox of an earlier version lacks."""
_FREE: Final = (
    "((state = 'waiting' AND next_at <= ?1) OR (state = 'being sent' AND next_at <= ?2))"
    f" AND {_FIRST}"
)
_HASTEN: Final = (
    "UPDATE message SET next_at = ?1 WHERE state = 'waiting' AND next_at > ?1"
    " AND organisation = ?2 AND window = ?3 AND addressee = ?4 AND office = ?5"
)
_REACHED: Final = (
    "UPDATE message SET next_at = ?1 WHERE state = 'waiting' AND next_at > ?1 AND reason = ?2"
)
_DUE: Final = f"{_SELECT} WHERE {_FREE} ORDER BY next_at, position, rowid LIMIT ?3"
_CLAIM: Final = (
    "UPDATE message SET state = 'being sent', attempts = attempts + 1, next_at = ?1, via = ?3"  # noqa: S608 (made of constants)
    f" WHERE key = ?4 AND {_FREE}"
)
_SETTLE: Final = (
    "UPDATE message SET state = ?, reason = ?, answer = ?, next_at = ? WHERE key = ? AND state = ?"
)
_RECALL: Final = (
    "UPDATE message SET state = 'waiting', next_at = ?, via = '' WHERE state = 'printed'"
)
_REVIVE: Final = (
    "UPDATE message SET state = 'waiting', next_at = ?1, queued_at = ?1, reason = '', batch = '',"
    " recorded = 0 WHERE key = ?2 AND state = 'given up'"
)
_LATER_LETTER: Final = (
    f"{_SELECT} JOIN (SELECT rowid AS place, organisation AS o, window AS w, about AS a,"  # noqa: S608 (made of constants)
    " addressee AS s, office AS f FROM message WHERE key = ?) ON message.rowid > place"
    " AND organisation = o AND window = w AND about = a AND addressee = s AND office = f"
    " WHERE state = 'accepted' LIMIT 1"
)
_LOOSE: Final = "state IN ('accepted', 'refused', 'given up') AND batch = ''"


class Outbox:
    """The outbox of a store."""

    def __init__(self, path: Path, standing: Mapping[str, int]) -> None:
        """Open the outbox, or make it; `standing` is where each organisation's log stands now.

        What stood in the log when the outbox was made is history to it. Raises Unavailable.
        """
        if not path.is_file():
            with hold_lock(path.with_name(path.name + "-turn"), 30):
                if not path.is_file():
                    _make(path, standing)
        self._connections = Connections(path)
        there = {name for (name,) in self._connections.read("SELECT name FROM sqlite_schema", ())}
        if not there.issuperset(_LATER):
            with self._connections.transaction() as connection:
                for made in _LATER.values():
                    connection.execute(made)

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()

    def position(self, organisation: str) -> int:
        """Up to which position notices have been queued."""
        return self._of_follower(organisation)[0]

    def began(self, organisation: str) -> int:
        """Where the log stood when the outbox was made."""
        return self._of_follower(organisation)[1]

    def queue(
        self,
        organisation: str,
        notices: Iterable[Notice],
        now: datetime,
        *,
        after: int,
        position: int,
        parked: Iterable[ParkedStream] = (),
    ) -> None:
        """Queue what the events after one position up to another tell, and move there, at once.

        A notice that was queued before is not queued again. `parked` are streams of which nothing
        could be told. Raises ChangedMeanwhile, and queues nothing, when another process has read
        on from `after`.
        """
        with self._connections.transaction() as connection:
            sql = "INSERT OR IGNORE INTO follower VALUES (?, 0, 0)"
            connection.execute(sql, (organisation,))
            _move(connection, organisation, after, position)
            _insert(connection, notices, now)
            values = [(one.organisation, one.stream, one.position, one.because) for one in parked]
            connection.executemany(_PARK, values)

    def parked(self, organisation: str) -> dict[str, ParkedStream]:
        """The streams of which nothing could be told, by their names."""
        sql = "SELECT stream, position, because FROM parked WHERE organisation = ?"
        return {
            stream: ParkedStream(
                organisation=organisation, stream=stream, position=position, because=because
            )
            for stream, position, because in self._connections.read(sql, (organisation,))
        }

    def mend(
        self, parked: ParkedStream, notices: Iterable[Notice], now: datetime, *, after: int
    ) -> None:
        """Queue what a parked stream has to tell up to `after`; it is parked no longer.

        Raises ChangedMeanwhile, and queues nothing, when the log was read on meanwhile.
        """
        with self._connections.transaction() as connection:
            _move(connection, parked.organisation, after, after)
            _insert(connection, notices, now)
            connection.execute(_MEND, (parked.organisation, parked.stream))

    def counts(self) -> list[tuple[str, str, bool, str, int]]:
        """How many letters stand how: organisation, window, to an office, state, number."""
        return [
            (organisation, window, bool(office), state, number)
            for organisation, window, office, state, number in self._connections.read(_COUNTS, ())
        ]

    def add(self, notices: Sequence[Notice], now: datetime) -> None:
        """Queue notices that no event causes, such as reminders; each once."""
        known = {one for (one,) in self._connections.read("SELECT key FROM message", ())}
        if fresh := [one for one in notices if one.key not in known]:
            with self._connections.transaction() as connection:
                _insert(connection, fresh, now)

    def recall(self, now: datetime) -> None:
        """Let what was only printed wait again: now letters reach somebody."""
        if self._told(f"{_SELECT} WHERE state = 'printed' LIMIT 1"):
            with self._connections.transaction() as connection:
                connection.execute(_RECALL, (_stamp(now),))

    def due(self, now: datetime, limit: int) -> list[Queued]:
        """At most `limit` notices that may be sent now, those that wait longest first.

        None of them has an earlier one to the same addressee, about the same window, before it.
        """
        return self._told(_DUE, _stamp(now), _stamp(now - FORGOTTEN), limit)

    def waiting(self) -> list[Queued]:
        """All notices that have not been sent."""
        return self._told(f"{_SELECT} WHERE state IN ('waiting', 'being sent') ORDER BY rowid")

    def claim(self, key: str, now: datetime, via: str) -> bool:
        """Take a notice to send it; False when another sender was faster."""
        values = (_stamp(now), _stamp(now - FORGOTTEN), via, key)
        with self._connections.transaction() as connection:
            return connection.execute(_CLAIM, values).rowcount == 1

    def settle(
        self, key: str, outcome: Outcome, next_at: datetime, *, before: str = "being sent"
    ) -> bool:
        """Note what became of a notice that stood at `before`; False when it no longer does."""
        told = (outcome.state, outcome.reason, outcome.answer, _stamp(next_at))
        with self._connections.transaction() as connection:
            taken = [(key, address, "taken") for address in outcome.taken]
            connection.executemany("INSERT OR REPLACE INTO handed VALUES (?, ?, ?)", taken)
            return connection.execute(_SETTLE, (*told, key, before)).rowcount == 1

    def handed(self, key: str) -> dict[str, str]:
        """The addresses that took a letter, each `taken` or `bounced` since."""
        sql = "SELECT address, state FROM handed WHERE key = ? ORDER BY rowid"
        return dict(self._connections.read(sql, (key,)))

    def came_back(self, key: str, address: str) -> None:
        """Note that a letter came back from one address."""
        sql = "UPDATE handed SET state = 'bounced' WHERE key = ? AND address = ?"
        with self._connections.transaction() as connection:
            connection.execute(sql, (key, address))

    def accepted_later(self, notice: Notice) -> bool:
        """Whether a later letter about the same was accepted for the same seat."""
        return bool(self._told(_LATER_LETTER, notice.key))

    def reached(self, now: datetime) -> None:
        """Let those wait no longer that waited because no server could be reached."""
        if self._told(f"{_SELECT} WHERE state = 'waiting' AND reason = ? LIMIT 1", UNREACHABLE):
            with self._connections.transaction() as connection:
                connection.execute(_REACHED, (_stamp(now), UNREACHABLE))

    def without(self, reason: str) -> list[Queued]:
        """The notices that were given up for this reason."""
        return self._told(f"{_SELECT} WHERE state = 'given up' AND reason = ?", reason)

    def revive(self, key: str, now: datetime) -> None:
        """Let a notice that was given up wait again; what becomes of it then is recorded anew."""
        with self._connections.transaction() as connection:
            connection.execute(_REVIVE, (_stamp(now), key))

    def batches(self) -> list[Batch]:
        """What is to be recorded: finished notices, grouped by what became of them.

        A batch keeps its id and its seats until `recorded` is said of it, so that it can be
        recorded again under the same command id after a crash.
        """
        if self._told(f"{_SELECT} WHERE {_LOOSE} LIMIT 1"):
            with self._connections.transaction() as connection:
                _group(connection)
        sql = (
            "SELECT batch, organisation, window, about, occasion, state, reason, via, addressee"
            " FROM message WHERE batch NOT IN ('', '-') AND recorded = 0 ORDER BY rowid"
        )
        found: dict[tuple[str, ...], list[str]] = {}
        for *told, seat in self._connections.read(sql, ()):
            found.setdefault(tuple(told), []).append(seat)
        return [
            Batch(
                id=told[0],
                organisation=told[1],
                window=told[2],
                about=told[3],
                occasion=told[4],
                state=told[5],
                reason=told[6],
                via=told[7],
                seats=tuple(seats),
            )
            for told, seats in found.items()
        ]

    def recorded(self, batch: str) -> None:
        """Note that a batch is in the record."""
        with self._connections.transaction() as connection:
            connection.execute("UPDATE message SET recorded = 1 WHERE batch = ?", (batch,))

    def find(self, key: str) -> Queued | None:
        """The notice with this key."""
        found = self._told(f"{_SELECT} WHERE key = ?", key)
        return found[0] if found else None

    def all_notices(self) -> list[Queued]:
        """Every notice, in the order in which they were queued."""
        return self._told(f"{_SELECT} ORDER BY rowid")

    def _told(self, sql: str, *values: object) -> list[Queued]:
        return [_queued(row) for row in self._connections.read(sql, values)]

    def _of_follower(self, organisation: str) -> tuple[int, int]:
        sql = "SELECT position, began FROM follower WHERE organisation = ?"
        found = self._connections.read(sql, (organisation,))
        return (int(found[0][0]), int(found[0][1])) if found else (0, 0)


def _make(path: Path, standing: Mapping[str, int]) -> None:
    """Make the file complete, or not at all. Raises Unavailable."""
    with create_database(path) as connection:
        later = "; ".join(_LATER.values())
        connection.executescript(f"BEGIN; {_TABLES} {later}; COMMIT;")
        connection.executemany("INSERT INTO follower VALUES (?, ?, 0)", standing.items())


def _move(connection: sqlite3.Connection, organisation: str, after: int, position: int) -> None:
    """Raises ChangedMeanwhile for a follower that stands elsewhere."""
    if connection.execute(_MOVE, (position, organisation, after)).rowcount != 1:
        raise VersionConflict(f"the outbox has read on in {organisation} meanwhile")


def _insert(connection: sqlite3.Connection, notices: Iterable[Notice], now: datetime) -> None:
    """Queue notices; those that wait before one to the same addressee are tried at once."""
    for one in notices:
        told = (one.organisation, one.window, one.about, one.occasion, one.to)
        values = (one.key, *told, int(one.office), one.position, _stamp(now), _stamp(now))
        if connection.execute(_INSERT, values).rowcount:
            place = (one.organisation, one.window, one.to, int(one.office))
            connection.execute(_HASTEN, (_stamp(now), *place))


def _group(connection: sqlite3.Connection) -> None:
    """Give each finished notice to a seat its batch; letters to offices belong to none (`-`).

    A notice that was revived has been queued anew, so that its batch is another one.
    """
    found = connection.execute(
        "SELECT key, queued_at, organisation, window, about, occasion, state, reason, via, office"  # noqa: S608 (made of constants)
        " FROM message"
        f" WHERE {_LOOSE} ORDER BY rowid"
    ).fetchall()
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for key, queued_at, *told, office in found:
        if office or told[2] in UNRECORDED:
            connection.execute("UPDATE message SET batch = '-' WHERE key = ?", (key,))
        else:
            groups.setdefault(tuple(told), []).append((key, queued_at))
    for keys in groups.values():
        for start in range(0, len(keys), PER_EVENT):
            some = keys[start : start + PER_EVENT]
            name = digest(canonical_json(some))[:40]
            for key, _ in some:
                connection.execute("UPDATE message SET batch = ? WHERE key = ?", (name, key))


def _queued(row: Sequence[Any]) -> Queued:
    organisation, window, about, occasion, to, position, office, *rest = row
    state, attempts, queued_at, next_at, answer, reason, via = rest
    return Queued(
        notice=Notice(
            organisation=organisation,
            window=window,
            about=about,
            occasion=occasion,
            to=to,
            position=position,
            office=bool(office),
        ),
        state=state,
        attempts=attempts,
        queued_at=datetime.fromisoformat(queued_at),
        next_at=datetime.fromisoformat(next_at),
        answer=answer,
        reason=reason,
        via=via,
    )


def _stamp(at: datetime) -> str:
    """The instant so that earlier ones sort before later ones as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
