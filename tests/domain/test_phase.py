"""The phase of a window, what windows and agendas wait for, and from whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec import Struct

from domain.agenda import Agenda
from domain.agenda.agenda import STAGES
from domain.agenda.items import Item
from domain.agenda.next_step import NEXT, REPORT, STEPS, last_step, next_step, steps_taken
from domain.awaited_action import NOTHING, Awaited
from domain.messages import DatedStep
from domain.silence import Phase, Window
from domain.silence.events import Response
from domain.silence.phase import awaited_in, phase_at
from domain.silence.responses import ReceivedResponse
from domain.silence.running_clock import RunningClock
from domain.times import When

CLOSES = When("2026-03-05T12:00:00Z")
BEFORE = datetime(2026, 3, 5, 11, 59, 59, tzinfo=UTC)
AT = datetime(2026, 3, 5, 12, tzinfo=UTC)


class Inputs(Struct, frozen=True, kw_only=True):
    """What a phase depends on, with nothing around it."""

    closes: When
    attested: bool = False
    superseded: bool = False
    approval_is_suspended: bool = False
    broken: bool = False
    broken_whole: bool = False
    revoked: bool = False
    lapsed: bool = False
    suspended: bool = False
    is_held: bool = False


@pytest.mark.parametrize(
    ("inputs", "before", "at"),
    [
        ({}, Phase.OPEN, Phase.BEING_VERIFIED),
        ({"attested": True}, Phase.OPEN, Phase.UNKNOWN),
        ({"is_held": True}, Phase.HELD, Phase.HELD),
        ({"suspended": True, "is_held": True}, Phase.SUSPENDED, Phase.SUSPENDED),
        ({"broken": True}, Phase.OPEN, Phase.BEING_VERIFIED),
        ({"broken": True, "broken_whole": True}, Phase.BROKEN, Phase.BROKEN),
        ({"lapsed": True}, Phase.APPROVED, Phase.APPROVED),
        ({"lapsed": True, "broken": True}, Phase.PARTLY_APPROVED, Phase.PARTLY_APPROVED),
        ({"lapsed": True, "revoked": True}, Phase.BROKEN, Phase.BROKEN),
        (
            {"lapsed": True, "approval_is_suspended": True},
            Phase.APPROVAL_SUSPENDED,
            Phase.APPROVAL_SUSPENDED,
        ),
        ({"superseded": True, "approval_is_suspended": True}, Phase.SUPERSEDED, Phase.SUPERSEDED),
    ],
)
def test_a_phase_follows_from_what_happened_and_the_moment(
    inputs: dict[str, bool], before: Phase, at: Phase
) -> None:
    """Only a window that runs changes its phase when its deadline passes; at it, it has passed."""
    window = Inputs(closes=CLOSES, **inputs)

    assert (before, at) == (phase_at(window, BEFORE), phase_at(window, AT))


def test_a_source_that_tells_no_hour_leaves_the_phase_open() -> None:
    """Nobody knows at which hour of the day it closed."""
    found = Inputs(closes=When("2026-03-05"), attested=True)

    assert Phase.UNKNOWN == phase_at(found, BEFORE)


def test_a_window_waits_first_for_a_ruling() -> None:
    """Nothing ends without it; a suspended window waits for its resumption all the same."""
    response = ReceivedResponse(
        number=1, response=Response(kind="unclear"), received=When("2026-03-04"), standing="counted"
    )
    window = Window(id="w", clock=RunningClock(closes=CLOSES))
    requested = Window(id="w", clock=RunningClock(closes=CLOSES), responses=(response,))

    assert ((), (response,)) == (window.unruled, requested.unruled)
    assert Awaited("seat", "an answer, or silence until the deadline") == window.awaited(BEFORE)
    assert Awaited("silence clock", "the record, once nothing is in doubt") == window.awaited(AT)
    assert Awaited("presiding officer", "a ruling on a response") == requested.awaited(AT)
    assert Awaited("presiding officer", "resumption with a new deadline") == awaited_in(
        Phase.SUSPENDED, unruled=True
    )


def test_a_window_that_has_ended_waits_for_nothing() -> None:
    """Nothing, which is false where the answer is asked for."""
    ended = {Phase.BROKEN, Phase.APPROVED, Phase.PARTLY_APPROVED, Phase.SUPERSEDED, Phase.UNKNOWN}

    assert ended == {phase for phase in Phase if not awaited_in(phase, unruled=True)}


def test_each_stage_of_an_agenda_says_what_comes_next() -> None:
    """But for the silence procedure, whose windows say it, and the end."""
    assert {"under silence", "report adopted"} == {*STAGES} - NEXT.keys()
    for stage in STAGES:
        assert NEXT.get(stage, NOTHING) == next_step(
            stage, attested=False, cancelled=False, drafted=True
        )
        assert NOTHING == next_step(stage, attested=True, cancelled=True, drafted=False)


def test_no_report_is_awaited_before_its_draft() -> None:
    """Nor after its adoption was put off because there was none."""
    draft = Awaited("secretariat", "draft report")

    assert 2 == len([stage for stage, awaited in NEXT.items() if awaited == REPORT])
    for stage in ("adopted", "report deferred"):
        assert draft == next_step(stage, attested=False, cancelled=False, drafted=False)
        assert REPORT == next_step(stage, attested=False, cancelled=False, drafted=True)
    assert NEXT["published"] == next_step(
        "published", attested=False, cancelled=False, drafted=False
    )


def test_of_history_only_a_source_can_tell_the_next_step() -> None:
    """Until the report is adopted, after which nothing is awaited."""
    source = Awaited("secretariat", "a source for what came next")

    assert source == next_step("published", attested=True, cancelled=False, drafted=False)
    assert NOTHING == next_step("report adopted", attested=True, cancelled=False, drafted=False)


def test_the_last_step_is_the_one_that_was_recorded_last() -> None:
    """A source may tell an earlier step after a later one."""
    first, second = (
        DatedStep(when=When(day), attested=True, position=position)
        for day, position in (("2026-03-01", 9), ("2026-04-01", 4))
    )
    agenda = Agenda(id="a", proposed=first, published=second)

    assert {"proposed": first, "published": second} == steps_taken(agenda)
    assert first == last_step(agenda)
    assert None is last_step(Agenda())
    assert {*STEPS} <= {*dir(agenda)}


def test_an_agenda_waits_for_all_windows_that_have_no_outcome() -> None:
    """Those of items that are under silence or in doubt, and of no others."""
    of = {"1": ("a", "under silence"), "2": ("b", "approval suspended"), "3": ("c", "approved")}
    items = tuple(
        Item(item=number, titles={}, window=window, approval=approval)
        for number, (window, approval) in of.items()
    )
    agenda = Agenda(id="a", items=(*items, Item(item="4", titles={})))

    assert ("a", "b", "c") == agenda.window_ids
    assert ("a", "b") == agenda.awaited_window_ids


@pytest.mark.parametrize(
    ("stage", "approvals", "who", "what"),
    [
        ("partly approved", {"approved", "submitted"}, "secretariat", "opening of the silence"),
        ("not approved", {"not approved", "submitted"}, "secretariat", "opening of the silence"),
        ("partly approved", {"approved", "proposed"}, "secretariat", "submission of the items"),
        ("partly approved", {"proposed", "not approved", "approved"}, "presiding officer", "what"),
        ("partly approved", {"approved", "not approved"}, "presiding officer", "what becomes"),
        ("not approved", {"not approved", "proposed"}, "presiding officer", "an amended text"),
    ],
)
def test_what_is_submitted_again_goes_on(
    stage: str, approvals: set[str], who: str, what: str
) -> None:
    """Items that are open again are waited for first, whatever became of the others."""
    awaited = next_step(stage, attested=False, cancelled=False, drafted=False, approvals=approvals)

    assert who == awaited.who
    assert awaited.what.startswith(what)
