"""Of which ends somebody may still have to be told: what a new outbox must look at, and no more."""

from __future__ import annotations

import pytest

from domain.actors import Actor, Role
from domain.notices import NO_ADDRESS
from story import Story

SERVICE = Actor(role=Role.NOTICES)


@pytest.fixture
def broken(story: Story) -> Story:
    """Window `w` of two seats that were told of its opening by letter; one objects."""
    story.body()
    story.silence()
    record(story, "east", "west", about="opening")
    story.respond("objection", text="No.")
    return story


def record(story: Story, *seats: str, about: str = "outcome", **fields: object) -> None:
    """What became of letters to these seats, in which the record names their event or none."""
    given = {"window": "w", "result": "delivered", "about": about, "who": SERVICE}
    story.do("record notices", seats=[*seats], **(given | fields))


def unsettled(story: Story) -> bool:
    found: bool = story.state("window/w").end_is_unsettled
    return found


def test_an_end_is_unsettled_until_it_is_recorded_of_every_seat(broken: Story) -> None:
    assert unsettled(broken)
    record(broken, "east")
    assert unsettled(broken)
    record(broken, "west", result="failed", reason="the server refused it")
    assert not unsettled(broken)


def test_a_seat_without_an_address_is_still_to_be_told(broken: Story) -> None:
    record(broken, "east")
    record(broken, "west", result="failed", reason=NO_ADDRESS)

    assert unsettled(broken)


def test_what_is_recorded_of_another_event_settles_nothing(broken: Story) -> None:
    """A reminder, or another version; the control is the version of the break."""
    record(broken, "east", "west", about="reminder")
    record(broken, "east", "west", event=2)
    assert unsettled(broken)
    record(broken, "east", "west", event=version(broken, "window.broken"))
    assert not unsettled(broken)


def version(story: Story, name: str) -> int:
    found: int = [
        event.version for event in story.events() if event.name.rpartition(".")[0] == name
    ][-1]
    return found


def test_a_window_without_letters_settles_itself(story: Story) -> None:
    """A first outbox begins without a flood of old mail."""
    story.body()
    story.silence()
    story.respond("objection", text="No.")

    assert not unsettled(story)


def test_a_window_that_is_open_has_no_end(story: Story) -> None:
    story.body()
    story.silence()
    record(story, "east", "west", about="opening")
    again = {"seats": ["east"], "about": "opening", "reason": "it came back"}
    story.do("repeat notices", window="w", **again)

    assert not unsettled(story)


def test_a_supersession_is_an_end(story: Story) -> None:
    story.body()
    story.silence()
    record(story, "east", "west", about="opening")
    story.do("supersede silence", who="presiding officer", window="w", reason="R.")
    assert unsettled(story)
    record(story, "east", "west", about="supersession")
    assert not unsettled(story)


def test_an_outcome_that_is_told_again_is_unsettled_for_those_who_are_named(broken: Story) -> None:
    record(broken, "east", "west")
    again = {"window": "w", "seats": ["west"], "about": "outcome", "reason": "it came back"}
    broken.do("repeat notices", **again)
    assert unsettled(broken)
    record(broken, "east")
    assert unsettled(broken)
    record(broken, "west")
    assert not unsettled(broken)


def test_an_approval_that_is_suspended_is_an_end_to_be_told(story: Story) -> None:
    story.body()
    story.silence()
    record(story, "east", "west", about="opening")
    story.clock("2026-03-05T12:10:00Z")
    record(story, "east", "west")
    assert not unsettled(story)
    found = {"kind": "objection", "seats": ["east"], "received": "2026-03-05T12:00:00Z"}
    story.do("respond", window="w", **found)

    assert unsettled(story)
