"""Rows as events, and contents: each proved by its hash before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.eventstore.envelope import EventRow, UnknownEvent, event_from_row, event_hash
from domain.canonical import digest
from domain.messages import RecordedEvent
from domain.ports.errors import MalformedValue, Unreadable


def decode_event(organisation: str, row: EventRow) -> RecordedEvent:
    """The event in a row. Raises Unreadable for a damaged, a changed or an unknown one."""
    stream, version = str(row.originator_id), row.originator_version
    try:
        if row.hash != event_hash(organisation, stream, version, row.topic, row.state):
            raise MalformedValue("its hash does not fit it")
        return event_from_row(organisation, row)
    except UnknownEvent as error:
        raise Unreadable(str(error), stream=stream, position=row.id) from error
    except ValueError as error:
        raise Unreadable(
            f"Event {row.id} of {organisation} is damaged or was changed on disk: {error}."
            " Check the store and restore a backup.",
            stream=stream,
            position=row.id,
        ) from error


def decode_events(organisation: str, rows: Sequence[EventRow]) -> tuple[RecordedEvent, ...]:
    """The events in rows. Raises like `decode_event`."""
    return tuple(decode_event(organisation, row) for row in rows)


def decode_stream(organisation: str, rows: Sequence[EventRow]) -> tuple[RecordedEvent, ...]:
    """The events of a whole stream. Raises like `decode_event`, also where one of them is missing.

    Without an event that suspends or breaks it, a window would look as if nobody had spoken.
    """
    for version, row in enumerate(rows, 1):
        if row.originator_version != version:
            raise Unreadable(
                f"Event {version} of {row.originator_id} of {organisation} is missing."
                " Check the store and restore a backup.",
                stream=str(row.originator_id),
                position=row.id,
            )
    return decode_events(organisation, rows)


def verify_content(name: str, content: bytes | None) -> bytes:
    """The content, proved by its name. Raises KeyError for none, Unreadable for a changed one."""
    if content is None:
        raise KeyError(name)
    if digest(content) != name:
        raise Unreadable(f"Content {name[:12]} is damaged or was changed on disk.")
    return content
