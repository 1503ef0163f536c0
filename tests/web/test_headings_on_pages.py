"""Headings without a number: put on the list by forms, and shown wherever the list is."""

from __future__ import annotations

import warnings

import pytest

from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, said

AGENDA = f"/agendas/{ORGANISATION}/a"
WINDOW = f"/windows/{ORGANISATION}/w"


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of an agenda with the items 1, 2, 2 (a) and 9."""
    story.body()
    story.agenda("1", "2", "2 (a)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def listed(visitor: Visitor) -> list[str]:
    """The list as the page of the agenda shows it: numbers, and headings by their words."""
    page = parsed(visitor.opens(AGENDA).text)
    rows = page.xpath("//ol[@class='items']//li[@class='heading' or span[@class='number']]")
    return [" ".join(row.xpath("string(h3 | span[@class='number'])").split()) for row in rows]


def test_headings_are_proposed_moved_amended_and_withdrawn_by_forms(visitor: Visitor) -> None:
    visitor.acts("propose-heading", AGENDA, before="2", **{"title-en": "Substance"})
    assert ["1", "Substance", "2", "2 (a)", "9"] == listed(visitor)

    moved = said(visitor.acts("move-heading", AGENDA, heading="h1", before="", reason="Better."))
    assert "The heading “Substance” was moved to the end of the list. Better." in moved
    assert ["1", "2", "2 (a)", "9", "Substance"] == listed(visitor)

    visitor.acts("move-heading", AGENDA, heading="h1", before="2 (a)", reason="Better.")
    visitor.acts(
        "amend-heading", AGENDA, heading="h1", reason="Plain.", **{"title-en": "Questions"}
    )
    assert ["1", "2", "Questions", "2 (a)", "9"] == listed(visitor)

    gone = said(visitor.acts("withdraw-heading", AGENDA, heading="h1", reason="No need."))
    assert "The heading “Questions” was taken off the list. No need." in gone
    assert ["1", "2", "2 (a)", "9"] == listed(visitor)


def test_what_is_under_silence_is_shown_and_mailed_with_its_headings(visitor: Visitor) -> None:
    titles = {"en": "Substance", "fr": "Questions de fond"}
    visitor.story.do("propose heading", agenda="a", titles=titles, before="2")
    visitor.story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    visitor.story.do("open silence", window="w", body="b", subject=subject)
    terms = parsed(visitor.opens(WINDOW).text).xpath("//dt[.='Heading']/following-sibling::dd[1]")
    assert ["Substance"] == [dd.xpath("string(strong)").strip() for dd in terms]

    answer = visitor.client.get(f"{WINDOW}.json").json()
    assert [{"id": "h1", "before": "2", "titles": titles}] == answer["headings"]
    with visitor.story.refused("stage"):
        visitor.story.do("withdraw heading", agenda="a", heading="h1", reason="Too late.")
