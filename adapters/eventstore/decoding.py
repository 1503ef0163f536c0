"""Rows as events, and contents: each proved by its hash before anybody sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.eventstore.columns import state_bytes
from adapters.eventstore.envelope import (
    NO_KEYS,
    EventRow,
    UnknownEvent,
    event_from_row,
    foldable_event,
)
from adapters.eventstore.sealing import key_ids
from adapters.eventstore.text_keys import TextKeys
from domain.canonical import digest
from domain.event_proofs import event_hash
from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.errors import MalformedValue, Unreadable

_CHANGED: Final = "its hash does not fit it"


def decode_event(
    organisation: str, row: EventRow, keys: Mapping[str, bytes | None] = NO_KEYS
) -> RecordedEvent:
    """The event in a row. Raises Unreadable for a damaged, a changed or an unknown one."""
    stream = str(row.originator_id)
    try:
        if row.hash != event_hash(
            organisation, stream, row.originator_version, row.topic, row.state
        ):
            raise MalformedValue(_CHANGED)
        return event_from_row(organisation, row, keys)
    except (UnknownEvent, ValueError) as error:
        raise _unreadable(organisation, stream, row.id, error) from error


def decode_events(
    organisation: str, rows: Sequence[EventRow], keys: TextKeys | None = None
) -> tuple[RecordedEvent, ...]:
    """The events in rows, their sealed texts opened. Raises like `decode_event`."""
    named = key_ids([row.state for row in rows]) if keys else set()
    found = keys.find(named) if keys and named else NO_KEYS
    return tuple(decode_event(organisation, row, found) for row in rows)


def decode_foldable(
    organisation: str, found: Sequence[tuple[Any, ...]]
) -> tuple[FoldableEvent, ...]:
    """What states read of events, from columns as FOLDABLE has them. Raises like `decode_event`.

    A whole log is decoded here, so that columns become no rows, and what no state reads is passed
    over.
    """
    events, stream, position = [], "", 0
    try:
        for position, stream, version, name, stored, hash_ in found:
            state = state_bytes(stored)
            if hash_ != event_hash(organisation, stream, version, name, state):
                raise MalformedValue(_CHANGED)
            events.append(foldable_event(position, stream, version, name, state))
    except (UnknownEvent, ValueError) as error:
        raise _unreadable(organisation, stream, position, error) from error
    return tuple(events)


def decode_stream(
    organisation: str, rows: Sequence[EventRow], keys: TextKeys | None = None
) -> tuple[RecordedEvent, ...]:
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
    return decode_events(organisation, rows, keys)


def _unreadable(organisation: str, stream: str, position: int, error: Exception) -> Unreadable:
    """What is the matter with an event, and with which one."""
    because = str(error)
    if not isinstance(error, UnknownEvent):
        because = (
            f"Event {position} of {organisation} is damaged or was changed on disk: {error}."
            " Check the store and restore a backup."
        )
    return Unreadable(because, stream=stream, position=position)


def verify_content(name: str, content: bytes | None) -> bytes:
    """The content, proved by its name. Raises KeyError for none, Unreadable for a changed one."""
    if content is None:
        raise KeyError(name)
    if digest(content) != name:
        raise Unreadable(f"Content {name[:12]} is damaged or was changed on disk.")
    return content
