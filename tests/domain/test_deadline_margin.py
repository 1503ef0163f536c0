"""Clocks that are off: what they leave open is ruled upon by people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.actors import Actor, Role
from domain.messages import Order
from domain.silence.commands import RuleOnResponse
from domain.silence.events import ResponseAtMargin
from domain.silence.responses import HARMLESS
from domain.times import When
from story import ORGANISATION, Story

DEADLINE = When("2026-03-05T12:05:00Z").exact
"""72 hours after the opening in `opened`."""
CLOSED = "2026-03-05T12:10:00Z"
OFFICER = {"who": "presiding officer", "window": "w", "reason": "The two clocks were compared."}
LATER = {"closes": "2026-03-06T12:00:00Z"}


def opened(story: Story, margin: int = 0, **fields: object) -> None:
    """Window `w`, opened 12:05 UTC on 2 March 2026, where clocks may be off by `margin` seconds."""
    story.body(seats=("east", "west"), parameters={"margin-seconds": str(margin)})
    story.at("2026-03-02T12:04:00Z")
    story.silence(**fields)


def received(story: Story, from_the_end: timedelta, offset_ms: int = 0, **fields: object) -> str:
    """How an objection stands that came at this distance from the deadline."""
    moment = When.from_instant(DEADLINE + from_the_end)
    story.at("2026-03-05T12:04:30Z")
    given = {"window": "w", "kind": "objection", "seats": ["east"], "received": moment}
    story.do("respond", offset_ms=offset_ms, **(given | fields))
    standing: str = story.state("window/w").responses[-1].standing
    return standing


MS = timedelta(milliseconds=1)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("from_the_end", "standing"),
    [
        (-3 * MS - INSTANT, "counted"),
        (-3 * MS, "at the margin"),
        (-INSTANT, "at the margin"),
        (0 * MS, "at the margin"),
        (3 * MS - INSTANT, "at the margin"),
        (3 * MS, "late"),
    ],
)
@pytest.mark.parametrize("offset", [3, -3])
def test_within_the_skew_of_the_clock_nothing_is_counted_and_nothing_is_late(
    story: Story, from_the_end: timedelta, standing: str, offset: int
) -> None:
    """A clock that is 3 ms off, fast or slow, decides nothing within 3 ms of the deadline."""
    opened(story)

    assert standing == received(story, from_the_end, offset)


@pytest.mark.parametrize(
    ("from_the_end", "standing"),
    [
        (-2003 * MS - INSTANT, "counted"),
        (-2003 * MS, "at the margin"),
        (2003 * MS - INSTANT, "at the margin"),
        (2003 * MS, "late"),
    ],
)
def test_what_the_policy_allows_for_is_added(
    story: Story, from_the_end: timedelta, standing: str
) -> None:
    """A policy of two seconds, and a clock that is 3 ms off."""
    opened(story, margin=2)

    assert standing == received(story, from_the_end, 3)
    assert 2003 * (standing == "at the margin") == story.state("window/w").responses[0].margin_ms


def test_a_clock_that_is_right_decides_by_the_microsecond(story: Story) -> None:
    """Without any margin the deadline itself is late, and the moment before is not."""
    opened(story, threshold=2)

    assert "counted" == received(story, -INSTANT)
    assert "late" == received(story, 0 * MS)


@pytest.mark.parametrize("kind", sorted(HARMLESS))
def test_a_statement_needs_no_ruling_at_the_margin(story: Story, kind: str) -> None:
    """It breaks nothing, so milliseconds make no difference; after the end it is merely late."""
    opened(story, margin=2)

    assert "counted" == received(story, -MS, kind=kind)
    assert "late" == received(story, MS, kind=kind)


def test_a_stopped_clock_has_no_margin(story: Story) -> None:
    """While suspended nobody is late, so an objection counts at once."""
    opened(story, margin=2)
    story.do("suspend silence", **OFFICER)

    assert "counted" == received(story, MS)


def test_a_window_that_is_broken_keeps_what_came_at_the_margin(story: Story) -> None:
    """Nothing is left to be decided: it stands beside the objection that broke."""
    opened(story, margin=2)
    story.respond("objection", "west")

    assert "counted" == received(story, -MS)
    assert "broken" == story.phase()


def test_an_objection_found_at_the_margin_after_the_close_suspends(story: Story) -> None:
    """A minute late by a clock that was two minutes fast: two persons rule, not the clock."""
    opened(story)
    story.clock(CLOSED)
    found = {"window": "w", "kind": "objection", "seats": ["east"]}
    came = When.from_instant(DEADLINE + timedelta(minutes=1))
    story.do("respond", received=came, offset_ms=120_000, **found)

    assert "approval suspended" == story.phase()


# --- the ruling ----------------------------------------------------------------------------------


def test_the_close_waits_for_the_ruling(story: Story) -> None:
    """Until somebody rules, it neither breaks nor lapses; the clock holds the close."""
    opened(story, margin=2)
    received(story, -MS)
    before = story.phase(DEADLINE - INSTANT)
    story.clock(CLOSED)

    assert ("open", "held for review") == (before, story.phase())
    assert "response 1 waits for a ruling" in story.state("window/w").hold_reason
    assert isinstance(story.events()[-2].fact, ResponseAtMargin)


def test_a_ruling_that_it_came_in_time_breaks(story: Story) -> None:
    """The officer alone may say so: it is on the safe side."""
    opened(story, margin=2)
    received(story, MS)
    story.do("rule on response", number=1, breaks=True, **OFFICER)

    assert ("broken", (1,)) == (story.phase(), story.events()[-1].fact.by)


def test_two_persons_say_that_it_did_not_come_in_time(story: Story) -> None:
    """One is not enough; with a second one the silence holds and the clock goes on."""
    opened(story, margin=2)
    received(story, -MS)
    with story.refused("two-persons"):
        story.do("rule on response", number=1, breaks=False, **OFFICER)
    story.do("rule on response", number=1, breaks=False, second="rapporteur", **OFFICER)
    story.clock(CLOSED)

    assert "approved" == story.phase()


def confirmed(story: Story, first: str, other: str | None, **fields: object) -> None:
    """Rule as one person, whom another one has confirmed; both by their accounts."""
    known = {"window": "w", "number": 1, "breaks": False, "reason": "It came late."}
    command = RuleOnResponse(**(known | fields))  # type: ignore[arg-type]  # as the story says
    story.now += timedelta(minutes=1)
    officer = Role.PRESIDING_OFFICER
    order = Order(
        command=command,
        command_id=f"by {first} and {other}, {len(fields)}",
        actor=Actor(role=officer, principal=first),
        at=story.now,
        received_at=story.now,
        second=None if other is None else Actor(role=officer, principal=other),
    )
    story.placet.handling.handle(ORGANISATION, order)


@pytest.mark.parametrize(
    ("first", "other"), [("ada", "ada"), ("ada", ""), ("", "bob"), ("", ""), ("ada", None)]
)
def test_one_account_is_not_two_persons(story: Story, first: str, other: str | None) -> None:
    """Nor is an account with a name that was typed."""
    opened(story, margin=2)
    received(story, -MS)
    with story.refused("two-persons"):
        confirmed(story, first, other)
    with story.refused("two-persons"):
        confirmed(story, "ada", None, second="rapporteur")
    with story.refused("two-persons"):
        confirmed(story, "ada", "bob", second="rapporteur")


def test_two_accounts_are_two_persons_and_both_are_on_record(story: Story) -> None:
    opened(story, margin=2)
    received(story, -MS)
    confirmed(story, "ada", "bob")
    (response,) = story.state("window/w").responses
    ruling = response.ruling
    story.clock(CLOSED)

    assert ("ada", "bob") == (ruling.by.principal, ruling.seconded_by.principal)
    assert ("approved", "") == (story.phase(), ruling.second)


def test_an_unclear_response_at_the_margin_is_dismissed_by_two_as_well(story: Story) -> None:
    """It may be an objection, and it may have come in time."""
    opened(story, margin=2)
    received(story, -MS, kind="unclear")
    with story.refused("two-persons"):
        story.do("rule on response", number=1, breaks=False, **OFFICER)
    story.do("rule on response", number=1, breaks=True, **OFFICER)

    assert "broken" == story.phase()


def test_two_voices_at_the_margin_are_two_voices(story: Story) -> None:
    """Where two are needed to break, each is ruled upon for itself."""
    opened(story, margin=2, threshold=2)
    received(story, -MS)
    received(story, -MS, seats=["west"])
    story.do("rule on response", number=1, breaks=True, **OFFICER)
    first = story.phase(DEADLINE - INSTANT)
    story.do("rule on response", number=2, breaks=True, **OFFICER)

    assert ("open", "broken") == (first, story.phase())


def test_an_objection_that_is_withdrawn_needs_no_ruling(story: Story) -> None:
    """Who takes back what came at the margin lets the silence hold."""
    opened(story, margin=2)
    received(story, -MS)
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.clock(CLOSED)

    assert "approved" == story.phase()


def test_after_an_extension_an_objection_cannot_be_ruled_late(story: Story) -> None:
    """The new end leaves no doubt that it came in time; no two persons can say otherwise."""
    opened(story, margin=2)
    received(story, -MS)
    story.at("2026-03-05T12:03:00Z")
    story.do("extend silence", **OFFICER, **LATER)
    with story.refused("stage"):
        story.do("rule on response", number=1, breaks=False, second="rapporteur", **OFFICER)
    story.clock("2026-03-06T12:10:00Z")
    held = story.phase()
    story.do("rule on response", number=1, breaks=True, **OFFICER)

    assert ("held for review", "broken") == (held, story.phase())


def test_an_extension_by_less_than_the_margin_leaves_the_doubt(story: Story) -> None:
    """A second later is still within two seconds of what was received."""
    opened(story, margin=2)
    received(story, -MS)
    story.at("2026-03-05T12:03:00Z")
    story.do("extend silence", closes=When.from_instant(DEADLINE + timedelta(seconds=1)), **OFFICER)
    story.do("rule on response", number=1, breaks=False, second="rapporteur", **OFFICER)
    story.clock(CLOSED)

    assert "approved" == story.phase()


def test_after_an_extension_an_unclear_response_is_a_matter_of_what_it_says(story: Story) -> None:
    """When it came is beyond doubt, so the officer alone rules that it is no objection."""
    opened(story, margin=2)
    received(story, -MS, kind="unclear")
    story.at("2026-03-05T12:03:00Z")
    story.do("extend silence", **OFFICER, **LATER)
    story.do("rule on response", number=1, breaks=False, **OFFICER)
    story.clock("2026-03-06T12:10:00Z")

    assert "approved" == story.phase()


def test_while_the_clock_is_stopped_nothing_that_came_before_is_late(story: Story) -> None:
    """It will run again to a later end; to dismiss an objection meanwhile would lose it."""
    opened(story, margin=2)
    received(story, -MS)
    story.at("2026-03-05T12:03:00Z")
    story.do("suspend silence", **OFFICER)
    with story.refused("stage"):
        story.do("rule on response", number=1, breaks=False, second="rapporteur", **OFFICER)
    story.do("rule on response", number=1, breaks=True, **OFFICER)

    assert "broken" == story.phase()


@pytest.mark.parametrize("verb", ["extend silence", "suspend silence"])
def test_a_window_is_not_moved_past_what_was_ruled_late(story: Story, verb: str) -> None:
    """A later end would make an objection one in time that two persons have dismissed."""
    opened(story, margin=2)
    received(story, -MS)
    story.do("rule on response", number=1, breaks=False, second="rapporteur", **OFFICER)
    story.at("2026-03-05T12:03:00Z")
    with story.refused("window-open"):
        story.do(verb, **OFFICER, **(LATER if verb == "extend silence" else {}))


# --- one clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [1001, -1001, 3_600_000])
def test_a_clock_that_is_off_takes_responses_and_nothing_else(story: Story, offset: int) -> None:
    """By more than a second: an objection is kept with the offset, and everything else refused."""
    opened(story)
    with story.refused("one-clock"):
        story.do("hold silence", window="w", reason="a doubt", offset_ms=offset)
    story.respond("objection", offset_ms=offset)

    assert ("broken", offset) == (story.phase(), story.events()[-1].offset_ms)
    assert offset == story.state("window/w").responses[0].offset_ms


@pytest.mark.parametrize("offset", [1000, -1000])
def test_a_second_is_near_enough(story: Story, offset: int) -> None:
    """Everything goes on, and each event says how far the clock was off."""
    opened(story)
    story.do("hold silence", window="w", reason="a doubt", offset_ms=offset)

    assert offset == story.events()[-1].offset_ms


def test_the_silence_clock_records_nothing_while_it_is_off(story: Story) -> None:
    """Neither a lapse nor a hold; once the clock is right again, it closes."""
    opened(story)
    before = len(story.events())
    story.clock(CLOSED, offset_ms=120_000)
    off = len(story.events()), story.phase()
    story.clock("2026-03-05T12:12:00Z")

    assert (before, "deadline passed, being verified") == off
    assert "approved" == story.phase()


def test_a_slow_clock_does_not_take_an_answer_for_one_before_the_opening(story: Story) -> None:
    """An hour slow, half an hour after the opening: it says that it is off; the answer counts."""
    opened(story)
    early = When.from_instant(When("2026-03-02T11:35:00Z").exact)
    values = {"window": "w", "kind": "objection", "seats": ["east"], "received": early}
    story.do("respond", offset_ms=-3_600_000, **values)

    assert "broken" == story.phase()
