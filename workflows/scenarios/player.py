"""Cases: a procedure told step by step, played against the real rules, with what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from domain.cases import NOTHING, Case, Expectation, Step
from domain.decision_context import DecisionContext
from domain.instants import LATEST, shift
from domain.messages import RecordedEvent
from domain.ports.codec import Codec
from domain.ports.event_store import History
from domain.rules import Refused
from domain.silence.events import ResponseRefused
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.commands.orders import order_of_simulated_act
from workflows.history.redaction import Redaction
from workflows.processes import silence_clock
from workflows.scenarios import timelines
from workflows.scenarios.compared_values import NOT_COMPARED, ComparedValue, RecordAfterStep
from workflows.scenarios.expectations import compare_expectation
from workflows.scenarios.expected_seats import unknown_seats
from workflows.scenarios.played_record import PlayedRecord
from workflows.scenarios.timelines import TimelineLine


class CaseFault(Struct, frozen=True):
    """Something that is not as the case says: at a line of its file, in a field, of a step.

    `step` is the number of the step, from 1; 0 for what belongs to none.
    """

    line: int
    what: str
    field: str = ""
    step: int = 0

    def __str__(self) -> str:
        return (
            f"{self.line}: {self.field}: {self.what}" if self.field else f"{self.line}: {self.what}"
        )


class Verdict(Struct, frozen=True):
    """How a case ended: what was not as expected, and the timeline that came out.

    `expected` is how many values the file expects, by kind of expectation; each was compared.
    """

    case: str
    steps: int
    expected: Mapping[str, int]
    faults: tuple[CaseFault, ...]
    timeline: tuple[str, ...]
    events: int
    asserts_nothing: bool = False
    missing: int = 0
    """How many things the file itself says that it does not hold."""

    @property
    def passed(self) -> bool:
        return not self.faults

    @property
    def expectations(self) -> int:
        """How many values the file expects."""
        return sum(self.expected.values())


class Player:
    """Plays the steps of one case into one history, under a clock of its own.

    The log is read in one pass: after each step what is new of it.
    """

    def __init__(
        self,
        handling: CommandHandler,
        history: History,
        codec: Codec,
        *,
        started: datetime,
    ) -> None:
        self._handling, self._codec = handling, codec
        self._record = PlayedRecord(history)
        self._now, self._began = started, self._record.position
        self._timeline: list[TimelineLine] = []
        self._without_line: list[RecordedEvent] = []
        self._windows: set[str] = set()

    def play(self, case: Case) -> Verdict:
        """Play every step, note each disappointed expectation, and compare the timeline."""
        faults = [*_asserts(case)]
        for number, step in enumerate(case.steps, 1):
            faults += self.step(case.name, number, step)
        if case.timeline is not None:
            faults += self._departures(case)
        return Verdict(
            case=case.name,
            steps=len(case.steps),
            expected=case.expectation_counts,
            faults=tuple(faults),
            timeline=tuple(line.text for line in self._timeline),
            events=self._record.position - self._began,
            asserts_nothing=not case.expectation_counts,
            missing=len(case.missing),
        )

    def _departures(self, case: Case) -> Iterator[CaseFault]:
        """Where the timeline that came out departs from that of the file."""
        for departure in timelines.timeline_differences(case.timeline or (), self._timeline):
            lines = case.timeline_lines
            line = (lines[departure.number : departure.number + 1] or lines[-1:] or (1,))[0]
            yield CaseFault(line, departure.what, f"timeline.{departure.number + 1}")

    def step(self, case: str, number: int, step: Step) -> Iterator[CaseFault]:
        """Play one step; yield what was not as expected."""
        refusal: Refused | None = None
        answer = CommandResult(())
        try:
            self._pass_time(step)
            if step.command is not None:
                order = order_of_simulated_act(step, f"{case}:{number}", self._now)
                answer = self._handling.handle(self._record.organisation, order)
        except Refused as refused:
            refusal = refused
        self._read_on()
        self._tell(step, refusal)
        for place, what in self._check(step, answer, refusal):
            field_ = ".".join((step.place, *place)) if step.place else ".".join(place)
            yield CaseFault(step.line_of(*place), what, field_, number)

    def _tell(self, step: Step, refusal: Refused | None) -> None:
        """Add to the timeline what came of a step: its events, its refusal, or that time passed."""
        shown = Redaction(self._context())
        self._timeline += [
            timelines.line_of(shown.redact_event(event), self._codec, step)
            for event in self._without_line
        ]
        self._without_line.clear()
        if step.command is None:
            self._timeline.append(TimelineLine(f"{step.when} waited", step))
        elif refusal:
            self._timeline.append(timelines.refused_line(step, refusal, self._codec))

    def _pass_time(self, step: Step) -> None:
        """Move the virtual clock to a simulated step; on the way, what is due is recorded."""
        if step.mode != "simulated":
            return
        then = step.when.exact
        if then < self._now:
            because = f"{step.when} is before the step in front of it; time does not run back"
            raise Refused("live-now", because)
        self.run_clock(then)
        self._now = then

    def run_clock(self, until: datetime) -> None:
        """Let the silence clock run from now until an instant, recording each lapse when due."""
        while True:
            world = self._context()
            due = sorted(
                (window.due_from, name)
                for name in self._windows
                if (window := world.window(name)).due(until) and not window.hold_reason
            )
            if not due:
                return
            at, name = due[0]
            at = max(at, self._now)
            silence_clock.record_due(self._handling, self._record, [name], at, virtual=True)
            self._read_on()
            self._now = at

    def _check(
        self, step: Step, answer: CommandResult, refusal: Refused | None
    ) -> Iterator[tuple[tuple[str, ...], str]]:
        """What is not as expected after a step, with the place in the step that it is about."""
        expect = step.expect or Expectation()
        world = self._context()
        kept = [event.fact for event in answer.events if isinstance(event.fact, ResponseRefused)]
        by_rule = refusal.rule if refusal else kept[0].rule if kept else ""
        if by_rule != expect.refused:
            because = str(refusal) if refusal else kept[0].reason if kept else ""
            strange = unknown_seats(step.command, step.actor.seat, world) if step.command else ()
            yield from strange
            yield _not_as_refused(step, by_rule, because)
            if by_rule:
                return
        elif not by_rule and step.command:
            yield from unknown_seats(step.command, step.actor.seat, world)
        yield from self._compare(step, answer, refusal)

    def _compare(
        self, step: Step, answer: CommandResult, refusal: Refused | None
    ) -> Iterator[tuple[tuple[str, ...], str]]:
        expect = step.expect or Expectation()
        if expect.rules and refusal:
            because = "an act that is refused leaves no findings; expect `refused` alone"
            yield ("expect", "rules"), because
            return
        of = Stream.parse(expect.of) if expect.of else step.command and step.command.stream
        moment = RecordAfterStep(
            world=self._context(),
            of=of or None,
            when=step.when if step.mode == "attested" else UNKNOWN,
            now=self._now,
        )
        for value in compare_expectation(expect, moment, answer.events):
            if not value.same:
                yield ("expect", *value.place), _said(value)

    def _read_on(self) -> None:
        """Take notice of what was recorded, which gets its lines after the step."""
        new = self._record.read_on()
        self._windows.update(
            event.stream.id for event in new if event.stream.kind is StreamKind.WINDOW
        )
        self._without_line += new

    def _context(self) -> DecisionContext:
        """The record up to where it was read."""
        return self._handling.decision_context(self._record, self._record.states)


def _said(value: ComparedValue) -> str:
    """That a value is not as expected; a rule that was not asked is told as such."""
    if value.place[0] == "rules" and value.found == NOT_COMPARED:
        return f"{value.name} is known, but this act did not ask it; {value.wanted!r} was expected"
    return f"{value.name} is {value.found!r}, not {value.wanted!r}"


def _not_as_refused(step: Step, by_rule: str, because: str) -> tuple[tuple[str, ...], str]:
    """That an act was refused, was not, or was by another rule than is expected."""
    wanted = step.expect.refused if step.expect else ""
    if not by_rule:
        return ("expect", "refused"), f"{step.verb} was not refused by {wanted}"
    if not wanted:
        return (), f"{step.verb} was refused by {by_rule}: {because}"
    return ("expect", "refused"), f"{step.verb} was refused by {by_rule}, not {wanted}: {because}"


def _asserts(case: Case) -> Iterator[CaseFault]:
    """A case says what must be so after its steps, or that it says nothing."""
    asserted = any(step.expect and [*step.expect.asserted_places()] for step in case.steps)
    if not asserted and case.asserts != NOTHING:
        because = (
            "asserts nothing: no step expects anything, and what came out is no expectation;"
            f" add an `expect`, or say `asserts: {NOTHING}`"
        )
        yield CaseFault(1, because, "steps")
    if asserted and case.asserts == NOTHING:
        yield CaseFault(1, f"says `{NOTHING}`, but there are expectations", "asserts")


def started_at(case: Case) -> datetime:
    """When the clock of a case starts: at its first simulated step, else after all it attests."""
    first = next((step.when for step in case.steps if step.mode == "simulated"), None)
    if first:
        return first.exact.astimezone(UTC)
    ends = [step.when.latest for step in case.steps if step.when.latest != LATEST]
    return shift(max(ends, default=datetime(2000, 1, 1, tzinfo=UTC)), timedelta(days=1))
