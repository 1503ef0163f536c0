"""All cases played into one store, each as an organisation of its own; and what came of them.

As a program it prints the golden log, `tests/samples/golden_log/2.txt`: one line for each event.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from adapters.eventstore.decoding import decode_event
from adapters.eventstore.envelope import EventRow, encode_event
from adapters.eventstore.sealing import FOUND_BY
from adapters.sqlite.store import SqliteStore
from domain.event_proofs import event_hash
from domain.messages import RecordedEvent
from older_envelopes import older_rows
from wiring import Placet, Quiet, read_case
from workflows.projections import catch_up

FOLDER = Path(__file__).parents[1] / "cases"
OLDER_GOLDEN, GOLDEN = (
    Path(__file__).parents[1] / "samples" / "golden_log" / f"{number}.txt" for number in (1, 2)
)
"""The log before decision 21 was carried out, when the envelope repeated itself, and since."""
PAGE = 7
"""Events a page while cases are played, so that rows are made from many beginnings."""


def play_all(folder: Path, *, tzdata: str = "as shipped") -> Placet:
    """A new store in which every case was played, and whose rows were kept meanwhile.

    `tzdata` is what the program takes for the release of its time zone database.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catch_up, "PAGE", PAGE)
        placet = Placet(SqliteStore.create(folder, virtual=True), Quiet(), tzdata=tzdata)
        for path in sorted(FOLDER.glob("*.yaml")):
            case = structs.replace(read_case(path), organisation=path.stem)
            placet.scenarios.play(case, alone=True)
            placet.projections.follow()
    return placet


def log(placet: Placet) -> Iterator[str]:
    """A line for each event: where it is, what it is, and the beginning of its hash.

    Texts count as they are read: sealed ones have other bytes in each store.
    """
    for organisation in placet.store.organisations():
        for row in plain_rows(placet, organisation):
            where = f"{organisation} {row.id} {row.originator_id}"
            yield f"{where} {row.topic} {row.hash[:16]}"


def plain_rows(placet: Placet, organisation: str) -> list[EventRow]:
    """The rows of an organisation as they would be stored without a sealed text."""
    history = placet.store.history(organisation)
    rows = history.recorder.select_notifications(1, 10_000)
    return [_plain(row, event) for row, event in zip(rows, history.since(0, 10_000), strict=True)]


def _plain(row: EventRow, event: RecordedEvent) -> EventRow:
    if FOUND_BY not in row.state:
        return row
    state = encode_event(structs.replace(event, sealed=()))
    stream, version = str(row.originator_id), row.originator_version
    hash_ = event_hash(event.organisation, stream, version, row.topic, state)
    return replace(row, state=state, hash=hash_)


def older_log(placet: Placet) -> Iterator[str]:
    """The same lines as if each event had been written in the older envelope.

    Each such event is read back, and says what the one says that was written.
    """
    for organisation in placet.store.organisations():
        rows = plain_rows(placet, organisation)
        for row, older in zip(rows, older_rows(organisation, rows), strict=True):
            event, before = (decode_event(organisation, entry) for entry in (row, older))
            own = {"hash": event.hash, "command_hash": event.command_hash}
            assert event == structs.replace(before, **own)
            where = f"{organisation} {row.id} {row.originator_id}"
            yield f"{where} {row.topic} {older.hash[:16]}"


def digest(placet: Placet) -> str:
    """One hash of all rows that are kept."""
    made = hashlib.sha256()
    for *where, row in placet.views.all_rows():
        found = json.dumps([where, json.loads(row)], sort_keys=True)
        made.update(found.encode() + b"\n")
    return made.hexdigest()


def rebuilt_twice(folder: Path) -> list[str]:
    """What the rows of a store come to when they are rebuilt, twice."""
    placet = Placet(SqliteStore.open(folder), Quiet())
    made = []
    for _ in range(2):
        placet.projections.rebuild()
        made.append(digest(placet))
    placet.close()
    return made


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*rebuilt_twice(Path(sys.argv[1])))
    else:
        with tempfile.TemporaryDirectory() as place:
            print(*log(play_all(Path(place) / "store")), sep="\n")
