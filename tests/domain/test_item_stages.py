"""What may happen to an item at each stage: the table of the documents, played cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.rules import Refused
from story import Story

PAGE = Path(__file__).parents[2] / "docs" / "agendas.md"
SUBJECT = {"type": "agenda items", "agenda": "a"}
SLOT = {"day": "2026-08-10", "starts": "10:00", "ends": "13:00", "entries": [{"item": "2"}]}

ACTS: dict[str, dict[str, Any]] = {
    "amend item": {"item": "2", "titles": {"en": "Otherwise"}, "reason": "asked for"},
    "describe item": {"item": "2", "proposer": "Northland", "reason": "asked for"},
    "clear item": {"item": "2", "particulars": ["proposer"], "reason": "asked for"},
    "withdraw item": {"item": "2", "reason": "asked for"},
    "move item": {"item": "2", "reason": "asked for"},
    "renumber items": {"numbers": {"2": "7"}, "reason": "asked for"},
    "submit items": {"items": ["2"]},
    "approve items": {"who": "body", "items": ["2"], "manner": "at a meeting"},
    "annotate item": {"item": "2", "language": "en", "heading": "Item 2"},
    "plan documents": {"item": "2", "documents": ["X/1"]},
    "organize work": {"slots": [SLOT]},
}


def table() -> Iterator[tuple[str, dict[str, str]]]:
    """Each act with the cells of its row, by their heads."""
    rows = [
        [cell.strip() for cell in text_line.strip("|").split("|")]
        for text_line in PAGE.read_text(encoding="utf-8").splitlines()
        if text_line.startswith("| ")
    ]
    heads = rows[0]
    for row in rows[1:]:
        yield row[0].strip("`"), dict(zip(heads[1:], row[1:], strict=True))


ROWS = dict(table())
APPROVALS = [head for head in next(iter(ROWS.values())) if not head.startswith("until")]


def act(story: Story, verb: str) -> None:
    if verb == "open silence":
        story.do(verb, window="v", body="b", subject=SUBJECT, length="72 hours")
    else:
        story.do(verb, agenda="a", **ACTS[verb])


def proposed(story: Story) -> None:
    story.body()
    story.agenda()


def submitted(story: Story) -> None:
    proposed(story)
    story.do("submit items", agenda="a")


def under_silence(story: Story) -> None:
    submitted(story)
    story.silence(subject=SUBJECT, text={})


def approved(story: Story) -> None:
    under_silence(story)
    story.clock("2026-03-09T12:00:00Z")


def not_approved(story: Story) -> None:
    under_silence(story)
    story.respond("objection")


def suspended(story: Story) -> None:
    approved(story)
    story.do(
        "respond", window="w", kind="objection", seats=["east"], received="2026-03-04T11:00:00Z"
    )


STANDS: dict[str, Callable[[Story], None]] = {
    "proposed": proposed,
    "submitted": submitted,
    "under silence": under_silence,
    "approved": approved,
    "not approved": not_approved,
    "approval suspended": suspended,
}


def test_the_table_knows_every_act_and_every_approval() -> None:
    assert {*ACTS, "open silence"} == {*ROWS}
    assert [*STANDS] == APPROVALS


@pytest.mark.parametrize("approval", APPROVALS)
@pytest.mark.parametrize("verb", ROWS)
def test_an_act_is_possible_exactly_where_the_table_says_so(
    story: Story, verb: str, approval: str
) -> None:
    STANDS[approval](story)
    assert approval == story.state("agenda/a").item("2").approval
    if ROWS[verb][approval] == "yes":
        act(story, verb)
    else:
        with story.refused("stage"):
            act(story, verb)


@pytest.mark.parametrize("verb", ROWS)
def test_an_act_is_over_at_the_stage_that_the_table_names(story: Story, verb: str) -> None:
    """Adopted with an item that was never approved, so that only the stage forbids."""
    submitted(story)
    if verb not in {"open silence", "approve items"}:
        story.do("amend item", agenda="a", item="2", titles={"en": "Anew"}, reason="asked for")
    story.do("adopt agenda", who="body", agenda="a")
    if ROWS[verb]["until the agenda is"] == "report adopted":
        act(story, verb)
        story.do("adopt report", who="body", agenda="a")
    with story.refused("stage"):
        act(story, verb)


@pytest.mark.parametrize("verb", [row for row in ROWS if row != "open silence"])
def test_a_publication_alone_ends_nothing_for_an_item_that_was_not_approved(
    story: Story, verb: str
) -> None:
    """Its approval may be revoked after the publication: then it has to have a way on."""
    submitted(story)
    story.do(
        "register document",
        document="d",
        symbol="FX/1",
        type="provisional agenda",
        body="b",
        agenda="a",
        languages=["en"],
    )
    story.do("issue version", document="d", language="en", job_number="1")
    story.do("publish document", document="d")
    assert "published" == story.state("agenda/a").stage

    act(story, verb)


def test_nothing_is_proposed_once_the_agenda_is_published_or_adopted(story: Story) -> None:
    submitted(story)
    story.do(
        "register document",
        document="d",
        symbol="FX/1",
        type="provisional agenda",
        body="b",
        agenda="a",
        languages=["en"],
    )
    story.do("issue version", document="d", language="en", job_number="1")
    story.do("publish document", document="d")
    with pytest.raises(Refused, match="supplementary provisional agenda") as refusal:
        story.propose("3")
    assert "stage" == refusal.value.rule


def test_nothing_is_proposed_once_an_unpublished_agenda_is_adopted(story: Story) -> None:
    submitted(story)
    story.do("adopt agenda", who="body", agenda="a")
    with story.refused("stage"):
        story.propose("3")


@pytest.mark.parametrize("act_", ["withdraw item", "move item", "renumber items"])
@pytest.mark.parametrize("stands", ["under silence", "approved", "approval suspended"])
def test_a_parent_goes_nowhere_while_its_sub_item_is_bound(
    story: Story, act_: str, stands: str
) -> None:
    """The sub-item two levels below is approved by itself; its parents were never submitted."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2", "2 (a)", "2 (a) (i)", "9"):
        story.propose(item)
    story.do("submit items", agenda="a", items=["2 (a) (i)"])
    story.silence(subject=SUBJECT, text={})
    if stands != "under silence":
        story.clock("2026-03-09T12:00:00Z")
    if stands == "approval suspended":
        story.do(
            "respond",
            window="w",
            kind="objection",
            seats=["east"],
            received="2026-03-04T11:00:00Z",
        )
    assert stands == story.state("agenda/a").item("2 (a) (i)").approval
    with story.refused("stage"):
        act(story, act_)


def test_a_withdrawn_item_takes_its_sub_items_along_and_says_so(story: Story) -> None:
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2", "2 (a)", "2 (a) (i)", "9"):
        story.propose(item)
    answer = story.do("withdraw item", agenda="a", item="2", reason="dry")
    fact: Any = answer.events[0].fact

    assert ("2 (a)", "2 (a) (i)") == fact.sub_items
    assert ["1", "9"] == [item.item for item in story.state("agenda/a").items]


def test_the_body_waits_for_the_end_of_a_silence(story: Story) -> None:
    """Otherwise the clock would approve, later, an item of an agenda that is adopted already."""
    under_silence(story)
    with story.refused("stage"):
        story.do("adopt agenda", who="body", agenda="a")


def test_the_page_names_no_act_that_there_is_not() -> None:
    known = {*ACTS, "open silence", "propose item"}
    named = set(re.findall(r"`(\w+ (?:item|items|silence|documents|work))`", PAGE.read_text()))

    assert named == known
