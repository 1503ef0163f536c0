"""What cannot be read is parked with an alarm; the rest goes on, and nothing of it is approved."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from adapters.sqlite.read_models import SqliteViews
from corrupt_events import damage, take_out
from domain.actors import Actor, Role
from domain.messages import Order
from domain.ports.errors import Unreadable
from domain.silence.commands import HoldSilence
from domain.streams import Stream
from domain.type_registry import EVENTS
from smtp_server import Server, directory, mail_server, sent, service
from story import ORGANISATION, Story
from web.app import create_app
from web.http.context import AboutProgram
from wiring import CODEC, PACKS, now
from workflows.commands.queue import CommandQueue, PendingCommand
from workflows.projections import row_builders
from workflows.projections.parking import Backoff
from workflows.projections.rows import WindowRow

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient


class RecordingAlarm:
    """An alarm that remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, object]] = []

    def info(self, event: str, **values: object) -> None:
        self.lines.append((event, values.get("stream", values.get("window"))))

    error = info

    def take_lines(self) -> list[tuple[str, object]]:
        """What was heard since the last time, but for commands."""
        found = [text_line for text_line in self.lines if text_line[0] != "command"]
        self.lines.clear()
        return found


@pytest.fixture
def received(story: Story) -> RecordingAlarm:
    """The alarm of the story, whose parked streams are tried again at every look."""
    story.placet.alarm = received = RecordingAlarm()
    story.placet.projections.again = Backoff(first=0.0)
    return received


def two_windows(story: Story) -> None:
    """Windows `w` and `v`, both due since last spring."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.silence(window="v")


def shown(story: Story) -> dict[str, WindowRow]:
    """The rows of windows by their ids."""
    return {row.id: row for row in story.placet.views.rows(WindowRow, ORGANISATION)}


def parked(story: Story) -> list[str]:
    return [stream.stream for stream in story.placet.projections.parked_streams(ORGANISATION)]


def test_an_event_that_does_not_fit_its_hash_parks_its_stream_alone(
    story: Story, received: RecordingAlarm
) -> None:
    """The follower reads on to the end; after the repair the parking ends by itself."""
    two_windows(story)
    repair = damage(story.placet.store, "window/w", 1)
    history = story.placet.store.history(ORGANISATION)
    with pytest.raises(Unreadable):  # the control: who reads straight on is stopped
        history.since(0, 1000)
    story.placet.projections.follow()
    story.placet.projections.follow()

    assert ["v"] == [*shown(story)]
    assert ["window/w"] == parked(story)
    assert [("parked", "window/w")] == received.take_lines()
    assert history.last_position() == story.placet.views.position("status", ORGANISATION)
    repair()
    story.placet.projections.follow()
    assert ["v", "w"] == sorted(shown(story))
    assert [] == parked(story)
    assert [("no longer parked", "window/w")] == received.take_lines()


def test_a_parked_row_stays_as_it_was(story: Story, received: RecordingAlarm) -> None:
    """What comes later in the stream is not shown either, until all of it can be read."""
    two_windows(story)
    story.placet.projections.follow()
    story.respond("no objection")
    repair = damage(story.placet.store, "window/w", 2)
    story.placet.projections.follow()
    kept = shown(story)["w"].answered
    repair()
    story.placet.projections.follow()

    assert (0, 1) == (kept, shown(story)["w"].answered)


def test_a_defect_of_the_program_parks_a_stream_until_a_better_program_comes(
    story: Story, received: RecordingAlarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_windows(story)
    window = row_builders.window_row

    def worse(state: Any, objecting: int) -> Any:
        if state.id == "w":
            raise KeyError("missing")
        return window(state, objecting)

    monkeypatch.setattr(row_builders, "window_row", worse)
    story.placet.projections.follow()
    assert ["v"] == [*shown(story)]
    assert (
        "a defect in this program: KeyError"
        == story.placet.projections.parked_streams(ORGANISATION)[0].because
    )
    monkeypatch.undo()
    story.placet.projections.follow()

    assert ["v", "w"] == sorted(shown(story))


def test_a_kind_of_event_that_is_not_known_parks_its_stream(
    story: Story, received: RecordingAlarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_windows(story)
    story.do("suspend silence", window="w", reason="R.", who="presiding officer")
    with monkeypatch.context() as older:
        older.delitem(EVENTS, "window.suspended.v1")
        story.placet.projections.follow()
        assert ["window/w"] == parked(story)
    story.placet.projections.follow()

    assert [] == parked(story)
    assert shown(story)["w"].suspended


def test_streams_stay_parked_through_a_rebuild(story: Story, received: RecordingAlarm) -> None:
    two_windows(story)
    damage(story.placet.store, "window/w", 1)
    story.placet.projections.follow()
    story.placet.projections.rebuild()

    assert ["window/w"] == parked(story)
    assert ["v"] == [*shown(story)]


# --- the silence clock ---------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [False, True])
def test_a_window_that_cannot_be_read_is_never_approved_by_silence(
    story: Story, received: RecordingAlarm, seen: bool
) -> None:
    """Its damaged event suspends it; the other window lapses.

    Whose rows know the suspension already is not due, and is not looked at.
    """
    two_windows(story)
    story.do("suspend silence", window="w", reason="R.", who="presiding officer")
    if seen:
        story.placet.projections.follow()
    repair = damage(story.placet.store, "window/w", 2)
    for _ in range(2):
        story.placet.processes.clock.tick()

    assert ["v"] == lapsed(story)
    assert (set() if seen else {(ORGANISATION, "w")}) == {
        *story.placet.processes.clock.unreadable_windows
    }
    assert (not seen) == received.take_lines().count(("not read by the clock", "w"))
    repair()
    story.placet.processes.clock.tick()
    assert ["v"] == lapsed(story)
    assert {} == story.placet.processes.clock.unreadable_windows


@pytest.mark.folder
def test_a_window_that_lacks_an_event_is_never_approved_by_silence(
    story: Story, received: RecordingAlarm
) -> None:
    """The event that suspended it was taken out, and it was resumed and closed by nobody."""
    two_windows(story)
    story.do("suspend silence", window="w", reason="R.", who="presiding officer")
    story.do("hold silence", window="w", reason="R.")
    story.do("release silence", window="w", reason="R.", who="presiding officer")
    take_out(story.placet.store, "window/w", 2)
    story.placet.processes.clock.tick()

    assert ["v"] == lapsed(story)
    assert (
        "Event 2 of window/w of fictional is missing."
        in story.placet.processes.clock.unreadable_windows[ORGANISATION, "w"]
    )


def test_a_window_that_can_be_read_again_lapses(story: Story, received: RecordingAlarm) -> None:
    """The control: nothing but the damage kept it."""
    two_windows(story)
    repair = damage(story.placet.store, "window/w", 1)
    story.placet.processes.clock.tick()
    assert ["v"] == lapsed(story)
    repair()
    story.placet.processes.clock.tick()

    assert ["v", "w"] == lapsed(story)


def lapsed(story: Story) -> list[str]:
    """The windows whose lapse is recorded; what cannot be read is left out."""
    history, names = story.placet.store.history(ORGANISATION), []
    for name in ("v", "w"):
        try:
            events = history.events_of(Stream.parse(f"window/{name}"))
        except Unreadable:
            continue
        names += [name for event in events if event.name == "window.lapsed.v2"]
    return names


def test_an_order_that_meets_what_cannot_be_read_fails_alone(story: Story) -> None:
    """Both wait for the same transaction, in a process that remembers neither window."""
    two_windows(story)
    repair = damage(story.placet.store, "window/w", 1)
    history = story.placet.store.history(ORGANISATION)
    text_line = CommandQueue(history, PACKS, "2026a")
    requested = {name: hold(name, story.now) for name in ("w", "v")}
    waiting = PendingCommand(requested["w"], "the hash of w", {})
    text_line._waiting.append(waiting)
    answer = text_line.submit(requested["v"], "the hash of v", {})

    assert ["window.held.v2"] == [event.name for event in answer.events]
    with pytest.raises(Unreadable):
        waiting.result()
    repair()
    assert ["window/v"] == [str(event.stream) for event in story.events() if "held" in event.name]


def hold(window: str, at: datetime) -> Order:
    command = HoldSilence(window=window, reason="R.")
    actor = Actor(role=Role.SECRETARIAT)
    return Order(
        command=command, command_id=window, actor=actor, at=at, received_at=at, virtual=True
    )


# --- notices -------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


def test_what_cannot_be_read_is_told_after_the_repair_and_the_rest_at_once(
    story: Story, received: RecordingAlarm, server: Server
) -> None:
    """Each letter goes out once; the window of which nobody was told is not approved before."""
    posting = service(story, server.transport())
    posting._enqueuer.again = Backoff(first=0.0)
    story.body(parameters={"longest-outage-minutes": "0"})
    directory(story, "east", "west")
    story.silence()
    story.silence(window="v")
    repair = damage(story.placet.store, "window/w", 1)
    sent(story)
    story.placet.processes.clock.tick()

    assert 2 == openings(server)
    assert ["w"] == [*posting.parked_windows(ORGANISATION)]
    assert "w" not in lapsed(story)
    repair()
    sent(story)
    sent(story)
    assert 4 == openings(server)
    assert {} == posting.parked_windows(ORGANISATION)


def openings(server: Server) -> int:
    """How many letters told of an opening."""
    return len([subject for _, subject in server.subjects() if subject.startswith("Under silence")])


def test_letters_that_wait_for_a_damaged_window_keep_no_other_back(
    story: Story, received: RecordingAlarm, server: Server
) -> None:
    """They are queued already when the damage comes."""
    posting = service(story, server.transport())
    story.body(seats=tuple(f"s{number}" for number in range(30)))
    directory(story, *(f"s{number}" for number in range(30)))
    story.silence()
    posting.record_pending()
    repair = damage(story.placet.store, "window/w", 1)
    story.silence(window="v")
    sent(story)
    for _ in range(3):
        story.placet.notifications.send()

    assert 30 == len(server.subjects())
    repair()
    story.at("2026-03-02T18:00:00Z")
    sent(story)
    assert 60 == len(server.subjects())


# --- the board -----------------------------------------------------------------------------------


@pytest.mark.folder
def test_the_board_says_what_it_cannot_read_and_shows_the_rest(story: Story) -> None:
    two_windows(story)
    story.placet.projections.follow()
    sound = board(story)
    damage(story.placet.store, "window/w", 1)
    story.placet.projections.rebuild()
    found = board(story)

    assert "cannot be read" not in sound.text
    assert 200 == found.status_code
    assert "Part of the record cannot be read" in found.text
    assert "window/w" in found.text
    assert ("/windows/fictional/v" in found.text, "/windows/fictional/w" in found.text) == (
        True,
        False,
    )


@pytest.mark.folder
def test_a_row_that_is_not_up_to_date_is_marked(story: Story) -> None:
    two_windows(story)
    story.placet.projections.follow()
    story.respond("no objection")
    damage(story.placet.store, "window/w", 2)
    found = board(story)

    assert 1 == found.text.count("not up to date</span>")
    assert [{"organisation": ORGANISATION, "stream": "window/w", "position": 7}] == parked_json(
        story
    )


@pytest.mark.folder
def test_a_board_that_cannot_be_brought_up_to_date_says_so(story: Story) -> None:
    """The disk is too full for the rows; what they hold is shown, until there is space again."""
    two_windows(story)
    story.placet.projections.follow()
    assert isinstance(story.placet.views, SqliteViews)
    writer = story.placet.views._connections._writer
    assert writer
    writer.execute("PRAGMA max_page_count=1")
    story.silence(window="a-long-name-" * 400)
    full = board(story)
    story.placet.views.close()
    again = board(story)

    assert (200, 200) == (full.status_code, again.status_code)
    assert (True, False) == ("not up to date yet" in full.text, "not up to date yet" in again.text)


def board(story: Story) -> Any:
    return page(story, "/")


def parked_json(story: Story) -> Any:
    return page(story, "/board.json").json()["parked"]


def page(story: Story, address: str) -> Any:
    placet = story.placet

    about = AboutProgram(version="0", store="s", virtual=True)
    app = create_app(
        placet.queries,
        now,
        placet.projections.catch_up_or_wait,
        about,
        CODEC,
        receipts=placet.receipts,
    )
    with TestClient(app) as client:
        return client.get(address)
