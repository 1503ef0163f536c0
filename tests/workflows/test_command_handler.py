"""Handling: all or nothing, said twice is done once, and every refusal names its rule."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from domain.ports.errors import Unavailable
from domain.times import UNKNOWN
from story import ORGANISATION, Story
from wiring import Placet


class Lines:
    """Keeps the lines that a program would log."""

    def __init__(self) -> None:
        self.kept: list[dict[str, object]] = []

    def info(self, event: str, **values: object) -> None:
        """Keep a line."""
        self.kept.append({"event": event, **values})

    error = info


def test_a_repeated_command_is_answered_as_the_first_time(story: Story) -> None:
    """The same events come back, none is added."""
    story.body()
    first = story.silence(id="once")
    again = story.silence(id="once")

    assert (first.events, True) == (again.events, again.repeated)
    assert 1 == story.names().count("window.opened")


def test_a_command_id_is_no_ones_else(story: Story) -> None:
    """Another command under a used id is refused; nothing is recorded."""
    story.body()
    story.silence(id="once")
    with story.refused("command-id-once"):
        story.silence(id="once", window="v")


def test_facts_in_several_streams_come_together(story: Story) -> None:
    """A lapse approves the window and the items of its agenda in one append."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.clock("2026-03-09T12:00:00Z")
    window, agenda = story.events()[-2:]

    assert ("window.lapsed.v2", "agenda.items_approved.v1") == (window.name, agenda.name)
    assert (window.command_id, str(window.event_id)) == (agenda.command_id, agenda.caused_by)
    assert (window.effective, window.position + 1) == (agenda.effective, agenda.position)


def test_an_event_says_by_which_rules_and_on_what_it_stands(story: Story) -> None:
    """Findings, the hash of the pack, and the versions of what was read."""
    story.body()
    event = story.silence().events[0]

    assert {"silence-minimum-length", "silence-scope"} <= {f.rule for f in event.findings}
    assert event.pack == story.state("body/b").pack_at(UNKNOWN)
    assert 4 == event.reads["body/b"]


@pytest.mark.parametrize(
    ("times", "rule"),
    [
        ({"when": "2023-06-06"}, "live-now"),
        ({"received": "2026-03-01T12:00:00Z"}, "live-now"),
        ({"received": "2026-03-03T12:00:00Z"}, "live-now"),
    ],
)
def test_a_live_act_is_neither_dated_back_nor_ahead(
    story: Story, times: dict[str, Any], rule: str
) -> None:
    """A date without a source, an old receipt, a receipt in the future."""
    story.body()
    with story.refused(rule):
        if "when" in times:
            when = times["when"]
            story._do("open session", {"session": "s"}, source="", when=_when(when))
        else:
            story.do("open session", session="s", **times)


def _when(text: str) -> Any:
    from domain.times import When

    return When(text)


def test_only_rules_that_there_are_can_be_waived(story: Story) -> None:
    """A misspelt rule is no waiver."""
    story.body()
    with story.refused("known"):
        story.silence(waive={"silence-minimum-lenght": "a slip of the pen"})


def test_history_does_not_lie_ahead(story: Story) -> None:
    """What has not happened yet cannot be attested."""
    with story.refused("attested-past"):
        story.tell("establish body", "2027-01-01", body="b", names={"en": "Body"})


@pytest.mark.folder
def test_four_writers_on_one_window_are_all_heard(story: Story, tmp_path: Path) -> None:
    """Four threads and two handlings on one stream: each waits for its turn, none conflicts."""
    seats = tuple(f"seat-{n}" for n in range(24))
    story.body(seats=seats)
    story.silence()
    other = Placet(SqliteStore.open(tmp_path / "store"), log=Lines())
    places = (story.placet, other)

    def answer(n: int) -> int:
        handling = places[n % 2].handling
        order = _response(story, seats[n], n)
        return len(handling.handle("fictional", order).events)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(answer, range(24)))
    other.close()
    responses = story.state("window/w").responses

    assert [1] * 24 == answers
    assert {*seats} == {seat for response in responses for seat in response.response.seats}
    assert [*range(1, 25)] == [response.number for response in responses]


def _response(story: Story, seat: str, n: int) -> Any:
    from domain.actors import Actor, Role
    from domain.messages import Order
    from domain.silence.commands import Respond

    return Order(
        command=Respond(window="w", kind="no objection", seats=(seat,)),
        command_id=f"answer-{n}",
        actor=Actor(role=Role.SEAT, seat=seat),
        at=story.now,
        received_at=story.now,
    )


def test_one_line_is_logged_per_command(story: Story) -> None:
    """Who, what, rule, outcome and duration; a refusal too, and no user's text."""
    story.body()
    lines = Lines()
    story.placet.handling._logger = lines
    story.silence(mandate="<script>\x1b[31m")
    with story.refused("silence-minimum-length"):
        story.silence(window="v", length="1 hour")
    outcomes = [(text_line["command"], text_line["outcome"]) for text_line in lines.kept]

    assert [("open silence", "recorded"), ("open silence", "refused")] == outcomes
    assert "silence-minimum-length" == lines.kept[1]["rule"]
    assert "script" not in json.dumps(lines.kept)
    assert {"by", "milliseconds", "stream", "command_id"} <= lines.kept[0].keys()


def test_whose_order_was_lost_is_told_so(story: Story) -> None:
    """Who called it up was broken off before it was served; nobody waits for ever."""
    story.body()
    text_line = story.placet.handling._line(story.placet.store.history(ORGANISATION))
    with ThreadPoolExecutor() as others:
        with text_line._lock:
            answer = others.submit(story.silence)
            while not text_line._waiting:
                time.sleep(0.001)
            text_line._waiting.clear()
        with pytest.raises(Unavailable, match="broken off before it was known"):
            answer.result()
