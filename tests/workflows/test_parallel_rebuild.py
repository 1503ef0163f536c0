"""Two processes rebuild the rows that one would make, whatever becomes of either."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from adapters.store_factory import open_store
from adapters.worker_process import start_worker
from corrupt_events import damage
from domain.ports.event_store import History
from domain.ports.slice_workers import LogSlice, SliceWorker, SliceWorkers
from process_killed_while_rebuilding import NUMBER
from story import ORGANISATION, Story
from wiring import Placet
from workflows.history.as_of import HistoryAsOf
from workflows.projections import catch_up, parallel_rebuild, parking
from workflows.projections.catch_up import Follower

Rows = list[tuple[Any, ...]]
Line = tuple[str, object]


class LogAsOf:
    """A log that ends at a position."""

    def __init__(self, story: Story, position: int) -> None:
        self._log, self._position = story.placet.store, position

    def organisations(self) -> list[str]:
        return [ORGANISATION]

    def history(self, organisation: str) -> Any:
        return HistoryAsOf(self._log.history(organisation), self._position)


class RecordingAlarm:
    """An alarm that remembers."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def info(self, event: str, **values: object) -> None:
        self.lines.append((event, values.get("stream", values["organisation"])))

    error = info


@pytest.fixture
def story(place: str) -> Iterator[Story]:
    """A life in which a session, windows and an agenda hang together, and rows come and go."""
    made = Story(open_store(place))
    made.body(parameters={"reminder-hours": "24"})
    session: dict[str, Any] = {"session": "s", "body": "b", "number": "1"}
    made.do("schedule session", **session, starts="2026-09-01", ends="2026-09-02", venue="Vienna")
    made.do("start agenda", agenda="a", body="b", approved_by="b", session="s")
    made.do("start agenda", agenda="later", body="b", approved_by="b", session="s")
    made.silence()
    made.propose("1", subjects=["adoption of the agenda"])
    made.propose("9", subjects=["report"])
    made.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    made.do("open silence", window="of-a", body="b", subject=subject)
    made.respond("no objection")
    made.respond("objection", "west")
    made.do("postpone session", session="s", starts="2026-10-01", ends="2026-10-02", reason="ill")
    correction = {"of": "body/b", "version": 1, "now": {"zone": "UTC"}, "reason": "a slip"}
    made.do("correct fact", authority="secretary", **correction)
    made.do("suspend silence", window="of-a", reason="a doubt", who="presiding officer")
    yield made
    made.placet.close()


@pytest.fixture(autouse=True)
def short_logs_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a short log is worth a worker, and is read in several pages."""
    monkeypatch.setattr(parallel_rebuild, "FEWEST", 2)
    monkeypatch.setattr(catch_up, "PAGE", 3)


def rows_of(views: Any) -> Rows:
    assert [] == views.wrong_counts()
    return [(*where, json.loads(row)) for *where, row in views.all_rows()]


def rebuilt(
    story: Story, workers: SliceWorkers, position: int = 10_000
) -> tuple[Rows, dict[str, int], list[Line]]:
    """The rows of a log that ends at a position, where each stream is parked, and the alarms."""
    alarm, world_of = RecordingAlarm(), story.placet.handling.decision_context
    log: Any = LogAsOf(story, position)
    with story.placet.views.temporary_views() as empty:
        parallel_rebuild.rebuild(log, empty, world_of, workers=workers, alarm=alarm)
        where = parking.parked_streams(empty, ORGANISATION)
        return rows_of(empty), {name: of.position for name, of in where.items()}, alarm.lines


class Finished:
    """A worker that has ended."""

    def __init__(self, found: Collection[str] | None) -> None:
        self._found = found

    def result(self) -> Collection[str] | None:
        return self._found


def here(story: Story) -> SliceWorkers:
    """A worker that does its work in this process, as soon as it is started."""

    @contextmanager
    def start(part: str, of: LogSlice) -> Iterator[SliceWorker]:
        world_of: Callable[[History], Any] = story.placet.handling.decision_context
        with story.placet.views.open_part(part) as rows:
            yield Finished(
                parallel_rebuild.follow_slice(
                    story.placet.store, rows, world_of, of, enough=lambda: False
                )
            )

    return start


def worker_in_process(place: str, module: str, ended: list[Collection[str] | None]) -> SliceWorkers:
    """A worker in a process of its own, however many processors there are, and how it ended."""

    @contextmanager
    def start(part: str, of: LogSlice) -> Iterator[SliceWorker]:
        orders = {"place": place, "part": part, "slice": structs.asdict(of)}
        with start_worker(module, orders) as worker:
            found = worker.result()
            ended.append(found)
            yield Finished(found)

    return start


def test_wherever_a_log_is_parted_its_halves_make_the_rows_of_the_whole(story: Story) -> None:
    """A session is postponed, a procedure ends and an agenda goes on in the later half."""
    last = len(story.events())
    expected = {end: rebuilt(story, parallel_rebuild.no_workers, end) for end in range(2, last + 1)}

    assert expected == {end: rebuilt(story, here(story), end) for end in expected}
    seen = {end: {view for view, *_ in rows} for end, (rows, _, _) in expected.items()}
    assert any("reminder" in views for views in seen.values())
    assert "reminder" not in seen[last]


def test_what_was_read_as_a_whole_has_to_be_made_once_more(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without it an agenda stands where its session was, and a reminder stays."""
    expected, _, _ = rebuilt(story, parallel_rebuild.no_workers)
    monkeypatch.setattr(Follower, "make_again", lambda *_: None)

    found, _, _ = rebuilt(story, here(story))
    differing = {row[0] for row in found if row not in expected}

    assert differing == {"board", "reminder"}


@pytest.mark.parametrize("number", [3, -1])
def test_a_damaged_event_parks_its_stream_alike(story: Story, number: int) -> None:
    """In the earlier half and in the later one; nothing but its stream stays behind."""
    events = story.events()
    window = [event for event in events if str(event.stream) == "window/of-a"]
    hurt = window[number] if number < 0 else events[number]
    damage(story.placet.store, str(hurt.stream), hurt.version)
    rows, parked, alarms = rebuilt(story, parallel_rebuild.no_workers)

    assert (rows, parked, alarms) == rebuilt(story, here(story))
    assert {str(hurt.stream): hurt.position}.items() <= parked.items()
    assert ("parked", str(hurt.stream)) in alarms


def rebuilt_by_processes(placet: Placet, workers: SliceWorkers) -> tuple[Rows, list[Rows]]:
    """The rows after a rebuild, and those that others saw meanwhile."""
    seen: list[Rows] = []
    placet.projections._workers = workers
    placet.projections.rebuild(lambda *_: seen.append(rows_of(placet.views)))
    return rows_of(placet.views), seen


def test_a_process_beside_makes_the_later_half(story: Story, place: str) -> None:
    expected, _, _ = rebuilt(story, parallel_rebuild.no_workers)
    ended: list[Collection[str] | None] = []
    workers = worker_in_process(place, "web.rebuild_worker", ended)
    found, seen = rebuilt_by_processes(story.placet, workers)

    assert expected == found
    assert [True] == [names is not None and "session/s" in names for names in ended]
    assert [] == [rows for rows in seen if rows]
    assert () == story.placet.projections.verify().differences


@pytest.mark.parametrize("name", ["msgspec.py", "web/__init__.py"])
def test_a_worker_runs_nothing_from_the_folder_in_which_it_is_started(
    story: Story, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A file there that is called like a module of the program is only a file."""
    folder, marker = tmp_path / "folder", tmp_path / "marker"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text(f"open({str(marker)!r}, 'w').close()\n")
    monkeypatch.chdir(folder)
    ended: list[Collection[str] | None] = []
    story.placet.alarm = alarm = RecordingAlarm()
    workers = worker_in_process(place, "web.rebuild_worker", ended)
    rebuilt_by_processes(story.placet, workers)

    assert (False, False) == (marker.exists(), None in ended)
    assert [] == alarm.lines


@pytest.mark.parametrize("number", [1, 4, 9])
def test_a_worker_that_is_killed_leaves_nothing_half(
    story: Story, place: str, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """What it had kept is thrown away, and its half is read by the process that is left."""
    expected, _, _ = rebuilt(story, parallel_rebuild.no_workers)
    monkeypatch.setenv(NUMBER, str(number))
    ended: list[Collection[str] | None] = []
    killed = worker_in_process(place, "process_killed_while_rebuilding", ended)
    story.placet.alarm = alarm = RecordingAlarm()
    found, seen = rebuilt_by_processes(story.placet, killed)

    assert expected == found
    assert [("rebuild worker died", ORGANISATION)] == alarm.lines
    assert [None] == ended
    assert [] == [rows for rows in seen if rows]


def test_with_the_rows_of_a_killed_worker_the_log_would_be_half_served(
    story: Story, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a worker that says it has got to its end, and has kept one page."""
    expected, _, _ = rebuilt(story, parallel_rebuild.no_workers)

    @contextmanager
    def boastful(part: str, of: LogSlice) -> Iterator[SliceWorker]:
        started = here(story)(part, LogSlice(of.organisation, of.after, of.after + 3))
        assert started
        with started as worker:
            with story.placet.views.open_part(part) as rows:
                rows.keep(catch_up.FOLLOWER, of.organisation, of.end, {}, places={})
            yield worker

    assert expected != rebuilt(story, boastful)[0]
