"""Views hold what followers made of the log, once each, and can always be made anew."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder

from adapters import views as module
from adapters.views import Views
from domain.ports import ChangedMeanwhile, Unavailable
from domain.times import When


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Views]:
    made = Views(tmp_path / "views.db")
    yield made
    made.close()


def keep(views: Views, position: int, *keys: str, organisation: str = "un") -> None:
    views.keep("status", organisation, position, {("board", key): {"is": key} for key in keys})


def test_new_views_are_empty_and_what_the_library_asks_for(views: Views) -> None:
    assert isinstance(views, TrackingRecorder)
    assert list(views.rows("board")) == []


def test_rows_are_read_by_key_view_and_organisation(views: Views) -> None:
    keep(views, 1, "b", "a")
    keep(views, 1, "c", organisation="oas")
    views.keep("status", "un", 2, {("other", "d"): {"when": When("2023"), "number": 1}})

    assert views.row("board", "un", "a") == {"is": "a"}
    assert views.row("board", "oas", "a") is None
    assert views.row("other", "un", "d") == {"when": "2023", "number": 1}
    assert list(views.rows("board")) == [{"is": "c"}, {"is": "a"}, {"is": "b"}]
    assert list(views.rows("board", "un")) == [{"is": "a"}, {"is": "b"}]


def test_a_row_is_replaced_and_deleted(views: Views) -> None:
    keep(views, 1, "a", "b")
    views.keep("status", "un", 2, {("board", "a"): {"is": "new"}, ("board", "b"): None})

    assert list(views.rows("board")) == [{"is": "new"}]


def test_a_position_is_passed_once_and_its_rows_with_it(views: Views) -> None:
    keep(views, 3, "a")
    for position in (3, 2):
        with pytest.raises(ChangedMeanwhile, match="status has read un up to 3"):
            keep(views, position, "again")

    assert views.row("board", "un", "again") is None
    assert views.position("status", "un") == 3
    assert views.position("status", "oas") == 0


def test_a_follower_that_was_moved_meanwhile_is_told(views: Views) -> None:
    views.keep("status", "un", 3, {}, after=0)

    with pytest.raises(IntegrityError):
        views.keep("status", "un", 5, {}, after=4)
    views.keep("status", "un", 5, {}, after=3)
    assert views.position("status", "un") == 5


def test_a_row_that_cannot_be_written_holds_the_position_back(views: Views) -> None:
    with pytest.raises(ValueError, match="no plain form"):
        views.keep("status", "un", 1, {("board", "a"): {}, ("board", "b"): {"is": object()}})

    assert views.position("status", "un") == 0
    assert list(views.rows("board")) == []


def test_the_library_tracks_a_follower_of_an_organisation(views: Views) -> None:
    assert views.max_tracking_id("status/un") is None
    views.insert_tracking(Tracking("status/un", 2))

    assert views.max_tracking_id("status/un") == views.position("status", "un") == 2
    assert views.has_tracking_id("status/un", 2)
    with pytest.raises(IntegrityError):
        views.insert_tracking(Tracking("status/un", 2))


def test_views_stay_when_they_are_opened_again(views: Views) -> None:
    keep(views, 1, "a")
    views.close()
    again = Views(views.path)

    assert again.position("status", "un") == 1
    again.close()


def test_a_rebuild_is_seen_whole_or_not_at_all(views: Views) -> None:
    keep(views, 7, "old")
    with views.rebuild() as shadow:
        keep(shadow, 1, "new")
        assert list(views.rows("board")) == [{"is": "old"}]
        keep(shadow, 2, "newer")

    assert list(views.rows("board")) == [{"is": "new"}, {"is": "newer"}]
    assert views.position("status", "un") == 2
    assert [one.name for one in views.path.parent.glob("*.new*")] == []
    keep(views, 3, "later")


def test_a_rebuild_that_fails_changes_nothing(views: Views) -> None:
    keep(views, 7, "old")

    def rebuild() -> None:
        with views.rebuild() as shadow:
            keep(shadow, 1, "new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild()

    assert list(views.rows("board")) == [{"is": "old"}]
    assert views.position("status", "un") == 7


def test_readers_see_old_or_new_rows_during_rebuilds_never_a_mixture(views: Views) -> None:
    """A second connection stands for another process."""
    reader, seen, done = Views(views.path), set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(tuple(str(row["is"]) for row in reader.rows("board")))

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
    assert list(reader.rows("board")) == [{"is": "a4"}, {"is": "b4"}, {"is": "c4"}]
    reader.close()


@pytest.mark.parametrize("damage", [b"no database at all", b""])
def test_a_broken_file_is_made_anew_when_it_is_opened(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "views.db"
    path.write_bytes(damage)
    views = Views(path)
    keep(views, 1, "a")

    assert list(views.rows("board")) == [{"is": "a"}]
    views.close()


def test_a_file_of_another_format_is_made_anew(
    views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(views, 1, "a")
    views.close()
    monkeypatch.setattr(module, "FORMAT", module.FORMAT + 1)
    newer = Views(views.path)

    assert list(newer.rows("board")) == []
    newer.close()


def test_damage_while_it_runs_is_told_once_and_then_healed(views: Views) -> None:
    keep(views, 1, *map(str, range(2000)))
    views.close()
    content = bytearray(views.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    views.path.write_bytes(content)

    with pytest.raises(Unavailable, match="being made anew"):
        list(views.rows("board"))

    assert views.position("status", "un") == 0
    keep(views, 1, "a")
    assert list(views.rows("board")) == [{"is": "a"}]


def test_a_file_that_vanished_is_made_anew(views: Views) -> None:
    keep(views, 1, "a")
    views.close()
    views.path.unlink()

    with pytest.raises(Unavailable, match="being made anew"):
        views.position("status", "un")
    assert views.position("status", "un") == 0


def test_the_log_is_fully_synchronous_and_views_need_not_be(views: Views) -> None:
    def level(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    assert level(views._connections.reader) == 1
