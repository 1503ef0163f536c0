"""A new outbox begins with what is still to be told, whatever the log holds; no clock waits for it.

On each kind of store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest

from adapters.mail.screen import ScreenTransport
from adapters.store_factory import open_store
from counting_log import CountingHistory, CountingLog
from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading
from domain.streams import Stream
from smtp_server import Server, directory, mail_server, recorded, sent, service
from story import NOON, ORGANISATION, Story
from workflows.notifications.outbox_start import OutboxStart
from workflows.projections import log_pages


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def story(place: str) -> Iterator[Story]:
    """A body of two seats that can be reached, with a clock that the story moves."""
    with open_store(place) as store:
        found = Story(store)
        found.placet.clock = StoryClock(found)
        found.body(parameters={"longest-outage-minutes": "0"})
        directory(found, "east", "west")
        yield found
        found.placet.close()


class StoryClock:
    """The clock of a store, at the moment of a story."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def read(self) -> ClockReading:
        return ClockReading(self._story.now, 0)


def lose_outbox(story: Story) -> None:
    """From now on the store has no outbox, as if it had never had one."""
    story.placet.notifications.archive_outbox(NOON)
    story.placet.notifications.delivery = None


def finished(story: Story, number: int) -> None:
    """So many lives that are over, of which all were told by letter."""
    for n in range(number):
        story.silence(window=f"over-{number}-{n}")
        sent(story)
        story.respond("objection", window=f"over-{number}-{n}", text="No.")
        sent(story)


def reads_at_start(story: Story, server: Server) -> Counter[tuple[str, int]]:
    """Which events are read when a new outbox begins, and how often."""
    lose_outbox(story)
    story.placet.projections.follow()
    notifications: Any = story.placet.notifications
    log = CountingLog(story.placet.store)
    notifications._log, kept = log, notifications._log
    service(story, server.transport()).begin()
    notifications._log = kept
    return log.decoded


def read_whole_log(start: OutboxStart, _: object) -> None:
    """What the service did before: begin with every event of the log."""
    for name in start._log.organisations():
        if start._outbox.has_begun(name):
            continue
        history = start._log.history(name)
        position = 0
        while page := log_pages.read_log_page(history.since, position, 1_000):
            windows = dict.fromkeys(e.stream.id for e in page.events if e.stream.kind == "window")
            start._enqueuer.enqueue_windows(history, windows, NOON, after=0)
            position = page.end
        start._outbox.queue(name, (), NOON, after=0, position=position)


def reads_over_growing_logs(story: Story, server: Server) -> list[int]:
    """How many events are read at starts on a log of three lives that are over, and of thirty."""
    found = []
    service(story, server.transport())
    for more in (3, 27):
        finished(story, more)
        story.silence(window=f"open-{more}")
        sent(story)
        found.append(sum(reads_at_start(story, server).values()))
        story.respond("objection", window=f"open-{more}", text="No.")
        sent(story)
    return found


def test_what_a_start_reads_does_not_grow_with_the_log(story: Story, server: Server) -> None:
    few, many = reads_over_growing_logs(story, server)

    assert few == many


def test_a_start_that_reads_the_whole_log_is_counted(
    story: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(OutboxStart, "run", read_whole_log)
    few, many = reads_over_growing_logs(story, server)

    assert many > 5 * few


def every_kind_of_window(story: Story, server: Server) -> None:
    """Windows that are open, held, suspended, over and told, over and half told, and never told."""
    story.silence(window="never-told")
    story.respond("objection", window="never-told", text="No.")
    posting = service(story, server.transport())
    sent(story)
    for name in ("told", "open", "suspended", "held", "half-told", "superseded"):
        story.silence(window=name)
        sent(story)
    story.respond("objection", window="told", text="No.")
    story.do("suspend silence", who="presiding officer", window="suspended", reason="R.")
    sent(story)
    story.do("hold silence", who="presiding officer", window="held", reason="R.")
    story.silence(window="new")
    story.do("record notices", window="new", seats=["west"], result="delivered")
    story.respond("objection", window="half-told", text="No.")
    story.do(
        "record notices", window="half-told", seats=["east"], result="delivered", about="outcome"
    )
    story.do("supersede silence", window="superseded", who="presiding officer", reason="R.")
    posting.transport.close()


def queued_by_new_outbox(story: Story, server: Server) -> Sequence[tuple[str, str, str]]:
    """What a new outbox queues: window, about what, to whom."""
    lose_outbox(story)
    story.placet.projections.follow()
    service(story, server.transport()).begin()
    return sorted(
        (queued.notice.window, queued.notice.about, queued.notice.to)
        for queued in story.placet.notifications.outbox.all_notices()
    )


def test_a_new_outbox_tells_what_reading_the_whole_log_would(
    story: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told is not told again, and nobody is missed."""
    every_kind_of_window(story, server)
    found = queued_by_new_outbox(story, server)
    with monkeypatch.context() as before:
        before.setattr(OutboxStart, "run", read_whole_log)
        wanted = queued_by_new_outbox(story, server)

    assert wanted == found
    assert {"new", "half-told", "superseded", "held"} == {window for window, _, _ in found}
    assert ("half-told", "outcome", "west") in found
    assert ("half-told", "outcome", "east") not in found
    assert ("new", "opening", "east") in found
    assert ("new", "opening", "west") not in found


def test_a_window_that_ends_while_the_outbox_begins_is_told_in_full(
    story: Story, server: Server
) -> None:
    """It was open where the outbox begins, and the rows say by then that it is over."""
    story.silence()
    posting = service(story, server.transport())
    story.respond("objection", text="No.")
    story.placet.projections.follow()
    posting.begin()
    posting.record_pending()
    notices = story.placet.notifications.outbox.all_notices()

    assert {("opening", "east"), ("outcome", "east"), ("opening", "west"), ("outcome", "west")} <= {
        (queued.notice.about, queued.notice.to) for queued in notices
    }


def test_a_start_that_is_broken_off_is_done_again_and_tells_once(
    story: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends after the first windows; what they tell is queued, and queued once."""
    monkeypatch.setattr("workflows.notifications.outbox_start.AT_ONCE", 1)
    for number in range(3):
        story.silence(window=f"w{number}")
    posting: Any = service(story, server.transport())
    enqueue, calls = posting._enqueuer.enqueue_windows, iter((True, False))

    def stop(*words: Any, **values: Any) -> None:
        if not next(calls):
            raise KeyboardInterrupt
        enqueue(*words, **values)

    with monkeypatch.context() as crash:
        crash.setattr(posting._enqueuer, "enqueue_windows", stop)
        with pytest.raises(KeyboardInterrupt):
            posting.begin()
    assert not posting._outbox.has_begun(ORGANISATION)
    sent(story)

    assert 6 == len(server.letters) == len({*server.ids()})
    assert 3 == len(recorded(story))


class WaitingHistory(CountingHistory):
    """A history in which the first one who reads a window waits for a sign."""

    reached, goes_on = Event(), Event()

    def events_of(self, stream: Stream, limit: int | None = None) -> Sequence[RecordedEvent]:
        if stream.kind == "window":
            self.reached.set()
            assert self.goes_on.wait(60)
        return super().events_of(stream, limit)


class WaitingLog(CountingLog):
    """A log with such histories."""

    def history(self, organisation: str) -> Any:
        return WaitingHistory(self._log.history(organisation), self.decoded)


Round = Callable[[], object]


def while_it_starts(story: Story, server: Server, act: Round) -> None:
    """Do something while another thread begins with the outbox, in the midst of its reading."""
    WaitingHistory.reached, WaitingHistory.goes_on = Event(), Event()
    posting: Any = service(story, server.transport())
    posting._start._log = WaitingLog(story.placet.store)
    starting = Thread(target=posting.begin)
    starting.start()
    try:
        assert WaitingHistory.reached.wait(60)
        act()
        assert starting.is_alive()
    finally:
        WaitingHistory.goes_on.set()
        starting.join()


def test_the_clock_closes_what_is_due_while_the_outbox_begins(story: Story, server: Server) -> None:
    """All were told of the window before the outbox was lost: it lapses while the start waits."""
    service(story, server.transport())
    story.silence()
    sent(story)
    lose_outbox(story)
    story.now += timedelta(days=4)
    while_it_starts(story, server, story.placet.processes.clock.tick)

    assert "window.lapsed" in story.names()


def test_what_nobody_was_told_of_is_not_approved_while_the_outbox_begins(
    story: Story, server: Server
) -> None:
    """Its letters are found by the clock itself, too late: it is held, though the start waits."""
    story.silence()
    story.now += timedelta(days=4)
    while_it_starts(story, server, story.placet.processes.clock.tick)

    assert ("opening", "failed", ("east", "west")) in recorded(story)
    assert "window.lapsed" not in story.names()
    assert "window.held" in story.names()


def test_a_clock_that_did_not_prepare_its_windows_would_approve_them(
    story: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it looks only at what the outbox has queued so far."""
    story.silence()
    story.now += timedelta(days=4)
    monkeypatch.setattr(type(story.placet.notifications), "prepare", lambda *_: [])
    while_it_starts(story, server, story.placet.processes.clock.tick)

    assert "window.lapsed" in story.names()


def test_where_rows_are_missing_the_outbox_begins_later(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take windows for over that are open; nothing is told twice, and nobody missed."""
    story.silence()
    posting = service(story, ScreenTransport(lambda _: None))
    runner = story.placet.projections
    with monkeypatch.context() as behind:
        behind.setattr(runner, "catch_up_or_wait", lambda *_: 1)
        posting.begin()
        assert [] == story.placet.notifications.outbox.all_notices()
    posting.begin()

    assert 2 == len(story.placet.notifications.outbox.all_notices())
