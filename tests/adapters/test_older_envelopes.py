"""A log that began in the older envelope goes on in the one without repetition, in one piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec import structs

from adapters.eventstore.event_store import StoredHistory
from adapters.eventstore.transfer import copy_logs
from adapters.sqlite.store import SqliteStore
from adapters.store_factory import open_store
from corrupt_events import forge, without_triggers
from domain.messages import RecordedEvent
from domain.rules import Refused
from golden_log import digest
from older_envelopes import load_older_log
from tests.bench import agenda_life
from wiring import Placet, Quiet

ORGANISATION = "org"
OLDER = 27
"""Events of the older log."""
COMMANDS = 18
"""Commands of a life; three of them cause several events."""
REPEATED = (b'"effective"', b'"command_hash"')


@pytest.fixture
def begun(place: str) -> Iterator[Placet]:
    """A store of either kind that holds the older log and nothing else."""
    placet = Placet(open_store(place), Quiet())
    load_older_log(placet.store.history(ORGANISATION).recorder)
    yield placet
    placet.close()


def live(placet: Placet, name: str) -> None:
    """Carry out the life of another agenda."""
    for order in (*agenda_life.beginning(name), *agenda_life.steps(name)):
        placet.handling.handle(ORGANISATION, order)


def history(placet: Placet) -> StoredHistory:
    found: StoredHistory = placet.store.history(ORGANISATION)
    return found


def states(placet: Placet) -> list[bytes]:
    """The stored bytes of all events, in order."""
    return [row.state for row in history(placet).recorder.select_notifications(1, 1000)]


def story_of(events: Sequence[RecordedEvent], name: str) -> list[tuple[object, ...]]:
    """What the events of a life say, apart from its name, its instants and its hashes."""
    return [
        (event.stream.kind, event.version, event.name, event.findings, event.actor)
        for event in events
        if event.stream.id in {name, f"B/{name.upper()}/1"}
    ]


def test_both_envelopes_stand_in_one_log(begun: Placet) -> None:
    """Of a life only the lapse and its approval take effect at another time than on receipt."""
    live(begun, "newer")
    older, newer = states(begun)[:OLDER], states(begun)[OLDER:]
    events = history(begun).since(0, 1000)

    assert [OLDER, OLDER] == [sum(name in state for state in older) for name in REPEATED]
    assert [2, COMMANDS] == [sum(name in state for state in newer) for name in REPEATED]
    assert story_of(events, "older") == story_of(events, "newer")
    assert begun.store.check().faults == ()


def test_rows_made_of_both_are_those_that_were_kept(begun: Placet) -> None:
    begun.projections.follow()
    live(begun, "newer")
    begun.projections.follow()
    kept = digest(begun)
    begun.projections.rebuild()

    assert kept == digest(begun)


def test_a_copy_of_both_is_the_same_byte_for_byte(begun: Placet, tmp_path: Path) -> None:
    live(begun, "newer")
    with SqliteStore.create(tmp_path / "copy", virtual=True) as copy:
        copy_logs(begun.store, copy, lambda *_: None)
        rows = copy.history(ORGANISATION).recorder.select_notifications(1, 1000)

        assert states(begun) == [row.state for row in rows]
        assert copy.check().faults == ()


def test_an_older_command_that_is_repeated_is_answered_as_before(begun: Placet) -> None:
    """Also one of several events; another command under its id is refused."""
    order = next(step for step in agenda_life.steps("older") if step.command_id == "older-3")
    again = begun.handling.handle(ORGANISATION, order)
    other = structs.replace(order, authority="another one")

    assert again.repeated
    assert [12, 13] == [event.position for event in again.events]
    with pytest.raises(Refused, match="was used before, for another command"):
        begun.handling.handle(ORGANISATION, other)


@pytest.mark.parametrize("position", [13, OLDER + 8])
def test_a_further_event_of_another_command_is_found(begun: Placet, position: int) -> None:
    """The control: one that repeats the hash of its command, and one that says none."""
    live(begun, "newer")
    forge(begun.store, position, command_hash="other")
    faults = begun.store.check().faults

    assert [
        fault for fault in faults if f"has another command_hash than event {position - 1}" in fault
    ]


def test_a_time_that_is_taken_out_afterwards_is_found(begun: Placet) -> None:
    """It would mean the same; but the bytes are not those that were recorded."""
    state = states(begun)[OLDER - 1]
    trimmed = re.sub(rb'"effective":"[^"]*",', b"", state)
    without_triggers(begun.store, "UPDATE event SET state = {} WHERE position = {}", trimmed, OLDER)

    assert trimmed != state
    assert [fault for fault in begun.store.check().faults if "hash" in fault]
