"""Every way in which a response is answered: stored, or visibly not accepted (docs/answers.md)."""

from __future__ import annotations

import re
import sqlite3
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore.encoding import EVENT_CAP
from adapters.postgres.connections import Limits
from adapters.postgres.store import PostgresStore
from adapters.sqlite import connections
from adapters.sqlite.store import SqliteStore
from domain.ports.errors import TooLarge, Unavailable
from domain.times import When
from postgres_server import Server, new_store
from story import Story

DOCS = Path(__file__).parents[2] / "docs" / "answers.md"
NAMED = re.compile(r"`(tests/\w+/test_\w+\.py): (test_\w+)`")
OFFICER = {"who": "presiding officer", "window": "w", "reason": "so decided"}
END = When("2026-03-05T12:05:00Z").exact


@pytest.fixture
def window(story: Story) -> Story:
    """Window `w` of two seats, opened 12:05 UTC on 2 March 2026 for 72 hours."""
    story.body()
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    return story


def said_again(story: Story, id_: str, **fields: Any) -> str:
    """How the window stands after the same response under the same id; it is recorded once."""
    story.respond("objection", id=id_, **fields)
    story.respond("objection", id=id_, **fields)
    assert 1 == story.names().count("window.response_received")
    return story.phase()


# --- the document ---------------------------------------------------------------------------------


def test_each_way_is_shown_by_a_test_that_there_is() -> None:
    """Each row names a test, and each test that is named exists."""
    rows = [text_line for text_line in DOCS.read_text().splitlines() if text_line.startswith("| ")]
    ways = [row for row in rows if not row.startswith("| what happens")]
    assert len(ways) > 25
    for row in ways:
        file, name = NAMED.findall(row)[-1]

        assert f"def {name}(" in (DOCS.parents[1] / file).read_text(), row


# --- stored ---------------------------------------------------------------------------------------


def test_a_held_window_hears_who_came_in_time(window: Story) -> None:
    """A hold stops the close, and nobody's voice."""
    window.do("hold silence", window="w", reason="the registry was shut")
    window.respond("objection")

    assert "broken" == window.phase()


def test_who_answers_a_superseded_window_is_told_so(window: Story) -> None:
    """It is kept, with the rule: there is another window to answer in."""
    window.do("supersede silence", **OFFICER)
    window.respond("objection")
    fact = window.events()[-1].fact

    assert ("window-open", "window w was superseded") == (fact.rule, fact.reason)


def test_who_answers_a_superseded_window_after_its_deadline_is_late(window: Story) -> None:
    """To have come too late is what is the matter with it, whatever became of the window."""
    window.do("supersede silence", **OFFICER)
    window.at("2026-03-09T12:00:00Z")
    window.respond("objection")

    assert "late" == window.state("window/w").responses[0].standing


# --- not accepted ---------------------------------------------------------------------------------


def test_what_names_nothing_is_not_accepted(window: Story) -> None:
    """A kind or a window that there is not; the right words are told, and then it counts."""
    with window.refused("known"):
        window.respond("veto")
    with window.refused("known"):
        window.respond("objection", window="v")
    window.respond("objection")

    assert "broken" == window.phase()


def test_an_id_that_was_used_is_not_accepted_for_another_response(window: Story) -> None:
    """Under a new id it is."""
    window.respond("no objection", id="once")
    with window.refused("command-id-once"):
        window.respond("objection", id="once")
    window.respond("objection", id="twice")

    assert "broken" == window.phase()


def test_what_waited_too_long_for_its_turn_is_said_and_can_be_said_again(window: Story) -> None:
    """After a minute it is not accepted; the secretariat registers it as of its receipt."""
    received = When.from_instant(END - timedelta(seconds=1))
    window.now = END - timedelta(minutes=1) + timedelta(seconds=59, microseconds=1)
    with window.refused("live-now"):
        window.respond("objection", received=received)
    window.do("respond", window="w", kind="objection", seats=["east"], received=received)

    assert "broken" == window.phase()


def test_what_waited_for_a_minute_counts_before_the_clock_can_close(window: Story) -> None:
    """The longest that a response may be under way is over before any grace is."""
    received = When.from_instant(END - timedelta(microseconds=1))
    window.clock(str(When.from_instant(END + timedelta(seconds=59))))
    window.now = END - timedelta(microseconds=1)
    window.respond("objection", received=received)

    assert "broken" == window.phase()


def test_a_letter_from_the_future_is_not_accepted(window: Story) -> None:
    """As when the clock is slow; once it is right, the letter counts as of its receipt."""
    came = window.now + timedelta(minutes=30)
    values = {
        "window": "w",
        "kind": "objection",
        "seats": ["east"],
        "received": When.from_instant(came),
    }
    with window.refused("live-now"):
        window.do("respond", **values)
    window.now = came
    window.do("respond", **values)

    assert ("broken", came) == (window.phase(), window.events()[-1].received_at)


def test_what_is_too_large_is_said_with_its_size(window: Story) -> None:
    """Nothing of it is kept, and a shorter one counts."""
    before = len(window.events())
    with pytest.raises(TooLarge, match=rf"takes \d+ bytes; an event may take {EVENT_CAP}"):
        window.respond("objection", text="No. " * 20_000, id="long")
    assert before == len(window.events())

    assert "broken" == said_again(window, "short", text="No.")


@pytest.mark.folder
def test_a_full_disk_says_that_nothing_was_recorded(window: Story) -> None:
    """When there is space again, the same counts under the same id."""
    before = len(window.events())
    store = window.placet.store
    assert isinstance(store, SqliteStore)
    with store._connections._thread_lock:
        writer = store._connections._ready()
        writer.execute("PRAGMA max_page_count=1")
    with pytest.raises(Unavailable, match="the disk is full"):
        window.respond("objection", text="No. " * 10_000, id="mine")
    assert before == len(window.events())
    with store._connections._thread_lock:
        store._connections._ready().execute("PRAGMA max_page_count=1000000")

    assert "broken" == said_again(window, "mine", text="No. " * 10_000)


@pytest.mark.folder
def test_a_store_that_stays_locked_says_that_nothing_was_recorded(
    window: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the other process is done, the same counts under the same id."""
    monkeypatch.setattr(connections, "TIMEOUT", 0.2)
    before = len(window.events())
    window.placet.store.close()
    other = sqlite3.connect(tmp_path / "store" / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="another process kept it locked"):
        window.respond("objection", id="mine")
    assert before == len(window.events())
    other.execute("ROLLBACK")
    other.close()

    assert "broken" == said_again(window, "mine")


@pytest.mark.parametrize(("most", "free"), [(1, False), (2, True)])
def test_who_finds_every_connection_in_use_is_told_so(
    cluster: Server, most: int, free: bool
) -> None:
    """Soon, and nothing was recorded. The control: with one connection more, it is."""
    limits = Limits(most=most, timeout=0.1)
    with PostgresStore.open(new_store(cluster, virtual=True), limits=limits) as store:
        story = Story(store)
        story.body()
        story.silence()
        in_use = nullcontext() if free else pytest.raises(Unavailable, match="All 1 connections")
        with store._connections.borrow(), in_use:
            story.respond("objection", id="mine")
        recorded = story.names().count("window.response_received")

        assert free == recorded
        assert "broken" == said_again(story, "mine")
