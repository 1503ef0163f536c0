"""An agenda goes from its items to the adopted report, on its pages and on the command line."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import Placet
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, said

AGENDA = f"/agendas/{ORGANISATION}/a"
BEFORE_THE_BODY = {"approve-items", "decide-items"}


def visit(story: Story) -> Visitor:
    """Somebody with a browser over a story."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of an agenda with the items 1, 2 and 9."""
    story.body()
    story.agenda()
    return visit(story)


def offered(visitor: Visitor) -> set[str]:
    """The names of the acts that the page of the agenda offers."""
    page = parsed(visitor.opens(AGENDA).text)
    links = page.xpath("//nav[contains(@class, 'acts')]//a/@href")
    return {str(link).rpartition("/")[2] for link in links}


def options(visitor: Visitor, slug: str, name: str) -> Sequence[str]:
    """What a form offers as answers to one of its questions."""
    page = parsed(visitor.opens(f"{AGENDA}/act/{slug}").text)
    found = page.xpath(f"//input[@name='{name}']/@value | //select[@name='{name}']/option/@value")
    return [str(value) for value in found if value]


def refused(visitor: Visitor, slug: str, **fields: Any) -> str:
    """What a form says that comes back."""
    path = f"{AGENDA}/act/{slug}"
    answer = visitor.sends(path, visitor.fills(path, **fields))
    assert answer.status_code in {409, 422}, said(answer)
    return said(answer)


# --- From the items to the report -----------------------------------------------------------------


def test_a_meeting_carries_an_agenda_to_its_report(visitor: Visitor) -> None:
    """Submitted by the secretariat, approved and adopted by the body, and so its report."""
    story, acts = visitor.story, visitor.acts
    begun = offered(visitor)
    submitted = said(acts("submit-items", AGENDA))
    waiting = offered(visitor)
    approved = said(acts("approve-items", AGENDA, manner="consensus"))
    ready = offered(visitor)
    adopted = said(acts("adopt-agenda", AGENDA))
    working = offered(visitor)
    drafted = said(acts("draft-report", AGENDA, by="Rapporteur", languages=["en", "fr"]))
    at_the_end = offered(visitor)
    done = said(acts("adopt-report", AGENDA, oral_amendments="Paragraph 3\nParagraph 3"))
    agenda = story.state("agenda/a")

    assert "submit-items" in begun
    assert not begun & {"approve-items", "decide-items", "adopt-agenda", "draft-report"}
    assert "Submitted to Body for approval: items 1, 2, 9." in submitted
    assert waiting >= BEFORE_THE_BODY | {"adopt-agenda"}
    assert "submit-items" not in waiting
    assert "Approved by Body, consensus: items 1, 2, 9." in approved
    assert "adopt-agenda" in ready
    assert not ready & BEFORE_THE_BODY
    assert "The body adopted its agenda as proposed." in adopted
    lasting = {"plan-documents", "note-objection", "draft-report", "defer-report"}
    assert lasting | {"register-document", "correct", "work"} == working
    assert "A draft report was put forward by Rapporteur." in drafted
    assert at_the_end == working | {"adopt-report"}
    assert "The body adopted its report, as orally amended." in done
    assert ("report adopted", ("en", "fr")) == (agenda.stage, agenda.report_languages)
    assert ("Paragraph 3", "Paragraph 3") == agenda.oral_amendments
    assert {"register-document", "correct"} == offered(visitor)


def test_a_form_gives_no_report_the_symbol_of_its_draft(visitor: Visitor) -> None:
    """It gets a symbol of its own later; only the command line takes the draft's unless told."""
    acts = visitor.acts
    acts("submit-items", AGENDA)
    acts("approve-items", AGENDA, manner="consensus")
    acts("adopt-agenda", AGENDA)
    acts("draft-report", AGENDA, by="Rapporteur", languages=["en"], document="FBR/2026/L.1")
    form = parsed(visitor.opens(f"{AGENDA}/act/adopt-report").text)
    acts("adopt-report", AGENDA)
    page = parsed(visitor.opens(AGENDA).text)
    facts = {
        dt.text_content(): " ".join(dt.getnext().text_content().split())
        for dt in page.xpath("//section[@aria-labelledby='report']//dt")
    }

    assert [""] == form.xpath("//input[@name='document']/@value")
    assert "" == visitor.story.events()[-1].fact.document
    assert "not stated" == facts["Symbol of the report"]
    assert "FBR/2026/L.1" == facts["Symbol of the draft"]


def test_nothing_is_adopted_while_a_silence_runs(visitor: Visitor) -> None:
    """Neither from a form that was open before, nor from a new one."""
    visitor.acts("submit-items", AGENDA)
    form = f"{AGENDA}/act/adopt-agenda"
    opened = visitor.fills(form)
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    answer = visitor.sends(form, opened | {"confirmed": "yes"})

    assert (409, 409) == (answer.status_code, visitor.client.get(form).status_code)
    assert "end that window first" in said(answer)
    assert not visitor.story.state("agenda/a").adopted
    assert not offered(visitor) & {"adopt-agenda", "amend-item", "note-objection"}
    assert not offered(visitor) & BEFORE_THE_BODY


def test_one_body_is_named_to_which_items_go(story: Story) -> None:
    """The body that approves stands there at first; another one can be chosen, none cannot."""
    story.body()
    story.do("establish body", body="bureau", names={"en": "Bureau"}, zone="Europe/Vienna")
    story.agenda()
    visitor = visit(story)
    at_first = visitor.fills(f"{AGENDA}/act/submit-items")["to"]
    none = refused(visitor, "submit-items", to="")
    chosen = said(visitor.acts("submit-items", AGENDA, to="bureau", items=["2"]))

    assert ["b"] == at_first
    assert ["b", "bureau"] == options(visitor, "submit-items", "to")
    assert "To which body: This is needed." in none
    assert "Submitted to Bureau for approval: item 2." in chosen


def test_a_rule_of_the_body_is_waived_with_its_reason(story: Story) -> None:
    """Only rules that its pack lets be waived are offered, and the departure is answer before."""
    story.body(pack="untoc-working-groups")
    story.agenda("1", "2")
    story.do("withdraw item", agenda="a", item="9", reason="A slip.")
    visitor = visit(story)
    answer = refused(visitor, "submit-items")
    waivable = visitor.fills(f"{AGENDA}/act/submit-items").keys()
    reason = {"waive-report-item-last": "There will be no report."}
    path = f"{AGENDA}/act/submit-items"
    check = visitor.checks(path, **reason)
    visitor.confirms(path, check)

    assert "the last item is not the adoption of the report" in answer
    assert "Give a waiver with its reason to go on." in answer
    assert "This departs from the rule report-item-last" in said(check)
    assert "submitted" == visitor.story.state("agenda/a").stage
    assert {"waive-report-item-last", "waive-organizational-item-first"} <= waivable
    assert "waive-proposer-permitted" not in waivable


def test_the_report_is_put_off(visitor: Visitor) -> None:
    for slug, fields in (
        ("submit-items", {}),
        ("approve-items", {"manner": "without a vote"}),
        ("adopt-agenda", {}),
    ):
        visitor.acts(slug, AGENDA, **fields)
    answer = refused(visitor, "defer-report", to="The resumed session")
    done = said(
        visitor.acts(
            "defer-report",
            AGENDA,
            to="The resumed session",
            until="2026-06-01T10:00",
            reason="The draft is not translated.",
        )
    )

    assert "Reason: This is needed." in answer
    assert "The adoption of the report was put off. The draft is not translated." in done
    assert "report deferred" == visitor.story.state("agenda/a").stage
    assert "2026-06-01T10:00" in str(visitor.story.events()[-1].fact.until)


# --- What a meeting decides, and objections outside a silence -------------------------------------


def test_a_meeting_decides_by_a_vote(visitor: Visitor) -> None:
    visitor.acts("submit-items", AGENDA)
    figures = {"in_favour": "12", "against": "0", "abstaining": "3"}
    no_vote = refused(visitor, "decide-items", result="agreed", manner="consensus", **figures)
    no_number = refused(
        visitor, "decide-items", result="agreed", manner="vote", **(figures | {"against": "none"})
    )
    done = said(visitor.acts("decide-items", AGENDA, result="declined", manner="vote", items=["2"]))
    vote = said(
        visitor.acts("decide-items", AGENDA, result="agreed", manner="vote", items=["1"], **figures)
    )

    assert "Only a vote has figures." in no_vote
    assert "A whole number." in no_number
    assert "Decided at a meeting on item 2: declined (vote)." in done
    assert "Votes: 12 in favour, 0 against, 3 abstaining." in vote
    assert ["2", "9"] == options(visitor, "decide-items", "items")


def test_an_objection_outside_any_silence_is_kept(visitor: Visitor) -> None:
    path = f"{AGENDA}/act/note-objection"
    none = refused(visitor, "note-objection", role="secretariat", text="No.")
    check = visitor.checks(path, role="secretariat", seats=["west"], items=["2"], text="No buoys.")
    visitor.confirms(path, check)
    (_, objection) = visitor.story.state("agenda/a").objections[0]

    assert "From which seats: This is needed." in none
    assert ["east", "west"] == options(visitor, "note-objection", "seats")
    assert "register it there instead, also after the end: there it counts." in said(check)
    assert (("west",), ("2",), "No buoys.") == (objection.seats, objection.items, objection.text)
    assert "proposed" == visitor.story.state("agenda/a").stage


def test_names_of_those_who_object_stay_withheld(story: Story) -> None:
    """Where the rules of the body withhold them, also on the page that says what was recorded."""
    story.body(parameters={"names-withheld": "yes"})
    story.agenda()
    visitor = visit(story)
    fields = {"role": "secretariat", "seats": ["west"], "text": "No."}
    recorded = said(visitor.acts("note-objection", AGENDA, **fields))
    page = said(visitor.opens(AGENDA))

    for text in (recorded, page):
        assert "came from a seat whose name is withheld" in text
        assert "west" not in text


def test_who_objected_is_named_though_somebody_else_sits_there_now(visitor: Visitor) -> None:
    """In the list of objections, which had named who came after."""
    visitor.acts("note-objection", AGENDA, role="secretariat", seats=["west"], text="No.")
    today = visitor.story.now.date().isoformat()
    visitor.story.do("vacate seat", body="b", seat="west", until=today)
    visitor.story.do("fill seat", body="b", seat="west", holder="Occident", since=today)
    page = parsed(visitor.opens(AGENDA).text)
    (listed,) = page.xpath("//h3[text()='Objections outside of any silence']/following::ol[1]/li")

    assert "West" in listed.text_content()
    assert "Occident" not in said(visitor.opens(AGENDA))


def test_an_objection_to_what_is_under_silence_belongs_there(visitor: Visitor) -> None:
    """It is not offered for such an item, and refused for the whole agenda."""
    visitor.acts("submit-items", AGENDA, items=["1", "9"])
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    answer = refused(visitor, "note-objection", role="secretariat", seats=["east"])

    assert ["2"] == options(visitor, "note-objection", "items")
    assert "register it with window w" in answer


# --- On the command line --------------------------------------------------------------------------


def test_an_agenda_is_adopted_on_the_command_line(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    story.now -= timedelta(days=1)
    story.body()
    story.agenda()
    store = ("--store", tmp_path / "store")

    def given(*line: str) -> tuple[int, str]:
        code, out, err = placet("agenda", *line, *store)
        return code, " ".join((out + err).split())

    lines = (
        ("submit", "a", "--to", "b"),
        ("approve", "a", "--manner", "consensus"),
        ("adopt", "a"),
        ("draft-report", "a", "--from", "Rapporteur", "--language", "en"),
        ("defer-report", "a", "--reason", "Not translated.", "--until", "2026-06-01"),
        ("adopt-report", "a", "--ad-referendum"),
    )
    preview = given("submit", "a")
    nowhere = given("submit", "a", "--to", "nowhere", "--yes")
    by_silence = given("approve", "a", "--manner", "silence", "--yes")
    codes = [given(*line, "--yes")[0] for line in lines]
    again = given("adopt", "a", "--yes")
    agenda = story.state("agenda/a")

    assert (1, True) == (
        preview[0],
        "Submitted to Body (b) for approval: items 1, 2, 9." in preview[1],
    )
    assert (2, True) == (nowhere[0], "--to" in nowhere[1])
    assert (2, True) == (by_silence[0], "Write one of: consensus" in by_silence[1])
    assert [0] * len(lines) == codes
    assert (1, True) == (again[0], "agenda a is adopted already" in again[1])
    assert ("report adopted", "2026-06-01", ("en",)) == (
        agenda.stage,
        agenda.deferred_to,
        agenda.report_languages,
    )


def test_a_vote_and_an_objection_are_entered_on_the_command_line(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    story.now -= timedelta(days=1)
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    store = ("--store", tmp_path / "store", "--yes")
    objected = placet(
        "agenda", "note-objection", "a", "--seat", "east", "--text", "No.", "--item", "1", *store
    )
    voted = placet(
        *("agenda", "decide", "a", "--result", "agreed", "--manner", "vote", "--in-favour", "2"),
        *("--against", "0", "--item", "1", *store),
    )
    agenda = story.state("agenda/a")
    (_, decision) = agenda.decided[0]

    assert (0, 0) == (objected[0], voted[0])
    assert ("east",) == agenda.objections[0][1].seats
    assert (2, 0, None) == (decision.in_favour, decision.against, decision.abstaining)
    assert "approved" == agenda.item("1").approval


# --- What comes next ------------------------------------------------------------------------------


def next_forms(visitor: Visitor, at: str = "") -> list[str]:
    """The forms to which the page of the agenda leads where it says what comes next."""
    page = parsed(visitor.opens(AGENDA + at).text)
    return [str(link) for link in page.xpath("//section[@aria-labelledby='next']//p/a/@href")]


def test_what_is_awaited_leads_to_its_form(visitor: Visitor) -> None:
    """The opening of a silence procedure too, which begins with the agenda and its body."""
    begun = next_forms(visitor)
    visitor.acts("submit-items", AGENDA)
    before = next_forms(visitor, f"?at={len(visitor.story.events())}")
    form, approval = next_forms(visitor)
    filled = visitor.fills(form, window="w", length="14 days")
    check = visitor.checks(form, window="w", length="14 days", role="secretariat")
    visitor.confirms(form, check)

    assert [f"{AGENDA}/act/submit-items"] == begun
    assert [] == before
    assert (f"/open/{ORGANISATION}/a", f"{AGENDA}/act/approve-items") == (form, approval)
    assert (["b"], ["agenda items"], ["a"]) == (
        filled["body"],
        filled["type"],
        filled["agenda"],
    )
    assert AGENDA in parsed(visitor.opens(form).text).xpath("//form//a/@href")
    assert "under silence" == visitor.story.state("agenda/a").stage
    assert [f"/windows/{ORGANISATION}/w/act/respond"] == next_forms(visitor)
    assert 404 == visitor.client.get(f"/open/{ORGANISATION}/z").status_code


def test_a_draft_is_awaited_before_the_report(visitor: Visitor) -> None:
    """On the page of the agenda and on the board; the form of each leads on to the next."""
    visitor.acts("submit-items", AGENDA)
    visitor.acts("approve-items", AGENDA, manner="consensus")
    visitor.acts("adopt-agenda", AGENDA)
    draft = next_forms(visitor)
    pages = [said(visitor.opens(path)) for path in (AGENDA, "/")]
    visitor.acts("draft-report", AGENDA, by="Rapporteur", languages=["en"])
    report = next_forms(visitor)
    later = [said(visitor.opens(path)) for path in (AGENDA, "/")]

    assert all("Awaited from the secretariat: draft report" in page for page in pages)
    assert all("Awaited from the body itself: adoption of the report" in page for page in later)
    assert ([f"{AGENDA}/act/draft-report"], [f"{AGENDA}/act/adopt-report"]) == (draft, report)


def report_shown(visitor: Visitor) -> str:
    """What the page of the agenda says of the report; nothing where it does not speak of it."""
    page = parsed(visitor.opens(AGENDA).text)
    found = page.xpath("//section[@aria-labelledby='report']")
    return " ".join(" ".join(" ".join(section.itertext()).split()) for section in found)


def test_the_report_stays_on_the_page(visitor: Visitor) -> None:
    """The draft with its own symbol, and after the adoption what was amended orally."""
    visitor.acts("submit-items", AGENDA)
    visitor.acts("approve-items", AGENDA, manner="consensus")
    visitor.acts("adopt-agenda", AGENDA)
    before = report_shown(visitor)
    visitor.acts(
        "draft-report", AGENDA, by="Rapporteur", document="CTOC/L.1", languages=["en", "fr"]
    )
    drafted = report_shown(visitor)
    visitor.acts(
        "adopt-report",
        AGENDA,
        document="CTOC/11",
        oral_amendments="Delete paragraph 3\nAdd paragraph 9",
    )
    adopted = report_shown(visitor)
    plain = json.loads(visitor.client.get(f"{AGENDA}.json").text)["report"]

    assert "" == before
    assert "Symbol of the draft CTOC/L.1 Who puts it forward Rapporteur" in drafted
    assert "English, French" in drafted
    assert "Symbol of the report" not in drafted
    assert "Symbol of the report CTOC/11 Oral amendments Delete paragraph 3" in adopted
    assert "Add paragraph 9" in adopted
    assert "Symbol of the draft CTOC/L.1" in adopted
    assert ("CTOC/L.1", "CTOC/11", ["Delete paragraph 3", "Add paragraph 9"]) == (
        plain["draft"],
        plain["symbol"],
        plain["oral_amendments"],
    )


# --- The life of an agenda ------------------------------------------------------------------------


def life(visitor: Visitor) -> list[str]:
    """The steps of the life, as the page of the agenda names them, with what it notes of each."""
    steps = parsed(visitor.opens(AGENDA).text).xpath("//ol[@class='steps']/li")
    return [
        " ".join(part.text_content().strip() for part in step.xpath("h3 | p[@class='fine']"))
        for step in steps
    ]


def ask_again(visitor: Visitor) -> None:
    """A silence on all items is broken for item 2, which is amended and submitted again."""
    story = visitor.story
    visitor.acts("submit-items", AGENDA)
    story.now = visitor.clock.at
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={}, by_item=True)
    story.respond("objection", items=["2"])
    story.clock("2026-03-20T12:00:00Z")
    story.do("amend item", agenda="a", item="2", titles={"en": "Another"}, reason="East asked.")


def test_a_life_tells_each_submission_in_its_turn(visitor: Visitor) -> None:
    """What was submitted again stands behind the silence that was broken, and both are there."""
    visitor.acts("submit-items", AGENDA)
    once = life(visitor)
    visitor.story.now = visitor.clock.at
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.story.respond("objection")
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    broken = life(visitor)
    visitor.story.do("submit items", agenda="a", items=["1"])
    visitor.story.do("submit items", agenda="a", items=["2", "9"])
    again = life(visitor)
    visitor.story.do("submit items", agenda="a", items=["1", "2", "9"])
    visitor.story.silence(window="w2", subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    second = life(visitor)
    ahead = ["Approved", "Published", "Agenda adopted", "Report adopted"]

    assert ["Proposed", "Submitted", "Under silence", *ahead] == once
    assert ["Proposed", "Submitted", "Under silence silence broken", *ahead] == broken
    assert [
        *("Proposed", "Submitted", "Under silence silence broken"),
        *("Submitted", "Under silence", *ahead),
    ] == again
    assert [
        *("Proposed", "Submitted", "Under silence silence broken"),
        *("Submitted", "Submitted", "Under silence running", *ahead),
    ] == second


def test_what_is_submitted_again_can_be_asked_again(visitor: Visitor) -> None:
    """The secretariat opens a silence on it, or enters an approval; the board says the same."""
    ask_again(visitor)
    amended = next_forms(visitor)
    visitor.story.do("submit items", agenda="a")
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    pages = [said(visitor.opens(path)) for path in (AGENDA, "/")]

    assert [f"{AGENDA}/act/submit-items"] == amended
    assert [f"/open/{ORGANISATION}/a", f"{AGENDA}/act/approve-items"] == next_forms(visitor)
    awaited = "Awaited from the secretariat: opening of the silence procedure"
    assert all(awaited in page for page in pages)
    visitor.acts("approve-items", AGENDA, manner="consensus")
    assert "approved" == visitor.story.state("agenda/a").stage
    assert 2 == life(visitor).count("Submitted")
    assert 1 == len([step for step in life(visitor) if step.startswith("Under silence")])


def test_both_are_awaited_where_some_are_not_approved(visitor: Visitor) -> None:
    """The opening of a silence on what is submitted, and what becomes of the others."""
    visitor.acts("submit-items", AGENDA)
    visitor.story.now = visitor.clock.at
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.story.respond("objection")
    visitor.story.do("submit items", agenda="a", items=["2"])
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    page = said(visitor.opens(AGENDA))

    assert "Awaited from the secretariat: opening of the silence procedure" in page
    assert "Awaited from the presiding officer: an amended text" in page
    assert f"/open/{ORGANISATION}/a" in next_forms(visitor)


def test_what_is_submitted_beside_a_silence_can_be_asked_too(visitor: Visitor) -> None:
    """While the silence on the others runs, the page waits for both."""
    visitor.acts("submit-items", AGENDA, items=["1"])
    visitor.story.now = visitor.clock.at
    visitor.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    visitor.story.do("submit items", agenda="a", items=["2", "9"])
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)

    assert {f"/windows/{ORGANISATION}/w/act/respond", f"/open/{ORGANISATION}/a"} <= {
        *next_forms(visitor)
    }
