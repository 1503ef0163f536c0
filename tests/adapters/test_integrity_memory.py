"""A check keeps on disk what it has met: four times as many agendas take no more memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.eventstore import integrity
from adapters.eventstore.integrity_scratch import CACHE_KB, Scratch
from adapters.sqlite.store import SqliteStore
from story import Story

FEW = 100
MOST = 1.25
"""By how much the peak may grow where there are four times as many agendas."""


class ScratchInMemory(Scratch):
    """One that also keeps in memory what it has met."""

    def __init__(self) -> None:
        super().__init__()
        self._met: list[tuple[object, ...]] = []

    def _do(self, statement: str, *values: object) -> None:
        self._met.append(tuple(f"{value} " * 20 for value in values))
        super()._do(statement, *values)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqliteStore, SqliteStore]]:
    """Stores with few agendas, and with four times as many."""
    made = []
    for number in (FEW, 4 * FEW):
        folder: Path = tmp_path_factory.mktemp(f"with-{number}")
        story = Story(folder)
        story.body()
        for name in range(number):
            story.do("start agenda", agenda=f"a{name}", body="b", approved_by="b")
        story.placet.close()
        made.append(SqliteStore.open(folder / "store", read_only=True))
    few, many = made
    yield few, many
    few.close()
    many.close()


def growth(stores: tuple[SqliteStore, SqliteStore]) -> float:
    """How many times as much memory the check of the larger store takes at most.

    Both are checked before, so that bounded caches of the program are filled.
    """
    few, many = (_peak(store) for store in stores)
    return many / few


def _peak(store: SqliteStore) -> int:
    assert store.check().sound
    tracemalloc.start()
    try:
        assert store.check().sound
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_check_takes_as_much_memory_for_any_number_of_agendas(
    stores: tuple[SqliteStore, SqliteStore],
) -> None:
    assert growth(stores) < MOST


def test_what_is_kept_in_memory_is_noticed(
    stores: tuple[SqliteStore, SqliteStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(integrity, "Scratch", ScratchInMemory)

    assert growth(stores) > MOST


def test_what_was_met_leaves_the_memory_of_sqlite_for_a_file() -> None:
    """SQLite keeps so many bytes at most, and it has written the others to a file."""
    with Scratch() as scratch:
        for number in range(50_000):
            scratch.add_command("org", f"{number:0400}", number)
        (pages, size, kept) = (
            scratch._database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size", "cache_size")
        )

    assert -CACHE_KB == kept
    assert pages * size > CACHE_KB * 1024
