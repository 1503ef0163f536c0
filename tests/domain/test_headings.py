"""Headings without a number: where they stand, what is below them, and when they may change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.agenda import Agenda, checks
from domain.agenda.events import HeadingAmended, HeadingMoved, HeadingProposed, HeadingWithdrawn
from domain.agenda.headings import Heading, apply_heading_event, headings_over
from domain.agenda.item_texts import PlacedHeading, encode_texts
from domain.agenda.items import Item
from domain.rules import Result
from story import ORGANISATION, Story


def listed(story: Story) -> str:
    """The list as it reads: numbers, and headings in brackets."""
    agenda: Agenda = story.state("agenda/a")
    lines = []
    for item in agenda.items:
        lines += [f"[{h.titles['en']}]" for h in agenda.headings if h.before == item.id]
        lines.append(item.item)
    return " ".join([*lines, *(f"[{h.titles['en']}]" for h in agenda.headings if not h.before)])


def heading(story: Story, title: str, before: str = "") -> None:
    story.do("propose heading", agenda="a", titles={"en": title}, before=before)


def move(story: Story, name: str, before: str = "") -> None:
    story.do("move heading", agenda="a", heading=name, before=before, reason="Better so.")


def begun(story: Story, *items: str) -> None:
    """An agenda with these items."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in items:
        story.propose(item)


def approvals(story: Story) -> dict[str, str]:
    return {item.item: item.approval for item in story.state("agenda/a").items}


def text_of(story: Story) -> Any:
    """The manifest of the text that was submitted last."""
    agenda = story.state("agenda/a")
    return content(story, agenda.text_hash)


def content(story: Story, digest: str) -> Any:
    return json.loads(story.placet.store.history(ORGANISATION).content(digest))


def test_a_heading_stands_above_an_item_or_waits_at_the_end_for_the_next(story: Story) -> None:
    begun(story, "1", "2")
    heading(story, "Substance", "2")
    heading(story, "Closing")
    story.propose("2 (a)")
    assert "1 [Substance] 2 2 (a) [Closing]" == listed(story)

    story.propose("3")
    assert "1 [Substance] 2 2 (a) [Closing] 3" == listed(story)


def test_headings_that_stand_together_are_put_in_order_by_moving_them(story: Story) -> None:
    begun(story, "1", "2")
    heading(story, "Part II", "2")
    heading(story, "A", "2")
    assert "1 [Part II] [A] 2" == listed(story)

    move(story, "h1", "2")
    assert "1 [A] [Part II] 2" == listed(story)
    move(story, "h2", "1")
    assert "[A] 1 [Part II] 2" == listed(story)
    move(story, "h2")
    assert "1 [Part II] 2 [A]" == listed(story)


@pytest.mark.parametrize(
    ("after", "left"),
    [
        ("", "2 1 [Substance] 3 3 (a) [Closing] 4"),
        ("1", "1 2 [Substance] 3 3 (a) [Closing] 4"),
        ("3", "1 [Substance] 3 3 (a) 2 [Closing] 4"),
        ("4", "1 [Substance] 3 3 (a) [Closing] 4 2"),
    ],
)
def test_a_heading_stays_where_it_is_when_items_move(story: Story, after: str, left: str) -> None:
    begun(story, "1", "2", "3", "3 (a)", "4")
    heading(story, "Substance", "2")
    heading(story, "Closing", "4")
    story.do("move item", agenda="a", item="2", after=after, reason="Better so.")
    assert left == listed(story)


def test_no_heading_goes_with_an_item_that_is_taken_off(story: Story) -> None:
    begun(story, "1", "2", "2 (a)", "3")
    heading(story, "Substance", "2")
    heading(story, "Costs", "2 (a)")
    heading(story, "Closing", "3")
    story.do("withdraw item", agenda="a", item="2", reason="Dry.")
    assert "1 [Substance] [Costs] [Closing] 3" == listed(story)

    story.do("withdraw item", agenda="a", item="3", reason="Dry.")
    assert "1 [Substance] [Costs] [Closing]" == listed(story)


def test_the_id_of_a_heading_is_given_once(story: Story) -> None:
    begun(story, "1")
    heading(story, "First")
    story.do("withdraw heading", agenda="a", heading="h1", reason="A slip.")
    heading(story, "Second")
    assert ["h2"] == [heading.id for heading in story.state("agenda/a").headings]


def test_a_text_holds_the_headings_above_its_items_and_no_others(story: Story) -> None:
    begun(story, "1", "2", "3", "4")
    heading(story, "Opening", "1")
    heading(story, "Substance", "2")
    heading(story, "Closing", "4")
    heading(story, "Nothing yet")
    story.do("submit items", agenda="a", items=["3", "4"])
    placed = [(line["heading"], line["before"]) for line in text_of(story)["headings"]]
    assert [("h2", "3"), ("h3", "4")] == placed

    text = content(story, text_of(story)["headings"][0]["texts"]["en"])
    assert {"heading": "h2", "language": "en", "title": "Substance"} == text


def test_a_list_without_headings_makes_the_text_that_it_always_made() -> None:
    item = Item(item="1", titles={"en": "One"})
    assert b"headings" not in encode_texts([item])[1][-1]
    assert (
        b"headings"
        in encode_texts([item], [PlacedHeading(Heading(id="h1", titles={}), "1")])[1][-1]
    )


def test_what_comes_under_other_headings_must_be_submitted_again(story: Story) -> None:
    begun(story, "1", "2", "3")
    story.do("submit items", agenda="a")
    heading(story, "Closing", "3")
    assert {"1": "submitted", "2": "submitted", "3": "proposed"} == approvals(story)

    story.do("submit items", agenda="a")
    move(story, "h1", "2")
    assert {"1": "submitted", "2": "proposed", "3": "submitted"} == approvals(story)

    story.do("submit items", agenda="a")
    words = {"en": "The end"}
    story.do("amend heading", agenda="a", heading="h1", titles=words, reason="Plain.")
    assert {"1": "submitted", "2": "proposed", "3": "proposed"} == approvals(story)

    story.do("submit items", agenda="a")
    story.do("withdraw heading", agenda="a", heading="h1", reason="Plain.")
    assert {"1": "submitted", "2": "proposed", "3": "proposed"} == approvals(story)


def test_an_item_that_leaves_the_last_place_below_a_heading_puts_it_over_the_next(
    story: Story,
) -> None:
    begun(story, "1", "2", "3")
    heading(story, "Substance", "2")
    heading(story, "Closing", "3")
    story.do("submit items", agenda="a")
    story.do("move item", agenda="a", item="2", reason="First.")
    assert "2 1 [Substance] [Closing] 3" == listed(story)
    assert {"1": "submitted", "2": "proposed", "3": "proposed"} == approvals(story)


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("amend heading", {"heading": "h1", "titles": {"en": "Other"}}),
        ("move heading", {"heading": "h1"}),
        ("withdraw heading", {"heading": "h1"}),
    ],
)
def test_every_change_of_a_heading_says_why(story: Story, verb: str, fields: Any) -> None:
    begun(story, "1")
    heading(story, "Opening", "1")
    with story.refused("empty"):
        story.do(verb, agenda="a", reason="", **fields)
    story.do(verb, agenda="a", reason="So.", **fields)


def test_a_heading_needs_words(story: Story) -> None:
    begun(story, "1")
    heading(story, "Opening", "1")
    with story.refused("empty"):
        story.do("amend heading", agenda="a", heading="h1", titles={"en": "\u200b"}, reason="So.")


def test_after_publication_no_heading_is_added_and_after_adoption_none_changes(
    story: Story,
) -> None:
    begun(story, "1", "2")
    heading(story, "Opening", "1")
    heading(story, "Rest", "2")
    story.do("submit items", agenda="a")
    story.do("approve items", agenda="a", who="body", manner="consensus")
    amendments = [{"act": "reorder", "item": "1", "after": "2"}]
    story.do("adopt agenda", agenda="a", who="body", amendments=amendments)
    assert "[Opening] [Rest] 2 1" == listed(story)
    for verb, fields in (
        ("propose heading", {"titles": {"en": "Late"}}),
        ("amend heading", {"heading": "h1", "titles": {"en": "Late"}, "reason": "So."}),
        ("move heading", {"heading": "h1", "reason": "So."}),
        ("withdraw heading", {"heading": "h1", "reason": "So."}),
    ):
        with story.refused("stage"):
            story.do(verb, agenda="a", **fields)


def test_words_that_a_correction_changes_after_the_approval_are_noticed(story: Story) -> None:
    begun(story, "1")
    heading(story, "Opening", "1")
    story.do("submit items", agenda="a")
    story.do("approve items", agenda="a", who="body", manner="consensus")
    number = 1 + story.names().index("agenda.heading_proposed")
    version = story.events()[number - 1].version
    with story.refused("empty"):
        story.do(
            "correct fact",
            of="agenda/a",
            version=version,
            now={"titles.en": " "},
            reason="A slip.",
            authority="The minutes.",
        )
    story.do(
        "correct fact",
        of="agenda/a",
        version=version,
        now={"titles.en": "Opening of the session"},
        reason="A slip.",
        authority="The minutes.",
    )
    history = story.placet.store.history(ORGANISATION)
    found = checks.check_approval(story.state("agenda/a"), history.content)
    assert (Result.VIOLATED, "changed after the approval: heading h1") == (
        found.result,
        found.because,
    )


def test_an_event_about_a_heading_that_is_not_there_changes_nothing() -> None:
    items = [Item(item="1", titles={"en": "One"}, id="i1")]
    headings = (Heading(id="h1", titles={"en": "Opening"}, before="i1"),)
    for event in (
        HeadingAmended(heading="h7", titles={"en": "Other"}, reason="So."),
        HeadingMoved(heading="h7", titles={}, reason="So."),
        HeadingWithdrawn(heading="h7", titles={}, reason="So."),
    ):
        assert headings == apply_heading_event(headings, items, event)
    strange = HeadingProposed(id="h2", titles={"en": "Lost"}, before="9")
    assert ["i1", ""] == [h.before for h in apply_heading_event(headings, items, strange)]
    assert {"i1": ["h1"]} == headings_over(items, headings)
