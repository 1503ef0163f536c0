"""Acts on an agenda, on its page and on the command line, as the catalogue has them."""

from __future__ import annotations

import warnings
from datetime import timedelta
from pathlib import Path

import pytest

from command_line import Placet
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import SENT_HERE, Visitor, field_values, said

AGENDA = f"/agendas/{ORGANISATION}/a"
FORM = f"{AGENDA}/act/propose-item"


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of an agenda with the items 1, 2 and 9."""
    story.body()
    story.agenda()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def offered(visitor: Visitor, path: str = AGENDA) -> list[str]:
    """The addresses of the acts that a page offers."""
    page = parsed(visitor.opens(path).text)
    return [str(link) for link in page.xpath("//nav[contains(@class, 'acts')]//a/@href")]


def test_an_item_is_proposed_from_the_page_of_its_agenda(visitor: Visitor) -> None:
    form = next(link for link in offered(visitor) if link == FORM)
    check = visitor.checks(
        form,
        item="2 (a)",
        **{"title-en": "The ropes", "title-fr": "Les cordages"},
        working_translations=["fr"],
        legal_basis="Decision 1\nDecision 2",
        subjects=["other matters"],
    )
    done = visitor.confirms(form, check)
    shown = visitor.opens(done.headers["location"])
    item = visitor.story.state("agenda/a").item("2 (a)")

    assert "The record will say: Item 2 (a) was proposed: “The ropes”." in said(check)
    assert ("Les cordages", "2", ("fr",)) == (
        item.titles["fr"],
        item.under,
        item.working_translations,
    )
    assert (("Decision 1", "Decision 2"), ("other matters",)) == (item.legal_basis, item.subjects)
    assert ("unknown", "unknown") == (item.proposer_kind, item.memorandum)
    assert "Item 2 (a) was proposed: “The ropes”." in said(shown)
    assert AGENDA in parsed(shown.text).xpath("//a[@class='button']/@href")
    assert "The ropes" in said(visitor.opens(AGENDA))


def test_a_title_is_needed_in_some_language(visitor: Visitor) -> None:
    none = visitor.sends(FORM, visitor.fills(FORM, item="3"))
    other = visitor.checks(FORM, item="3", **{"title-ru": "Буи"})

    assert 422 == none.status_code
    assert "Title (English): This is needed, in at least one language." in said(none)
    assert ["3"] == field_values(none.text)["item"]
    assert "Буи" in said(other)


def test_all_that_is_wrong_is_said_at_once(visitor: Visitor) -> None:
    """Number, title and a translation that there is not."""
    answer = visitor.sends(FORM, visitor.fills(FORM, item="", working_translations=["ru"]))

    assert 422 == answer.status_code
    assert "Number of the item: This is needed." in said(answer)
    assert "Title (English): This is needed, in at least one language." in said(answer)
    assert "working translation: There is no title in one of these languages." in said(answer)


@pytest.mark.parametrize("number", ["7 ((", "7 (", "x" * 500, "1 2 " * 20, "<b>", ")", "7;"])
def test_what_is_no_number_of_an_item_is_not_proposed(visitor: Visitor, number: str) -> None:
    answer = visitor.sends(FORM, visitor.fills(FORM, item=number, **{"title-en": "The ropes"}))

    assert 422 == answer.status_code
    assert "A number such as 2, 4.2 or 4 (b)" in said(answer)


@pytest.mark.parametrize("number", ["3", "3.", "A", "IV", "٣", "2 a)", "2.1", "2 (ب)", "2(A)"])
def test_numbers_as_people_write_them_are_taken(visitor: Visitor, number: str) -> None:
    assert visitor.checks(FORM, item=number, **{"title-en": "The ropes"})


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_reader_is_asked_for_the_title_in_their_own_language_first(
    visitor: Visitor, language: str
) -> None:
    """The other five are folded away below it."""
    page = parsed(visitor.opens(f"{FORM}?lang={language}").text)
    titles = page.xpath("//input[starts-with(@name, 'title-')]/@name")
    folded = page.xpath("//details//input[starts-with(@name, 'title-')]/@name")

    assert f"title-{language}" == titles[0]
    assert titles[1:] == folded
    assert 6 == len(titles)


def test_a_form_that_comes_too_late_says_so_at_once(visitor: Visitor) -> None:
    """Nobody who goes there directly fills in what would be refused afterwards."""
    story = visitor.story
    story.do("submit items", agenda="a")
    story.do("approve items", who="body", agenda="a", manner="consensus")
    story.do("adopt agenda", who="body", agenda="a")
    answer = visitor.client.get(FORM)

    assert 409 == answer.status_code
    assert "It is possible:until the agenda is published or adopted" in said(answer)
    assert "Rule: stage" in said(answer)
    assert not parsed(answer.text).xpath("//form[@method='post']")


def test_a_rule_of_the_record_sends_the_form_back(visitor: Visitor) -> None:
    answer = visitor.sends(FORM, visitor.fills(FORM, item="2", **{"title-en": "Again"}))

    assert 409 == answer.status_code
    assert "there is an item 2 already" in said(answer)


def test_the_kinds_of_proposers_are_those_of_the_rules(story: Story) -> None:
    """Where the pack of the body names them they are offered; else they are written."""
    story.body(pack="untoc-working-groups")
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    fields = parsed(Visitor(story).opens(FORM).text)

    assert "State Party" in fields.xpath("//select[@name='proposer_kind']/option/@value")


def test_no_item_is_proposed_once_the_agenda_is_adopted(visitor: Visitor) -> None:
    story = visitor.story
    story.do("submit items", agenda="a")
    story.do("approve items", who="body", agenda="a", manner="consensus")
    before = offered(visitor)
    story.do("adopt agenda", who="body", agenda="a")

    assert FORM in before
    assert FORM not in offered(visitor)


def test_history_takes_no_items(story: Story) -> None:
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("start agenda", agenda="a", body="b")
    visitor = Visitor(story)

    assert [] == offered(visitor)
    assert 404 == visitor.client.get(FORM).status_code


@pytest.mark.parametrize(
    "path",
    [f"{AGENDA}/act/extend", f"/agendas/{ORGANISATION}/z/act/propose-item", f"{AGENDA}/recorded/1"],
)
def test_unknown_forms_and_strange_records_are_not_there(visitor: Visitor, path: str) -> None:
    assert 404 == visitor.client.get(path).status_code


def test_a_form_from_another_place_proposes_nothing(visitor: Visitor) -> None:
    headers = SENT_HERE | {"Sec-Fetch-Site": "cross-site"}
    form = visitor.fills(FORM, item="3", **{"title-en": "Evil"}) | {"confirmed": "yes"}

    assert 403 == visitor.sends(FORM, form, **headers).status_code
    assert not [item for item in visitor.story.state("agenda/a").items if item.item == "3"]


def test_an_item_is_proposed_on_the_command_line(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    """Said before it is done, done with --yes, and refused in one sentence the second time."""
    story.now -= timedelta(days=1)
    story.body()
    story.agenda()
    line = ("agenda", "propose", "a", "--item", "3", "--title", "en=The ropes")
    more = ("--title", "fr=Les cordages", "--legal-basis", "Decision 1", "--subject", "report")
    store = ("--store", tmp_path / "store")
    preview, done = placet(*line, *more, *store), placet(*line, *more, *store, "--yes")
    again = placet(*line, *store, "--yes")
    item = story.state("agenda/a").item("3")

    assert (1, 0, 1) == (preview[0], done[0], again[0])
    assert "The record will say: Item 3 was proposed: “The ropes”." in preview[2]
    assert {"en": "The ropes", "fr": "Les cordages"} == item.titles
    assert (("Decision 1",), ("report",)) == (item.legal_basis, item.subjects)
    assert "there is an item 3 already" in " ".join(again[2].split())


def test_an_option_that_says_nothing_is_a_wrong_call(placet: Placet, tmp_path: Path) -> None:
    line = ("agenda", "propose", "a", "--item", "3", "--title", "The ropes")

    assert 2 == placet(*line, "--store", tmp_path)[0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--title", "xx=The ropes"), "--title: This is not one of the answers"),
        (("--proposer-kind", "Martian"), "Write one of: State Party, Bureau, Secretary-General"),
        (("--subject", "zzz"), "Write one of: organizational, opening, adoption of the agenda"),
        (("--working-translation", "qq"), "Write one of: ar, zh, en, fr, ru, es."),
        (("--working-translation", "ru"), "There is no title in one of these languages."),
        (("--item", "7 (("), "--item: A number such as 2, 4.2 or 4 (b)"),
        (("--title", "Foo"), "'Foo': write --title LANGUAGE=TITLE, each language once"),
    ],
)
def test_the_command_line_takes_what_the_form_takes(
    placet: Placet, story: Story, tmp_path: Path, given: tuple[str, str], sentence: str
) -> None:
    """Nothing is recorded for ever that no form offers: a mistyped subject escapes the rules."""
    story.now -= timedelta(days=1)
    story.body(pack="untoc-working-groups")
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    line = {"--item": "3", "--title": "en=The ropes"} | dict([given])
    words = [word for pair in line.items() for word in pair]
    code, _, err = placet("agenda", "propose", "a", *words, "--store", tmp_path / "store", "--yes")

    assert 2 == code
    assert sentence in " ".join(err.replace("│", " ").split())
    assert not story.state("agenda/a").items


def test_the_help_calls_lists_of_texts_texts(placet: Placet) -> None:
    help_ = placet("agenda", "propose", "--help")[1]

    assert "list[" not in help_ + placet("post", "again", "--help")[1]
    assert "previous" in help_


def test_who_adopts_an_agenda_reads_which_items_were_objected_to(visitor: Visitor) -> None:
    """The body may decide so; what it defers orally is none of them."""
    story = visitor.story
    items = {"subject": {"type": "agenda items", "agenda": "a"}, "text": {}}
    visitor.acts("submit-items", AGENDA)
    story.now = visitor.clock.at
    story.silence(by_item=True, **items)
    story.respond("objection", items=["2"])
    story.clock("2026-03-20T12:00:00Z")
    visitor.clock.at = story.now + timedelta(minutes=1)
    check = visitor.checks(f"{AGENDA}/act/adopt-agenda")
    oral = f"{AGENDA}/edit/oral-amendments"
    kept = field_values(visitor.opens(oral).text) | {"rows": "1"}
    deferred = kept | {"r1-act": "defer", "r1-number": "2", "r1-reason": "Later."}
    added = kept | {"r1-act": "add", "r1-number": "3", "r1-after": "1", "r1-title-en": "New"}
    without, more = (visitor.sends(oral, sent) for sent in (deferred, added))

    remark = "Item 2 was not approved. It will be adopted with the others."
    assert remark in said(check)
    assert (200, 200) == (without.status_code, more.status_code)
    assert "was not approved" not in said(without)
    assert remark in said(more)


def test_nothing_is_remarked_where_items_were_approved(visitor: Visitor) -> None:
    visitor.acts("submit-items", AGENDA)
    visitor.acts("approve-items", AGENDA, manner="consensus")

    assert "not approved" not in said(visitor.checks(f"{AGENDA}/act/adopt-agenda"))
