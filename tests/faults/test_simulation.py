"""Workers, mishaps and races around one silence window, against an opinion of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from adapters.eventstore.event_store import StoredHistory
from adapters.sqlite import append
from domain.decision_context import DecisionContext
from domain.messages import Fact, Order, RecordedEvent
from domain.rules import require
from domain.silence import (
    admissibility,
    approval_suspension,
    closing_doubts,
    lifecycle,
    response_decisions,
    roster,
    rulings,
    withdrawals,
)
from domain.silence.events import (
    NoticesRecorded,
    Policy,
    Response,
    ResponseRuledUpon,
    SilenceExtended,
    SilenceResumed,
)
from domain.silence.holds import Hold
from domain.silence.objection_tally import Voices
from domain.silence.outcome import Result
from domain.silence.responses import ReceivedResponse
from domain.silence.terms import Terms
from domain.silence.window import Window
from domain.state_cache import StagedStates
from simulated_workers import unfenced
from simulation import GRACE, INSTANT, LATER, SECOND, Simulation, simulate
from workflows.commands import order_checks
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler

NEVER = timedelta(0)
MANY = int(os.environ.get("PLACET_SIMULATIONS", "300"))
"""How many simulations of forty steps the heavy test runs, unless others are asked for."""


def test_the_clock_gives_way_to_an_objection_that_was_faster() -> None:
    """A letter breaks the window between the clock's look and its turn: no lapse, no failure."""
    run = Simulation()
    run.open(threshold=1, form=0, skews=(timedelta(0),) * 3, margin=0, notices="no", notified=False)
    run.now = run.end + GRACE
    run.race(
        worker=0,
        other=1,
        seat="east",
        kind="objection",
        items=(),
        move=("hold silence", "secretariat"),
        where="deciding",
        letter=True,
        which="clock, response",
    )
    phase = run.opinion.phase()
    run.the_second_opinion_agrees()
    run.teardown()

    assert "broken" == phase


class Drawn:
    """What a machine would draw, in order."""

    def __init__(self, *values: object) -> None:
        self._left = [*values]

    def draw(self, _: object) -> object:
        return self._left.pop(0)


def test_a_withdrawal_by_a_slower_clock_takes_nothing_from_a_later_objection() -> None:
    """By the clocks of two machines it came before what it withdraws; the next objection counts."""
    run, slow = Simulation(), timedelta(milliseconds=-3)
    run.open(
        threshold=1, form=0, skews=(slow, NEVER, NEVER), margin=0, notices="no", notified=False
    )
    run.give(1, run.response("east", "unclear", (), wrong=False))
    run.withdraw(worker=0, data=Drawn(1, "east"), who="east")
    run.now += timedelta(hours=1)
    run.rule_on(worker=0, data=Drawn(1), breaks=True, alone=False)
    run.give(1, run.response("east", "objection", (), wrong=False))
    phase = run.opinion.phase()
    run.the_second_opinion_agrees()
    run.teardown()

    assert "broken" == phase


def test_no_mishap_and_no_race_approves_against_an_objection_in_time() -> None:
    """Half a minute of them; the heavy test below runs many more, and longer ones."""
    simulate(60)


@pytest.mark.heavy
def test_nor_do_many_more_of_them() -> None:
    simulate(MANY, steps=40)


# --- that it bites: each seeded defect is found --------------------------------------------------

DO, LATE, SEATED = (
    CommandHandler.handle,
    response_decisions._late,
    admissibility._by_seat,
)
EVOLVE, REACHED, REVOKE = Window.evolve, Voices.parts_at_threshold, Result._revoked
FOLLOW = StagedStates.apply
INSERT_AFTER = append.SqliteTransaction.insert_after


def _inclusive(window: Window, order: Order, world: DecisionContext) -> bool:
    """Late only after the deadline; the deadline itself is taken for in time."""
    return LATE(window, structs.replace(order, received_at=order.received_at - INSTANT), world)


def _without_grace(window: Window) -> datetime:
    """Due at the deadline."""
    return window.clock.from_end(NEVER)


def with_policy(window: Window, policy: Policy) -> Window:
    return structs.replace(window, terms=structs.replace(window.terms, policy=policy))


def _stamped_when_decided(
    handling: CommandHandler, organisation: str, order: Order
) -> CommandResult:
    """Received when it is decided upon."""
    return DO(handling, organisation, structs.replace(order, received_at=order.at))


class _Today:
    """The record, but for the roster: it is what the body's roster is now."""

    def __init__(self, world: DecisionContext, window: Window, order: Order) -> None:
        body = world.body(window.body)
        self._frozen = roster.encode_roster(body, order.when, world.pack_of(body, order.when))

    def content(self, _: str) -> bytes:
        return self._frozen


def _by_the_current_roster(window: Window, response: Response, order: Order, world: Any) -> Any:
    """Who sits in the body today may answer, even if others were asked."""
    return SEATED(window, response, order, _Today(world, window, order))  # type: ignore[arg-type]


def _alone(rule: str, held: object, because: str) -> None:
    """One person is enough for everything."""
    if rule != "two-persons":
        require(rule, held, because)


def _forgetful(rule: str, held: object, because: str) -> None:
    """A window is moved whatever has come in late already."""
    if not because.endswith("late already"):
        require(rule, held, because)


def _remembered_at_once(staged_states: StagedStates, events: Any) -> None:
    """What is decided is remembered at once, also where it is never stored."""
    FOLLOW(staged_states, events)
    staged_states.commit()


def _unrecognised(
    transaction: append.SqliteTransaction, position: int, rows: Any, _: object
) -> bool:
    """Nobody asks whether a command has happened before."""
    return INSERT_AFTER(transaction, position, rows, [])


def _one_more(voices: Voices, parts: Any, objections: Any) -> Any:
    """One member more is needed than the policy says."""
    policy = voices.window.policy
    more = structs.replace(policy, threshold=policy.threshold + 1)
    return REACHED(
        structs.replace(voices, window=with_policy(voices.window, more)),
        parts,
        objections,
    )


def _any_one(voices: Voices, parts: Any, objections: Any) -> Any:
    """After the close one objection is enough."""
    entry = structs.replace(voices.window.policy, threshold=1) if voices.window.lapsed else None
    window = with_policy(voices.window, entry) if entry else voices.window
    return REACHED(structs.replace(voices, window=window), parts, objections)


def holding(window: Window, holds: tuple[Hold, ...]) -> Window:
    return structs.replace(window, review=structs.replace(window.review, holds=holds))


def _ending(kind: type[Fact]) -> Callable[[Window, RecordedEvent], Window]:
    """Every hold ends with what is about something else."""

    def evolve(window: Window, recorded: RecordedEvent) -> Window:
        after = EVOLVE(window, recorded)
        return holding(after, ()) if isinstance(recorded.fact, kind) else after

    return evolve


def _taken_over(window: Window, recorded: RecordedEvent) -> Window:
    """There is one hold, and it is that of the person who held last."""
    after = EVOLVE(window, recorded)
    return holding(after, after.holds[-1:])


def _reviewed_for_ever(window: Window, recorded: RecordedEvent) -> Window:
    """Who has looked once need never look again."""
    after = EVOLVE(window, recorded)
    looked = window.review.reviewed or after.review.reviewed
    return structs.replace(after, review=structs.replace(after.review, reviewed=looked))


def _ruled_only(window: Window) -> Any:
    """What waits for two persons counts for nothing."""
    return tuple(
        response
        for response in window.responses
        if response.broke_silence and (response.effective or response.ruled)
    )


def _still_doubted(result: Result, event: Any, terms: Terms) -> Result:
    """What was revoked stays suspended."""
    return structs.replace(REVOKE(result, event, terms), in_doubt=result.in_doubt)


DEFECTS: dict[str, tuple[object, str, object]] = {
    "no fence": (StoredHistory, "append_after", unfenced),
    "no recognition of a command id": (append.SqliteTransaction, "insert_after", _unrecognised),
    "no recognition of one in a turn": (append.SqliteTransaction, "of_command", lambda *_: []),
    "what is not stored is remembered": (StagedStates, "apply", _remembered_at_once),
    "the deadline itself is in time": (response_decisions, "_late", _inclusive),
    "an objection found after the close is dropped": (
        response_decisions,
        "suspension_events",
        lambda *_: (),
    ),
    "no grace": (Window, "due_from", property(_without_grace)),
    "received when decided": (CommandHandler, "handle", _stamped_when_decided),
    "the threshold is off by one": (Voices, "parts_at_threshold", _one_more),
    "a skewed clock is accepted": (order_checks, "CLOCK_TOLERANCE", timedelta(days=1)),
    "the current roster instead of the frozen one": (
        admissibility,
        "_by_seat",
        _by_the_current_roster,
    ),
    "what is at the margin is decided by milliseconds": (
        response_decisions,
        "_margin",
        lambda *_: NEVER,
    ),
    "one person dismisses what came at the margin": (rulings, "require", _alone),
    "a window is moved past what came late": (lifecycle, "require", _forgetful),
    "a failed notice is forgotten": (Window, "unreached_seats", property(lambda _: frozenset())),
    "nobody needs to have been told": (closing_doubts, "_notice_doubts", lambda *_: ()),
    "a hold keeps nothing": (Window, "hold_reason", property(lambda _: "")),
    "a ruling ends every hold": (Window, "evolve", _ending(ResponseRuledUpon)),
    "an extension ends every hold": (Window, "evolve", _ending(SilenceExtended)),
    "a resumption ends every hold": (Window, "evolve", _ending(SilenceResumed)),
    "a notice ends every hold": (Window, "evolve", _ending(NoticesRecorded)),
    "a clock's hold takes over those of people": (Window, "evolve", _taken_over),
    "a review outlives a new deadline": (Window, "evolve", _reviewed_for_ever),
    "nobody looks after an outage": (closing_doubts, "_outage_doubts", lambda *_: ()),
    "what waits for a ruling keeps nothing": (closing_doubts, "open_doubts", lambda *_: ()),
    "the threshold is not counted after the close": (Voices, "parts_at_threshold", _any_one),
    "what was counted before the close is forgotten after it": (
        approval_suspension,
        "_possible",
        lambda window: window.found_after_close,
    ),
    "a confirmation although another is in doubt": (approval_suspension, "_possible", _ruled_only),
    "one in doubt is taken for certain": (
        approval_suspension,
        "_certain",
        approval_suspension._possible,
    ),
    "doubts stay after a revocation": (Result, "_revoked", _still_doubted),
    "what broke is still approved": (Window, "approved_parts_concerned", Window.parts_concerned),
    "an observer breaks the silence": (roster, "_voiceless", lambda _: frozenset()),
    "for whom others speak is not counted": (
        ReceivedResponse,
        "names",
        property(lambda entry: entry.response.seats),
    ),
    "one seat withdraws for all": (
        withdrawals,
        "_withdrawn_for",
        lambda _, entry, *__: entry.names,
    ),
    "what was withdrawn never stood": (
        Voices,
        "largest_opposition",
        lambda voices, those: voices._at(None, those),
    ),
}


def _closed_before_any_notice(run: Simulation) -> None:
    begin(run, notices="yes")
    run.close(worker=0, after=GRACE)


def _extended_while_held(run: Simulation) -> None:
    begin(run)
    run.hold(worker=0, about="review", data=Drawn())
    run.move(0, 0, LATER, "none", timedelta(days=1))


def _paused_while_held(run: Simulation) -> None:
    begin(run)
    run.pause(worker=0, held=True, lasts=SECOND)


def _found_within_the_grace(run: Simulation) -> None:
    begin(run)
    run.close(worker=0, after=GRACE / 2)
    run.find(worker=0, seat="east", kind="objection", items=())


def _withdrawn_before_the_second(run: Simulation) -> None:
    begin(run, threshold=2)
    run.close(worker=0, after=GRACE)
    run.find(worker=0, seat="east", kind="objection", items=())
    run.withdraw(worker=0, data=Drawn(1, "east"), who="east")
    run.find(worker=0, seat="west", kind="objection", items=())


def _one_before_the_close_and_one_after(run: Simulation) -> None:
    begin(run, threshold=2)
    run.give(0, run.response("east", "objection", (), wrong=False))
    run.close(worker=0, after=GRACE)
    run.find(worker=0, seat="west", kind="objection", items=())


def begin(run: Simulation, threshold: int = 1, notices: str = "no") -> None:
    """A window on one text that nobody was told of, by three clocks that are right."""
    skews = (NEVER, NEVER, NEVER)
    run.open(threshold=threshold, form=0, skews=skews, margin=0, notices=notices, notified=False)


STORIES: dict[str, Callable[[Simulation], None]] = {
    "nobody needs to have been told": _closed_before_any_notice,
    "an extension ends every hold": _extended_while_held,
    "a resumption ends every hold": _paused_while_held,
    "no grace": _found_within_the_grace,
    "what was withdrawn never stood": _withdrawn_before_the_second,
    "what was counted before the close is forgotten after it": _one_before_the_close_and_one_after,
}
"""Per defect that draws by chance reach too rarely, the steps that lead to it."""


@pytest.mark.parametrize("defect", STORIES)
def test_a_rare_seeded_defect_is_found_by_its_story(
    defect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same story on the program as it is."""
    play(STORIES[defect])
    monkeypatch.setattr(*DEFECTS[defect])
    with pytest.raises(AssertionError):
        play(STORIES[defect])


def play(story: Callable[[Simulation], None]) -> None:
    """Let the machine take these steps, and hold what must hold after the last one."""
    run = Simulation()
    try:
        story(run)
        run.no_position_and_no_version_is_left_out()
        run.what_was_answered_is_in_the_record_once()
        run.the_second_opinion_agrees()
        run.what_fell_never_rises()
        run.reading_from_the_start_gives_what_was_followed()
    finally:
        run.teardown()


@pytest.mark.heavy
@pytest.mark.parametrize("defect", sorted({*DEFECTS} - {*STORIES}))
def test_each_other_seeded_defect_is_found_by_chance(
    defect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same machine on the same program, but for one function that is wrong."""
    monkeypatch.setattr(*DEFECTS[defect])
    with pytest.raises((AssertionError, ExceptionGroup)):
        simulate(1200)
