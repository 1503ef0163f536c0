"""Rows of an outbox: as queued notices, and carried from one outbox into another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.mail.outbox_statements import TABLES
from adapters.operational_tables import TableWriter
from domain.notices import Notice
from domain.ports.outbox import QueuedNotice

Read = Callable[[str], Sequence[tuple[Any, ...]]]
"""What a query finds."""


def queued_of(row: Sequence[Any]) -> QueuedNotice:
    """The notice in a row of the columns `QUEUED`."""
    organisation, window, about, occasion, to, position, office, *rest = row
    state, attempts, queued_at, next_at, answer, reason, via = rest
    return QueuedNotice(
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


def stamp(at: datetime) -> str:
    """The instant so that earlier ones sort before later ones as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def transfer(source: Read, target: TableWriter) -> None:
    """Carry every row of one outbox into another, which must be empty, in the order of rows."""
    for table, columns in TABLES.items():
        names, signs = ", ".join(columns), ", ".join("?" * len(columns))
        order = "rowid" if table in {"message", "handed"} else columns[0]
        for row in source(f"SELECT {names} FROM {table} ORDER BY {order}"):  # noqa: S608 (constants)
            target.execute(f"INSERT INTO {table} ({names}) VALUES ({signs})", row)  # noqa: S608 (constants)


def empty(target: TableWriter) -> None:
    """Take every row out of an outbox."""
    for table in TABLES:
        target.execute(f"DELETE FROM {table}")  # noqa: S608 (constants)
