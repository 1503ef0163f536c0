"""Views hold what followers made of the log, once each, and can always be rebuilt."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder

from adapters.postgres import read_models as on_postgresql
from adapters.postgres.dialect import native
from adapters.postgres.read_models import PostgresViews
from adapters.postgres.store import PostgresStore
from adapters.readmodels import encoded_rows
from adapters.sqlite import read_models as module
from adapters.sqlite.read_models import SqliteViews
from domain.ports import read_models
from domain.ports.errors import Unavailable, VersionConflict
from domain.ports.read_models import Row
from domain.times import When
from postgres_server import ask

AnyViews = SqliteViews | PostgresViews


class Thing(Row, frozen=True, kw_only=True):
    """A row of these tests."""

    view = "board"
    text: Any


class Other(Row, frozen=True, kw_only=True):
    """A row of another view, with a time in it."""

    view = "other"
    when: When
    number: int


@pytest.fixture
def views(tmp_path: Path) -> Iterator[SqliteViews]:
    made = SqliteViews(tmp_path / "views.db")
    yield made
    made.close()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def either(request: pytest.FixtureRequest) -> Iterator[AnyViews]:
    """Empty views of each kind: both keep the same promises."""
    if request.param == "SQLite":
        yield request.getfixturevalue("views")
    else:
        with PostgresStore.open(request.getfixturevalue("database")) as store:
            yield store.views()


def keep(views: AnyViews, position: int, *keys: str, organisation: str = "un") -> None:
    views.keep("status", organisation, position, {("board", key): Thing(text=key) for key in keys})


def test_new_views_are_empty_and_what_the_library_asks_for(either: AnyViews) -> None:
    assert isinstance(either, TrackingRecorder)
    assert list(either.rows(Thing)) == []


def test_rows_are_read_by_key_view_and_organisation(either: AnyViews) -> None:
    keep(either, 1, "b", "a")
    keep(either, 1, "c", organisation="oas")
    either.keep("status", "un", 2, {("other", "d"): Other(when=When("2023"), number=1)})

    assert either.row(Thing, "un", "a") == Thing(text="a")
    assert either.row(Thing, "oas", "a") is None
    assert either.row(Other, "un", "d") == Other(when=When("2023"), number=1)
    assert list(either.rows(Thing)) == [Thing(text="c"), Thing(text="a"), Thing(text="b")]
    assert list(either.rows(Thing, "un")) == [Thing(text="a"), Thing(text="b")]


def test_a_row_is_replaced_and_deleted(either: AnyViews) -> None:
    keep(either, 1, "a", "b")
    either.keep("status", "un", 2, {("board", "a"): Thing(text="new"), ("board", "b"): None})

    assert list(either.rows(Thing)) == [Thing(text="new")]


def place(views: AnyViews, position: int, organisation: str = "un", **places: str) -> None:
    """Keep rows at places, each with a rank: `a="waits 1"`."""
    views.keep(
        "status",
        organisation,
        position,
        {("board", key): Thing(text=key) for key in places},
        places={("board", key): (*text.split(), "") for key, text in places.items()},  # type: ignore[misc]
    )


def listed(views: AnyViews, where: str, **fields: Any) -> list[str]:
    return [key for _, _, key in views.list_rows("board", where, fields.pop("limit", 9), **fields)]


def test_rows_are_listed_by_rank_at_their_place_both_ways_and_between_marks(
    either: AnyViews,
) -> None:
    place(either, 1, a="waits 3", b="waits 1", c="runs 2", d="waits 1")
    place(either, 1, organisation="oas", a="waits 2")

    assert listed(either, "waits") == ["b", "d", "a", "a"]
    assert listed(either, "waits", limit=3, backwards=True) == ["a", "a", "d"]
    assert listed(either, "waits", after=("1", "un", "b"), before=("3", "", "")) == ["d", "a"]
    assert listed(either, "") == listed(either, "elsewhere") == []
    assert either.list_rows("board", "runs", 1) == [("2", "un", "c")]


def test_counts_follow_the_rows(either: AnyViews) -> None:
    place(either, 1, a="waits 3", b="waits 1", c="runs 2")
    place(either, 1, organisation="oas", a="waits 2")
    assert either.counts("board") == {"waits": 3, "runs": 1}

    place(either, 2, a="waits 9", b="runs 1")
    either.keep("status", "un", 3, {("board", "c"): None, ("board", "x"): None})
    keep(either, 4, "d")

    assert {count: n for count, n in either.counts("board").items() if n} == {"waits": 2, "runs": 1}
    assert either.counts("board", "oas") == {"waits": 1}
    assert either.count_up_to("board", "waits", "2") == 1
    assert either.wrong_counts() == []


def test_rows_are_found_by_several_keys_and_as_parts(either: AnyViews) -> None:
    either.keep(
        "status",
        "un",
        1,
        {("board", key): Thing(text=key) for key in "cab"},
        places={("board", key): ("", "", "whole") for key in "ca"},
    )

    assert either.rows_part_of(Thing, "un", "whole") == [Thing(text="a"), Thing(text="c")]
    assert either.rows_part_of(Thing, "un", "") == []
    assert either.rows_named(Thing, [("un", "b"), ("un", "z"), ("oas", "a")]) == {
        ("un", "b"): Thing(text="b")
    }
    assert either.rows_named(Thing, []) == {}


def test_a_list_is_read_from_an_index_alone(views: SqliteViews, database: str) -> None:
    """Nothing is sorted and no row is looked at that is not shown: so it is as fast at a million.

    The control: a list in another order has to be sorted.
    """
    plan = "EXPLAIN QUERY PLAN " + SqliteViews.statements.listed_backwards
    values = ("board", "waits", *read_models.FIRST, *read_models.LAST, 50)
    text = [text_line[3] for text_line in views._connections.read(plan, values)]
    (text_line,) = text
    assert (
        "USING COVERING INDEX row_by_place (view=? AND place=? AND (rank,organisation,key)>"
        in text_line
    )

    by_key = plan.replace("ORDER BY rank DESC, organisation DESC,", "ORDER BY")
    assert "USE TEMP B-TREE" in str(views._connections.read(by_key, values))

    listing = native("EXPLAIN " + PostgresViews.statements.listed_backwards)
    with PostgresStore.open(database) as store:
        found = store.views()._connections.read(listing, (1, *values))
    assert "Index Only Scan Backward using row_by_place" in str(found)
    assert "Sort" not in str(found)


def test_a_position_is_passed_once_and_its_rows_with_it(either: AnyViews) -> None:
    keep(either, 3, "a")
    for position in (3, 2):
        with pytest.raises(VersionConflict, match="status has read un up to 3"):
            keep(either, position, "again")

    assert either.row(Thing, "un", "again") is None
    assert either.position("status", "un") == 3
    assert either.position("status", "oas") == 0


def test_a_follower_that_was_moved_meanwhile_is_told(either: AnyViews) -> None:
    either.keep("status", "un", 3, {}, after=0)

    with pytest.raises(IntegrityError):
        either.keep("status", "un", 5, {}, after=4)
    either.keep("status", "un", 5, {}, after=3)
    assert either.position("status", "un") == 5


def test_a_row_that_cannot_be_written_holds_the_position_back(either: AnyViews) -> None:
    with pytest.raises(ValueError, match="no plain form"):
        either.keep(
            "status",
            "un",
            1,
            {("board", "a"): Thing(text="a"), ("board", "b"): Thing(text=object())},
        )

    assert either.position("status", "un") == 0
    assert list(either.rows(Thing)) == []


def test_the_library_tracks_a_follower_of_an_organisation(either: AnyViews) -> None:
    assert either.max_tracking_id("status/un") is None
    either.insert_tracking(Tracking("status/un", 2))

    assert either.max_tracking_id("status/un") == either.position("status", "un") == 2
    assert either.has_tracking_id("status/un", 2)
    with pytest.raises(IntegrityError):
        either.insert_tracking(Tracking("status/un", 2))


def test_views_stay_when_they_are_opened_again(views: SqliteViews) -> None:
    keep(views, 1, "a")
    views.close()
    again = SqliteViews(views.path)

    assert again.position("status", "un") == 1
    again.close()


def test_a_rebuild_on_postgresql_is_seen_whole_or_not_at_all(database: str) -> None:
    """Other processes go on with the old rows until then; only one process rebuilds at a time."""
    with PostgresStore.open(database) as store, PostgresStore.open(database) as other:
        views, elsewhere = store.views(), other.views()
        keep(views, 7, "old")
        with views.rebuild() as current:
            keep(current, 1, "new")
            assert list(elsewhere.rows(Thing)) == [Thing(text="old")]
            with pytest.raises(Unavailable, match="making the views anew"):
                elsewhere.rebuild().__enter__()
            keep(elsewhere, 8, "older")
            keep(current, 2, "newer")

        assert list(elsewhere.rows(Thing)) == [Thing(text="new"), Thing(text="newer")]
        assert elsewhere.position("status", "un") == 2
        assert ask(database, "SELECT count(*), count(DISTINCT generation) FROM row") == [(2, 1)]
        keep(elsewhere, 3, "later")
        with views.rebuild():
            pass
        assert list(views.rows(Thing)) == []


def test_views_on_postgresql_of_another_format_are_made_anew(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostgresStore.open(database) as store:
        keep(store.views(), 1, "a")
        monkeypatch.setattr(on_postgresql, "FORMAT", encoded_rows.FORMAT + 1)
        assert list(store.views().rows(Thing)) == []
        monkeypatch.undo()
        with pytest.raises(Unavailable, match="by a newer version"):
            store.views()


def test_a_rebuild_is_seen_whole_or_not_at_all(views: SqliteViews) -> None:
    keep(views, 7, "old")
    with views.rebuild() as shadow:
        keep(shadow, 1, "new")
        assert list(views.rows(Thing)) == [Thing(text="old")]
        keep(shadow, 2, "newer")

    assert list(views.rows(Thing)) == [Thing(text="new"), Thing(text="newer")]
    assert views.position("status", "un") == 2
    assert [path.name for path in views.path.parent.glob("*.new*")] == []
    keep(views, 3, "later")


def test_a_shadow_is_gone_afterwards(either: AnyViews) -> None:
    place(either, 7, old="waits 1")
    with either.temporary_views() as shadow:
        place(shadow, 1, new="waits 2")
        assert [row[2] for row in shadow.all_rows()] == ["new"]
        with pytest.raises(Unavailable, match="making the views anew"):
            either.rebuild().__enter__()
        assert shadow.counts("board") == {"waits": 1}

    assert [row[:6] for row in either.all_rows()] == [("board", "un", "old", "waits", "1", "")]
    assert either.position("status", "un") == 7
    if isinstance(either, PostgresViews):
        counted = "SELECT count(*) FROM {}"
        for table in ("row", "counted", "tracking"):
            assert either._connections.read(counted.format(table)) == [(1,)]


def test_a_count_that_does_not_fit_is_named(either: AnyViews) -> None:
    place(either, 1, a="waits 1", b="waits 2")
    spoil(either, "UPDATE counted SET number = 3")

    assert either.wrong_counts() == [("board", "un", "waits")]


def spoil(views: AnyViews, statement: str) -> None:
    """Change the tables of views past the program."""
    if isinstance(views, SqliteViews):
        with sqlite3.connect(views.path) as connection:
            connection.execute(statement)
        connection.close()
    else:
        with views._connections.transaction() as held:
            held.execute(statement.encode())


def test_a_rebuild_that_fails_changes_nothing(either: AnyViews) -> None:
    keep(either, 7, "old")

    def rebuild() -> None:
        with either.rebuild() as shadow:
            keep(shadow, 1, "new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild()

    assert list(either.rows(Thing)) == [Thing(text="old")]
    assert either.position("status", "un") == 7


def test_readers_see_old_or_new_rows_during_rebuilds_never_a_mixture(views: SqliteViews) -> None:
    """A second connection stands for another process."""
    reader, seen, done = SqliteViews(views.path), set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(tuple(row.text for row in reader.rows(Thing)))

    thread = threading.Thread(target=read)
    keep(views, 1, *"abc")
    thread.start()
    for number in range(5):
        with views.rebuild() as shadow:
            keep(shadow, 1, *(f"{key}{number}" for key in "abc"))
    done.set()
    thread.join()

    for row in seen:
        assert len({key[1:] for key in row}) == 1
    assert list(reader.rows(Thing)) == [Thing(text="a4"), Thing(text="b4"), Thing(text="c4")]
    reader.close()


@pytest.mark.parametrize("damage", [b"no database at all", b""])
def test_a_broken_file_is_made_anew_when_it_is_opened(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "views.db"
    path.write_bytes(damage)
    views = SqliteViews(path)
    keep(views, 1, "a")

    assert list(views.rows(Thing)) == [Thing(text="a")]
    views.close()


def test_a_file_of_another_format_is_made_anew(
    views: SqliteViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(views, 1, "a")
    views.close()
    monkeypatch.setattr(module, "FORMAT", encoded_rows.FORMAT + 1)
    newer = SqliteViews(views.path)

    assert list(newer.rows(Thing)) == []
    newer.close()


def test_damage_while_it_runs_is_told_once_and_then_healed(views: SqliteViews) -> None:
    keep(views, 1, *map(str, range(2000)))
    views.close()
    content = bytearray(views.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    views.path.write_bytes(content)

    with pytest.raises(Unavailable, match="being made anew"):
        list(views.rows(Thing))

    assert views.position("status", "un") == 0
    keep(views, 1, "a")
    assert list(views.rows(Thing)) == [Thing(text="a")]


def test_a_file_that_vanished_is_made_anew(views: SqliteViews) -> None:
    keep(views, 1, "a")
    views.close()
    views.path.unlink()

    with pytest.raises(Unavailable, match="being made anew"):
        views.position("status", "un")
    assert views.position("status", "un") == 0


def test_the_log_is_fully_synchronous_and_views_need_not_be(views: SqliteViews) -> None:
    def level(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    assert level(views._connections.reader) == 1
