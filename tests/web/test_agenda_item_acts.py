"""The list of items is put right on the pages of an agenda, and on the command line."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import Placet
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, field_values, said

AGENDA = f"/agendas/{ORGANISATION}/a"
LIST = ("amend-item", "move-item", "renumber-items", "withdraw-item")


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of an agenda with the items 1, 2, 2 (a), 3 and 9."""
    story.body()
    story.agenda("1", "2", "2 (a)", "3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def choices(visitor: Visitor, slug: str, name: str = "item") -> Sequence[str]:
    """What a form offers to choose from, in words."""
    page = parsed(visitor.opens(f"{AGENDA}/act/{slug}").text)
    return [str(text) for text in page.xpath(f"//select[@name='{name}']/option[@value!='']/text()")]


def refused(visitor: Visitor, slug: str, **fields: Any) -> Any:
    """The form that comes back."""
    path = f"{AGENDA}/act/{slug}"
    answer = visitor.sends(path, visitor.fills(path, **fields))
    assert answer.status_code in {409, 422}, said(answer)
    return answer


def numbers(visitor: Visitor) -> str:
    """The numbers of the items in their order."""
    return ", ".join(item.item for item in visitor.story.state("agenda/a").items)


def test_a_title_is_amended_in_one_language(visitor: Visitor) -> None:
    """The other languages stay; an item that was submitted is submitted again."""
    visitor.acts("submit-items", AGENDA)
    before = visitor.client.get(f"{AGENDA}/act/submit-items").status_code
    page = said(
        visitor.acts(
            "amend-item",
            AGENDA,
            item="2",
            reason="The translation came.",
            **{"title-fr": "Les bouées"},
        )
    )
    item = visitor.story.state("agenda/a").item("2")

    assert "The translation came." in page
    assert {"en": "Item 2", "fr": "Les bouées"} == item.titles
    assert "proposed" == item.approval
    assert 409 == before
    visitor.opens(f"{AGENDA}/act/submit-items")


def test_a_proposer_is_named_later(visitor: Visitor) -> None:
    """The page says what is told again, and the submitted text stands."""
    visitor.acts("submit-items", AGENDA)
    page = said(
        visitor.acts(
            "describe-item",
            AGENDA,
            item="2",
            proposer="Northland",
            legal_basis="Resolution 9/1\nDecision 3",
            reason="The letter came.",
        )
    )

    assert "The particulars of item 2 were changed. Proposed by: Northland." in page
    assert "Legal basis: Resolution 9/1, Decision 3. The letter came." in page
    assert "submitted" == visitor.story.state("agenda/a").item("2").approval


def test_all_that_is_missing_is_told_at_once_and_nothing_is_lost(visitor: Visitor) -> None:
    answer = refused(visitor, "amend-item", reason="Why not.")
    page = said(answer)

    assert 422 == answer.status_code
    assert "Which item: This is needed." in page
    assert "New title (English): This is needed, in at least one language." in page
    assert ["Why not."] == [text.strip() for text in field_values(answer.text)["reason"]]


def test_an_item_is_taken_back_with_its_sub_items(visitor: Visitor) -> None:
    page = said(visitor.acts("withdraw-item", AGENDA, item="2", reason="Not ripe."))

    assert "Item 2 was taken back, with its sub-item 2 (a). Not ripe." in page
    assert "1, 3, 9" == numbers(visitor)


def test_an_item_is_moved(visitor: Visitor) -> None:
    """Behind another one, under another one, or to the top; never under itself."""
    behind = said(visitor.acts("move-item", AGENDA, item="2", after="3", reason="Later."))
    order = numbers(visitor)
    under = said(visitor.acts("move-item", AGENDA, item="9", under="1", reason="Together."))
    itself = said(refused(visitor, "move-item", item="2", under="2 (a)", reason="Nonsense."))
    top = said(visitor.acts("move-item", AGENDA, item="3", reason="First."))

    assert "Item 2 was moved behind item 3. Later." in behind
    assert "1, 3, 2, 2 (a), 9" == order
    assert "Item 9 was moved under item 1. Together." in under
    assert "to itself or to its own sub-items" in itself
    assert "Item 3 was moved to the top of the agenda. First." in top
    assert "3, 1, 9, 2, 2 (a)" == numbers(visitor)


def test_items_change_their_numbers_all_at_once(visitor: Visitor) -> None:
    path = f"{AGENDA}/act/renumber-items"
    none = refused(visitor, "renumber-items", reason="A slip.")
    check = visitor.checks(
        path,
        reason="In the order of debate.",
        **{"number-2": "3", "number-3": "2", "number-2%20%28a%29": "3 (b)"},
    )
    visitor.confirms(path, check)

    assert "New number for: 1 Item 1: This is needed for at least one of them." in said(none)
    assert "2 → 3" in said(check)
    assert "New number for: 2 (a) Item 2 (a)" in said(check)
    assert "1, 3, 3 (b), 2, 9" == numbers(visitor)


def test_two_items_never_get_one_number(visitor: Visitor) -> None:
    answer = refused(visitor, "renumber-items", reason="A slip.", **{"number-2": "3"})

    assert 409 == answer.status_code
    assert "two items would be numbered 3" in said(answer)
    assert ["3"] == field_values(answer.text)["number-2"]


def test_what_is_under_silence_is_not_offered_for_change(visitor: Visitor) -> None:
    """An item above stays as it is too, and an older form is refused."""
    form = f"{AGENDA}/act/withdraw-item"
    older = visitor.fills(form, item="2", reason="Too late.") | {"confirmed": "yes"}
    visitor.acts("submit-items", AGENDA, items=["2 (a)"])
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    answer = visitor.sends(form, older)

    for slug in ("amend-item", "withdraw-item", "move-item"):
        assert ["1 Item 1", "3 Item 3", "9 Item 9"] == choices(visitor, slug)
    assert 422 == answer.status_code
    assert "Which item: This is not one of the answers that are offered here." in said(answer)
    assert "1, 2, 2 (a), 3, 9" == numbers(visitor)


def test_an_item_is_annotated_in_a_language(visitor: Visitor) -> None:
    """Paragraphs and footnotes stay as they are written, also two that are the same."""
    page = said(
        visitor.acts(
            "annotate-item",
            AGENDA,
            item="2",
            language="fr",
            heading="Les bouées",
            paragraphs="Un.\r\n\r\nDeux.",
            footnotes="Ibid.\nIbid.",
        )
    )
    form = f"{AGENDA}/act/annotate-item"
    there = visitor.fills(f"{form}?item=2&language=fr")
    more = there["paragraphs"][0].strip() + "\nTrois."
    visitor.confirms(form, visitor.sends(form, there | {"paragraphs": more}))
    (note,) = visitor.story.state("agenda/a").item("2").notes

    assert "Item 2 was annotated in French." in page
    assert ("Un.", "Deux.", "Trois.") == note.paragraphs
    assert ("Ibid.", "Ibid.") == note.footnotes
    assert "Trois." in said(visitor.opens(f"{AGENDA}?lang=fr"))


def test_a_form_begins_with_what_stands_there(visitor: Visitor) -> None:
    """It asks first which item it is about, in the language of its reader."""
    visitor.acts("plan-documents", AGENDA, item="2", documents="A/1\nA/2", note="In English only.")
    form = f"{AGENDA}/act/plan-documents"
    first = visitor.opens(f"{form}?lang=fr")
    unknown = visitor.fills(f"{form}?item=7")
    there = visitor.fills(f"{form}?item=2")
    title = visitor.fills(f"{AGENDA}/act/annotate-item?item=2&language=en")
    half = visitor.fills(f"{AGENDA}/act/annotate-item?item=2")

    assert {"lang": ["fr"], "item": [""]} == field_values(first.text)
    assert {"item": [""]} == unknown
    assert ("A/1\nA/2", "In English only.", ["2"], ["no"]) == (
        there["documents"][0].strip(),
        there["note"][0],
        there["item"],
        there["none_expected"],
    )
    assert "Which item 2 Item 2" in said(visitor.opens(f"{form}?item=2"))
    assert ["Item 2"] == title["heading"]
    assert {"item": ["2"], "language": [""]} == half


def test_something_has_to_be_chosen_first(visitor: Visitor) -> None:
    """Said to whom goes on with nothing, or with half of it; not to whom has just arrived."""
    form = f"{AGENDA}/act/annotate-item"
    arrived = said(visitor.opens(form))
    nothing = said(visitor.opens(f"{form}?item=&language="))
    half = said(visitor.opens(f"{form}?item=2&language="))
    unknown = said(visitor.opens(f"{form}?item=7&language=en"))

    assert "please put this right" not in arrived
    assert "This is needed." not in arrived
    assert "please put this right Which item: This is needed.Language: This" in nothing
    assert "please put this right Language: This is needed." in half
    assert "please put this right Which item: This is not one of the answers" in unknown


def test_documents_are_listed_or_none_is_expected(visitor: Visitor) -> None:
    neither = said(refused(visitor, "plan-documents", item="2"))
    listed = said(visitor.acts("plan-documents", AGENDA, item="2", documents="A/1\nA/2"))
    both = said(refused(visitor, "plan-documents", item="2", documents="A/1", none_expected="yes"))
    none = said(visitor.acts("plan-documents", AGENDA, item="3", none_expected="yes"))

    assert "List documents, or say that none is expected." in neither
    assert "Documents of item 2: A/1, A/2." in listed
    assert "List documents, or say that none is expected." in both
    assert "No document is expected for item 3." in none


def test_the_list_is_closed_once_the_agenda_is_adopted(visitor: Visitor) -> None:
    story = visitor.story
    story.do("submit items", agenda="a")
    story.do("approve items", who="body", agenda="a", manner="consensus")
    story.do("adopt agenda", who="body", agenda="a")

    for slug in (*LIST, "annotate-item"):
        assert 409 == visitor.client.get(f"{AGENDA}/act/{slug}").status_code
    assert 200 == visitor.client.get(f"{AGENDA}/act/plan-documents").status_code


def test_the_list_is_put_right_on_the_command_line(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    story.now -= timedelta(days=1)
    story.body()
    story.agenda("1", "2", "2 (a)", "3")
    store = ("--store", tmp_path / "store", "--yes")
    annotate = ("annotate", "a", "--item", "2")
    paragraphs = ("--paragraph", "One.", "--paragraph", "One.", "--footnote", "Ibid.")
    lines: Sequence[Sequence[str]] = (
        ("amend", "a", "--item", "2", "--title", "fr=Les bouées", "--reason", "Translated."),
        ("move", "a", "--item", "2", "--after", "3", "--reason", "Later."),
        ("renumber", "a", "--number", "2=3", "--number", "3=2", "--reason", "In order."),
        (*annotate, "--language", "en", "--heading", "Item 2", *paragraphs),
        ("plan-documents", "a", "--item", "2", "--none-expected"),
        ("withdraw", "a", "--item", "9", "--reason", "No report."),
    )
    codes = [placet("agenda", *line, *store)[0] for line in lines]
    language = placet("agenda", *annotate, "--language", "xx", "--heading", "X", *store)
    agenda = story.state("agenda/a")

    assert [0] * len(lines) == codes
    assert 2 == language[0]
    assert ["1", "2", "3", "3 (a)"] == [item.item for item in agenda.items]
    assert {"en": "Item 2", "fr": "Les bouées"} == agenda.item("3").titles
    assert ("One.", "One.") == agenda.item("2").notes[0].paragraphs
    assert agenda.item("2").none_expected


def test_the_only_item_that_can_be_amended_is_chosen_already(story: Story) -> None:
    story.body()
    story.agenda("1")
    story.do("withdraw item", agenda="a", item="9", reason="Not needed.")
    visitor = Visitor(story)
    assert ["1"] == visitor.fills(f"{AGENDA}/act/amend-item")["item"]
    story.propose("2")
    assert not any(visitor.fills(f"{AGENDA}/act/amend-item").get("item", []))
