"""Rules at their edges: the very instant, the last member, the day that a source leaves open."""

from __future__ import annotations

import pytest
from story import Story

from domain.facts import Actor, Role

OFFICER = {"who": "presiding officer", "window": "w"}
CLOSED = "2026-03-05T12:30:00Z"


def told(story: Story) -> None:
    """A source tells of a silence procedure in body `b`, from 2 March 2026 on."""
    story.body()
    story.at("2026-04-01T12:00:00Z")
    story.tell(
        "open silence",
        "2026-03-02T12:00Z",
        window="w",
        body="b",
        subject={"type": "decision text"},
        closes="2026-03-05T12:00Z",
    )


# --- who is heard --------------------------------------------------------------------------------


@pytest.mark.parametrize("received", ["2026-03-02", "unknown", "2026-03"])
def test_what_may_have_come_after_the_opening_is_heard(story: Story, received: str) -> None:
    """A source tells the day of an objection only; the window was opened at noon of that day."""
    told(story)
    story.tell("respond", received, window="w", kind="objection", seats=["east"])

    assert "broken" == story.phase()


def test_a_source_may_tell_for_whom_and_not_by_whom(story: Story) -> None:
    """Somebody objected on behalf of West; that it was for West stays in the record."""
    told(story)
    story.tell("respond", "2026-03-03", window="w", kind="objection", on_behalf_of=["West"])
    (one,) = story.state("window/w").responses

    assert (("West",), "counted") == (one.names, one.standing)


def test_of_whom_a_stranger_speaks_is_not_heard(story: Story) -> None:
    """Nor by a source: what a stranger says for West is no objection of West."""
    told(story)
    story.tell(
        "respond",
        "2026-03-03",
        window="w",
        kind="objection",
        seats=["stranger"],
        on_behalf_of=["West"],
    )
    (one,) = story.state("window/w").responses

    assert "refused" == one.standing


def test_a_letter_that_was_brought_in_late_stood_beside_one_withdrawn_since(story: Story) -> None:
    """West's letter of the 3rd is registered on the 4th, after east withdrew; they were two."""
    story.body(seats=("east", "west", "north"))
    story.silence(threshold=2)
    story.respond("objection")
    story.at("2026-03-04T12:00:00Z")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    letter = {"kind": "objection", "seats": ["west"], "received": "2026-03-03T12:00:00Z"}
    story.do("respond", window="w", **letter)

    assert "broken" == story.phase()


def test_only_what_was_suspended_is_confirmed(story: Story) -> None:
    """Against x there is one letter of the two that it takes: it was in no doubt."""
    story.body(seats=("east", "west", "north"))
    items = {"type": "list of entries", "items": ["x", "y"]}
    story.silence(threshold=2, by_item=True, subject=items)
    story.clock(CLOSED)
    letter = {"window": "w", "kind": "objection", "received": "2026-03-03T12:00:00Z"}
    story.do("respond", **letter, seats=["east"], items=["y"])
    story.do("respond", **letter, seats=["west"])
    ruling = {"number": 2, "breaks": False, "reason": "as read", "second": "the Vice-Chair"}
    story.do("rule on response", **OFFICER, **ruling)

    assert ("y",) == story.events()[-1].fact.items


@pytest.mark.parametrize("field", ["name", "seat", "principal"])
def test_the_second_person_is_none_of_the_names_of_the_first(story: Story, field: str) -> None:
    """Neither who rules, nor the seat or the person for whom that is done, is a second one."""
    story.body()
    story.silence()
    story.clock(CLOSED)
    letter = {"window": "w", "kind": "objection", "received": "2026-03-03T12:00:00Z"}
    story.do("respond", **letter, seats=["east"])
    chair = Actor(role=Role.PRESIDING_OFFICER, **{field: "Judge Rivera"})
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "as read"}
    with story.refused("two-persons"):
        story.do("rule on response", who=chair, second="judge  RIVERA", **ruling)
    story.do("rule on response", who=chair, second="Judge Bonnard", **ruling)

    assert "approved" == story.phase()
