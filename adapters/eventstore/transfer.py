"""Copying logs from one store to another: byte for byte, at the same positions, and proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters.eventstore.columns import columns_from_row
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.recorder import LogRecorder
from adapters.eventstore.sealing import key_ids
from adapters.eventstore.store import LogStore
from adapters.eventstore.text_keys import TextKeys
from domain.canonical import digest
from domain.event_proofs import event_hash
from domain.ports.errors import Unavailable

PAGE: Final = 500

ProgressCallback = Callable[[str, int, int], None]
"""Hears of progress: organisation, position reached, last position."""


def copy_logs(
    source: LogStore, target: LogStore, on_progress: ProgressCallback, only: Sequence[str] = ()
) -> Mapping[str, int]:
    """Copy what the target lacks; the number of events of each organisation.

    With `only`, these organisations are copied, and the target may hold others. A target that
    holds the beginning of the source, as after an interruption, is completed. Every event that
    was copied is then compared with the source's and with its hash, and every content with its
    name. The keys of sealed texts come along. Raises Unavailable for a target that holds anything
    else, also when somebody writes to it meanwhile; and for an organisation that the source does
    not hold.
    """
    if source.virtual != target.virtual:
        raise Unavailable("Simulated acts belong in throw-away stores only, and history in others.")
    held = source.organisations()
    if missing := set(only) - set(held):
        raise Unavailable(f"The source holds nothing of {', '.join(sorted(missing))}.")
    if strange := set(target.organisations()) - set(held) if not only else set():
        raise Unavailable(f"The target holds {', '.join(sorted(strange))}, unlike the source.")
    names = [name for name in held if not only or name in only]
    keys = (source.text_keys, target.text_keys)
    copied = {
        name: _copy(name, _of(source, name), _of(target, name), keys, on_progress) for name in names
    }
    target.destroy_erased_texts()
    return copied


def _of(store: LogStore, organisation: str) -> LogRecorder:
    return store.history(organisation).recorder


def _copy(
    organisation: str,
    source: LogRecorder,
    target: LogRecorder,
    keys: tuple[TextKeys, TextKeys],
    on_progress: ProgressCallback,
) -> int:
    begun = target.max_notification_id() or 0
    last = source.max_notification_id() or 0
    _compare(organisation, source, target, begun)
    _copy_contents(source, target)
    for page in _pages(source, begun):
        _copy_keys(page, *keys)
        _insert(organisation, target, page)
        on_progress(organisation, page[-1].id, max(last, page[-1].id))
    _copy_contents(source, target)
    end = target.max_notification_id() or 0
    _compare(organisation, source, target, end)
    _prove_contents(organisation, source, target)
    return end


def _insert(organisation: str, target: LogRecorder, page: Sequence[EventRow]) -> None:
    try:
        with target.transaction() as transaction:
            transaction.insert([columns_from_row(organisation, row) for row in page])
    except IntegrityError as error:
        raise Unavailable(f"Somebody else writes to the target: {error}.") from error


def _copy_keys(page: Sequence[EventRow], source: TextKeys, target: TextKeys) -> None:
    """The keys of sealed texts, before the events that name them, and which were destroyed."""
    if named := key_ids([row.state for row in page]):
        target.keep(source.find(named))


def _compare(organisation: str, source: LogRecorder, target: LogRecorder, last: int) -> None:
    """Raise Unavailable unless the rows up to a position are the same ones, and sound."""
    position = 0
    while position < last:
        limit = min(PAGE, last - position)
        here = source.select_notifications(position, limit, inclusive_of_start=False)
        there = target.select_notifications(position, limit, inclusive_of_start=False)
        for row, other in zip(here, there, strict=False):
            if row != other or other.hash != _hash(organisation, other):
                _differ(organisation, row.id)
        if not here or len(here) != len(there):
            _differ(organisation, position + min(len(here), len(there)) + 1)
        position = here[-1].id


def _differ(organisation: str, position: int) -> None:
    raise Unavailable(f"Event {position} of {organisation} is not the same in source and target.")


def _hash(organisation: str, row: EventRow) -> str:
    place = (organisation, str(row.originator_id), row.originator_version)
    return event_hash(*place, row.topic, row.state)


def _pages(source: LogRecorder, position: int) -> Iterator[Sequence[EventRow]]:
    while page := source.select_notifications(position, PAGE, inclusive_of_start=False):
        yield page
        position = page[-1].id


def _copy_contents(source: LogRecorder, target: LogRecorder) -> None:
    """Before the events that refer to them, so that an interrupted copy lacks none; and after."""
    missing = set(source.contents()) - set(target.contents())
    for name in sorted(missing):
        with target.transaction() as transaction:
            transaction.keep(name, source.content(name) or b"")


def _prove_contents(organisation: str, source: LogRecorder, target: LogRecorder) -> None:
    for name in source.contents():
        if digest(target.content(name) or b"") != name:
            raise Unavailable(f"Content {name[:12]} of {organisation} did not arrive as it was.")
