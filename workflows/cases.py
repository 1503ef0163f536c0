"""Cases: a procedure told step by step, played against the real rules, with what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.agenda.numbers import spelt
from domain.cases import Case, Expectation, Step
from domain.facts import Kind, Order, Recorded, Stream
from domain.ports import Codec, History
from domain.rules import Refused
from domain.silence import Window
from domain.silence.events import ResponseRefused
from domain.texts import canonical, digest
from domain.times import LATEST, UNKNOWN, When
from workflows import silence_clock
from workflows.disclosure import Disclosure
from workflows.handling import Answer, Handling
from workflows.replay import PAGE, whole


@dataclass(frozen=True)
class Fault:
    """Something that is not as the case says, at a line of its file."""

    line: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """How a case ended: what was not as expected, and the timeline that came out."""

    case: str
    steps: int
    expectations: int
    faults: tuple[Fault, ...]
    timeline: tuple[str, ...]
    events: int

    @property
    def passed(self) -> bool:
        return not self.faults


class Player:
    """Plays the steps of one case into one history, under a clock of its own."""

    def __init__(
        self,
        handling: Handling,
        history: History,
        codec: Codec,
        *,
        started: datetime,
    ) -> None:
        self._handling, self._history, self._codec = handling, history, codec
        self._now = started
        self._count = 0
        self._told: list[str] = []
        self._began = self._seen = history.last_position()

    def play(self, case: Case) -> Verdict:
        """Play every step, note each disappointed expectation, and compare the timeline."""
        faults: list[Fault] = []
        for number, step in enumerate(case.steps, 1):
            faults += self.step(case.name, number, step)
        told = tuple(self._told)
        if case.timeline is not None:
            faults += list(_differences(case.timeline, told))
        return Verdict(
            case.name, len(case.steps), self._count, tuple(faults), told, self._seen - self._began
        )

    def step(self, case: str, number: int, step: Step) -> Iterator[Fault]:
        """Play one step; yield what was not as expected."""
        refusal: Refused | None = None
        answer = Answer(())
        try:
            self._pass_time(step)
            if step.command is not None:
                order = self._order(case, number, step)
                answer = self._handling.do(self._history.organisation, order)
        except Refused as refused:
            refusal = refused
        self._tell(step, refusal)
        yield from self._check(step, answer, refusal)

    def _tell(self, step: Step, refusal: Refused | None) -> None:
        """Add to the timeline what came of a step: its events, its refusal, or that time passed."""
        self._told += self._fresh_lines()
        if step.command is None:
            self._told.append(f"{step.when} waited")
        elif refusal:
            asked = {
                "command": self._codec.plain(step.command),
                "actor": self._codec.plain(step.actor),
                "when": str(step.when),
                "received": str(step.received),
                "source": step.source,
                "authority": step.authority,
                "waivers": dict(step.waivers),
            } | ({} if step.offset_ms is None else {"offset_ms": step.offset_ms})
            mark = digest(canonical(asked))[:10]
            self._told.append(f"{step.when} refused by {refusal.rule}: {step.verb} #{mark}")

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
            world = self._handling.world(self._history)
            due = sorted(
                (window.closes.latest + timedelta(seconds=window.policy.grace_seconds), name)
                for name in self._windows()
                if (window := world.window(name)).due(until) and not window.held
            )
            if not due:
                return
            at, name = due[0]
            at = max(at, self._now)
            silence_clock.record_due(self._handling, self._history, [name], at, virtual=True)
            self._now = at

    def _windows(self) -> set[str]:
        return {one.stream.id for one in whole(self._history) if one.stream.kind is Kind.WINDOW}

    def _order(self, case: str, number: int, step: Step) -> Order:
        assert step.command is not None  # noqa: S101 (told to the type checker; step() looked)
        return Order(
            command=step.command,
            command_id=step.command_id or f"{case}:{number}",
            actor=step.actor,
            at=self._now,
            received_at=step.received.exact if step.received.known else self._now,
            source=step.source if step.mode == "attested" else "",
            effective=step.when if step.mode == "attested" else UNKNOWN,
            authority=step.authority,
            waivers=step.waivers,
            virtual=step.mode == "simulated",
            offset_ms=step.offset_ms,
        )

    def _check(self, step: Step, answer: Answer, refusal: Refused | None) -> Iterator[Fault]:
        expect = step.expect or Expectation()
        if refusal and refusal.rule != expect.refused:
            yield Fault(step.line, f"{step.verb} was refused: {refusal}")
            return
        rules = [one.fact.rule for one in answer.events if isinstance(one.fact, ResponseRefused)]
        kept = rules[0] if rules else ""
        if expect.refused:
            self._count += 1
            if not refusal and kept != expect.refused:
                yield Fault(step.line, f"{step.verb} was not refused by {expect.refused}")
        elif kept:
            yield Fault(step.line, f"the response was refused by {kept}")
        if step.expect:
            for wanted, found, what in self._compare(step, answer, expect):
                self._count += 1
                if wanted != found:
                    yield Fault(step.line, f"{what} is {found!r}, not {wanted!r}")

    def _compare(
        self, step: Step, answer: Answer, expect: Expectation
    ) -> Iterator[tuple[object, object, str]]:
        """Pairs of what is expected and what is so, with its name."""
        found = {
            finding.rule: str(finding.result) for one in answer.events for finding in one.findings
        }
        for rule, result in expect.rules.items():
            yield result, found.get(rule, "not asked"), f"rule {rule}"
        if expect.of or step.command:
            of = Stream.parse(expect.of) if expect.of else step.command.stream  # type: ignore[union-attr]  # looked at above
            yield from self._compare_state(of, expect)

    def _compare_state(
        self, of: Stream, expect: Expectation
    ) -> Iterator[tuple[object, object, str]]:
        """The same for what is expected of the state of a stream."""
        if not (expect.stage or expect.phase or expect.outcome or expect.deadline or expect.counts):
            return
        world = self._handling.world(self._history)
        if not world.events(of):
            yield "in the record", "not in the record", str(of)
            return
        state = world.state(of)
        if expect.stage:
            subject = getattr(state, "subject", None)
            agenda = world.agenda(subject.agenda) if subject and subject.agenda else state
            yield expect.stage, getattr(agenda, "stage", "no stage"), "stage"
        if isinstance(state, Window):
            yield from self._compare_window(state, expect)
        elif expect.phase or expect.outcome or expect.deadline:
            yield "a window", str(of.kind), str(of)
        for name, number in expect.counts.items():
            yield number, _count(state, name, self._now), name

    def _compare_window(
        self, window: Window, expect: Expectation
    ) -> Iterator[tuple[object, object, str]]:
        if expect.phase:
            yield expect.phase, str(window.phase(self._now)), "phase"
        for part, outcome in expect.outcome.items():
            own = spelt(part, window.subject.items)
            known = part == "whole" or own in window.subject.items
            became = window.outcome("" if part == "whole" else own) if known else "no such part"
            yield outcome, became, f"outcome of {part}"
        if expect.deadline:
            wanted, closes = When(expect.deadline), window.closes
            same = closes.hourly and wanted.hourly and closes.earliest == wanted.earliest
            yield wanted, wanted if same else closes, "deadline"

    def _fresh_lines(self) -> Iterator[str]:
        """A line for each new event: when, on what basis, where, what, by whom, and a digest."""
        shown = Disclosure(self._handling.world(self._history))
        while page := self._history.since(self._seen, PAGE):
            for one in page:
                yield line_of(shown.of(one), self._codec)
            self._seen = page[-1].position


def _count(state: object, name: str, now: datetime) -> object:
    """How many of something a state holds, by the words of its pages."""
    counted = [r for r in getattr(state, "responses", ()) if r.effective]
    numbers: dict[str, object] = {
        "seats": getattr(state, "seats", None),
        "notified": len(getattr(state, "delivered", ())),
        "delivery failed": len(getattr(state, "failed", ())),
        "responses": len(getattr(state, "responses", ())),
        "objected": len([r for r in counted if r.breaks]),
        "explicitly no objection": len([r for r in counted if r.response.kind == "no objection"]),
        "waits for a ruling": len([r for r in counted if r.breaks is None]),
        "late": len([r for r in getattr(state, "responses", ()) if r.standing == "late"]),
        "items": len([i for i in getattr(state, "items", ()) if not i.under]),
        "documents": len({d for i in getattr(state, "items", ()) for d in i.documents}),
        "slots": getattr(getattr(state, "work", None), "count", 0),
        "versions": len(getattr(state, "versions", ())),
    }
    roster = getattr(state, "roster_at", None)
    if roster:
        numbers["roster"] = len(roster(When.instant(now)))
    return numbers.get(name, f"not counted; there are {', '.join(numbers)}")


def line_of(one: Recorded, codec: Codec) -> str:
    """The line of one event in a timeline. Its digest covers the whole fact and its findings.

    Only the release of the time zone database is left out: it changes without any change of law.
    """
    told = {
        "fact": _without_release(codec.plain(one.fact)),
        "findings": [[finding.rule, str(finding.result)] for finding in one.findings],
        "authority": one.authority,
        "source": one.source,
        "seat": one.actor.seat,
        "name": one.actor.name,
        "waivers": dict(one.waivers),
    }
    basis = "simulated" if one.virtual else one.basis
    name = one.name.rpartition(".")[0]
    mark = digest(canonical(told))[:10]
    return f"{one.effective} {basis}: {one.stream} {name} by {one.actor.role} #{mark}"


def _without_release(fact: object) -> object:
    if isinstance(fact, dict):
        return {key: _without_release(value) for key, value in fact.items() if key != "tzdata"}
    return fact


def _differences(expected: Sequence[str], found: Sequence[str]) -> Iterator[Fault]:
    """Where the whole timeline departs from the expected one."""
    for number in range(max(len(expected), len(found))):
        wanted = expected[number] if number < len(expected) else "nothing more"
        came = found[number] if number < len(found) else "nothing more"
        if wanted != came:
            yield Fault(0, f"timeline {number + 1}: expected {wanted}; came {came}")


def started_at(case: Case) -> datetime:
    """When the clock of a case starts: at its first simulated step, else after all it attests."""
    first = next((step.when for step in case.steps if step.mode == "simulated"), None)
    if first:
        return first.exact.astimezone(UTC)
    ends = [step.when.latest for step in case.steps if step.when.latest != LATEST]
    return max(ends, default=datetime(2000, 1, 1, tzinfo=UTC)) + timedelta(days=1)
