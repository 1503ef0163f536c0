"""An item keeps what belongs to it, whatever its number becomes, and however it is spelt."""

from __future__ import annotations

from typing import Any

import pytest

from agenda_story import started
from domain.agenda.agenda import Agenda
from domain.agenda.events import (
    AgendaAdopted,
    AgendaPublished,
    Amendment,
    ApprovalSuspended,
    ItemAmended,
    ItemAnnotated,
    ItemMoved,
    ItemProposed,
    ItemsApproved,
    ItemsNotApproved,
    ItemsPutUnderSilence,
    ItemsSubmitted,
    ItemWithdrawn,
    WorkOrganized,
)
from domain.agenda.item_numbers import item_key, normalize_number, parent_key, sort_key
from domain.agenda.item_order import apply_amendments
from domain.agenda.items import Item
from domain.agenda.work_schedule import current_slots
from domain.messages import Fact, RecordedEvent
from domain.organization_of_work import Entry, Slot
from domain.streams import Stream
from domain.times import When
from story import Story
from wiring import play_in_temporary_store, read_case
from workflows.commands.command_result import CommandResult

SUBJECT = {"type": "agenda items", "agenda": "a"}


def agenda(story: Story) -> Any:
    return story.state("agenda/a")


def fact_of(answer: CommandResult) -> Any:
    """The first fact that an act caused."""
    return answer.events[0].fact


def listed(story: Story) -> str:
    """The numbers in order, each with what it stands under."""
    return " ".join(f"{item.item}<{item.under}" for item in agenda(story).items)


# --- Identity -----------------------------------------------------------------------------------


def test_a_number_used_again_starts_with_nothing(story: Story) -> None:
    """Annotation, documents and hours were those of the item that is gone."""
    started(story, "1", "2", "9")
    values = {"language": "en", "heading": "Old", "paragraphs": ["Old."]}
    story.do("annotate item", agenda="a", item="2", **values)
    story.do("plan documents", agenda="a", item="2", documents=["X/1"])
    slot = {"day": "2026-08-10", "starts": "10:00", "ends": "13:00"}
    story.do("organize work", agenda="a", slots=[slot | {"entries": [{"item": "2"}]}])
    story.do("withdraw item", agenda="a", item="2", reason="dry")
    answer = story.propose("2")
    again = agenda(story).item("2")
    history = story.placet.store.history("fictional")
    work = current_slots(agenda(story).work, agenda(story).items, history.content)

    assert ("i4", (), ()) == (again.id, again.notes, again.documents)
    assert "i4" == fact_of(answer).id
    assert ("", "2") == (work[0].entries[0].id, work[0].entries[0].item)


def test_what_belongs_to_an_item_follows_its_new_number(story: Story) -> None:
    started(story, "1", "2", "3")
    story.do("annotate item", agenda="a", item="3", language="en", heading="Item 3")
    slot = {"day": "2026-08-10", "starts": "10:00", "ends": "13:00"}
    story.do("organize work", agenda="a", slots=[slot | {"entries": [{"item": "3"}]}])
    story.do("renumber items", agenda="a", numbers={"3": "2", "2": "3"}, reason="order")
    history = story.placet.store.history("fictional")
    work = current_slots(agenda(story).work, agenda(story).items, history.content)

    assert ("i3", "Item 3") == (
        agenda(story).item("2").id,
        agenda(story).item("2").notes[0].heading,
    )
    assert () == agenda(story).item("3").notes
    assert ("2", "i3") == (work[0].entries[0].item, work[0].entries[0].id)


def test_an_annotation_replaces_the_one_in_its_language_only(story: Story) -> None:
    started(story, "1")
    for language, heading in (("en", "Wels"), ("fr", "Puits"), ("en", "Wells")):
        story.do("annotate item", agenda="a", item="1", language=language, heading=heading)

    assert [("fr", "Puits"), ("en", "Wells")] == [
        (note.language, note.heading) for note in agenda(story).item("1").notes
    ]


def test_what_the_body_adds_gets_the_next_identity(story: Story) -> None:
    started(story, "1", "2")
    added = [
        {"act": "delete", "item": "2"},
        {"act": "add", "item": "2", "titles": {"en": "Another"}, "after": "1"},
        {"act": "add", "item": "3", "titles": {"en": "More"}, "after": "2"},
    ]
    story.do("adopt agenda", who="body", agenda="a", amendments=added)

    assert [("1", "i1"), ("2", "i3"), ("3", "i4")] == [
        (item.item, item.id) for item in agenda(story).items
    ]
    assert 4 == agenda(story).ids_given


def test_an_outcome_finds_the_item_by_the_number_that_was_asked(story: Story) -> None:
    """By items: 2 breaks, and its number goes to another item before the window is superseded."""
    story.body(parameters={"by-item": "yes"})
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2", "3"):
        story.propose(item)
    story.do("submit items", agenda="a")
    story.silence(subject=SUBJECT, text={})
    story.respond("objection", items=["2"])
    story.do("renumber items", agenda="a", numbers={"2": "7"}, reason="kept free")
    story.propose("2")
    story.do("submit items", agenda="a", items=["2"])
    story.silence(window="other", subject=SUBJECT, text={})
    story.do("supersede silence", who="presiding officer", window="w", reason="wrong annex")

    assert {
        "1": "not approved",
        "7": "not approved",
        "3": "not approved",
        "2": "under silence",
    } == {item.item: item.approval for item in agenda(story).items}


def test_a_window_decides_nothing_about_words_that_it_did_not_ask_for(story: Story) -> None:
    """Item 2 broke and was amended: when the window is superseded, it stays to be submitted."""
    story.body(parameters={"by-item": "yes"})
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2"):
        story.propose(item)
    story.do("submit items", agenda="a")
    story.silence(subject=SUBJECT, text={})
    story.respond("objection", items=["2"])
    story.do("amend item", agenda="a", item="2", titles={"en": "Better"}, reason="objection")
    story.do("supersede silence", who="presiding officer", window="w", reason="wrong annex")

    assert ("not approved", "proposed") == tuple(item.approval for item in agenda(story).items)


def test_a_window_decides_nothing_about_an_item_that_was_asked_anew(story: Story) -> None:
    """Item 2 broke, was amended and is under silence again when the first window is superseded."""
    story.body(parameters={"by-item": "yes"})
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2"):
        story.propose(item)
    story.do("submit items", agenda="a")
    story.silence(subject=SUBJECT, text={})
    story.respond("objection", items=["2"])
    story.do("amend item", agenda="a", item="2", titles={"en": "Better"}, reason="objection")
    story.do("submit items", agenda="a", items=["2"])
    story.silence(window="again", subject=SUBJECT, text={})
    story.do("supersede silence", who="presiding officer", window="w", reason="wrong annex")

    assert ("not approved", "under silence") == tuple(item.approval for item in agenda(story).items)


def test_an_old_outcome_shows_the_titles_that_were_under_silence(story: Story) -> None:
    started(story, "1", "2")
    story.do("submit items", agenda="a")
    story.silence(subject=SUBJECT, text={})
    story.respond("objection")
    story.do("amend item", agenda="a", item="2", titles={"en": "Changed"}, reason="asked for")
    shown = story.placet.queries.windows.get("fictional", "w", story.now)

    assert {"1": {"en": "Item 1"}, "2": {"en": "Item 2"}} == shown.items


def test_the_particulars_of_an_item_change_and_its_text_stays(story: Story) -> None:
    """What was submitted need not be submitted again, and what is not given stays."""
    started(story, "1", "2")
    story.do("submit items", agenda="a")
    given = {"proposer": "Northland", "memorandum": "FX/3", "reason": "The letter came."}
    story.do("describe item", agenda="a", item="2", **given)
    story.do("describe item", agenda="a", item="2", subjects=["report"], reason="It is the last.")
    item = agenda(story).item("2")

    assert ("Northland", "FX/3", ("report",)) == (item.proposer, item.memorandum, item.subjects)
    assert ("submitted", "State Party", {"en": "Item 2"}) == (
        item.approval,
        item.proposer_kind,
        item.titles,
    )


def test_an_item_is_described_by_something_and_before_its_approval(story: Story) -> None:
    started(story, "1", "2")
    with story.refused("empty"):
        story.do("describe item", agenda="a", item="2", reason="No reason.")
    story.do("submit items", agenda="a")
    story.do("approve items", who="body", agenda="a", manner="consensus")
    with story.refused("stage"):
        story.do("describe item", agenda="a", item="2", proposer="Northland", reason="Late.")


def test_a_particular_is_taken_off(story: Story) -> None:
    """It is then as if it had never been told; the text stays as it was submitted."""
    started(story, "1", "2")
    given = {"legal_basis": ["Resolution 7/1"], "subjects": ["report"], "reason": "A letter."}
    story.do("describe item", agenda="a", item="2", **given)
    story.do("submit items", agenda="a")
    off = ["legal_basis", "proposer_kind", "memorandum", "subjects"]
    story.do("clear item", agenda="a", item="2", particulars=off, reason="A slip.")
    item = agenda(story).item("2")

    assert ((), "unknown", "unknown", (), "Eastland", "submitted") == (
        item.legal_basis,
        item.proposer_kind,
        item.memorandum,
        item.subjects,
        item.proposer,
        item.approval,
    )
    with story.refused("empty"):
        story.do("clear item", agenda="a", item="2", particulars=[], reason="No.")
    for names in (["legal_basis"], ["titles"], ["proposer", "subjects"]):
        with story.refused("known"):
            story.do("clear item", agenda="a", item="2", particulars=names, reason="No.")
    story.do("clear item", agenda="a", item="2", particulars=["proposer"], reason="No.")
    assert "" == agenda(story).item("2").proposer


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    [
        "1 (a)",
        "1(a)",
        "1 (A)",
        "1\u200b(a)",
        "１（ａ）",
        "1.(a)",
        "1 a)",
        "١ (a)",
        " 1 (a). ",
        "1 (а)",
    ],
)
def test_spellings_of_one_number_have_one_key(spelling: str) -> None:
    assert "1(a)" == item_key(spelling)


@pytest.mark.parametrize("number", ["1 (b)", "1", "1 (aa)", "11 (a)", "2 (a)", "1 (a) (i)"])
def test_other_numbers_have_other_keys(number: str) -> None:
    assert "1(a)" != item_key(number)


def test_what_shows_nothing_is_no_number(story: Story) -> None:
    started(story, "1")
    for nothing in ("", " ", "\u200b", "\u3164", "\ufe0f."):
        assert not item_key(nothing)
        with story.refused("empty"):
            story.propose(nothing)
    assert "1 (a)" == normalize_number("\u200f1\u00a0 (a)\u0000")


def test_numbers_are_counted_as_people_count() -> None:
    found = ["10", "2 (b)", "2 (b) (ix)", "2", "2 (b) (v)", "2 (b) (iv)", "2 (a)", "1", "2 (b) (q)"]
    counted = [
        "1",
        "2",
        "2 (a)",
        "2 (b)",
        "2 (b) (iv)",
        "2 (b) (v)",
        "2 (b) (ix)",
        "2 (b) (q)",
        "10",
    ]

    assert counted == sorted(found, key=sort_key)
    assert ["4(b)", "4", "", "4"] == [parent_key(x) for x in ("4 (b) (i)", "4 (b)", "4", "4.2")]


def test_an_item_is_found_by_each_spelling_and_shown_as_first_spelt(story: Story) -> None:
    started(story, "1", "1 (a)", "2")
    story.do("amend item", agenda="a", item="1(A)", titles={"en": "Opening"}, reason="short")
    story.do("annotate item", agenda="a", item="1 a)", language="en", heading="Opening")
    story.do("plan documents", agenda="a", item="1(a)", none_expected=True)
    story.do("submit items", agenda="a", items=["1(A)"])
    submitted = story.events()[-1].fact
    with story.refused("new"):
        story.do("submit items", agenda="a", items=["1(A)", "1 (a)"])
    story.silence(subject=SUBJECT | {"items": ["1(A)"]}, text={}, by_item=True)
    window = story.state("window/w")
    story.respond("objection", items=["1(A)", "1 a)"])
    (response,) = story.state("window/w").responses

    assert ("1 (a)",) == submitted.items == window.subject.items
    assert ("1 (a)",) == response.response.items
    assert "broken" == story.state("window/w").outcome("1 (a)")
    assert "not approved" == agenda(story).item("1(A)").approval
    assert "Opening" == agenda(story).item("1 (a)").titles["en"]


def test_parts_of_any_text_are_named_once(story: Story) -> None:
    """Attested or live: paragraphs and entries, too."""
    story.body()
    text = {"text": {"en": "Yes."}, "length": "72 hours"}
    for items in (["1 (a)", "1(A)"], ["1", "\u200b"]):
        rule = "known" if items[0] == "1 (a)" else "empty"
        subject = {"type": "decision text", "items": items}
        with story.refused(rule):
            story.silence(subject=subject, **text)
        with story.refused(rule):
            story.tell(
                "open silence",
                "2020-03-01",
                window="v",
                body="b",
                subject=subject,
                closes="2020-03-04",
                text=text["text"],
            )


def test_a_case_may_spell_an_item_otherwise(tmp_path: Any) -> None:
    path = tmp_path / "spelling.yaml"
    path.write_text(
        """
organisation: fictional-organisation
defaults: {body: b, window: w}
steps:
  - {simulated: establish body, when: "2026-05-04T07:00Z", names: {en: B}, zone: UTC}
  - {simulated: adopt rule pack, when: "2026-05-04T07:00Z", pack: generic}
  - {simulated: fill seat, when: "2026-05-04T07:00Z", seat: north, holder: North}
  - simulated: open silence
    when: "2026-05-04T08:00Z"
    length: 72 hours
    by_item: "yes"
    body: b
    subject: {type: decision text, items: [1 (a), "2"]}
    text: {en: Text.}
    expect: {outcome: {1(A): open, "2.": open}}
"""
    )
    verdict = play_in_temporary_store(read_case(path))

    assert () == verdict.faults


# --- Order and levels ---------------------------------------------------------------------------


def test_a_number_says_what_it_stands_under_and_a_third_level_is_known(story: Story) -> None:
    started(story, "1", "4", "9", "4 (b)", "4 (b) (i)", "4 (c)")

    assert "1< 4< 4 (b)<4 4 (b) (i)<4 (b) 4 (c)<4 9<" == listed(story)


def test_the_number_of_a_sub_item_needs_its_item(story: Story) -> None:
    """Else it would stand at the top level for good; of history its item may not be told."""
    started(story, "1", "2", "2 (a)")
    with story.refused("known"):
        story.propose("7 (a)")
    with story.refused("known"):
        story.do("renumber items", agenda="a", numbers={"1": "7 (a)"}, reason="a slip")
    story.propose("7 (a)", under="2")
    story.do("renumber items", agenda="a", numbers={"7 (a)": "8 (a)"}, reason="a slip")

    assert "1< 2< 2 (a)<2 8 (a)<2" == listed(story)

    story.tell("start agenda", "2020-01-01", agenda="t", body="b")
    story.tell("propose item", "2020-01-02", agenda="t", item="7 (a)", titles={"en": "Wells"})

    assert [("7 (a)", "")] == [(item.item, item.under) for item in story.state("agenda/t").items]


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ({"item": "2", "after": "3"}, "1< 3< 2< 2(a)<2 2(a)(i)<2(a) 9<"),
        ({"item": "9"}, "9< 1< 2< 2(a)<2 2(a)(i)<2(a) 3<"),
        ({"item": "3", "under": "2"}, "1< 2< 2(a)<2 2(a)(i)<2(a) 3<2 9<"),
        ({"item": "3", "under": "2", "after": "2(a)"}, "1< 2< 2(a)<2 2(a)(i)<2(a) 3<2 9<"),
        ({"item": "2(a)", "after": "2"}, "1< 2< 2(a)< 2(a)(i)<2(a) 3< 9<"),
        ({"item": "2(A)"}, "2(a)< 2(a)(i)<2(a) 1< 2< 3< 9<"),
        ({"item": "1", "after": "2"}, "2< 2(a)<2 2(a)(i)<2(a) 1< 3< 9<"),
    ],
)
def test_items_are_moved_with_all_that_is_below_them(
    story: Story, move: dict[str, str], order: str
) -> None:
    started(story, "1", "2", "2(a)", "2(a)(i)", "3", "9")
    story.do("move item", agenda="a", reason="asked for", **move)

    assert order == listed(story)


@pytest.mark.parametrize(
    ("move", "rule"),
    [
        ({"item": "3", "after": "3"}, "item-place"),
        ({"item": "2", "under": "2(a)"}, "item-place"),
        ({"item": "2", "after": "2(a)(i)"}, "item-place"),
        ({"item": "3", "under": "2", "after": "1"}, "item-place"),
        ({"item": "3", "after": "77"}, "known"),
        ({"item": "77"}, "known"),
        ({"item": "3", "reason": " "}, "empty"),
    ],
)
def test_an_impossible_move_is_refused(story: Story, move: dict[str, str], rule: str) -> None:
    started(story, "1", "2", "2(a)", "2(a)(i)", "3")
    with story.refused(rule):
        story.do("move item", agenda="a", **({"reason": "asked for"} | move))


def test_new_numbers_are_given_at_once_and_sub_items_are_counted_along(story: Story) -> None:
    started(story, "1", "2", "2 (a)", "2 (a) (i)", "3", "4", "4.1", "x")
    story.do("move item", agenda="a", item="x", under="2", reason="fits")
    numbers = {"2": "3", "3": "2", "4": "5"}
    answer = story.do("renumber items", agenda="a", numbers=numbers, reason="order")

    assert "1< 3< 3 (a)<3 3 (a) (i)<3 (a) x<3 2< 5< 5.1<5" == listed(story)
    assert numbers | {"2 (a)": "3 (a)", "2 (a) (i)": "3 (a) (i)", "4.1": "5.1"} == (
        fact_of(answer).numbers
    )


@pytest.mark.parametrize(
    ("numbers", "rule"),
    [
        ({}, "empty"),
        ({"3": " "}, "empty"),
        ({"3": "2."}, "new"),
        ({"3": "5", "3.": "6"}, "new"),
        ({"3": "2 (b)"}, "item-place"),
        ({"77": "3"}, "known"),
    ],
)
def test_impossible_numbers_are_refused(story: Story, numbers: dict[str, str], rule: str) -> None:
    started(story, "1", "2", "2(a)", "3")
    with story.refused(rule):
        story.do("renumber items", agenda="a", numbers=numbers, reason="order")
    with story.refused("empty"):
        story.do("renumber items", agenda="a", numbers={"3": "5"}, reason=" ")


@pytest.mark.parametrize("verb", ["move item", "renumber items"])
def test_what_was_submitted_otherwise_is_submitted_anew(story: Story, verb: str) -> None:
    """Silence binds a text with numbers and order; nothing of another text goes under silence."""
    started(story, "1", "2", "2 (a)", "9")
    story.do("submit items", agenda="a")
    found: dict[str, Any] = {"item": "2"} if verb == "move item" else {"numbers": {"2": "5"}}
    story.do(verb, agenda="a", reason="asked for", **found)

    assert {"1": "submitted", "i2": "proposed", "i3": "proposed", "9": "submitted"} == {
        item.item if item.item in {"1", "9"} else item.id: item.approval
        for item in agenda(story).items
    }
    with story.refused("stage"):
        story.silence(subject=SUBJECT, text={})
    story.do("submit items", agenda="a")
    story.silence(subject=SUBJECT, text={})


@pytest.mark.parametrize("verb", ["amend item", "withdraw item"])
def test_a_text_that_was_changed_in_part_is_not_put_under_silence(story: Story, verb: str) -> None:
    """The items that stayed were submitted as one text with the one that changed."""
    started(story, "1", "2")
    story.do("submit items", agenda="a")
    found: dict[str, Any] = {"titles": {"en": "New"}} if verb == "amend item" else {}
    story.do(verb, agenda="a", item="2", reason="asked for", **found)
    with story.refused("stage"):
        story.silence(subject=SUBJECT, text={})


def test_two_submissions_are_two_texts_and_not_one(story: Story) -> None:
    started(story, "1", "2")
    story.do("submit items", agenda="a", items=["1"])
    story.do("submit items", agenda="a", items=["2"])
    with story.refused("stage"):
        story.silence(subject=SUBJECT, text={})


@pytest.mark.parametrize(
    "titles", [{"en": ""}, {"en": "\u200b"}, {"en": "Fine", "fr": "\ufeff"}, {}]
)
def test_a_title_that_shows_nothing_is_none(story: Story, titles: dict[str, str]) -> None:
    started(story, "1")
    with story.refused("empty"):
        story.propose("2", titles=titles)
    with story.refused("empty"):
        story.do("amend item", agenda="a", item="1", titles=titles, reason="asked for")
    for change in ({"act": "add", "item": "2"}, {"act": "retitle", "item": "1"}):
        with story.refused("empty"):
            amendments = [change | {"titles": titles}]
            story.do("adopt agenda", who="body", agenda="a", amendments=amendments)


# --- At the adoption ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "order"),
    [
        ({"act": "reorder", "item": "2", "after": "3"}, "1< 3< 2< 2(a)<2 2(c)<2 2(c)(i)<2(c)"),
        ({"act": "reorder", "item": "3"}, "3< 1< 2< 2(a)<2 2(c)<2 2(c)(i)<2(c)"),
        ({"act": "reorder", "item": "2(C)"}, "1< 2< 2(c)<2 2(c)(i)<2(c) 2(a)<2 3<"),
        (
            {"act": "reorder", "item": "2(a)", "after": "2(c)"},
            "1< 2< 2(c)<2 2(c)(i)<2(c) 2(a)<2 3<",
        ),
        (
            {"act": "reorder", "item": "2(c)", "after": "2"},
            "1< 2< 2(c)<2 2(c)(i)<2(c) 2(a)<2 3<",
        ),
        ({"act": "add", "item": "2 (b)"}, "1< 2< 2(a)<2 2 (b)<2 2(c)<2 2(c)(i)<2(c) 3<"),
        (
            {"act": "add", "item": "2 (b)", "after": "2"},
            "1< 2< 2(a)<2 2 (b)<2 2(c)<2 2(c)(i)<2(c) 3<",
        ),
        (
            {"act": "add", "item": "2 (b)", "after": "2(c)"},
            "1< 2< 2(a)<2 2(c)<2 2(c)(i)<2(c) 2 (b)<2 3<",
        ),
        ({"act": "add", "item": "3 (a)"}, "1< 2< 2(a)<2 2(c)<2 2(c)(i)<2(c) 3< 3 (a)<3"),
        ({"act": "add", "item": "2(c)(ii)"}, "1< 2< 2(a)<2 2(c)<2 2(c)(i)<2(c) 2(c)(ii)<2(c) 3<"),
        (
            {"act": "add", "item": "x", "under": "2 (A)"},
            "1< 2< 2(a)<2 x<2(a) 2(c)<2 2(c)(i)<2(c) 3<",
        ),
        ({"act": "add", "item": "4", "after": "2"}, "1< 2< 2(a)<2 2(c)<2 2(c)(i)<2(c) 4< 3<"),
        ({"act": "delete", "item": "2"}, "1< 3<"),
        ({"act": "defer", "item": "2(C)"}, "1< 2< 2(a)<2 3<"),
    ],
)
def test_the_body_changes_the_list_and_levels_stay(
    story: Story, change: dict[str, Any], order: str
) -> None:
    started(story, "1", "2", "2(a)", "2(c)", "2(c)(i)", "3")
    values = change | ({"titles": {"en": "New"}} if change["act"] == "add" else {})
    answer = story.do("adopt agenda", who="body", agenda="a", amendments=[values])

    assert order == listed(story)
    assert [item.item for item in agenda(story).items] == [*fact_of(answer).items]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"act": "reorder", "item": "3", "after": "3"}, "item-place"),
        ({"act": "reorder", "item": "2", "after": "2(a)"}, "item-place"),
        ({"act": "reorder", "item": "3", "after": "2(a)"}, "item-place"),
        ({"act": "reorder", "item": "2(a)", "after": "3"}, "item-place"),
        ({"act": "add", "item": "2(b)", "after": "3"}, "item-place"),
        ({"act": "add", "item": "4", "after": "2(a)"}, "item-place"),
        ({"act": "add", "item": "7 (a)"}, "known"),
        ({"act": "add", "item": "2 (A)"}, "new"),
        ({"act": "add", "item": " "}, "empty"),
        ({"act": "delete", "item": ""}, "known"),
        ({"act": "delete", "item": "77"}, "known"),
    ],
)
def test_the_body_cannot_tear_an_item_from_its_sub_items(
    story: Story, change: dict[str, Any], rule: str
) -> None:
    started(story, "1", "2", "2(a)", "2(c)", "3")
    with story.refused(rule):
        values = change | {"titles": {"en": "New"}}
        story.do("adopt agenda", who="body", agenda="a", amendments=[values])


# --- Older events -------------------------------------------------------------------------------


def folded(*facts: Fact) -> Agenda:
    """The state that these facts make, as an older program recorded them."""
    state = Agenda()
    for version, fact in enumerate(facts, 1):
        at = When("2026-03-02T12:00:00Z")
        state = state.evolve(
            RecordedEvent(
                organisation="fictional",
                stream=Stream.parse("agenda/a"),
                version=version,
                position=version,
                name="",
                fact=fact,
                effective=at,
                received_at=at.exact,
                recorded_at=at.exact,
                actor=None,  # type: ignore[arg-type]  # nobody asks for it
            )
        )
    return state


def proposed(*items: str) -> list[Fact]:
    return [ItemProposed(item=item, titles={"en": item}) for item in items]


def test_older_proposals_get_the_identity_that_newer_ones_state() -> None:
    state = folded(*proposed("1", "2"), ItemWithdrawn(item="2", reason=""), *proposed("2"))

    assert [("1", "i1"), ("2", "i3")] == [(item.item, item.id) for item in state.items]


def test_older_lists_keep_their_order_and_their_level() -> None:
    sub = ItemProposed(item="1(b)", titles={"en": "x"}, under="1")
    adopted = AgendaAdopted(
        items=("1", "1(b)", "1 (c)", "2"),
        text_hash="",
        amendments=(Amendment(act="add", item="1 (c)", titles={"en": "c"}, after="1(b)"),),
    )
    before, after = folded(*proposed("1", "2"), sub), folded(*proposed("1", "2"), sub, adopted)

    assert ["1", "2", "1(b)"] == [item.item for item in before.items]
    assert [("1", ""), ("1(b)", "1"), ("1 (c)", ""), ("2", "")] == [
        (item.item, item.under) for item in after.items
    ]


def test_older_spellings_that_were_two_items_stay_two() -> None:
    state = folded(
        *proposed("1 (a)", "1(a)"),
        ItemsSubmitted(items=("1 (a)", "1(a)"), to="b", text_hash="x"),
        ItemsPutUnderSilence(items=("1 (a)", "1(a)"), window="w"),
        ItemsApproved(items=("1(a)",), window="w"),
        ItemsNotApproved(items=("1 (a)",), window="w"),
    )

    assert ["not approved", "approved"] == [item.approval for item in state.items]


def test_older_hours_mean_the_item_in_their_own_spelling() -> None:
    entries = (Entry(item="1 (a)"), Entry(item="1(a)"))
    slot = Slot(day=When("2026-08-10"), starts="10:00", ends="13:00", entries=entries)
    state = folded(*proposed("1 (a)", "1(a)"), WorkOrganized(slots=(slot,)))

    assert ["i1", "i2"] == [
        entry.id for entry in current_slots(state.work, state.items, lambda _: b"")[0].entries
    ]


def test_the_body_finds_the_list_that_was_published_last() -> None:
    """What was amended after the publication, and not published again, is in no print."""
    state = folded(
        *proposed("1"),
        AgendaPublished(document="d"),
        ItemAmended(item="1", titles={"en": "Otherwise"}, reason=""),
        AgendaAdopted(items=("1",), text_hash=""),
    )

    assert ({"en": "1"}, {"en": "Otherwise"}) == (
        state.provisional[0].titles,
        state.items[0].titles,
    )


def test_an_older_withdrawal_left_what_a_window_approved() -> None:
    """The window says that 2 (a) is approved: so does the agenda, though its parent is gone."""
    sub, other = (ItemProposed(item=x, titles={"en": x}, under="2") for x in ("2(a)", "2(b)"))
    state = folded(
        *proposed("2"),
        sub,
        other,
        ItemsSubmitted(items=("2(a)",), to="b", text_hash="x"),
        ItemsPutUnderSilence(items=("2(a)",), window="w"),
        ItemWithdrawn(item="2", reason=""),
        ItemsApproved(items=("2(a)",), window="w"),
        ApprovalSuspended(items=("2 (A)",), window="w"),
    )

    assert [("2(a)", "", "approval suspended")] == [
        (item.item, item.under, item.approval) for item in state.items
    ]


def test_facts_about_items_that_there_are_not_change_nothing() -> None:
    """A correction of a number may leave such facts behind; they are read all the same."""
    known = folded(*proposed("1"))
    strange = folded(
        *proposed("1"),
        ItemAmended(item="7", titles={"en": "x"}, reason=""),
        ItemAnnotated(item="7", language="en", heading="x"),
        ItemWithdrawn(item="7", reason=""),
        ItemMoved(item="7", reason=""),
    )

    assert known == strange


def test_an_older_organization_of_work_is_read_with_the_items_of_its_day() -> None:
    slot = Slot(day=When("2026-08-10"), starts="10:00", ends="13:00", entries=(Entry(item="2"),))
    state = folded(
        *proposed("1", "2"),
        WorkOrganized(slots=(slot,)),
        ItemWithdrawn(item="2", reason=""),
        *proposed("2"),
    )

    assert 1 == state.work.count
    assert [""] == [
        entry.id for entry in current_slots(state.work, state.items, lambda _: b"")[0].entries
    ]


def test_amendments_of_an_act_that_there_is_not_change_nothing() -> None:
    items = (Item(item="1", titles={"en": "1"}),)

    assert items == apply_amendments(items, (), [Amendment(act="explode", item="1")])
    assert items == apply_amendments(items, (), [Amendment(act="delete", item="7")])


# --- What is shown ------------------------------------------------------------------------------
