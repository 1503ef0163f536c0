"""Destruction of the keys of texts whose erasure is recorded.

The event comes first. A crash before the key is gone is made good when the store is served next,
as is a restored backup of keys that is older than the log.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from adapters.eventstore.columns import row_from_columns
from adapters.eventstore.decoding import decode_event
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.event_store import StoredHistory
from adapters.eventstore.sealing import (
    Place,
    key_ids,
    opened,
    sealed_values_of_event,
    shared_key_ids,
)
from adapters.eventstore.statements import SELECT
from adapters.eventstore.text_keys import TextKeys
from domain.erasures import COMMAND_HASH, TextErased
from domain.ports.errors import MalformedValue, Unreadable
from domain.ports.text_proofs import ProvedText, TextProof
from domain.type_registry import NAMES

_ERASURES: Final = f"{SELECT} AND position > ? AND name = ? ORDER BY position"
_VERSION: Final = f"{SELECT} AND stream = ? AND version = ?"
_POSITION: Final = f"{SELECT} AND position = ?"


def destroy_erased_texts(
    histories: Sequence[StoredHistory], keys: TextKeys, forget: Callable[[], None]
) -> int:
    """Destroy the keys of all texts that the record says are erased; how many keys.

    What lay deleted beside the log is forgotten too, before the last trace of a text is gone.
    Raises Unavailable; what was not destroyed is destroyed the next time.
    """
    ends = {history.organisation: history.last_position() for history in histories}
    since = {name: _carried_out(keys.erased_until(name), end) for name, end in ends.items()}
    named = {
        key
        for history in histories
        for row in _erased_rows(history, since[history.organisation])
        for key in erased_key_ids(row.state, _of_command(history, row))
    }
    known = keys.find(named) if named else {}
    left = {key for key, secret in known.items() if secret is not None}
    if left:
        forget()
        keys.destroy(left)
    for name, end in ends.items():
        if end != since[name]:
            keys.set_erased_until(name, end)
    return len(left)


def _carried_out(position: int, end: int) -> int:
    """Up to where erasures were carried out, in a log that ends there.

    Keys that are newer than the log know of erasures that it does not hold: all are looked at.
    """
    return position if position <= end else 0


def erased_key_ids(state: bytes, of_command: Collection[bytes]) -> set[str]:
    """The keys that go with the texts of an event; `of_command` are all events of its command.

    The hash of the command would confirm a guess of the text, wherever it is.
    """
    return key_ids([state]) | shared_key_ids(of_command)


def _of_command(history: StoredHistory, row: EventRow) -> Collection[bytes]:
    """The stored bytes of all events of the command of this one."""
    if not row.command_id:
        return ()
    return [event.state for event in history.recorder.of_command(row.command_id)]


def text_proof(history: StoredHistory, position: int) -> TextProof:
    """The proofs of the texts of the event at a position: of those whose key is there.

    Raises KeyError for no such event.
    """
    found = _rows(history, _POSITION, position)
    if not found:
        raise KeyError(position)
    (row,) = found
    decode_event(history.organisation, row)
    stream = str(row.originator_id)
    return TextProof(
        organisation=history.organisation,
        stream=stream,
        version=row.originator_version,
        name=row.topic,
        state=row.state.decode(),
        event_hash=row.hash,
        texts=tuple(_proved(history, row)),
    )


def _proved(history: StoredHistory, row: EventRow) -> Iterator[ProvedText]:
    values = sealed_values_of_event(row.state)
    keys = history.keys.find({value.key for value in values.values()}) if history.keys else {}
    place = Place(history.organisation, str(row.originator_id), row.originator_version)
    for path, value in values.items():
        if path == COMMAND_HASH:
            continue
        if (secret := keys.get(value.key)) is not None:
            shown = opened(place, path, value, secret)
            yield ProvedText(path=path, salt=shown.salt, value=shown.value)


def _erased_rows(history: StoredHistory, since: int) -> Iterator[EventRow]:
    """The events of an organisation whose texts are erased."""
    for row in _rows(history, _ERASURES, since, NAMES[TextErased]):
        try:
            event = decode_event(history.organisation, row)
        except (Unreadable, MalformedValue):
            continue  # the check of the store reports it
        if isinstance(event.fact, TextErased):
            yield from _rows(history, _VERSION, str(event.stream), event.fact.version)


def _rows(history: StoredHistory, sql: str, *values: object) -> list[EventRow]:
    found = history.recorder.read(sql, history.organisation, *values)
    return [row_from_columns(columns) for columns in found]
