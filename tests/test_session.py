"""A session keeps its identity: postponed, reconvened or cancelled, its old dates stay."""

from __future__ import annotations

import pytest
from story import Story

from domain.times import When


@pytest.fixture
def scheduled(story: Story) -> Story:
    """Session `s` of body `b`, 10 to 11 August 2026."""
    story.body()
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="b", number="3", venue="Vienna", **dates)
    return story


def test_postponement_keeps_the_old_dates(scheduled: Story) -> None:
    """Same session, new dates, and the old ones still there."""
    moved = {"starts": "2026-09-01", "ends": "2026-09-02"}
    scheduled.do("postpone session", session="s", reason="the hall", **moved)
    session = scheduled.state("session/s")

    assert ["2026-08-10"] == [part.starts for part in session.former_dates]
    assert ("2026-09-01", "3", "Europe/Vienna") == (
        session.current.starts,
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
    assert "Vienna" == session.current.venue


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
            told = {} if verb == "open session" else {"reason": "x"}
            scheduled.do(verb, session="s", **told)


def test_a_cancelled_session_stays_cancelled(scheduled: Story) -> None:
    """It keeps number and dates, and is over."""
    scheduled.do("cancel session", session="s", reason="no consensus")

    assert "no consensus" == scheduled.state("session/s").cancelled
    with scheduled.refused("stage"):
        scheduled.do("open session", session="s")
