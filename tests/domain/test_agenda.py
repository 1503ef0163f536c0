"""An agenda: its items and text, its derived stage, oral amendments, and its report."""

from __future__ import annotations

from typing import Any

import pytest

from domain.agenda.events import Amendment
from domain.agenda.item_order import apply_amendments
from domain.agenda.item_texts import encode_texts
from domain.agenda.items import Item
from story import Story


def in_session(story: Story) -> None:
    """Agenda `a` with items 1, 2, 9 under generic rules, approved at a meeting."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.do("approve items", who="body", agenda="a", manner="at a meeting")


def numbers(story: Story) -> list[str]:
    """The items in order."""
    return [item.item for item in story.state("agenda/a").items]


def test_the_stage_is_derived_from_what_happened(story: Story) -> None:
    """No stage is stored; each act shows in the next reading."""
    seen = []
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    seen.append(story.state("agenda/a").stage)
    story.propose("1")
    seen.append(story.state("agenda/a").stage)
    story.do("submit items", agenda="a")
    seen.append(story.state("agenda/a").stage)
    story.do("approve items", who="body", agenda="a", manner="at a meeting")
    seen.append(story.state("agenda/a").stage)
    story.do("adopt agenda", who="body", agenda="a")
    seen.append(story.state("agenda/a").stage)
    story.do("adopt report", who="body", agenda="a", oral_amendments=["para. 3"])
    seen.append(story.state("agenda/a").stage)

    assert ["started", "proposed", "submitted", "approved", "adopted", "report adopted"] == seen


def test_a_changed_title_changes_the_text(story: Story) -> None:
    """The hash names one text; an amended item has to be submitted again."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    first = story.state("agenda/a").text_hash
    story.do("amend item", agenda="a", item="2", titles={"en": "Amended"}, reason="asked for")
    between = story.state("agenda/a").item("2").approval
    story.do("submit items", agenda="a")

    assert "proposed" == between
    assert first != story.state("agenda/a").text_hash


def test_the_text_is_kept_as_content(story: Story) -> None:
    """Manifest and texts are in the store, under the hashes that events carry."""
    story.body()
    story.agenda()
    answer = story.do("submit items", agenda="a")
    fact: Any = answer.events[0].fact
    content = story.placet.store.history("fictional").content(fact.text_hash)

    assert (fact.text_hash, content) == (
        encode_texts(story.state("agenda/a").items)[0],
        encode_texts(story.state("agenda/a").items)[1][-1],
    )


def test_equal_text_in_other_unicode_forms_has_one_hash() -> None:
    """A composed and a decomposed letter are the same text."""
    composed, decomposed = (Item(item="1", titles={"fr": title}) for title in ("é", "é"))

    assert encode_texts([composed])[0] == encode_texts([decomposed])[0]


def test_silence_binds_the_submitted_text_whole(story: Story) -> None:
    """Neither other items nor some of them: the text that was submitted."""
    story.body()
    story.agenda()
    with story.refused("stage"):
        story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.do("submit items", agenda="a")
    with story.refused("stage"):
        subject = {"type": "agenda items", "agenda": "a", "items": ["1"]}
        story.silence(subject=subject, text={})
    with story.refused("known"):
        subject = {"type": "agenda items", "agenda": "a", "items": ["77"]}
        story.silence(subject=subject, text={})
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    with story.refused("stage"):
        story.do("amend item", agenda="a", item="2", titles={"en": "x"}, reason="late idea")

    assert story.state("agenda/a").text_hash == story.state("window/w").text_hash


def test_a_broken_silence_opens_the_items_again(story: Story) -> None:
    """What was not approved may be amended, submitted and put under silence again."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.silence(subject=subject, text={})
    story.respond("objection")
    broken = story.state("agenda/a").stage
    story.do("withdraw item", agenda="a", item="2", reason="no agreement")
    story.do("submit items", agenda="a")
    story.silence(window="again", subject=subject, text={}, relaunch_of="w", length="48 hours")

    assert ("not approved", "under silence") == (broken, story.state("agenda/a").stage)
    assert ["1", "9"] == numbers(story)


def test_items_of_a_superseded_window_are_open_again(story: Story) -> None:
    """A text that has to change ends its window without outcome."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.do("supersede silence", who="presiding officer", window="w", reason="wrong annex")
    story.respond("objection")

    assert "not approved" == story.state("agenda/a").stage
    assert "window-open" == story.events()[-1].fact.rule


def test_a_suspended_approval_shows_on_the_agenda(story: Story) -> None:
    """Found after the close: the agenda is not approved until two persons have ruled."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.clock("2026-03-09T12:00:00Z")
    stages = [story.state("agenda/a").stage]
    story.do(
        "respond", window="w", kind="objection", seats=["east"], received="2026-03-04T11:00:00Z"
    )
    stages.append(story.state("agenda/a").stage)
    ruling = {"who": "presiding officer", "window": "w", "number": 1, "second": "rapporteur"}
    story.do("rule on response", breaks=True, reason="stamped in time", **ruling)
    stages.append(story.state("agenda/a").stage)

    assert ["approved", "approval suspended", "not approved"] == stages


@pytest.mark.parametrize(
    ("change", "order"),
    [
        (Amendment(act="add", item="3", titles={"en": "New"}, after="2"), "1 2 2(a) 3 9"),
        (Amendment(act="add", item="0", titles={"en": "New"}), "0 1 2 2(a) 9"),
        (Amendment(act="delete", item="2"), "1 9"),
        (Amendment(act="defer", item="9"), "1 2 2(a)"),
        (Amendment(act="retitle", item="1", titles={"en": "Other"}), "1 2 2(a) 9"),
        (Amendment(act="reorder", item="1", after="9"), "2 2(a) 9 1"),
        (Amendment(act="retitle", item="77", titles={"en": "Other"}), "1 2 2(a) 9"),
    ],
)
def test_oral_amendments_change_the_list(change: Amendment, order: str) -> None:
    """Added, deleted, deferred, retitled, reordered; sub-items stay with their item."""
    items = [Item(item=name, titles={"en": name}) for name in ("1", "2")]
    items += [Item(item="2(a)", under="2", titles={"en": "sub"}), Item(item="9", titles={})]

    assert order == " ".join(item.item for item in apply_amendments(items, (), [change]))


def test_adopted_as_orally_amended(story: Story) -> None:
    """The adopted list is what stands afterwards; its text has a hash of its own."""
    in_session(story)
    change = {"act": "delete", "item": "2", "reason": "overtaken"}
    answer = story.do("adopt agenda", who="body", agenda="a", amendments=[change])
    fact: Any = answer.events[0].fact

    assert (["1", "9"], ("1", "9")) == (numbers(story), fact.items)
    with story.refused("stage"):
        story.do("adopt agenda", who="body", agenda="a")
    with story.refused("stage"):
        story.do("amend item", agenda="a", item="1", titles={"en": "x"}, reason="late")


def test_a_report_is_adopted_once(story: Story) -> None:
    """Afterwards neither a draft nor another adoption."""
    in_session(story)
    story.do("adopt agenda", who="body", agenda="a")
    story.do("draft report", agenda="a", by="Rapporteur", document="L.1")
    story.do("adopt report", who="body", agenda="a")
    for verb, entry in (("draft report", {"by": "x"}), ("adopt report", {"who": "body"})):
        with story.refused("stage"):
            story.do(verb, agenda="a", **entry)

    assert "L.1" == story.state("agenda/a").report


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"act": "explode", "item": "1"}, "known"),
        ({"act": "delete", "item": "77"}, "known"),
        ({"act": "retitle", "item": "1"}, "empty"),
        ({"act": "add", "item": "3", "titles": {"en": "x"}, "after": "77"}, "known"),
        ({"act": "add", "item": "2", "titles": {"en": "x"}}, "new"),
    ],
)
def test_an_impossible_amendment_is_refused(
    story: Story, change: dict[str, object], rule: str
) -> None:
    """Unknown acts and items, and titles that are missing."""
    in_session(story)
    with story.refused(rule):
        story.do("adopt agenda", who="body", agenda="a", amendments=[change])


def test_items_are_known_or_refused(story: Story) -> None:
    """Nothing is proposed twice, under nothing, or without a title."""
    story.body()
    with story.refused("known"):
        story.propose("1")
    story.agenda()
    with story.refused("new"):
        story.agenda()
    with story.refused("new"):
        story.propose("1")
    with story.refused("known"):
        story.propose("3", under="77")
    with story.refused("empty"):
        story.propose("3", titles={})
    with story.refused("known"):
        story.do("annotate item", agenda="a", item="77", language="en", heading="x")
    with story.refused("empty"):
        story.do("plan documents", agenda="a", item="1")
    for hours in (("10:00", "9:00"), ("13:00", "10:00")):
        slot = {"day": "2026-08-10", "starts": hours[0], "ends": hours[1]}
        with story.refused("hours"):
            story.do("organize work", agenda="a", slots=[slot | {"entries": [{"item": "1"}]}])


def test_nothing_is_submitted_or_approved_out_of_turn(story: Story) -> None:
    """An empty agenda is not submitted; only a body approves, and only what was submitted."""
    story.body()
    story.do("start agenda", agenda="a", body="b")
    with story.refused("empty"):
        story.do("submit items", agenda="a")
    with story.refused("stage"):
        story.do("adopt agenda", who="body", agenda="a")
    story.propose("1")
    with story.refused("known"):
        story.do("submit items", agenda="a")
    with story.refused("stage"):
        story.do("approve items", who="body", agenda="a", manner="vote")
    with story.refused("stage"):
        story.do("approve items", who="body", agenda="a", manner="vote", items=["1"])
    story.do("submit items", agenda="a", to="b")
    with story.refused("live-role"):
        story.do("approve items", who="secretariat", agenda="a", manner="vote")


def test_an_agenda_belongs_to_its_bodys_session(story: Story) -> None:
    """Another body's session takes no agenda of this one."""
    story.body()
    story.do("establish body", body="c", names={"en": "Other"})
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="c", number="1", **dates)
    with story.refused("fits-its-stream"):
        story.do("start agenda", agenda="a", body="b", session="s")
