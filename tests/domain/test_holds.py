"""Each hold stands for one doubt: people end it by an act about that doubt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.messages import Fact, RecordedEvent
from domain.silence.events import (
    NoticesRecorded,
    Response,
    ResponseReceived,
    ResponseRuledUpon,
    SilenceHeld,
    SilenceReleased,
)
from domain.silence.holds import Hold
from domain.silence.running_clock import RunningClock
from domain.silence.window import Window
from domain.streams import Stream, StreamKind
from domain.times import When
from story import NOON, ORGANISATION, Story, actor

OFFICER = {"who": "presiding officer", "window": "w"}
CLOSED = "2026-03-05T12:30:00Z"
OUTAGE = timedelta(minutes=31)


def opened(story: Story, *, parameters: dict[str, str] | None = None) -> None:
    """Window `w` of three seats, opened 12:10 UTC on 2 March 2026 for 72 hours."""
    story.body(seats=("east", "west", "north"), parameters=parameters)
    story.at("2026-03-02T12:09:00Z")
    story.silence()


def held(story: Story) -> list[tuple[int, str]]:
    """The holds that stand, by number and by what they are about."""
    return [(hold.number, hold.about) for hold in story.state("window/w").holds]


def hold(story: Story, about: str = "letter", **fields: Any) -> None:
    story.do("hold silence", window="w", about=about, reason=f"because of a {about}", **fields)


def release(story: Story, number: int = 0) -> None:
    story.do("release silence", **OFFICER, hold=number, reason="looked at")


def rule(story: Story, number: int = 1) -> None:
    ruling = {"number": number, "breaks": False, "reason": "a question"}
    story.do("rule on response", **OFFICER, **ruling)


# --- people's holds -------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["letter", "restored backup", "review", "notices", "outage"])
def test_a_ruling_ends_no_hold_that_is_about_something_else(story: Story, about: str) -> None:
    """North's letter may be on its way whatever east's question was."""
    opened(story)
    story.respond("unclear")
    hold(story, about)
    rule(story)
    story.clock(CLOSED)

    assert ([(1, about)], "held for review") == (held(story), story.phase())


def test_a_ruling_ends_the_hold_that_waits_for_it(story: Story) -> None:
    """Of two that wait for two responses, each ends with its own ruling."""
    opened(story)
    story.respond("unclear")
    story.respond("unclear", "west")
    hold(story, "", response=1)
    hold(story, "response", response=2)
    rule(story, 2)
    entry = held(story)
    rule(story, 1)

    assert ([(1, "response")], []) == (entry, held(story))


def test_moving_the_end_ends_no_hold(story: Story) -> None:
    """Neither an extension nor a suspension nor a resumption looks for a letter."""
    opened(story)
    hold(story)
    story.do("extend silence", **OFFICER, closes="2026-03-06T12:00:00Z", reason="time")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.do("resume silence", **OFFICER, closes="2026-03-06T12:00:00Z")
    story.clock("2026-03-06T12:30:00Z")

    assert ([(1, "letter")], "held for review") == (held(story), story.phase())


def test_notices_end_no_hold_of_people(story: Story) -> None:
    """The secretariat held it for notices that it looks into; it says itself when that is over."""
    opened(story)
    hold(story, "notices")
    values = {"window": "w", "seats": ["east"], "reason": "by phone"}
    story.do("record notices", result="failed", **values)
    story.do("record notices", result="resolved", **values)

    assert [(1, "notices")] == held(story)


def test_a_release_ends_the_hold_that_it_names(story: Story) -> None:
    """Where several stand it has to name one."""
    opened(story)
    hold(story)
    hold(story, "restored backup")
    with story.refused("hold-named"):
        release(story)
    with story.refused("known"):
        release(story, 3)
    release(story, 1)
    left = held(story)
    release(story)

    assert ([(2, "restored backup")], []) == (left, held(story))


def test_a_number_is_never_given_twice(story: Story) -> None:
    """What is said of hold 1 stays said of it."""
    opened(story)
    hold(story)
    release(story)
    hold(story)

    assert [(2, "letter")] == held(story)


@pytest.mark.parametrize("who", ["seat east", "body", "document services", "other"])
def test_only_staff_holds(story: Story, who: str) -> None:
    opened(story)
    with story.refused("live-role"):
        hold(story, who=who)


def test_blank_reasons_are_none(story: Story) -> None:
    opened(story)
    with story.refused("empty"):
        story.do("hold silence", window="w", reason=" \t")
    hold(story)
    with story.refused("empty"):
        story.do("release silence", **OFFICER, reason=" ")


# --- the clock's holds ----------------------------------------------------------------------------


def test_the_clock_holds_for_each_doubt_beside_what_people_hold(story: Story) -> None:
    """Its holds do not make the hold of people the clock's."""
    opened(story, parameters={"longest-outage-minutes": "30"})
    story.respond("unclear")
    values = {"window": "w", "seats": ["west"]}
    story.do("record notices", result="failed", **values)
    story.clock(CLOSED, OUTAGE)
    hold(story)
    three = held(story)
    story.clock("2026-03-05T12:31:00Z", OUTAGE)
    rule(story)
    story.do("record notices", result="resolved", **values)

    assert [(1, "response"), (2, "notices"), (3, "outage"), (4, "letter")] == three
    assert [(3, "outage"), (4, "letter")] == held(story)


def test_the_clock_adds_its_hold_to_one_of_people(story: Story) -> None:
    """What waits for a ruling is seen at once, and stays when the letter has come."""
    opened(story)
    story.respond("unclear")
    hold(story)
    story.clock(CLOSED)
    both = held(story)
    release(story, 1)
    story.clock("2026-03-05T12:31:00Z")

    assert ([(1, "letter"), (2, "response")], [(2, "response")]) == (both, held(story))


def test_a_doubt_that_is_released_without_being_settled_is_held_again(story: Story) -> None:
    """No release approves over a response that waits for its ruling."""
    opened(story)
    story.respond("unclear")
    story.clock(CLOSED)
    release(story, 1)
    story.clock("2026-03-05T12:31:00Z")

    assert ([(2, "response")], "held for review") == (held(story), story.phase())


def test_only_the_hold_about_an_outage_reviews_an_outage(story: Story) -> None:
    """That a letter came to nothing says nothing of who could not answer."""
    opened(story, parameters={"longest-outage-minutes": "30"})
    hold(story)
    story.clock(CLOSED, OUTAGE)
    release(story, 1)
    story.clock("2026-03-05T12:31:00Z", OUTAGE)
    still = held(story)
    release(story, 2)
    story.clock("2026-03-05T12:32:00Z", OUTAGE)

    assert ([(2, "outage")], "approved") == (still, story.phase())


def test_a_review_does_not_outlive_a_new_deadline(story: Story) -> None:
    """Reviewed while the clock stood still; before the new end it failed again."""
    opened(story, parameters={"longest-outage-minutes": "30"})
    hold(story, "outage")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-06T12:00:00Z")
    release(story)
    reviewed = story.state("window/w").review.reviewed
    story.do("resume silence", **OFFICER, length="72 hours")
    story.clock("2026-03-09T12:30:00Z", OUTAGE)

    assert (True, "held for review") == (reviewed, story.phase())


def test_nothing_is_approved_by_item_while_one_response_is_in_doubt(story: Story) -> None:
    """The doubt is about y; x waits with it."""
    story.body()
    items = {"type": "list of entries", "items": ["x", "y"]}
    story.silence(subject=items, by_item=True)
    story.respond("unclear", items=["y"])
    story.clock(CLOSED)

    assert "held for review" == story.phase()
    assert "open" == story.state("window/w").outcome("x")


def test_a_suspended_window_with_a_doubt_is_neither_held_nor_approved(story: Story) -> None:
    """The clock looks at it once it runs again."""
    opened(story)
    story.respond("unclear")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.clock(CLOSED)

    assert ([], "suspended") == (held(story), story.phase())


@pytest.mark.parametrize("verb", ["extend silence", "suspend silence"])
def test_at_the_very_instant_of_the_deadline_no_officer_moves_it(story: Story, verb: str) -> None:
    """One microsecond before, it still moves."""
    opened(story)
    ends = story.state("window/w").closes.exact
    values = {"reason": "more time"}
    if verb == "extend silence":
        values["closes"] = "2026-03-06T12:00:00Z"
    story.now = ends - timedelta(minutes=1)
    with story.refused("window-open"):
        story.do(verb, **OFFICER, **values)
    story.now = ends - timedelta(minutes=1, microseconds=1)
    story.do(verb, **OFFICER, **values)


# --- holds of the time before they had numbers ----------------------------------------------------


def recorded(fact: Fact, who: str = "silence clock", when: str = "2026-03-06") -> RecordedEvent:
    """An event as an earlier version of the program stored it."""
    return RecordedEvent(
        organisation=ORGANISATION,
        stream=Stream(StreamKind.WINDOW, "w"),
        version=1,
        position=1,
        name="",
        fact=fact,
        effective=When(when),
        received_at=NOON,
        recorded_at=NOON,
        actor=actor(who),
    )


def remembered(*events: RecordedEvent) -> Window:
    window = Window(id="w", clock=RunningClock(closes=When("2026-03-05T12:00:00Z")))
    for event in events:
        window = window.evolve(event)
    return window


QUESTION = recorded(ResponseReceived(number=1, response=Response(kind="unclear")))
RULING = recorded(ResponseRuledUpon(number=1, breaks=False, reason="none"), "presiding officer")


def test_an_old_hold_of_the_clock_ends_with_the_next_ruling_or_notice() -> None:
    """The clock looks again, and says what it holds for."""
    old = recorded(SilenceHeld(reason="response [1] waits for a ruling"))
    notice = recorded(NoticesRecorded(seats=("east",), result="delivered"), "notice service")

    assert (Hold(number=1, reason=old.fact.reason, by_clock=True),) == remembered(old).holds  # type: ignore[attr-defined]
    assert () == remembered(QUESTION, old, RULING).holds
    assert () == remembered(old, notice).holds


def test_an_old_hold_of_people_stays_until_they_release_it() -> None:
    """An old release names none, and ends all that stood; after the end it counts as a review."""
    old = recorded(SilenceHeld(reason=""), "secretariat")
    after = remembered(QUESTION, old, old, RULING)
    done = after.evolve(recorded(SilenceReleased(reason="looked at"), "presiding officer"))

    assert ([1, 2], "held; held") == ([hold.number for hold in after.holds], after.hold_reason)
    assert ((), True) == (done.holds, done.review.reviewed)
