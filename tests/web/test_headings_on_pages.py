"""Headings without a number: put on the list by forms, and shown wherever the list is."""

from __future__ import annotations

import warnings

import pytest

from adapters.mail.screen import ScreenTransport
from page_tree import parsed
from smtp_server import directory, sent, service
from story import ORGANISATION, Story
from web_visitor import Visitor, field_values, said

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

    removed = said(visitor.acts("withdraw-heading", AGENDA, heading="h1", reason="No need."))
    assert "The heading “Questions” was taken off the list. No need." in removed
    assert ["1", "2", "2 (a)", "9"] == listed(visitor)


def test_what_is_under_silence_is_shown_with_its_headings(visitor: Visitor) -> None:
    titles = {"en": "Substance", "fr": "Questions de fond"}
    visitor.story.do("propose heading", agenda="a", titles=titles, before="2")
    visitor.story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    visitor.story.do("open silence", window="w", body="b", subject=subject)
    terms = parsed(visitor.opens(WINDOW).text).xpath(
        "//dt[.='Section heading']/following-sibling::dd[1]"
    )
    assert ["Substance"] == [dd.xpath("string(strong)").strip() for dd in terms]

    answer = visitor.client.get(f"{WINDOW}.json").json()
    assert [{"id": "h1", "before": "2", "titles": titles}] == answer["headings"]
    with visitor.story.refused("stage"):
        visitor.story.do("withdraw heading", agenda="a", heading="h1", reason="Too late.")


def test_a_letter_has_the_headings_between_the_items(story: Story) -> None:
    story.body()
    story.agenda("1", "2")
    story.do("propose heading", agenda="a", titles={"en": "Substance"}, before="2")
    story.do("submit items", agenda="a")
    directory(story, "east")
    shown: list[str] = []
    service(story, ScreenTransport(shown.append))
    subject = {"type": "agenda items", "agenda": "a"}
    story.do("open silence", window="w", body="b", subject=subject)
    sent(story)
    lines = [line.strip() for line in shown[0].splitlines()]
    begins = lines.index("1  Item 1")
    assert ["1  Item 1", "Substance", "2  Item 2", "9  Item 9"] == lines[begins : begins + 4]


def test_a_relaunch_shows_what_changed_in_a_heading(visitor: Visitor) -> None:
    story, subject = visitor.story, {"type": "agenda items", "agenda": "a"}
    story.do("propose heading", agenda="a", titles={"en": "Substance"}, before="2")
    story.do("submit items", agenda="a")
    story.do("open silence", window="w", body="b", subject=subject)
    story.respond("objection")
    titles = {"en": "Questions of substance"}
    story.do("amend heading", agenda="a", heading="h1", titles=titles, reason="Plain.")
    story.do("submit items", agenda="a")
    story.do("open silence", window="again", body="b", subject=subject, relaunch_of="w")
    page = parsed(visitor.opens(f"/windows/{ORGANISATION}/again").text)
    (section,) = page.xpath("//*[@aria-labelledby='changed']")
    (about,) = section.xpath("p[@class='fine']")
    assert ["Section", "heading", "h1"] == about.text_content().split()[:3]
    assert 1 == len(section.xpath(".//blockquote"))


# --- The list as a whole --------------------------------------------------------------------------

ITEMS = f"{AGENDA}/edit/items"


def edited(visitor: Visitor, **changed: object) -> dict[str, list[str]]:
    """What the editing page sends once these fields are filled in."""
    return field_values(visitor.opens(ITEMS).text) | changed


def test_a_heading_is_inserted_by_a_button_and_recorded_with_all_else(visitor: Visitor) -> None:
    page = visitor.sends(ITEMS, edited(visitor, do="insert-2-heading"))
    values = field_values(page.text)
    assert ["heading"] == values["r2-kind"]
    assert "r2-number" not in values

    values |= {"r2-title-en": ["Substance"], "r3-documents": ["FX/1"], "a-reason": ["So."]}
    check = visitor.sends(ITEMS, values)
    done = visitor.confirms(ITEMS, check)
    page = said(visitor.opens(done.headers["location"]))
    assert "The heading “Substance” was put above item 2." in page
    assert "Documents of item 2: FX/1." in page
    assert ["1", "Substance", "2", "2 (a)", "9"] == listed(visitor)


def test_what_is_ticked_and_what_is_not_is_sent(visitor: Visitor) -> None:
    first = {"r2-subjects": ["", "report", "other matters"], "a-reason": ["So."]}
    visitor.confirms(ITEMS, visitor.sends(ITEMS, edited(visitor, **first)))
    assert ("report", "other matters") == visitor.story.state("agenda/a").item("2").subjects

    page = parsed(visitor.opens(ITEMS).text)
    ticked = page.xpath("//input[@name='r2-subjects' and @checked]/@value")
    assert {"report", "other matters"} == {*ticked}
    check = visitor.sends(ITEMS, edited(visitor, **{"r2-subjects": [""], "a-reason": ["So."]}))
    done = said(visitor.opens(visitor.confirms(ITEMS, check).headers["location"]))
    assert "Taken off item 2: subjects. So." in done
    assert () == visitor.story.state("agenda/a").item("2").subjects


def test_a_line_that_was_taken_off_is_put_back_where_it_was(visitor: Visitor) -> None:
    removed = visitor.sends(ITEMS, edited(visitor, do="remove-2"))
    values = field_values(removed.text)
    assert ["1", "2 (a)", "9"] == [values[f"r{n}-number"][0] for n in range(1, 4)]
    assert "Put back 2 Item 2" in said(removed)

    again = field_values(visitor.sends(ITEMS, values | {"do": ["restore-i2"]}).text)
    assert ["1", "2", "2 (a)", "9"] == [again[f"r{n}-number"][0] for n in range(1, 5)]
    assert ["i2"] == again["r2-key"]
    twice = field_values(visitor.sends(ITEMS, again | {"do": ["restore-i2"]}).text)
    assert ["4"] == twice["rows"]


def test_numbers_are_counted_anew_by_a_button(visitor: Visitor) -> None:
    values = edited(visitor, do="insert-2")
    inserted = field_values(visitor.sends(ITEMS, values).text)
    inserted |= {"r2-number": ["2"], "r2-title-en": ["New"], "do": ["count"]}
    numbered = field_values(visitor.sends(ITEMS, inserted).text)
    assert ["1", "2", "3", "3 (a)", "4"] == [numbered[f"r{n}-number"][0] for n in range(1, 6)]


def test_of_a_cell_that_two_changed_both_versions_are_shown(visitor: Visitor) -> None:
    second = edited(visitor, **{"r2-proposer": ["Southland"], "a-reason": ["So."]})
    first = edited(visitor, **{"r2-proposer": ["Northland"], "a-reason": ["So."]})
    visitor.confirms(ITEMS, visitor.sends(ITEMS, first))
    answer = visitor.sends(ITEMS, second)
    assert (409, ["Southland"]) == (
        answer.status_code,
        field_values(answer.text)["r2-proposer"],
    )
    assert "Recorded now: Northland" in said(answer)


def test_who_reads_another_language_sees_what_a_line_is_about(visitor: Visitor) -> None:
    page = parsed(visitor.opens(f"{ITEMS}?lang=fr").text)
    assert ["Item 2"] == [
        " ".join(text.split()) for text in page.xpath("//fieldset[@id='r2']/p/bdi/text()")
    ]


def test_after_the_publication_what_cannot_change_is_refused_by_its_rule(visitor: Visitor) -> None:
    visitor.story.do("submit items", agenda="a")
    visitor.story.do("approve items", agenda="a", who="body", manner="consensus")
    answer = visitor.sends(ITEMS, edited(visitor, **{"r2-title-en": ["X"], "a-reason": ["So."]}))
    assert (409, True) == (answer.status_code, "Rule: stage" in said(answer))

    values = edited(visitor, **{"r2-documents": ["FX/7"]})
    visitor.confirms(ITEMS, visitor.sends(ITEMS, values))
    assert ("FX/7",) == visitor.story.state("agenda/a").item("2").documents


def test_in_arabic_numbers_of_items_keep_their_direction(visitor: Visitor) -> None:
    visitor.story.do("move item", agenda="a", item="2 (a)", after="1", reason="So.")
    visitor.story.do("renumber items", agenda="a", numbers={"9": "8"}, reason="So.")
    page = visitor.opens(f"{AGENDA}?lang=ar").text
    assert "\u200e2 (a)\u200e" in page
    assert "\u200e9 → 8\u200e" in page
    assert "\u200e" not in visitor.opens(AGENDA).text
