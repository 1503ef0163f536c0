"""A power cut takes nothing that was acknowledged, and leaves a store that can be used.

The program, its store and Python's driver are the real ones, with the SQLite that this Python is
linked to. What SQLite writes is heard beneath the driver; then the files are made as a power cut
at a random moment could leave them: what was synced is there, of the rest any part, and sectors
that were being written may hold anything.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from adapters.sqlite.connections import Connections
from adapters.sqlite.store import SqliteStore
from domain.ports.errors import Unavailable
from power_cut import Disk
from sqlite_io_spy import IoOperation, record_io
from story import ORGANISATION, Story
from wiring import Placet, Quiet
from workflows.projections.rows import BodyRow

PARTS = (("first", 200), ("second", 60))
"""How many commands before a restart, and after it: so many in the first that the write-ahead log
is carried over into the database, and begun again, while they are written."""


@dataclass(frozen=True)
class Recording:
    """A folder as it was at first, all that was done to it, and the log that came of it."""

    files: dict[str, bytes]
    done: Sequence[IoOperation]
    hashes: Sequence[str]


@dataclass
class Findings:
    """What power cuts did, by their count."""

    points: int = 0
    unsaid: int = 0
    """In how many a command is there that nobody had been told of yet."""
    lost: int = 0
    """In how many a command is missing of which somebody had been told."""
    damaged: int = 0
    """In how many the store is not sound, or its log is not the beginning of the true one."""


def recorded(folder: Path) -> Recording:
    """A body is given seats, over one restart; rows are kept meanwhile."""
    SqliteStore.create(folder / "store", virtual=True).close()
    files = {name: (folder / "store" / name).read_bytes() for name in ("log.db", "log.db-wal")}
    with record_io(folder / "store") as hearing:
        for part, commands in PARTS:
            story = Story(SqliteStore.open(folder / "store"))
            if part == "first":
                story.body()
            for number in range(commands):
                seat = f"{part}-{number}"
                values = {"seat": seat, "holder": "A State " * 40, "since": "2026-01-01"}
                story.do("fill seat", body="b", id=seat, **values)
                hearing.say(seat)
                if number % 20 == 0:
                    story.placet.projections.follow()
            story.placet.close()
    with SqliteStore.open(folder / "store") as store:
        log = store.history(ORGANISATION).since(0, 10_000)
        assert () == store.check().faults
    return Recording(files, hearing.done, [event.hash for event in log])


def cut(recording: Recording, folder: Path, points: int) -> Findings:
    """Cut the power at so many random moments, and open what is left each time."""
    chance = Random(points)  # noqa: S311 (where to cut)
    moments = sorted(chance.choices(range(1, len(recording.done) + 1), k=points))
    disk, values, at = Disk(recording.files), set[str](), 0
    found = Findings(points)
    for moment in moments:
        for entry in recording.done[at:moment]:
            disk.do(entry)
            values |= {entry.file} if entry.what == "said" else set()
        at = moment
        disk.cut(folder / "left", chance)
        look(folder / "left", recording, values, found)
        shutil.rmtree(folder / "left")
    return found


def look(folder: Path, recording: Recording, values: set[str], found: Findings) -> None:
    """Open what is left with the real store: all that was told is there, and nothing is odd."""
    try:
        placet = Placet(SqliteStore.open(folder), Quiet())
        log = placet.store.history(ORGANISATION).since(0, 10_000)
        sound = placet.store.check().sound
    except (Unavailable, sqlite3.Error):
        found.damaged += 1
        return
    whole = sound and [event.hash for event in log] == [*recording.hashes[: len(log)]]
    lost = values - {event.command_id for event in log}
    found.damaged += not whole
    found.lost += bool(lost)
    unsaid = {event.command_id for event in log} - values
    found.unsaid += any(not entry.startswith("act-") for entry in unsaid)
    if log and whole and not lost:
        goes_on(placet)
    placet.close()


def goes_on(placet: Placet) -> None:
    """What is left takes further commands, and its rows are those that a rebuild makes."""
    story = Story(placet.store)
    story.do("establish body", body="later", id="later", names={"en": "Later"}, zone="UTC")
    placet.projections.follow()
    kept = list(placet.views.rows(BodyRow))
    placet.projections.rebuild()
    assert kept == list(placet.views.rows(BodyRow))
    story.placet.close()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recorded(tmp_path_factory.mktemp("recorded"))


def assert_that_nothing_is_lost(recording: Recording, folder: Path, points: int) -> None:
    found = cut(recording, folder, points)
    syncs = Counter(entry.file for entry in recording.done if entry.what == "sync")
    print(f"{found}; of {len(recording.done)} acts on files syncs were {dict(syncs)}")

    assert syncs["log.db-wal"] > sum(number for _, number in PARTS)
    assert syncs["log.db"] == 1 + len(PARTS), "it is carried over in between, and at each end"
    assert found.unsaid
    assert (0, 0) == (found.lost, found.damaged)


def test_a_power_cut_takes_nothing_that_was_acknowledged(
    recording: Recording, tmp_path: Path
) -> None:
    assert_that_nothing_is_lost(recording, tmp_path, 40)


@pytest.mark.heavy
def test_four_hundred_power_cuts_take_nothing_that_was_acknowledged(
    recording: Recording, tmp_path: Path
) -> None:
    assert_that_nothing_is_lost(recording, tmp_path, 400)


def test_with_less_than_full_synchronisation_power_cuts_lose_what_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same program and the same cuts, with synchronous=NORMAL."""
    monkeypatch.setattr("adapters.sqlite.store.Connections", partial(Connections, durable=False))
    found = cut(recorded(tmp_path), tmp_path, 20)
    print(found)

    assert found.lost


def test_a_disk_that_lies_about_syncs_damages_the_store(
    recording: Recording, tmp_path: Path
) -> None:
    """The other control: the same files, on a disk to which a sync means nothing."""
    lying = [entry for entry in recording.done if entry.what != "sync"]
    found = cut(replace(recording, done=lying), tmp_path, 20)
    print(found)

    assert found.lost
    assert found.damaged
