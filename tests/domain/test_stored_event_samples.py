"""One stored sample of every event that was ever released: it loads for ever, byte for byte.

A sample is never edited. An event that changes gets a new version, a sample of its own, and a
translation of the old one.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from adapters.eventstore.envelope import EventRow, encode_event, event_from_row, fact_from_json
from domain.messages import Fact
from domain.type_registry import EVENTS, NAMES
from older_envelopes import older_state

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "events").glob("*.json"))


def test_every_event_has_its_sample() -> None:
    """Nothing is released without one."""
    assert sorted(EVENTS) == [sample.stem for sample in SAMPLES]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_stored_event_says_today_what_it_said_then(sample: Path) -> None:
    """Read and written again, its bytes are the same; nothing is lost or added.

    Samples from before decision 21 was carried out also tell what is not repeated any more.
    """
    state = sample.read_bytes().rstrip(b"\n")
    row = EventRow(
        originator_id=f"{sample.stem.partition('.')[0].replace('record', 'agenda')}/x",
        originator_version=1,
        topic=sample.stem,
        state=state,
        id=1,
        command_id="",
        recorded_at="",
        hash="",
    )
    event = event_from_row("any", row)

    assert state in {encode_event(event), older_state(encode_event(event), event.command_hash)}
    assert sample.stem in names_of(type(event.fact))
    assert event.fact == fact_from_json(sample.stem, _fact(state))


def test_an_event_is_written_under_the_newest_of_its_names() -> None:
    """Older names are read for ever; what is recorded from now on has the newest."""
    for kind, name in NAMES.items():
        *older, newest = names_of(kind)

        assert name == newest
        assert [_version(entry) for entry in (*older, newest)] == list(range(1, len(older) + 2))


def names_of(kind: type[Fact]) -> tuple[str, ...]:
    """All names under which events of this class may stand in a store, oldest first."""
    return tuple(name for name, registered in EVENTS.items() if registered is kind)


def _version(name: str) -> int:
    return int(name.rpartition(".v")[2])


def _fact(state: bytes) -> bytes:
    raw: dict[str, msgspec.Raw] = msgspec.json.decode(state, type=dict[str, msgspec.Raw])
    return bytes(raw["fact"])
