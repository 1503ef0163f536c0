"""A page, a form and a letter read each event once, however much they make of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from counting_log import CountingLog
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.ports.event_store import History
from domain.silence.roster import FrozenSeat
from domain.silence.window import Window
from smtp_server import Server, directory, mail_server, sent, service
from story import ORGANISATION, Story
from web.app import create_app
from web.http.context import AboutProgram
from wiring import CODEC, read_case
from workflows.history import cached_history
from workflows.history.cached_history import CachedHistory
from workflows.notifications import content
from workflows.notifications.round_cache import NotifiedRecord
from workflows.queries import window_seats
from workflows.queries.queries import Queries
from workflows.queries.window import WindowQueries
from workflows.scenarios import player as player_module
from workflows.scenarios.played_record import PlayedRecord
from workflows.scenarios.player import Player, Verdict, started_at

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

CASE = Path(__file__).parents[1] / "cases" / "story-two-of-six-items-break.yaml"
SEATS = tuple(f"seat-{number}" for number in range(12))


def under_silence(story: Story) -> None:
    """An agenda `a` with one of its items in window `w`."""
    story.body()
    story.agenda("1", "2")
    story.do("submit items", agenda="a", items=["2"])
    subject = {"type": "agenda items", "agenda": "a", "items": ["2"]}
    story.do("open silence", window="w", body="b", subject=subject, length="72 hours")
    story.placet.projections.follow()


def site(story: Story, log: CountingLog) -> TestClient:
    """The pages over this log; forms act on the story's store."""
    placet = story.placet
    queries = Queries(log, placet.views, placet.handling.decision_context)
    app = create_app(
        queries,
        lambda: story.now,
        lambda: 0,
        AboutProgram(version="0", store="s", virtual=True),
        CODEC,
        receipts=placet.receipts,
        placet=placet,
        clock=placet.clock,
    )
    return TestClient(app)


@pytest.mark.parametrize("path", ["/agendas/{}/a", "/agendas/{}/a.json", "/windows/{}/w"])
def test_a_page_reads_each_event_once(story: Story, path: str) -> None:
    """The control: with a page in another language, which is not kept, each is read twice."""
    under_silence(story)
    log = CountingLog(story.placet.store)
    client, address = site(story, log), path.format(ORGANISATION)

    assert 200 == client.get(address).status_code
    assert 1 == log.most_reads()
    assert 200 == client.get(address, params={"lang": "fr"}).status_code
    assert 2 == log.most_reads()


def test_a_form_does_not_build_the_page_of_its_window(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the window, its body and its agenda only, each once.

    A form has an address of its own, to which one is led; it says at which version it was opened.
    """
    under_silence(story)
    log = CountingLog(story.placet.store)
    client, page = site(story, log), f"/windows/{ORGANISATION}/w"
    with monkeypatch.context() as without:
        without.delattr(WindowQueries, "get")
        assert 200 == client.get(f"{page}/act/respond").status_code
    read = {stream for stream, _ in log.decoded}

    assert {"window/w", "body/b", "agenda/a"} == read
    assert 3 == log.most_reads()
    assert 200 == client.get(page).status_code, "the control: the page is built where it can be"


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


def letters_about_one_opening(story: Story, server: Server) -> CountingLog:
    """One letter to each of many seats, about the same event."""
    story.body(seats=SEATS)
    directory(story, *SEATS)
    log = CountingLog(story.placet.store)
    notifications: Any = story.placet.notifications
    notifications._log = log
    service(story, server.transport())
    sent(story)
    story.silence()
    sent(story)
    assert len(SEATS) == len(server.letters)
    return log


def test_many_letters_about_one_event_decode_it_once(story: Story, server: Server) -> None:
    """Once when the log is followed, and once in each of two rounds, for all letters."""
    log = letters_about_one_opening(story, server)

    assert log.decoded["window/w", 1] <= 3


def test_letters_that_read_the_store_each_for_itself_are_counted(
    story: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without anything kept, each letter decodes the event again."""

    def plain(record: NotifiedRecord, organisation: str) -> History:
        return record._log.history(organisation)

    monkeypatch.setattr(NotifiedRecord, "history", plain)
    log = letters_about_one_opening(story, server)

    assert log.decoded["window/w", 1] >= len(SEATS)


@pytest.fixture
def rosters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The windows whose roster was read for a letter, each as often as it was."""
    read, roster_of = list[str](), window_seats.roster_of

    def counted(window: Window, world: DecisionContext) -> tuple[FrozenSeat, ...]:
        read.append(window.id)
        return roster_of(window, world)

    monkeypatch.setattr(content, "roster_of", counted)
    return read


def test_letters_about_one_event_share_their_content(
    story: Story, server: Server, rosters: list[str]
) -> None:
    """And yet each is for its own seat."""
    letters_about_one_opening(story, server)

    assert ["w"] == rosters
    assert len(SEATS) == len({str(letter["Subject"]) for letter in server.letters})


def test_letters_that_are_made_each_for_itself_are_counted(
    story: Story, server: Server, rosters: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each letter reads the roster of all seats."""
    monkeypatch.setattr(NotifiedRecord, "once", lambda _, __, make: make())
    letters_about_one_opening(story, server)

    assert ["w"] * len(SEATS) == rosters


def test_a_history_that_keeps_events_follows_the_log(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when more was recorded than it follows, and from the middle of a stream."""
    story.body()
    story.silence()
    log = CountingLog(story.placet.store)
    kept = CachedHistory(log.history(ORGANISATION))
    stream = story.events()[-1].stream
    before = [*kept.events_of(stream)]
    story.respond("no objection")
    after = [*kept.events_of(stream)]
    monkeypatch.setattr(cached_history, "PAGE", 1)
    story.respond("no objection", "west")
    story.do("suspend silence", who="presiding officer", window="w", reason="R.")
    later = [*kept.events_of(stream)]
    history = story.placet.store.history(ORGANISATION)

    assert (1, 2, 4) == (len(before), len(after), len(later))
    assert later == [*history.events_of(stream)]
    assert after == later[:2]


def play_counted(story: Story) -> tuple[Verdict, CountingLog]:
    """A case played by somebody whose reading of the log is counted."""
    case, log = read_case(CASE), CountingLog(story.placet.store)
    history = log.history(case.organisation)
    player = Player(story.placet.handling, history, CODEC, started=started_at(case))
    return player.play(case), log


def test_a_case_is_played_in_one_pass_over_its_log(story: Story) -> None:
    """However many steps follow, each event is decoded once, and none is read again."""
    verdict, log = play_counted(story)

    assert verdict.passed
    assert (1, verdict.events) == (log.most_reads(), log.decoded.total())


def test_a_case_that_reads_the_store_at_each_step_is_counted(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a record that keeps neither streams nor states."""

    class Forgetful(PlayedRecord):
        def __getattribute__(self, name: str) -> Any:
            if name in {"states", "events_of"}:
                object.__setattr__(self, "_streams", {})
            return None if name == "states" else super().__getattribute__(name)

        def read_on(self) -> Sequence[RecordedEvent]:
            found = self._history.since(self.position, 1_000)
            self.position += len(found)
            return found

    monkeypatch.setattr(player_module, "PlayedRecord", Forgetful)
    verdict, log = play_counted(story)

    assert verdict.passed
    assert log.decoded.total() > 5 * verdict.events
