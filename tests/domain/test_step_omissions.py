"""Steps that were left out are found where a pack wants them; what no source tells is left open."""

from __future__ import annotations

from typing import Any

import pytest

from agenda_story import (
    LANGUAGES,
    WORKING_GROUPS,
    approved,
    issued,
    organized,
    published,
    submitted,
)
from domain.rules import Result
from story import Story
from web.presenters import agenda_findings

TEXTS = "titles-identical"


def findings(story: Story) -> dict[str, tuple[Result, str]]:
    """What the last act was found to be, by rule."""
    return {one.rule: (one.result, one.because) for one in story.events()[-1].findings}


def shown(story: Story) -> Any:
    story.placet.follow()
    return story.placet.reading.agendas.get("fictional", "a")


def on_page(story: Story) -> dict[str, tuple[Result, int]]:
    """What the agenda's page notices: by rule, with the event that it is said of."""
    return {
        one.finding.rule: (one.finding.result, one.position)
        for one in agenda_findings.agenda_findings(shown(story))
    }


def told(story: Story, *, approval: str = "") -> None:
    """An attested agenda of two items, of whose approval the source tells, or not."""
    story.tell("establish body", "2020-01-01", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", "2020-01-01", body="b", pack=WORKING_GROUPS)
    story.tell("fill seat", "2020-01-01", body="b", seat="east", holder="East", since="2020-01-01")
    story.tell("start agenda", "2023-05-01", agenda="a", body="b", approved_by="b")
    story.tell("propose item", "2023-05-02", agenda="a", item="1", titles={"en": "Opening"})
    story.tell("propose item", "2023-05-02", agenda="a", item="2", titles={"en": "Wells"})
    if approval:
        story.tell("submit items", "2023-05-03", agenda="a")
        story.tell("approve items", approval, who="body", agenda="a", manner="at a meeting")


def test_history_that_tells_nothing_of_a_step_leaves_it_open(story: Story) -> None:
    told(story)
    story.tell("adopt agenda", "2023-10-05", who="body", agenda="a")

    assert Result.UNDETERMINABLE == findings(story)["publication-before-adoption"][0]
    assert Result.UNDETERMINABLE == findings(story)["approval-before-adoption"][0]
    assert Result.UNDETERMINABLE == on_page(story)["publication-before-adoption"][0]
    assert Result.UNDETERMINABLE == on_page(story)["approval-before-adoption"][0]


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
    told(story, approval=approval)
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
        one
        for one in story.events()
        if "approval-before-publication" in {finding.rule for finding in one.findings}
    )
    results = {one.rule: one.result for one in publication.findings}

    assert result == results["approval-before-publication"]


def test_history_tells_of_what_was_turned_down(story: Story) -> None:
    told(story)
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
        findings(story)["approval-before-adoption"]
    )


def test_a_live_adoption_without_approval_is_noticed(story: Story) -> None:
    submitted(story)
    story.do("open session", session="s")
    waived = {"publication-before-adoption": "never printed"}
    story.do("adopt agenda", agenda="a", who="body", waive=waived)
    result, because = findings(story)["approval-before-adoption"]

    assert (Result.VIOLATED, "not approved before: item 1, 2, 9") == (result, because)
    assert (Result.VIOLATED, len(story.events())) == on_page(story)["approval-before-adoption"]


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
    told(story)
    story.tell("adopt agenda", "2023-10-05", who="body", agenda="a")
    if draft is not None:
        story.tell("draft report", "2023-10-06", agenda="a", by="Rapporteur", **draft)
    story.tell("adopt report", "2023-10-06", who="body", agenda="a")

    assert result == findings(story)["report-drafted-in-all-languages"][0]


def adopted_otherwise(story: Story) -> None:
    """Annotated as listed, published, and retitled and extended by the body."""
    approved(story)
    organized(story, {"item": "1"}, {"item": "2", "titles": {"en": "Item 2"}}, {"item": "9"})
    story.do("annotate item", agenda="a", item="2", language="en", heading="Item 2")
    issued(story)
    story.do("publish document", document="d")
    story.do("open session", session="s")
    amendments = [
        {"act": "retitle", "item": "2", "titles": {"en": "Otherwise"}},
        {"act": "add", "item": "10", "titles": {"en": "One more"}, "after": "9"},
    ]
    story.do("adopt agenda", agenda="a", who="body", amendments=amendments)


def test_what_the_body_retitles_or_adds_departs_from_nothing_that_was_published(
    story: Story,
) -> None:
    """Neither a heading nor the last place was wrong when it was printed."""
    adopted_otherwise(story)
    rules = {TEXTS, "report-item-last", "every-item-scheduled"}

    assert "Otherwise" == story.state("agenda/a").item("2").titles["en"]
    assert not {rule: on_page(story)[rule] for rule in rules & on_page(story).keys()}


def test_a_heading_that_was_wrong_when_published_stays_noticed(story: Story) -> None:
    """It is said of the publication, which found it; also when the body retitles to just that."""
    approved(story)
    organized(story)
    story.do("annotate item", agenda="a", item="2", language="en", heading="Item two")
    issued(story)
    story.do("publish document", document="d")
    published_at = next(
        one.position
        for one in story.events()
        if TEXTS in {finding.rule for finding in one.findings}
    )
    before = on_page(story)[TEXTS]
    story.do("open session", session="s")
    change = {"act": "retitle", "item": "2", "titles": {"en": "Item two"}}
    story.do("adopt agenda", agenda="a", who="body", amendments=[change])
    after = on_page(story)[TEXTS]

    assert (Result.VIOLATED, published_at) == before == after


def test_a_departure_is_said_of_no_event_that_found_none(story: Story) -> None:
    """The heading was changed after the publication, which had found nothing."""
    published(story)
    story.do("annotate item", agenda="a", item="2", language="en", heading="Item two")

    assert (Result.VIOLATED, 0) == on_page(story)[TEXTS]


def test_titles_in_the_hours_are_compared_too(story: Story) -> None:
    approved(story)
    organized(story, {"item": "1"}, {"item": "2", "titles": {"en": "Item two"}}, {"item": "9"})
    (one,) = shown(story).differences

    assert ("2", "en", "organization of work", "Item 2", "Item two") == (
        one.item,
        one.language,
        one.place,
        one.title,
        one.other,
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


def test_what_a_correction_changed_after_the_approval_is_noticed(story: Story) -> None:
    """The page says approved; the text that was approved said otherwise."""
    published(story)
    rule = "approved-text-unchanged"
    assert rule not in on_page(story)
    by = {"authority": "the Secretary of the body", "reason": "found"}
    story.do("correct fact", of="agenda/a", version=3, now={"titles.fr": "Puits"}, **by)

    assert (Result.VIOLATED, 0) == on_page(story)[rule]


def test_what_the_body_retitles_was_not_changed_after_the_approval(story: Story) -> None:
    adopted_otherwise(story)

    assert "approved-text-unchanged" not in on_page(story)


def test_what_a_correction_changes_before_the_approval_is_nothing_approved(story: Story) -> None:
    submitted(story)
    by = {"authority": "the Secretary of the body", "reason": "found"}
    story.do("correct fact", of="agenda/a", version=3, now={"titles.fr": "Puits"}, **by)

    assert "approved-text-unchanged" not in on_page(story)
