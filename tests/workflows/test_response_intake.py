"""The intake: a response is kept as it comes in, and decided as of its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.sqlite.intake import ATTEMPTS_FILE, ROOM, ReservedAttemptsFile
from adapters.store_factory import open_store
from domain.intake_entry import IntakeEntry, LostAttempts
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.silence.commands import Respond
from story import NOON, ORGANISATION, Story
from web_visitor import Hands
from wiring import Placet, Quiet

BEFORE = timedelta(seconds=227)
"""How long before the deadline it came; the server took 181 seconds to decide."""


class Alarms(Quiet):
    """Remembers what it was told of."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def error(self, event: str, **_: object) -> None:
        self.errors.append(event)


@pytest.fixture
def story(place: str) -> Iterator[Story]:
    """Window `w` of two seats on each kind of store, with a clock that the story moves."""
    with open_store(place) as store:
        found = Story(store)
        found.placet.clock = Hands(NOON)
        found.placet.alarm = found.placet.intake._alarm = Alarms()
        found.body(parameters={"longest-outage-minutes": "0"})
        found.silence()
        yield found
        found.placet.close()


def entry(story: Story, at: datetime, seat: str = "west", **fields: Any) -> IntakeEntry:
    """A response of a seat as it comes in."""
    given = {"window": "w", "kind": "objection", "seats": (seat,)}
    command = Respond(**(given | fields))
    return IntakeEntry(
        organisation=ORGANISATION,
        window=command.window,
        seat=seat,
        command_id=f"{seat}-{at.isoformat()}",
        received_at=at,
        offset_ms=0,
        response=story.placet.intake.canonical(command),
    )


def came(story: Story, entry: IntakeEntry) -> IntakeEntry:
    """It comes in and is kept; nobody has it in hand."""
    kept = story.placet.intake.keep([story.placet.intake.announce(entry)])[0]
    story.placet.intake.release(kept)
    return kept


def closes(story: Story) -> datetime:
    moment: datetime = story.state("window/w").closes.exact
    return moment


def at(story: Story, moment: datetime) -> None:
    """It is this time now."""
    story.now = story.placet.clock.at = moment


def settled(placet: Placet, moment: datetime) -> None:
    placet.clock.at = moment
    placet.intake.decide_pending(moment)


def test_what_came_in_time_counts_however_late_it_is_decided(story: Story) -> None:
    received = closes(story) - BEFORE
    came(story, entry(story, received))
    settled(story.placet, received + timedelta(seconds=181))
    response, broken = story.events()[-2:]

    assert ("window.response_received.v2", received) == (response.name, response.received_at)
    assert "window.broken" == broken.name.rpartition(".")[0]


def test_without_the_word_of_the_intake_it_is_refused_for_its_age(story: Story) -> None:
    """The control: the same order, of which the intake knows nothing, or something else."""
    received = closes(story) - BEFORE
    came(story, entry(story, received, text="Another text."))
    at(story, received + timedelta(seconds=181))
    with pytest.raises(Refused, match="brought in later"):
        story.placet._decide(entry(story, received))


def test_a_process_that_ends_leaves_it_to_the_next_one(story: Story, place: str) -> None:
    received = closes(story) - timedelta(microseconds=1)
    came(story, entry(story, received))
    story.placet.close()
    with open_store(place) as store:
        after = Placet(store, Quiet())
        after.clock = Hands(received + timedelta(days=1))
        after.processes.clock.tick()

    assert "broken" == story.phase()


def test_what_was_decided_and_not_forgotten_is_not_decided_twice(story: Story) -> None:
    """A process may end between the two; the id of the command says so."""
    first = came(story, entry(story, closes(story) - BEFORE))
    story.placet._decide(first)
    settled(story.placet, closes(story))

    assert 1 == story.names().count("window.response_received")
    assert {} == story.placet.intake.pending_windows(ORGANISATION)


def test_several_are_decided_in_order_of_their_receipt(story: Story) -> None:
    start = closes(story) - BEFORE
    for seconds, seat in ((2, "east"), (1, "west"), (3, "east")):
        came(story, entry(story, start + timedelta(seconds=seconds), seat))
    settled(story.placet, closes(story))
    found = [response.received.exact - start for response in story.state("window/w").responses]

    assert [1, 2, 3] == [entry.seconds for entry in found]


def lapses(story: Story, received: datetime) -> bool:
    """Whether the window lapses, where this cannot be decided because of a defect."""

    def fails(_: IntakeEntry) -> None:
        raise RuntimeError("a defect")

    story.placet.intake._decide = fails
    came(story, entry(story, received))
    at(story, closes(story) + timedelta(minutes=10))
    for _ in range(2):
        story.placet.processes.clock.tick()
    return "window.lapsed" in story.names()


def test_no_window_lapses_over_what_came_in_time_and_is_not_decided(story: Story) -> None:
    """People are told once."""
    assert not lapses(story, closes(story) - timedelta(seconds=1))
    assert ["a response waits"] == story.placet.alarm.errors  # type: ignore[attr-defined]


def test_what_came_after_the_grace_keeps_no_window_open(story: Story) -> None:
    """The control, too: this window does lapse."""
    assert lapses(story, story.state("window/w").due_from)


def test_a_response_that_is_being_kept_already_counts_as_awaited(story: Story) -> None:
    first = entry(story, closes(story) - BEFORE)
    number = story.placet.intake.announce(first)

    assert {"w": first.received_at} == story.placet.intake.pending_windows(ORGANISATION)
    assert {} == story.placet.intake.pending_windows("another")

    story.placet.intake.finish(story.placet.intake.keep([number])[0])

    assert {} == story.placet.intake.pending_windows(ORGANISATION)


def test_an_intake_that_cannot_be_read_lets_nothing_lapse(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable() -> Any:
        raise Unavailable("the disk is gone")

    monkeypatch.setattr(story.placet.intake_queue, "pending_entries", unavailable)
    at(story, closes(story) + timedelta(minutes=10))
    with pytest.raises(Unavailable):
        story.placet.processes.clock.tick()

    assert "window.lapsed" not in story.names()


def test_what_has_no_answer_in_the_record_is_not_tried_for_ever(story: Story) -> None:
    """A window that there is not, and a response that is too long: they are refused."""
    came(story, entry(story, NOON, window="v"))
    came(story, entry(story, NOON, "east", text="No. " * 30_000))
    settled(story.placet, NOON + timedelta(hours=1))

    assert {} == story.placet.intake.pending_windows(ORGANISATION)
    assert "open" == story.phase()


# --- What could not even be kept ------------------------------------------------------------------


def lose(
    story: Story, monkeypatch: pytest.MonkeyPatch, received: datetime, number: int = 1
) -> None:
    """So many come in while nothing can be kept."""

    def full(_: Any) -> Any:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(story.placet.intake_queue, "keep", full)
        for _ in range(number):
            with pytest.raises(Unavailable):
                story.placet.intake.keep([story.placet.intake.announce(entry(story, received))])


def test_what_could_not_be_kept_holds_the_window_for_people(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how many there were and when, and asks for them again."""
    lose(story, monkeypatch, closes(story) - BEFORE, 2)
    at(story, closes(story) + timedelta(minutes=10))
    story.placet.processes.clock.tick()
    held = story.state("window/w").hold_reason

    assert "2 responses came between 2026-03-05 12:0" in str(held)
    assert "window.lapsed" not in story.names()
    assert ["responses could not be kept"] == story.placet.alarm.errors  # type: ignore[attr-defined]


def test_a_trace_of_it_outlives_the_process(
    story: Story, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.placet.reserved_attempts.prepare()
    lose(story, monkeypatch, closes(story) - BEFORE)
    story.placet.close()
    with open_store(place) as store:
        after = Placet(store, Alarms())
        after.clock = Hands(closes(story) + timedelta(minutes=10))
        after.processes.clock.tick()
        again = Placet(store, Alarms())
        again.processes.clock.tick()

    assert 1 == story.names().count("window.held")
    assert "window.lapsed" not in story.names()


def test_the_room_that_was_set_aside_never_grows_nor_shrinks(tmp_path: Any) -> None:
    """So a disk that has become full takes what is noted."""
    reserved = ReservedAttemptsFile(tmp_path / ATTEMPTS_FILE)
    reserved.prepare()
    attempts = [
        LostAttempts(organisation="o", window=f"w{n}", first=NOON, last=NOON, number=n)
        for n in range(2000)
    ]
    sizes = set()
    for some in (attempts[:1], attempts, attempts[:2], []):
        reserved.note(some)
        sizes.add((tmp_path / ATTEMPTS_FILE).stat().st_size)
        assert [*some[: len(reserved.attempts())]] == [*reserved.attempts()]
    reserved.note(attempts)

    assert {ROOM} == sizes
    assert 250 < len(reserved.attempts()) < 2000
