"""The columns of a stored event, and the row that they make."""

from __future__ import annotations

from typing import Any

from adapters.eventstore.envelope import EventRow

Columns = tuple[str, int, str, int, str, bytes, str, str, str]
"""Organisation, position, stream, version, name, state, command id, recorded at, hash."""


def columns_from_row(organisation: str, row: EventRow) -> Columns:
    """The columns of a row as they are stored."""
    where = (organisation, row.id, str(row.originator_id), row.originator_version)
    return (*where, row.topic, row.state, row.command_id, row.recorded_at, row.hash)


def state_bytes(state: object) -> bytes:
    """The bytes of an event; a table that was meddled with may hold text in their place."""
    return state if isinstance(state, bytes) else str(state).encode()


def row_from_columns(columns: tuple[Any, ...]) -> EventRow:
    """A row of the table, whose columns stand in the order of SELECT."""
    position, stream, version, name, state, command_id, recorded_at, hash_ = columns
    return EventRow(
        id=position,
        originator_id=stream,
        originator_version=version,
        topic=name,
        state=state_bytes(state),
        command_id=command_id,
        recorded_at=recorded_at,
        hash=hash_,
    )
