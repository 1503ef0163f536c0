"""What the page of an agenda says of departures from the rules, and of what comes next."""

from __future__ import annotations

from agenda_story import (
    agenda_details,
    approved,
    attested_agenda,
    issued,
    last_findings,
    organized,
    published,
    submitted,
)
from agenda_story import scheduled as scheduled
from domain.rules import Result
from domain.times import UNKNOWN, When
from story import ORGANISATION, Story
from web.presenters.agenda_findings import agenda_findings
from web.presenters.agenda_next_step import next_step
from workflows.queries.board import FINISHED

TEXTS = "titles-identical"

MEETINGS = "meetings-on-session-days"


def on_page(story: Story) -> dict[str, tuple[Result, int]]:
    """What the agenda's page notices: by rule, with the event that it is said of."""
    return {
        finding.finding.rule: (finding.finding.result, finding.position)
        for finding in agenda_findings(agenda_details(story))
    }


def test_history_that_tells_nothing_of_a_step_leaves_it_open(story: Story) -> None:
    attested_agenda(story)
    story.tell("adopt agenda", "2023-10-05", who="body", agenda="a")

    assert Result.UNDETERMINABLE == last_findings(story)["publication-before-adoption"][0]
    assert Result.UNDETERMINABLE == last_findings(story)["approval-before-adoption"][0]
    assert Result.UNDETERMINABLE == on_page(story)["publication-before-adoption"][0]
    assert Result.UNDETERMINABLE == on_page(story)["approval-before-adoption"][0]


def test_a_live_adoption_without_approval_is_noticed(story: Story) -> None:
    submitted(story)
    story.do("open session", session="s")
    waived = {"publication-before-adoption": "never printed"}
    story.do("adopt agenda", agenda="a", who="body", waive=waived)
    result, because = last_findings(story)["approval-before-adoption"]

    assert (Result.VIOLATED, "not approved before: item 1, 2, 9") == (result, because)
    assert (Result.VIOLATED, len(story.events())) == on_page(story)["approval-before-adoption"]


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
        event.position
        for event in story.events()
        if TEXTS in {finding.rule for finding in event.findings}
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


def test_a_moved_session_is_planned_anew(scheduled: Story) -> None:
    """Its page says so until it is, and what stands on the old days departs from the rules."""
    scheduled.do("start agenda", agenda="a", body="b", session="s")
    scheduled.propose("1", subjects=["adoption of the agenda"])
    plan(scheduled, "2026-08-10")
    assert ((), None) == shown(scheduled)
    moved = {"starts": "2026-09-01", "ends": "2026-09-02"}
    scheduled.do("postpone session", session="s", reason="the hall", **moved)
    assert (("meetings", "organization of work"), "violated") == shown(scheduled)
    plan(scheduled, "2026-09-02")

    assert ((), None) == shown(scheduled)


def test_a_session_that_waits_for_its_dates_has_left_its_old_ones(scheduled: Story) -> None:
    """What was planned for them departs from the rules; of other days nobody knows."""
    scheduled.do("start agenda", agenda="a", body="b", session="s")
    scheduled.propose("1", subjects=["adoption of the agenda"])
    plan(scheduled, "2026-08-10")
    scheduled.do("postpone session", session="s", reason="the hall")
    assert (("meetings", "organization of work"), "violated") == shown(scheduled)
    plan(scheduled, "2026-09-10")

    assert ((), "undeterminable") == shown(scheduled)


def plan(story: Story, day: str) -> None:
    """One meeting, with item 1 in its only slot."""
    slot = {"day": day, "starts": "10:00", "ends": "13:00"}
    story.do("plan meetings", session="s", meetings=[slot])
    story.do("organize work", agenda="a", slots=[slot | {"entries": [{"item": "1"}]}])


def shown(story: Story) -> tuple[tuple[str, ...], str | None]:
    """What has to be planned again, and what the page notices of its days."""
    story.placet.projections.follow()
    page = story.placet.queries.agendas.get(ORGANISATION, "a")
    named = {
        presented.finding.rule: str(presented.finding.result) for presented in agenda_findings(page)
    }
    return page.outdated, named.get(MEETINGS)


def test_a_cancelled_session_has_no_dates_any_more(scheduled: Story) -> None:
    """Neither on the board nor on the page: no planned step, no line, nothing awaited."""
    scheduled.do("start agenda", agenda="a", body="b", session="s")
    scheduled.propose("1", subjects=["adoption of the agenda"])
    plan(scheduled, "2026-09-10")
    scheduled.do("cancel session", session="s", reason="no consensus")
    scheduled.placet.projections.follow()
    page = scheduled.placet.queries.agendas.get(ORGANISATION, "a")
    (row,) = scheduled.placet.queries.board(scheduled.now).rows()

    assert [] == next_step(page, scheduled.now)
    assert ((), {"called off", "computed"}) == (page.lines, {step.basis for step in page.steps})
    assert MEETINGS not in {finding.rule for finding in page.noticed}
    assert (True, UNKNOWN, UNKNOWN) == (bool(row.cancelled), row.starts, row.ends)
    assert (FINISHED, None, "") == (row.group, row.line, row.awaited)


def test_a_part_that_was_held_is_not_called_off_with_a_later_one(scheduled: Story) -> None:
    """Its agenda keeps its dates on the board and on the page; that of the later part has none."""
    for name, part in (("a", 1), ("a2", 2)):
        scheduled.do("start agenda", agenda=name, body="b", session="s", part=part)
    scheduled.at("2026-08-10T08:00:00Z")
    scheduled.do("open session", session="s", who="presiding officer")
    scheduled.do("reconvene session", session="s", starts="2026-12-07", ends="2026-12-08")
    scheduled.do("cancel session", session="s", reason="no funds")
    scheduled.placet.projections.follow()
    rows = {row.id: row for row in scheduled.placet.queries.board(scheduled.now).rows()}
    pages = {name: scheduled.placet.queries.agendas.get(ORGANISATION, name) for name in rows}

    assert [False, True] == [bool(rows[name].cancelled) for name in ("a", "a2")]
    assert [When("2026-08-10"), UNKNOWN] == [rows[name].starts for name in ("a", "a2")]
    assert "called off" not in {step.basis for step in pages["a"].steps}
    assert "called off" in {step.basis for step in pages["a2"].steps}
    assert next_step(pages["a"], scheduled.now)
    assert not next_step(pages["a2"], scheduled.now)
