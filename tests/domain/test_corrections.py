"""Corrections: a later event puts an earlier one right; nothing is deleted."""

from __future__ import annotations

import pytest

from domain.corrections import affected_events
from domain.times import When
from story import Story

BY = {"authority": "the Secretary of the body"}


@pytest.fixture
def attested(story: Story) -> Story:
    """An agenda whose items were submitted, by a source, on the wrong day."""
    story.body()
    story.tell("start agenda", "2023-05-01", agenda="a", body="b", approved_by="b")
    story.tell("propose item", "2023-05-02", agenda="a", item="1", titles={"en": "Wells"})
    story.tell("submit items", "2023-06-05", agenda="a")
    return story


def test_what_was_wrong_stays_and_is_read_right(attested: Story) -> None:
    """The event keeps its bytes; the state is read with the correction."""
    before = attested.events()[-1]
    attested.do(
        "correct fact",
        of="agenda/a",
        version=3,
        now={"effective": "2023-06-06"},
        reason="typo",
        **BY,
    )
    correction = attested.events()[-1].fact

    assert before == attested.events()[-2]
    assert {"effective": "2023-06-05"} == correction.was
    assert When("2023-06-06") == attested.state("agenda/a").submitted.when


def test_what_followed_is_shown_as_affected(attested: Story) -> None:
    """Decisions that had the wrong fact in view are listed; those before it are not."""
    attested.tell("approve items", "2023-06-20", who="body", agenda="a", manner="at a meeting")
    attested.do(
        "correct fact", of="agenda/a", version=2, now={"memorandum": "M.1"}, reason="found", **BY
    )
    log = attested.events()
    names = [event.name for event in affected_events(log[-1], log)]

    assert ["agenda.items_submitted.v1", "agenda.items_approved.v1"] == names
    assert [] == affected_events(log[0], log)
    assert "M.1" == attested.state("agenda/a").items[0].memorandum


def test_a_correction_needs_a_fact_a_reason_and_authority(attested: Story) -> None:
    """Anything less is refused, and so is a value that the field cannot hold."""
    requested = {
        "of": "agenda/a",
        "version": 3,
        "now": {"effective": "2023-06-06"},
        "reason": "typo",
    }
    with attested.refused("correction-has-reason"):
        attested.do("correct fact", **requested)
    with attested.refused("correction-has-reason"):
        attested.do("correct fact", **BY, **(requested | {"reason": ""}))
    for wrong in (
        {"version": 77},
        {"of": "agenda/nowhere"},
        {"now": {"effective": "the day after"}},
        {"now": {"items": "2"}},
        {"now": {"none": "2"}},
    ):
        with attested.refused("correction-names-a-fact"):
            attested.do("correct fact", **BY, **(requested | wrong))
    with attested.refused("empty"):
        attested.do("correct fact", **BY, **(requested | {"now": {}}))


def test_numbers_and_truth_are_corrected_too(story: Story) -> None:
    """A part's number, or whether a session is regular."""
    story.body()
    dates = {"starts": "2015-11-02", "ends": "2015-11-06"}
    story.tell("schedule session", session="s", body="b", number="6", **dates)
    requested = {"of": "session/s", "version": 1, "reason": "special session"}
    story.do("correct fact", now={"regular": "no"}, **requested, **BY)

    assert story.state("session/s").regular is False


def test_a_computed_outcome_is_never_corrected(story: Story) -> None:
    """In a live window rulings are the only way."""
    story.body()
    story.silence()
    story.respond("objection")
    with story.refused("correction-not-of-a-window"):
        story.do(
            "correct fact",
            of="window/w",
            version=2,
            now={"effective": "2026-04-01"},
            reason="inconvenient",
            **BY,
        )


def test_no_correction_changes_a_text_about_which_seats_are_asked(story: Story) -> None:
    """They are asked about what was circulated; particulars of an item are no part of it."""
    story.body()
    story.agenda("1", "2")
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    proposed = {"of": "agenda/a", "version": 2, "reason": "typo", **BY}
    for now in ({"titles.en": "On the Moon"}, {"item": "7"}):
        with story.refused("stage"):
            story.do("correct fact", now=now, **proposed)
    story.do("correct fact", now={"memorandum": "M.1"}, **proposed)

    assert "M.1" == story.state("agenda/a").items[0].memorandum


def test_nor_that_of_a_heading_above_it(story: Story) -> None:
    """Headings are circulated with the items below them."""
    story.body()
    story.agenda("1", "2")
    story.do("propose heading", agenda="a", titles={"en": "At sea"}, before="2")
    version = story.events()[-1].version
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    now = {"titles.en": "On the Moon"}

    with story.refused("stage"):
        story.do("correct fact", of="agenda/a", version=version, now=now, reason="typo", **BY)
    assert {"en": "At sea"} == story.state("agenda/a").headings[0].titles
