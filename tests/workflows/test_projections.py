"""Followers fold each event once, and what they keep is what the log says, however it came."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import field, structs

from adapters.readmodels import encoded_rows as kept_page
from adapters.readmodels.encoded_rows import FORMAT
from command_line import Placet as Run
from domain.folding import fold
from domain.messages import RecordedEvent
from domain.ports.errors import Unavailable
from domain.ports.read_models import Row
from domain.streams import Stream, StreamKind
from story import ORGANISATION, Story
from wiring import Quiet
from workflows.history.as_of import HistoryAsOf, all_events
from workflows.processes.supervisor import Loop, run_in_threads
from workflows.projections import catch_up, rows
from workflows.projections.log_pages import LogPage
from workflows.projections.rows import DocumentRow, WindowRow
from workflows.projections.state_fold import StateFold


def record_life(story: Story) -> None:
    """A life with all that makes one row depend on several streams, and with a correction."""
    story.body()
    session: dict[str, Any] = {"session": "s", "body": "b", "number": "1"}
    story.do("schedule session", **session, starts="2026-09-01", ends="2026-09-02", venue="Vienna")
    story.do("start agenda", agenda="a", body="b", approved_by="b", session="s")
    story.propose("1", subjects=["adoption of the agenda"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")
    story.do(
        "open silence", window="of-a", body="b", subject={"type": "agenda items", "agenda": "a"}
    )
    story.silence()
    story.do("postpone session", session="s", starts="2026-10-01", ends="2026-10-02", reason="ill")
    story.respond("no objection")
    story.do("suspend silence", window="of-a", reason="a doubt", who="presiding officer")
    correction = {"of": "body/b", "version": 1, "now": {"zone": "UTC"}, "reason": "a slip"}
    story.do("correct fact", authority="secretary", **correction)
    story.respond("objection", "west")
    story.do("start agenda", agenda="later", body="b", approved_by="b", session="s")


@pytest.fixture
def life(story: Story) -> Story:
    record_life(story)
    return story


def kept(story: Story, folded: StateFold | None = None) -> list[tuple[Any, ...]]:
    """All rows, made from nothing."""
    with story.placet.views.temporary_views() as rebuilt:
        world_of = story.placet.handling.decision_context
        catch_up.catch_up(story.placet.store, rebuilt, world_of, folded=folded)
        assert rebuilt.wrong_counts() == []
        return list(rebuilt.all_rows())


class Working:
    """The threads that brought the rows of a story up to date."""

    def __init__(self, story: Story) -> None:
        self.threads = list[str]()
        self.projections: Any = story.placet.projections
        catches_up = self.projections._catch_up

        def noted(*words: Any, **named: Any) -> int:
            self.threads.append(threading.current_thread().name)
            found: int = catches_up(*words, **named)
            return found

        vars(self.projections)["_catch_up"] = noted


def following(story: Story, act: Callable[[], object]) -> Loop:
    """What follows the log of a story, and would not do so by itself for ten minutes."""
    return Loop("The follower", act, every=600, say=print, alarm=Quiet())


def test_where_a_thread_follows_readers_wake_it_and_make_no_rows(life: Story) -> None:
    """They find what was recorded before. The control: without it they work themselves."""
    working, follower = Working(life), life.placet.processes.follower
    loop, here = following(life, follower.run_once), threading.current_thread().name
    with run_in_threads([loop]), follower.woken_by(loop.wake):
        for _ in range(2):
            assert 0 == working.projections.catch_up_or_wait(30)
            life.respond("editorial comment", text="A comma.")
        assert 0 == working.projections.catch_up_or_wait(30)

    assert working.threads
    assert here not in working.threads
    life.respond("editorial comment", text="Another one.")
    assert 0 == working.projections.catch_up_or_wait()
    assert here == working.threads[-1]


def test_a_follower_that_does_not_work_is_waited_for_no_longer_than_said(life: Story) -> None:
    """Then the reader makes the rows itself."""
    working, follower = Working(life), life.placet.processes.follower
    with follower.woken_by(lambda: None):
        assert 0 == working.projections.catch_up_or_wait(0.01)

    assert [threading.current_thread().name] == working.threads


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("most", [0, 1, 2_000])
def test_rows_do_not_depend_on_pages_nor_on_what_is_remembered(
    life: Story, monkeypatch: pytest.MonkeyPatch, size: int, most: int
) -> None:
    expected = kept(life)
    monkeypatch.setattr(catch_up, "PAGE", size)

    assert expected == kept(life, StateFold(most))
    assert {view for view, *_ in expected} >= {"agenda", "board", "body", "session", "window"}


def test_a_row_moves_with_the_streams_on_which_it_depends(life: Story) -> None:
    """The agenda stands where its window is; the other one at the postponed opening."""
    at = {key: [place, rank] for view, _, key, place, rank, *_ in kept(life) if view == "board"}

    assert "stopped" == at["agenda/a"][0]
    end_of_the_day_anywhere = "2026-10-02T11:59:59.999999"
    assert ["waiting", end_of_the_day_anywhere] == at["agenda/later"]
    assert "finished" == at["window/w"][0]


class RecordingHistory(HistoryAsOf, frozen=True):
    """A history that remembers which streams were read as a whole."""

    streams: list[Stream] = field(default_factory=list)

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        self.streams.append(stream)
        return super().events_of(stream)


def test_each_event_is_folded_once(life: Story) -> None:
    """From page to page nothing is read again but the stream that was corrected."""
    history = life.placet.store.history(ORGANISATION)
    requested, folded = RecordingHistory(history, history.last_position()), StateFold()
    for page in pages(all_events(history), 3):
        states = folded.advance(requested, page[0].position - 1, LogPage(page))
        for stream in {
            entry.stream for entry in page if entry.stream.kind is not StreamKind.SYMBOL
        }:
            assert states(stream) == folded_again(life, stream, page[-1].position)

    assert requested.streams == [Stream.parse("body/b")]


def test_what_another_follower_has_read_meanwhile_is_not_missed(life: Story) -> None:
    """Where a follower finds itself elsewhere, it trusts nothing that it knows."""
    history = life.placet.store.history(ORGANISATION)
    events = all_events(history)
    folded = StateFold()
    folded.advance(history, 0, LogPage(events[:8]))
    states = folded.advance(history, 12, LogPage(events[12:13]))

    for stream in {event.stream for event in events[:13]}:
        assert states(stream) == folded_again(life, stream, 13)


def test_a_stream_is_not_folded_past_an_event_that_a_page_lacks(life: Story) -> None:
    """What follows upon a missing event would look as if that had never happened."""
    history = life.placet.store.history(ORGANISATION)
    events = all_events(history)
    agenda = [event for event in events if event.stream == Stream.parse("agenda/a")]
    page = [event for event in events if event != agenda[1]]
    states = StateFold().advance(history, 0, LogPage(page))

    assert states(agenda[0].stream) == folded_again(life, agenda[0].stream, events[-1].position)


def folded_again(story: Story, stream: Stream, position: int) -> Any:
    events = story.events()[:position]
    return fold(stream.kind, [event for event in events if event.stream == stream])


def pages(events: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(events), size):
        yield events[start : start + size]


# --- compared with the log ------------------------------------------------------------------------


def test_views_are_compared_with_the_log(life: Story) -> None:
    found = life.placet.projections.verify()

    assert () == found.differences
    assert len(life.events()) == found.events


def test_rows_that_are_not_what_the_log_says_are_named(life: Story) -> None:
    """The control: one row was changed, one lost, one put in."""
    placet = life.placet
    placet.projections.follow()
    window = next(row for row in placet.views.rows(WindowRow) if row.id == "w")
    rows: dict[tuple[str, str], Row | None] = {
        ("window", "w"): structs.replace(window, body="another"),
        ("document", "d"): DocumentRow(id="d", symbol="", agenda=""),
        ("session", "s"): None,
    }
    last = placet.views.position("status", ORGANISATION)
    placet.views.keep("status", ORGANISATION, last + 1, rows)
    life.do("fill seat", body="b", seat="north", holder="North", since="2026-01-01")

    named = [
        (difference.view, difference.key, difference.what)
        for difference in placet.projections.verify().differences
    ]

    assert named == [
        ("document", "d", "is not in the log"),
        ("session", "s", "is missing"),
        ("window", "w", "differs"),
    ]


def test_the_command_ends_with_three_when_a_row_differs(placet: Run, tmp_path: Path) -> None:
    story = Story(tmp_path)
    record_life(story)
    equal = placet("rebuild", "--check", "--store", tmp_path / "store")
    with sqlite3.connect(tmp_path / "store" / "views.db") as tables:
        tables.execute("UPDATE row SET rank = '2030' WHERE key = 'agenda/a'")
    tables.close()
    other = placet("rebuild", "--check", "--store", tmp_path / "store")
    placet("rebuild", "--store", tmp_path / "store")
    again = placet("rebuild", "--check", "--store", tmp_path / "store")
    story.placet.close()

    assert (0, "") == equal[:2]
    assert "The views are what the log says" in equal[2].replace("\n", " ")
    assert 3 == other[0]
    assert "agenda/a  differs" in other[1]
    assert 0 == again[0]


ROWS = Path(__file__).parents[1] / "samples" / "read_models" / f"{FORMAT}.txt"
KINDS = {kind.view: kind for kind in Row.__subclasses__() if kind.__module__ == rows.__name__}


def test_rows_are_kept_in_the_bytes_of_their_format() -> None:
    """Rows of this format are read as they were written by any program that wrote it.

    Where a change of shape is meant, the number of the format is raised and a file is added.
    """
    lines = [line.partition(" ") for line in ROWS.read_text(encoding="utf-8").splitlines()]
    read = [kept_page.decode_row(json.encode(), KINDS[view]) for view, _, json in lines]
    written = kept_page.EncodedPage.encode(
        {(row.view, str(n)): row for n, row in enumerate(read)}, {}
    )

    assert {view for view, _, _ in lines} == KINDS.keys()
    assert [json for _, _, json in lines] == [row[-1].decode() for row in written.stored]


def test_a_row_of_another_shape_says_what_to_do() -> None:
    """The control: one that lacks a field, as after a change without another format."""
    with pytest.raises(Unavailable, match=r"missing required field `agenda`.*placet rebuild"):
        kept_page.decode_row(b'{"id":"d","symbol":"A/1"}', rows.DocumentRow)
