"""A session keeps its identity: postponed, reconvened or cancelled, its old dates stay."""

from __future__ import annotations

import pytest

from agenda_story import scheduled as scheduled
from domain.times import When
from story import Story


def test_postponement_keeps_the_old_dates(scheduled: Story) -> None:
    """Same session, new dates, and the old ones still there."""
    moved = {"starts": "2026-09-01", "ends": "2026-09-02"}
    scheduled.do("postpone session", session="s", reason="the hall", **moved)
    session = scheduled.state("session/s")

    assert ["2026-08-10"] == [part.starts for part in session.former_dates]
    assert ("2026-09-01", "3", "Europe/Vienna") == (
        session.current_part.starts,
        session.number,
        session.zone,
    )


def test_a_reconvened_part_has_dates_of_its_own(scheduled: Story) -> None:
    """Opened, closed and opened again; a part that was never called has no dates."""
    scheduled.do("open session", session="s")
    scheduled.do("close session", session="s")
    scheduled.do("reconvene session", session="s", starts="2026-12-01", ends="2026-12-02")
    session = scheduled.state("session/s")

    assert ["2026-08-10", "2026-12-01"] == [part.starts for part in session.parts]
    assert When("unknown") == session.part(3).starts
    assert "Vienna" == session.current_part.venue


def test_sessions_do_nothing_out_of_turn(scheduled: Story) -> None:
    """Each act needs the one before, and a cancelled session takes none."""
    moved = {"starts": "2026-09-01", "ends": "2026-09-02"}
    with scheduled.refused("new"):
        scheduled.do("schedule session", session="s", body="b", number="3", **moved)
    with scheduled.refused("known"):
        scheduled.do("open session", session="nowhere")
    with scheduled.refused("stage"):
        scheduled.do("close session", session="s")
    with scheduled.refused("stage"):
        scheduled.do("reconvene session", session="s", **moved)
    with scheduled.refused("empty"):
        scheduled.do("plan meetings", session="s", meetings=[])
    scheduled.do("open session", session="s")
    for verb in ("open session", "cancel session", "postpone session"):
        with scheduled.refused("stage"):
            found = {} if verb == "open session" else {"reason": "x"}
            scheduled.do(verb, session="s", **found)


def test_a_cancelled_session_stays_cancelled(scheduled: Story) -> None:
    """It keeps number and dates, and is over."""
    scheduled.do("cancel session", session="s", reason="no consensus")

    assert "no consensus" == scheduled.state("session/s").cancelled
    with scheduled.refused("stage"):
        scheduled.do("open session", session="s")


def attested_body(story: Story, zone: str) -> None:
    """A body `b` of which a source tells, with rules that hold from the beginning."""
    story.tell("establish body", body="b", names={"en": "Body"}, zone=zone)
    story.tell("adopt rule pack", body="b", pack="generic")


def found(story: Story, rule: str = "session-on-its-days") -> str:
    """What the last act found by a rule."""
    return {finding.rule: str(finding.result) for finding in story.events()[-1].findings}[rule]


def test_what_is_done_on_a_day_of_the_session_is_as_it_should_be(scheduled: Story) -> None:
    """A day of the session is one of its place: in Vienna it begins at 22:00 UTC in summer."""
    scheduled.at("2026-08-09T22:01:00Z")
    scheduled.do("open session", session="s")

    assert "satisfied" == found(scheduled)
    scheduled.at("2026-08-11T21:58:00Z")
    scheduled.do("close session", session="s")
    assert "satisfied" == found(scheduled)


@pytest.mark.parametrize(
    ("opened", "closed", "results"),
    [
        ("2026-08-09T21:00:00Z", "2026-08-11T22:00:00Z", ["violated", "violated"]),
        ("2026-03-02T13:00:00Z", "2026-08-11T12:00:00Z", ["violated", "satisfied"]),
    ],
)
def test_what_is_done_outside_its_days_is_noticed(
    scheduled: Story, opened: str, closed: str, results: list[str]
) -> None:
    """And carried out all the same: who presides knows."""
    results_ = []
    for verb, moment in (("open session", opened), ("close session", closed)):
        scheduled.at(moment)
        scheduled.do(verb, session="s")
        results_.append(found(scheduled))

    assert results == results_


@pytest.mark.parametrize(
    ("starts", "ends", "when", "result"),
    [
        ("2015-11-02", "2015-11-06", "2015-11-04", "satisfied"),
        ("2015-11-02", "2015-11-06", "2015-11-02", "satisfied"),
        ("2015-11-02", "2015-11-06", "2015-11-06", "satisfied"),
        ("2015-11-02", "2015-11-06", "2015-11-07", "violated"),
        ("2015-11-02", "2015-11-06", "2015-11-01", "violated"),
        ("2015-11-02", "2015-11-06", "2015-11", "undeterminable"),
        ("2015-11-02", "2015-11-06", "2015-12", "violated"),
        ("2015-11-02", "2015-11-06", "2015-11-02/2015-11-03", "satisfied"),
        ("2015-11-02", "2015-11-06", "2015-11-06/2015-11-07", "undeterminable"),
        ("2015-11-02", "2015-11-06", "unknown", "undeterminable"),
        ("2015-11-02", "2015-11-06", "2015-11-01T23:30[UTC]", "satisfied"),
        ("2015-11-02", "2015-11-06", "2015-11-06T23:30:00Z", "violated"),
        ("2015-11-02", "2015-11-06", "2015-11-06T23:30", "satisfied"),
        ("2015-11", "2015-11", "2015-11-04", "undeterminable"),
        ("2015-11", "2015-11", "2015-10-31", "violated"),
        ("2015-11", "2015-11", "2015-12-01", "violated"),
        ("2015-11-02", "unknown", "2015-11-03", "undeterminable"),
        ("unknown", "2015-11-06", "2015-11-03", "undeterminable"),
        ("2015-11-02", "unknown", "2015-11-01", "violated"),
        ("unknown", "2015-11-06", "2015-11-07", "violated"),
    ],
)
def test_history_tells_as_much_as_its_source(
    story: Story, starts: str, ends: str, when: str, result: str
) -> None:
    """What dates of a month, or of no hour, leave open stays open."""
    attested_body(story, "Europe/Vienna")
    story.tell("schedule session", session="s", body="b", number="6", starts=starts, ends=ends)
    story.tell("open session", when, session="s")

    assert result == found(story)


@pytest.mark.parametrize(
    ("when", "result"),
    [
        ("2015-11-02T00:00:00Z", "undeterminable"),
        ("2015-11-04T00:00:00Z", "satisfied"),
        ("2015-11-06T23:00:00Z", "undeterminable"),
        ("2015-11-07T12:00:00Z", "violated"),
        ("2015-11-01T09:00:00Z", "violated"),
        ("2015-11-01T10:00:00Z", "undeterminable"),
        ("2015-11-07T00:30[Europe/Vienna]", "violated"),
    ],
)
def test_without_a_zone_an_instant_may_be_of_two_days(story: Story, when: str, result: str) -> None:
    """Unless it tells its own."""
    attested_body(story, "")
    dates = {"starts": "2015-11-02", "ends": "2015-11-06"}
    story.tell("schedule session", session="s", body="b", number="6", **dates)
    story.tell("open session", when, session="s")

    assert result == found(story)


def test_a_session_without_dates_can_be_opened_and_that_is_noticed(story: Story) -> None:
    story.body()
    unknown = {"starts": "unknown", "ends": "unknown"}
    story.do("schedule session", session="s", body="b", number="3", **unknown)
    story.do("open session", session="s")

    (because,) = [finding.because for finding in story.events()[-1].findings]
    assert "undeterminable" == found(story)
    assert because.endswith("not certainly on the days of the session: days that are not fixed")


def test_a_reconvened_part_is_held_to_its_own_days(scheduled: Story) -> None:
    """Not to those of the first part."""
    scheduled.at("2026-08-10T08:00:00Z")
    scheduled.do("open session", session="s")
    scheduled.do("close session", session="s")
    scheduled.do("reconvene session", session="s", starts="2026-12-01", ends="2026-12-02")
    scheduled.at("2026-08-11T08:00:00Z")
    scheduled.do("open session", session="s")
    assert "violated" == found(scheduled)
    scheduled.at("2026-12-02T08:00:00Z")
    scheduled.do("close session", session="s")

    assert "satisfied" == found(scheduled)


def test_a_further_part_is_moved_without_the_first(scheduled: Story) -> None:
    """Its opening and its close are its own as well."""
    for verb in ("open session", "close session"):
        scheduled.do(verb, session="s")
    first = scheduled.state("session/s").current_part
    scheduled.do("reconvene session", session="s", starts="2026-12-01", ends="2026-12-02")
    moved = {"starts": "2027-01-12", "ends": "2027-01-13"}
    scheduled.do("postpone session", session="s", reason="the hall", **moved)
    scheduled.do("open session", session="s")
    scheduled.do("close session", session="s")
    session = scheduled.state("session/s")

    assert [first, session.current_part] == [*session.parts]
    assert ("2027-01-12", "2027-01-13") == (session.current_part.starts, session.current_part.ends)
    assert session.current_part.opened < session.current_part.closed
    assert first.opened < first.closed < session.current_part.opened


MEETINGS = "meetings-on-session-days"


@pytest.mark.parametrize(
    ("days", "result"),
    [
        (["2026-08-10", "2026-08-11"], "satisfied"),
        (["2026-08-10", "2026-08-12"], "violated"),
        (["2026-08-09"], "violated"),
        (["unknown"], "undeterminable"),
        (["unknown", "2026-08-12"], "violated"),
    ],
)
def test_meetings_lie_on_days_of_the_session(
    scheduled: Story, days: list[str], result: str
) -> None:
    scheduled.do("plan meetings", session="s", meetings=[{"day": day} for day in days])

    assert result == found(scheduled, MEETINGS)


def test_meetings_may_be_of_any_part(scheduled: Story) -> None:
    scheduled.do("open session", session="s")
    scheduled.do("reconvene session", session="s", starts="2026-12-01", ends="2026-12-02")
    days = [{"day": "2026-08-10"}, {"day": "2026-12-02"}]
    scheduled.do("plan meetings", session="s", meetings=days)

    assert "satisfied" == found(scheduled, MEETINGS)


def test_a_session_has_its_dates_in_order(story: Story) -> None:
    """It ends after it begins, and its parts follow each other."""
    story.body()
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    backwards = {"starts": "2026-09-02", "ends": "2026-09-01"}
    values = {"session": "s", "body": "b", "number": "3"}
    with story.refused("session-dates"):
        story.do("schedule session", **values, **backwards)
    with story.refused("exact-instant"):
        story.do("schedule session", **values, **dates, zone="Mars/Olympus")
    story.do("schedule session", **values, **dates)
    with story.refused("session-dates"):
        story.do("postpone session", session="s", reason="x", **backwards)
    with story.refused("session-dates"):
        story.do("postpone session", session="s", reason="x", **dates)
    story.at("2026-08-10T08:00:00Z")
    story.do("open session", session="s")
    with story.refused("session-dates"):
        story.do("reconvene session", session="s", starts="2026-08-09", ends="2026-12-01")
    story.do("close session", session="s")
    with story.refused("session-dates"):
        story.do("reconvene session", session="s", **backwards)
    with story.refused("session-dates"):
        story.do("reconvene session", session="s", starts="2026-08-08", ends="2026-12-01")


def test_a_source_cannot_close_what_it_opens_later(scheduled: Story) -> None:
    scheduled.tell("open session", "2026-02-10", session="s")
    with scheduled.refused("session-dates"):
        scheduled.tell("close session", "2026-02-09", session="s")
    scheduled.tell("close session", "2026-02-10", session="s")


def test_an_agenda_and_a_report_are_adopted_on_days_of_their_session(scheduled: Story) -> None:
    scheduled.do("start agenda", agenda="a", body="b", session="s")
    scheduled.propose("1", subjects=["adoption of the agenda"])
    scheduled.do("open session", session="s")
    scheduled.do("adopt agenda", agenda="a", who="body")
    assert "violated" == found(scheduled)
    scheduled.at("2026-08-11T12:00:00Z")
    scheduled.do("adopt report", agenda="a", who="body")

    assert "satisfied" == found(scheduled)
