"""Steps that were left out are found where a pack wants them; what no source tells is left open."""

from __future__ import annotations

from typing import Any

import pytest

from agenda_story import (
    LANGUAGES,
    agenda_details,
    approved,
    attested_agenda,
    last_findings,
    organized,
    published,
)
from domain.rules import Result
from story import Story

TEXTS = "titles-identical"


@pytest.mark.parametrize(
    ("approval", "result"),
    [
        ("2023-05-20", Result.SATISFIED),
        ("2023-07-01", Result.VIOLATED),
        ("2023", Result.UNDETERMINABLE),
        ("unknown", Result.UNDETERMINABLE),
        ("", Result.UNDETERMINABLE),
    ],
)
def test_a_publication_of_history_is_judged_by_what_is_told(
    story: Story, approval: str, result: Result
) -> None:
    attested_agenda(story, approval=approval)
    story.tell(
        "register document",
        document="d",
        symbol="FX/WG.1/2023/1",
        body="b",
        agenda="a",
        type="provisional agenda",
        masthead_date="2023-06-01",
    )
    story.tell("issue version", "2023-06-02", document="d", language="en", job_number="V.1")
    story.tell("publish document", "2023-06-02", document="d")
    publication = next(
        event
        for event in story.events()
        if "approval-before-publication" in {finding.rule for finding in event.findings}
    )
    results = {finding.rule: finding.result for finding in publication.findings}

    assert result == results["approval-before-publication"]


def test_history_tells_of_what_was_turned_down(story: Story) -> None:
    attested_agenda(story)
    story.tell("submit items", "2023-05-03", agenda="a")
    story.tell(
        "open silence",
        "2023-05-03",
        window="w",
        body="b",
        closes="2023-05-10",
        subject={"type": "agenda items", "agenda": "a"},
    )
    story.tell("respond", "2023-05-05", window="w", kind="objection", seats=["east"])
    story.tell("adopt agenda", "2023-10-05", who="body", agenda="a")

    assert (Result.VIOLATED, "not approved before: item 1, 2") == (
        last_findings(story)["approval-before-adoption"]
    )


@pytest.mark.parametrize(
    ("draft", "result"),
    [
        (None, Result.UNDETERMINABLE),
        ({}, Result.UNDETERMINABLE),
        ({"languages": ["en"]}, Result.UNDETERMINABLE),
        ({"languages": ["en"], "no_others": True}, Result.VIOLATED),
        ({"languages": LANGUAGES}, Result.SATISFIED),
        ({"languages": LANGUAGES, "no_others": True}, Result.SATISFIED),
    ],
)
def test_a_draft_report_of_history_is_judged_by_what_is_told(
    story: Story, draft: dict[str, Any] | None, result: Result
) -> None:
    """A source that tells of some languages says nothing of others, unless these were all."""
    attested_agenda(story)
    story.tell("adopt agenda", "2023-10-05", who="body", agenda="a")
    if draft is not None:
        story.tell("draft report", "2023-10-06", agenda="a", by="Rapporteur", **draft)
    story.tell("adopt report", "2023-10-06", who="body", agenda="a")

    assert result == last_findings(story)["report-drafted-in-all-languages"][0]


def test_titles_in_the_hours_are_compared_too(story: Story) -> None:
    approved(story)
    organized(story, {"item": "1"}, {"item": "2", "titles": {"en": "Item two"}}, {"item": "9"})
    (entry,) = agenda_details(story).differences

    assert ("2", "en", "organization of work", "Item 2", "Item two") == (
        entry.item,
        entry.language,
        entry.place,
        entry.title,
        entry.other,
    )


def test_a_second_publication_moves_no_date_and_lists_anew(story: Story) -> None:
    """A revision is published beside the agenda; the agenda was out on the first day."""
    published(story)
    first = story.state("agenda/a").published
    story.do(
        "register document",
        document="r",
        symbol="FX/WG.1/2026/1/Rev.1",
        body="b",
        type="provisional agenda",
        agenda="a",
        masthead_date="2026-04-01",
    )
    for number, language in enumerate(("ar", "zh", "en", "fr", "ru", "es")):
        story.do("issue version", document="r", language=language, job_number=f"V.{number}")
    story.do("publish document", document="r")

    assert first == story.state("agenda/a").published
