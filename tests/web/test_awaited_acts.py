"""What is awaited is a button in that place, and what is not possible yet says what is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from logged_in import Person
from logged_in import person as person
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import WINDOW, Visitor, said

AGENDA = f"/agendas/{ORGANISATION}/a"
SESSION = f"/sessions/{ORGANISATION}/s"
SET_UP = f"/set-up/{ORGANISATION}"


@pytest.fixture
def visitor(story: Story) -> Visitor:
    story.body()
    story.agenda()
    return Visitor(story)


def buttons(visitor: Visitor, path: str) -> list[str]:
    """The buttons where a page says what comes next or is awaited."""
    found = parsed(visitor.opens(path).text).xpath(
        "//section[@aria-labelledby='next' or @aria-labelledby='clock']"
        "//p[@class='buttons']/a/text()"
    )
    return [str(text) for text in found]


def on_board(visitor: Visitor) -> list[str]:
    """The forms to which the board leads from its rows."""
    page = parsed(visitor.opens("/").text)
    return [str(link) for link in page.xpath("//tbody//a[contains(@href, '/act/')]/@href")]


def not_yet(visitor: Visitor, path: str) -> dict[str, str]:
    """What is missing for each act that is not possible yet."""
    page = parsed(visitor.opens(path).text)
    (listed,) = page.xpath("//details[contains(@class, 'not-yet')]/dl")
    names = [entry.text_content() for entry in listed.xpath("dt")]
    return dict(zip(names, [entry.text_content() for entry in listed.xpath("dd")], strict=True))


def test_the_board_leads_from_a_row_to_what_is_awaited(visitor: Visitor) -> None:
    before = on_board(visitor)
    visitor.acts("submit-items", AGENDA)
    visitor.acts("approve-items", AGENDA, manner="consensus")
    visitor.acts("adopt-agenda", AGENDA)

    assert [f"{AGENDA}/act/submit-items"] == before
    assert [f"{AGENDA}/act/draft-report"] == on_board(visitor)


def test_an_approved_agenda_leads_to_its_publication_step_by_step(visitor: Visitor) -> None:
    visitor.acts("submit-items", AGENDA)
    visitor.acts("approve-items", AGENDA, manner="consensus")
    none = buttons(visitor, AGENDA)
    masthead = {"symbol": "FBR/2026/1", "type": "provisional agenda", "body": "b", "agenda": "a"}
    visitor.story.do("register document", document="p", languages=["en"], **masthead)
    registered = buttons(visitor, AGENDA)
    visitor.story.do("issue version", document="p", language="en", job_number="V.26-00001")

    assert ["Register a document"] == none
    assert ["Issue a language version"] == registered
    assert ["Publish the document"] == buttons(visitor, AGENDA)


def test_publication_is_that_of_the_agendas_own_document_not_of_a_background_paper(
    visitor: Visitor,
) -> None:
    """Also where the paper was registered first, and while there is no other."""
    visitor.acts("submit-items", AGENDA)
    visitor.acts("approve-items", AGENDA, manner="consensus")
    background = {"type": "background paper", "body": "b", "agenda": "a", "languages": ["en", "fr"]}
    visitor.story.do("register document", document="bg", symbol="FBR/2026/1", **background)
    alone = buttons(visitor, AGENDA)
    own = {"type": "provisional agenda", "body": "b", "agenda": "a", "languages": ["en"]}
    visitor.story.do("register document", document="p", symbol="FBR/2026/2", **own)
    visitor.story.do("issue version", document="p", language="en", job_number="V.26-00001")
    page = parsed(visitor.opens(AGENDA).text)

    assert ["Register a document"] == alone
    assert ["Publish the document"] == buttons(visitor, AGENDA)
    assert [f"/documents/{ORGANISATION}/p/act/publish-document"] == page.xpath(
        "//section[@aria-labelledby='next']//p[@class='buttons']/a/@href"
    )


def test_what_becomes_of_items_that_were_not_approved_has_buttons(visitor: Visitor) -> None:
    visitor.acts("submit-items", AGENDA)
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    answer = buttons(visitor, WINDOW), buttons(visitor, AGENDA)
    visitor.acts("respond", seat="east", kind="objection", text="No.")

    assert (["Respond"], ["Respond"]) == answer
    assert [] == buttons(visitor, WINDOW)
    assert [
        "Amend an item",
        "Submit items for approval",
        "Enter the decision of a meeting",
    ] == buttons(visitor, AGENDA)


def test_what_awaits_somebody_who_does_not_enter_it_names_who_does(person: Person) -> None:
    """The presiding officer says what becomes of items that were not approved; others enter it."""
    story = person.story
    story.agenda()
    story.do("submit items", agenda="a")
    items = {"subject": {"type": "agenda items", "agenda": "a"}, "text": {}}
    story.silence(window="v", by_item=True, **items)
    story.respond("objection", window="v", text="No.", items=["1"])
    ends = story.state("window/v").closes.latest
    story.clock((ends + timedelta(minutes=5)).isoformat())
    story.silence(window="u")
    person.clock.at = story.now + timedelta(minutes=1)
    chair, member = (said_to(person, who, AGENDA) for who in ("chair", "eastern"))
    board = said_to(person, "chair", "/")
    person.logs_in("office")
    office, offered = said(person.opens(AGENDA)), buttons(person, AGENDA)

    awaited = "Awaited from the presiding officer: what becomes of the other items"
    for page in (chair, member):
        assert f"{awaited} Who enters it: secretariat" in page
    assert awaited in board
    assert 1 == board.count("Who enters it: secretariat")
    assert "Amend an item" in offered
    assert "Who enters it" not in office
    assert "Who enters it" not in said_to(person, "chair", f"/windows/{ORGANISATION}/u")


def said_to(person: Person, who: str, path: str) -> str:
    """What a page says to somebody who has logged in."""
    return said(person.logs_in(who).opens(path))


def test_a_session_leads_from_its_agenda_over_its_opening_to_its_end(story: Story) -> None:
    story.body()
    dates = {"starts": "2026-05-04", "ends": "2026-05-06"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    visitor = Visitor(story)
    first = buttons(visitor, SESSION)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    second = buttons(visitor, SESSION)
    visitor.acts("open", SESSION, role="secretariat")
    third = buttons(visitor, SESSION)
    close = visitor.checks(f"{SESSION}/act/close", role="secretariat")

    assert (["Start an agenda"], ["Open the session"], ["Close the session"]) == (
        first,
        second,
        third,
    )
    assert "The report of the session is outstanding, on these agendas: a." in said(close)


def test_only_what_is_really_missing_is_named(visitor: Visitor) -> None:
    visitor.acts("submit-items", AGENDA)
    missing = not_yet(visitor, AGENDA)
    refused = visitor.client.get(f"{AGENDA}/act/adopt-report")

    assert "while an item is proposed or was not approved" == missing["Submit items for approval"]
    assert "once the agenda is adopted, once the report is drafted" == missing["Adopt the report"]
    assert "Adopt the agenda" not in missing
    assert "until the report is adopted" not in said(refused)
    assert "once the report is drafted" in said(refused)


def test_after_its_deadline_no_procedure_is_open(visitor: Visitor) -> None:
    visitor.story.silence()
    before = visitor.window()
    visitor.clock.at = visitor.story.state("window/w").closes.latest + timedelta(seconds=1)
    page = parsed(visitor.opens(WINDOW).text)
    (outcome,) = page.xpath("//*[@class='result'][ancestor::li[@class='open']]")

    assert "open until the deadline" in before
    assert "the deadline is past; the outcome is being verified" == outcome.text_content()


def test_a_waiver_that_nothing_needs_is_remarked_on(story: Story) -> None:
    story.body()
    story.silence(names_withheld=False)
    visitor = Visitor(story)
    path = f"/open/{ORGANISATION}"
    fields = {"window": "w2", "body": "b", "type": "decision text", "length": "30 days"}
    found = visitor.fills(path, **fields, role="secretariat", **{"text-en": "Words."})
    waiver = next((name for name in found if name.startswith("waive-")), None)
    assert waiver is not None
    check = visitor.sends(path, found | {waiver: "To be sure."})

    assert "is not needed: nothing departs from it." in said(check)


def test_an_empty_store_is_led_to_its_first_agenda_and_may_be_left_at_each_step(
    story: Story,
) -> None:
    visitor = Visitor(story)
    done = [ticked(visitor)]
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    done.append(ticked(visitor))
    visitor.acts("adopt-rules", f"/bodies/{ORGANISATION}/b", pack="generic")
    visitor.acts("fill-seat", f"/bodies/{ORGANISATION}/b", seat="east", holder="East")
    board = said(visitor.opens("/"))
    done.append(ticked(visitor))
    dates = {"starts": "2026-05-04", "ends": "2026-05-06"}
    story.do("schedule session", session="s", body="b", number="1", **dates)
    story.do("start agenda", agenda="a", body="b", session="s")
    visitor.acts("propose-item", AGENDA, item="1", **{"title-en": "Buoys"})
    done.append(ticked(visitor))

    assert [0, 1, 3, 6] == done
    assert f"Set up {ORGANISATION}" in board
    assert "All of it is done." in said(visitor.opens(SET_UP))
    assert 404 == visitor.client.get("/set-up/Sea & Sky").status_code


def ticked(visitor: Visitor) -> int:
    """How many steps of the set-up are ticked."""
    return len(parsed(visitor.opens(SET_UP).text).xpath("//ol/li[@class='done']"))


def test_a_length_is_a_number_and_a_unit_in_every_language(story: Story) -> None:
    """The unit in which the rules count comes first."""
    story.body()
    visitor = Visitor(story)
    path = f"/open/{ORGANISATION}"
    fields = {"window": "w2", "body": "b", "type": "decision text", "length": "30"}
    form = visitor.opens(f"{path}?lang=ar")
    chosen = parsed(form.text).xpath("//select[@id='length-unit']/option[@selected]/@value")
    found = visitor.fills(path, **fields, role="secretariat", **{"text-en": "Words."})
    check = visitor.sends(path, found | {"length-unit": "days"})
    visitor.confirms(path, check)
    wrong = visitor.sends(path, found | {"window": "w3", "length": "many"})

    assert ["hours"] == chosen
    assert "ساعات" in said(form)
    assert "30 days" == str(story.state("window/w2").deadline.length)
    assert 409 == wrong.status_code
    assert "write 72 hours, 14 days or 10 working days" in said(wrong)


def test_all_rules_that_forbid_an_act_are_named_at_once_with_their_sources(story: Story) -> None:
    story.body("untoc-working-groups")
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.do("propose item", agenda="a", item="1", titles={"en": "Buoys"})
    visitor = Visitor(story)
    path = f"{AGENDA}/act/submit-items"
    refused = visitor.sends(path, visitor.fills(path))
    rules = parsed(refused.text).xpath("//section[@id='wrong']//code/text()")

    assert 409 == refused.status_code
    assert {"proposer-permitted", "explanatory-memorandum"} <= {*rules}
    assert len(rules) == said(refused).count("Source:")


def test_only_subjects_within_the_rules_of_a_body_are_offered(story: Story) -> None:
    story.body("untoc-working-groups")
    page = parsed(Visitor(story).opens(f"/open/{ORGANISATION}").text)

    assert ["agenda items", "session dates"] == page.xpath("//input[@name='type']/@value")


def test_each_procedure_of_an_agenda_on_the_board_leads_to_its_own_form(visitor: Visitor) -> None:
    for item, window in (("1", "w"), ("2", "w2")):
        visitor.story.do("submit items", agenda="a", items=[item])
        subject = {"type": "agenda items", "agenda": "a"}
        visitor.story.silence(window=window, subject=subject, text={})

    assert [f"{WINDOW}/act/respond", f"{WINDOW}2/act/respond"] == sorted(on_board(visitor))
