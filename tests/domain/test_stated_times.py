"""Acts of meetings and publications are entered afterwards, with the time of their happening."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.corrections import FactCorrected
from domain.entered_afterwards import ENTERED_AFTERWARDS
from domain.messages import RecordedEvent
from domain.rules import Result
from domain.times import When
from domain.type_registry import VERBS
from story import Story

YESTERDAY = "2026-03-01"
ONE_DAY = {"body": "b", "number": "1", "starts": YESTERDAY, "ends": YESTERDAY}
HOUR = "2026-03-01T10:00[Europe/Vienna]"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """An agenda whose items were submitted on the last day of February; now it is 2 March."""
    found = Story(tmp_path)
    found.at("2026-02-28T09:00:00Z")
    found.body()
    found.do(
        "schedule session", session="s", body="b", number="1", starts=YESTERDAY, ends=YESTERDAY
    )
    found.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    found.propose("1", subjects=["adoption of the agenda"])
    found.do("submit items", agenda="a")
    found.at("2026-03-02T12:00:00Z")
    return found


def approved(story: Story, happened: str = "2026-02-28", **fields: Any) -> None:
    given = {"who": "body", "agenda": "a", "manner": "consensus", "happened": happened} | fields
    story.do("approve items", **given)


def last(story: Story) -> RecordedEvent:
    event: RecordedEvent = story.events()[-1]
    return event


def test_the_record_keeps_both_times(story: Story) -> None:
    """When it happened, with its precision, and when it was entered."""
    approved(story)
    event, step = last(story), story.state("agenda/a").approved

    assert ("2026-02-28", True, "stated") == (event.effective, event.stated, event.basis)
    assert story.now == event.received_at == event.recorded_at
    assert ("2026-02-28", True) == (step.when, step.stated)


def test_what_nobody_states_happens_when_it_is_entered(story: Story) -> None:
    """The control, and the act of a silence clock, whose time was computed."""
    story.do("approve items", who="body", agenda="a", manner="consensus")
    event = last(story)

    assert (False, "computed") == (event.stated, event.basis)
    assert When.from_instant(story.now) == event.effective


def test_a_whole_meeting_is_entered_on_the_next_day(story: Story) -> None:
    """Each rule judges the time that is stated: all of it was on the day of the session."""
    approved(story, HOUR)
    story.do("open session", session="s", who="presiding officer", happened=HOUR)
    story.do("adopt agenda", agenda="a", who="body", happened="2026-03-01T10:05[Europe/Vienna]")
    story.do("draft report", agenda="a", by="Rapporteur", happened=YESTERDAY)
    story.do("defer report", agenda="a", who="body", reason="Late.", happened=YESTERDAY)
    story.do("adopt report", agenda="a", who="body", happened=YESTERDAY)
    story.do("close session", session="s", who="presiding officer", happened=YESTERDAY)
    found = [finding for event in story.events() for finding in event.findings]

    assert {Result.SATISFIED} == {finding.result for finding in found}
    assert "report adopted" == story.state("agenda/a").stage
    assert HOUR == story.state("session/s").current_part.opened


@pytest.mark.parametrize(
    "happened",
    [
        pytest.param("2026-02-27", id="before the items were submitted"),
        pytest.param("2026-03-03", id="tomorrow"),
        pytest.param("2026-03-02T13:30[Europe/Vienna]", id="in half an hour"),
        pytest.param("2026-02", id="some day of a month"),
        pytest.param("2026-02-28/2026-03-01", id="between two days"),
        pytest.param("2026-03-01T10:00", id="an hour of no zone"),
    ],
)
def test_a_time_that_cannot_be_is_refused(story: Story, happened: str) -> None:
    with story.refused("stated-time"):
        approved(story, happened)


def test_the_day_of_the_entry_is_none_ahead(story: Story) -> None:
    """Neither is the minute of it; days are those of the body's zone."""
    story.at("2026-03-01T23:30:00Z")
    approved(story, "2026-03-02")

    assert "2026-03-02" == last(story).effective


def test_nothing_else_is_entered_with_a_time(story: Story) -> None:
    """On a silence the server's clock alone decides, and history is told with its source."""
    for verb, fields in (
        ("propose item", {"agenda": "a", "item": "2", "titles": {"en": "T"}}),
        ("submit items", {"agenda": "a"}),
        ("cancel session", {"session": "s", "reason": "No."}),
    ):
        with story.refused("stated-time"):
            story.do(verb, happened=YESTERDAY, **fields)
    story.silence()
    with story.refused("stated-time"):
        story.respond("objection", happened=YESTERDAY)
    with story.refused("stated-time"):
        story.tell("open session", YESTERDAY, session="s", happened=YESTERDAY)


def test_each_step_follows_upon_the_one_before(story: Story) -> None:
    """What is before the adoption, or the draft, is refused."""
    approved(story, YESTERDAY)
    with story.refused("stated-time"):
        story.do("adopt agenda", agenda="a", who="body", happened="2026-02-28")
    story.do("adopt agenda", agenda="a", who="body", happened=HOUR)
    for verb, fields in (
        ("draft report", {"by": "Rapporteur"}),
        ("defer report", {"who": "body", "reason": "Late."}),
    ):
        with story.refused("stated-time"):
            story.do(verb, agenda="a", happened="2026-02-28", **fields)
    story.do("draft report", agenda="a", by="Rapporteur", happened="2026-03-02T12:00:00Z")
    with story.refused("stated-time"):
        story.do("adopt report", agenda="a", who="body", happened=YESTERDAY)


def test_a_meeting_decides_after_the_silence_has_ended(story: Story) -> None:
    """On items of an agenda, and on a text of its own."""
    story.do(
        "open silence",
        window="w",
        body="b",
        subject={"type": "agenda items", "agenda": "a"},
        who="presiding officer",
    )
    story.silence(window="v")
    for window in ("w", "v"):
        story.respond("objection", window=window, text="No.")
    decision = {"who": "body", "result": "declined", "manner": "consensus"}
    with story.refused("stated-time"):
        story.do("decide items", agenda="a", happened=YESTERDAY, **decision)
    with story.refused("stated-time"):
        story.do("decide matter", window="v", happened=YESTERDAY, **decision)
    story.at("2026-03-09T12:00:00Z")
    story.do("decide items", agenda="a", happened="2026-03-04", **decision)
    story.do("decide matter", window="v", happened="2026-03-05", **decision)

    assert ["2026-03-04", "2026-03-05"] == [event.effective for event in story.events()[-2:]]
    with story.refused("stated-time"):
        story.do("decide items", agenda="a", happened="2026-03-03", **decision)


def test_a_session_is_reconvened_after_the_end_of_its_part(story: Story) -> None:
    with story.refused("stated-time"):
        story.do("open session", session="s", who="presiding officer", happened="2026-03-03")
    story.do("open session", session="s", who="presiding officer", happened=HOUR)
    with story.refused("session-dates"):
        story.do("close session", session="s", who="presiding officer", happened="2026-02-28")
    story.do("close session", session="s", who="presiding officer", happened=YESTERDAY)
    story.do("reconvene session", session="s", starts="2026-03-02", ends="2026-03-02")
    with story.refused("stated-time"):
        story.do("open session", session="s", who="presiding officer", happened="2026-02-28")


def test_a_publication_is_entered_afterwards(story: Story) -> None:
    """Version by version, each with its day; the whole is out when all of them are."""
    by = {"document": "d", "who": "document services"}
    story.do(
        "register document",
        document="d",
        body="b",
        agenda="a",
        symbol="B/1/1",
        type="provisional agenda",
        languages=["en", "fr"],
    )
    story.do("issue version", language="en", job_number="1", happened="2026-02-28", **by)
    story.do("issue version", language="fr", job_number="2", happened=YESTERDAY, **by)
    fields = {"language": "fr", "job_number": "3", "reason": "A picture was missing."}
    with story.refused("stated-time"):
        story.do("reissue version", happened="2026-02-28", **fields, **by)
    with story.refused("stated-time"):
        story.do("publish document", happened="2026-02-28", **by)
    story.do("reissue version", happened=YESTERDAY, **fields, **by)
    story.do("publish document", happened=YESTERDAY, **by)
    with story.refused("no-edit-after-issue"):
        story.do("issue version", language="fr", job_number="4", happened=YESTERDAY, **by)
    with story.refused("stage"):
        story.do("reissue version", happened=YESTERDAY, **(fields | {"language": "es"}), **by)
    agenda, document = story.state("agenda/a"), story.state("document/d")

    assert (YESTERDAY, True) == (agenda.published.when, agenda.published.stated)
    assert {"en": "2026-02-28", "fr": YESTERDAY} == {
        tag: version.issued for tag, version in document.versions.items()
    }


def test_rules_are_those_in_force_at_the_entry(story: Story) -> None:
    """A time before the rules were adopted takes nobody out of them."""
    with story.refused("act-of-the-body"):
        story.do("adopt agenda", agenda="a", happened="2026-02-28")
    story.do("adopt agenda", agenda="a", who="body", happened=YESTERDAY)
    (pack,) = {digest for _, digest in story.state("body/b").packs}

    assert pack == last(story).pack


def test_a_corrected_time_of_a_live_act_is_a_stated_one(story: Story) -> None:
    """What a source tells stays attested."""
    story.do("open session", session="s", who="presiding officer")
    version = last(story).version
    correction = {"of": "session/s", "version": version, "reason": "A slip.", "authority": "Chair"}
    story.do("correct fact", now={"effective": HOUR}, **correction)

    assert isinstance(last(story).fact, FactCorrected)
    assert HOUR == story.state("session/s").current_part.opened


def test_the_acts_that_are_entered_afterwards_are_known() -> None:
    """Acts at meetings and publications, and none that a silence looks at."""
    assert {
        "adopt agenda",
        "adopt report",
        "approve items",
        "close session",
        "decide items",
        "decide matter",
        "defer report",
        "draft report",
        "issue version",
        "open session",
        "publish document",
        "reissue version",
    } == {VERBS[command] for command in ENTERED_AFTERWARDS}


# --- No meeting -----------------------------------------------------------------------------------


def finding(story: Story, rule: str) -> Result:
    found = {each.rule: each.result for each in last(story).findings}
    return found[rule]


def test_a_session_that_was_called_off_has_no_day(story: Story) -> None:
    """What is said to be adopted in it departs from the rule, also on the day that was planned."""
    story.do("cancel session", session="s", reason="The hall is flooded.")
    story.do("adopt agenda", agenda="a", who="body", happened=YESTERDAY)

    assert Result.VIOLATED is finding(story, "session-on-its-days")
    story.do("draft report", agenda="a", by="Rapporteur", happened=YESTERDAY)
    story.do("adopt report", agenda="a", who="body", happened=YESTERDAY)
    assert Result.VIOLATED is finding(story, "session-on-its-days")


def test_where_agendas_are_adopted_in_session_there_is_one(tmp_path: Path) -> None:
    """Rule 11 of the Conference: at the opening. A source need not tell of it."""
    story = Story(tmp_path)
    story.body("untoc-working-groups")
    story.agenda()
    waived = {"publication-before-adoption": "No."}
    with story.refused("adoption-at-opening"):
        story.do("adopt agenda", agenda="a", who="body", waive=waived)
    story.tell("start agenda", "2026-03-02T12:05:00Z", agenda="old", body="b")
    story.tell("propose item", "2026-03-02T12:05:00Z", agenda="old", item="1", titles={"en": "T"})
    story.tell("adopt agenda", "2026-03-02T12:05:00Z", agenda="old", who="body")

    assert Result.UNDETERMINABLE is finding(story, "adoption-at-opening")
