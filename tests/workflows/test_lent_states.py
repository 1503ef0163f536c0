"""States that the queue remembers are lent to forms and answers, as of the end of the log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from adapters.store_factory import open_store
from counting_log import CountingLog
from domain.lent_states import LentStates
from domain.ports.event_store import Head
from domain.state_cache import SMALL, CachedState, StateCache
from domain.streams import Stream, StreamKind
from story import ORGANISATION, Story
from workflows.commands.queue import CommandQueue
from workflows.queries.queries import Queries
from workflows.queries.window import WindowForForm

WINDOW = Stream(StreamKind.WINDOW, "w")


def form(story: Story) -> WindowForForm:
    """What a form about the window is made of."""
    return story.placet.queries.windows.for_form(ORGANISATION, "w", story.now)


def answered(story: Story) -> int:
    """How many responses a form about the window knows of."""
    return len(form(story).window.responses)


def lends_whatever_it_has(queue: CommandQueue) -> LentStates:
    """A queue that does not look where the log ends."""
    return LentStates(queue._memory, lambda _, __: None)


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[tuple[Story, CountingLog]]:
    """A window with one response, on a log that counts what is read of it."""
    log: Any = CountingLog(SqliteStore.create(tmp_path / "store", virtual=True))
    story = Story(log)
    story.body()
    story.silence()
    story.respond("no objection", "east")
    yield story, log
    story.placet.close()


def test_what_is_remembered_is_not_read_for_a_form(counted: tuple[Story, CountingLog]) -> None:
    """The control: nothing is lent."""
    story, log = counted
    log.decoded.clear()

    assert 1 == answered(story)
    assert not log.decoded
    placet = story.placet
    reading = Queries(placet.store, placet.views, placet.handling.decision_context)
    reading.windows.for_form(ORGANISATION, "w", story.now)
    assert {"window/w", "body/b"} == {stream for stream, _ in log.decoded}


@pytest.fixture
def two(place: str) -> Iterator[tuple[Story, Story]]:
    """Two servers on one store; one has opened a window, and one seat has responded there."""
    here, there = Story(open_store(place)), Story(open_store(place))
    here.body()
    here.silence()
    here.respond("no objection", "east")
    there.now = here.now
    yield here, there
    here.placet.close()
    there.placet.close()


def test_what_another_process_records_is_on_the_next_form(two: tuple[Story, Story]) -> None:
    """Also once the queue remembers the window again, in either of them."""
    here, there = two

    assert 1 == answered(here)
    there.respond("no objection", "west", id="there-1")
    assert 2 == answered(here)
    here.respond("editorial comment", "east", text="A comma.", id="here-1")
    assert 3 == answered(here)
    assert 3 == answered(there)


def test_a_queue_that_does_not_look_at_the_log_misses_it(
    two: tuple[Story, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    here, there = two
    monkeypatch.setattr(CommandQueue, "lend", lends_whatever_it_has)
    there.respond("no objection", "west", id="there-1")

    assert 1 == answered(here)


def test_what_was_read_is_not_remembered_once_the_log_has_gone_on(
    two: tuple[Story, Story],
) -> None:
    """A reader that was slow gives back what others have changed meanwhile."""
    here, there = two
    queue = here.placet.handling._lines[ORGANISATION]
    lent = queue.lend()
    assert lent
    there.do("fill seat", body="b", seat="north", holder="North", since="2026-01-01", id="there-1")
    lent.stage(Stream(StreamKind.BODY, "b"), 1, "an old state")

    assert {"east", "west", "north"} == {seat.seat for seat in form(here).body.seats}
    here.respond("no objection", "west")
    assert {"east", "west", "north"} == {seat.seat for seat in form(here).body.seats}


def test_what_was_read_is_given_back_unless_somebody_has_the_turn(
    counted: tuple[Story, CountingLog],
) -> None:
    """No reader waits for those who order, and what it read it may read again."""
    story, _ = counted
    queue, agenda = story.placet.handling._lines[ORGANISATION], Stream(StreamKind.AGENDA, "a")
    lent = queue.lend()
    assert lent
    with queue._lock:
        lent.stage(agenda, 1, "a state")

    assert lent.state(agenda) is None
    lent.stage(agenda, 1, "a state")
    assert (1, "a state") == lent.state(agenda)


def test_nothing_is_lent_before_the_first_order_nor_by_an_empty_log(
    two: tuple[Story, Story],
) -> None:
    """A queue that has served nobody knows no end of the log."""
    here, there = two
    history = there.placet.store.history(ORGANISATION)

    assert there.placet.handling.lent_context(ORGANISATION) is None
    assert there.placet.handling._line(history).lend() is None
    with here.refused("known"):
        here.respond("no objection", "east", window="none")
    assert here.placet.handling.lent_context("nobody") is None


def test_the_head_is_moved_after_all_states() -> None:
    """Those who find the new head find no old state."""
    cache, heads = StateCache(), list[Head | None]()

    class Watched(OrderedDict[Stream, CachedState]):
        def __setitem__(self, stream: Stream, kept: CachedState) -> None:
            heads.append(cache.head)
            super().__setitem__(stream, kept)

    cache._kept = Watched()
    cache.replace({WINDOW: (1, "state")}, Head(7), {})

    assert [None] == heads
    assert Head(7) == cache.head


def test_a_reader_leaves_small_contents_behind() -> None:
    """Their hash binds them, whatever became of the log; large ones are read again."""
    cache = StateCache(most=2)
    lent = LentStates(cache, lambda _, __: None)
    for digest, content in (("a", b"1"), ("large", b"1" * (SMALL + 1)), ("b", b"2"), ("c", b"3")):
        lent.stage_content(digest, content)

    assert [None, None, b"2", b"3"] == [lent.content(name) for name in ("a", "large", "b", "c")]
