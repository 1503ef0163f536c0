"""How a store is doing: what lags, what is parked, what is overdue, and what needs a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from msgspec import Struct, field

from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.ports.clock import CLOCK_TOLERANCE
from domain.ports.errors import ParkedStream, Unreadable
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import Views
from domain.silence.events import SilenceLapsed
from domain.streams import Kind
from domain.times import shift
from workflows.projections import due_windows, parking
from workflows.projections.catch_up import FOLLOWER, parked_ids
from workflows.projections.rows import WindowRow

OVERDUE: Final = timedelta(minutes=1)
"""How long after its grace a window may stay unrecorded before a person has to look."""
LAG: Final = timedelta(minutes=1)
UNSERVED: Final = timedelta(minutes=5)
"""How long nobody may have served a store with running windows."""
NEWEST: Final = 200
"""How many events at the end of a log are asked whether they lie ahead."""
FAILED: Final = frozenset({"refused", "given up", "bounced"})
WAITS: Final = frozenset({"waiting", "being sent"})
ROWS: Final = "rows"
NOTICES: Final = "notices"


class Outbox(Protocol):
    """The letters, and up to where the log was read for them."""

    def position(self, organisation: str) -> int: ...

    def parked(self, organisation: str) -> Mapping[str, ParkedStream]: ...

    def counts(self) -> Sequence[tuple[str, str, bool, str, int]]: ...


class Follower(Struct, frozen=True, kw_only=True):
    """How far a follower has come, and what it could not read."""

    name: str
    position: int
    events: int
    """How many events it has not read yet."""
    seconds: float
    """How long the first of these has been waiting for it."""
    parked: tuple[ParkedStream, ...]


class Windows(Struct, frozen=True, kw_only=True):
    """The windows that have no outcome yet, by their ids."""

    running: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    """Deadline past, grace not."""
    overdue: Mapping[str, timedelta] = field(default_factory=dict)
    """Grace past, and not recorded; for how long."""
    held: tuple[str, ...] = ()


class Organisation(Struct, frozen=True, kw_only=True):
    """How the record of one organisation is doing."""

    name: str
    last: int
    followers: tuple[Follower, ...]
    windows: Windows
    waiting: int
    """Letters that have not been sent."""
    failed: int
    """Letters that did not arrive, of windows that have no outcome yet."""


def organisations(
    log: EventLog,
    views: Views,
    outbox: Outbox | None,
    world_of: Callable[[History], DecisionContext],
    now: datetime,
) -> list[Organisation]:
    """How each organisation is doing at `now` (UTC). Raises Unavailable."""
    letters = outbox.counts() if outbox else ()
    unended = [*due_windows.unfinished_windows(views)]
    found = []
    for name in log.organisations():
        history = log.history(name)
        places = {ROWS: views.position(FOLLOWER, name)}
        parked: dict[str, Mapping[str, ParkedStream]] = {ROWS: parking.parked_streams(views, name)}
        if outbox:
            places[NOTICES], parked[NOTICES] = outbox.position(name), outbox.parked(name)
        unsure = parked_ids(parked[ROWS].values(), Kind.WINDOW)
        running = views.rows_named(WindowRow, [window for window in unended if window[0] == name])
        windows = _windows(running.values(), world_of(history), unsure, now)
        open_ = {*windows.running, *windows.due, *windows.overdue, *windows.held}
        found.append(
            Organisation(
                name=name,
                last=history.last_position(),
                followers=tuple(
                    _follower(history, who, position, tuple(parked[who].values()), now)
                    for who, position in places.items()
                ),
                windows=windows,
                waiting=sum(
                    n for where, *_, state, n in letters if where == name and state in WAITS
                ),
                failed=sum(
                    n
                    for where, window, _, state, n in letters
                    if where == name and state in FAILED and window in open_
                ),
            )
        )
    return found


def _follower(
    history: History, name: str, position: int, parked: tuple[ParkedStream, ...], now: datetime
) -> Follower:
    behind = max(0, history.last_position() - position)
    seconds = 0.0
    if behind:
        try:
            first = history.since(position, 1)
        except Unreadable:  # what it cannot read will be parked; how old it is cannot be told
            first = ()
        seconds = max(0.0, (now - first[0].recorded_at).total_seconds()) if first else 0.0
    return Follower(name=name, position=position, events=behind, seconds=seconds, parked=parked)


def _windows(
    rows: Iterable[WindowRow], world: DecisionContext, unsure: Sequence[str], now: datetime
) -> Windows:
    """Where the windows without an outcome stand. Before its deadline a row is asked, and after
    it the record, as the silence clock does."""
    running, due, held = list[str](), list[str](), list[str]()
    overdue: dict[str, timedelta] = {}
    for row in rows:
        name = row.id
        if now < row.closes.latest:
            (held if row.held else running).append(name)
            continue
        try:
            window = world.window(name)
            grace = timedelta(seconds=window.policy.grace_seconds)
            late = now - shift(window.closes.latest, grace)
        except Exception as error:  # noqa: BLE001 (what cannot be read is overdue all the same)
            parking.unreadable_reason(error)
            overdue[name] = now - row.closes.latest
            continue
        if window.is_over:
            continue
        if window.hold_reason:
            held.append(name)
        elif not window.due(now):
            (due if not window.suspended and now >= window.closes.latest else running).append(name)
        else:
            overdue[name] = late
    known = {*running, *due, *held, *overdue}
    running += [name for name in unsure if name not in known and _open(world, name)]
    return Windows(running=tuple(running), due=tuple(due), overdue=overdue, held=tuple(held))


def _open(world: DecisionContext, name: str) -> bool:
    """Whether a window without rows has no outcome; not where it cannot be read at all."""
    try:
        return not world.window(name).is_over
    except Exception as error:  # noqa: BLE001 (what is parked may fail in any way)
        parking.unreadable_reason(error)
        return False


def premature_records(log: EventLog, now: datetime) -> Iterator[str]:
    """What was recorded in the future of `now` (UTC), and which outcomes before their deadline.

    Either this clock is behind, or the one that recorded them was ahead.
    """
    for name in log.organisations():
        history = log.history(name)
        last = history.last_position()
        ahead = [one for one in _newest(history, last) if one.recorded_at > now + CLOCK_TOLERANCE]
        if not ahead:
            continue
        until = max(one.recorded_at for one in ahead)
        yield (
            f"{name}: {len(ahead)} events were recorded in the future, up to {until:%Y-%m-%d %H:%M}"
            " UTC: this clock is behind, or another one was ahead."
        )
        for one in ahead:
            if isinstance(one.fact, SilenceLapsed) and one.effective.latest > now:
                yield (
                    f"{name}: window {one.stream.id} was recorded as approved, though its deadline"
                    f" {one.effective} lies ahead: whoever objects until then must be heard."
                )


def _newest(history: History, last: int) -> Sequence[RecordedEvent]:
    """The newest events, as many as are looked at; none where one of them cannot be read."""
    try:
        return history.since(max(0, last - NEWEST), NEWEST)
    except Unreadable:
        return ()


class Health(Struct, frozen=True, kw_only=True):
    """How a whole store is doing."""

    organisations: Sequence[Organisation]
    offset_ms: int
    served: datetime | None
    losses: Sequence[str]
    warnings: Sequence[str]
    """What whoever runs the store should know, though nothing has to be done at once."""
    faults: Sequence[str] = ()
    """What is the matter with the keys."""
    early: Sequence[str] = ()
    """What was recorded by a clock that was ahead of the one here, in sentences."""

    def problems(self, now: datetime) -> list[str]:
        """What needs a person, in sentences."""
        return [
            *self.losses,
            *self.faults,
            *self.early,
            *self._of_store(now),
            *self._of_organisations(),
        ]

    def _of_store(self, now: datetime) -> Iterator[str]:
        if abs(self.offset_ms) > CLOCK_TOLERANCE.total_seconds() * 1000:
            yield f"The clock here is {self.offset_ms} ms off: nothing is recorded until it is set."
        waits = any(one.windows.running or one.windows.overdue for one in self.organisations)
        if waits and (self.served is None or now - self.served > UNSERVED):
            yield "Nobody serves this store, though silence procedures run: start `placet serve`."

    def _of_organisations(self) -> Iterator[str]:
        for one in self.organisations:
            for follower in one.followers:
                if follower.seconds > LAG.total_seconds():
                    yield (
                        f"{one.name}: the {follower.name} are {follower.events} events behind,"
                        f" for {follower.seconds:.0f} seconds."
                    )
                for parked in follower.parked:
                    yield (
                        f"{one.name}: {parked.stream} is parked in the {follower.name} since event"
                        f" {parked.position}: {parked.because}"
                    )
            for name, late in one.windows.overdue.items():
                if late > OVERDUE:
                    yield f"{one.name}: window {name} is overdue, and no outcome is recorded."
            for name in one.windows.held:
                yield f"{one.name}: window {name} is held for review by the presiding officer."
            if one.failed:
                yield f"{one.name}: {one.failed} letters did not arrive; see `placet post status`."
