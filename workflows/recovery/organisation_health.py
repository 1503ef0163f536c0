"""How the record of each organisation is doing: its followers, its windows, its letters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from msgspec import Struct, field

from domain.decision_context import DecisionContext
from domain.instants import shift
from domain.ports.errors import ParkedStream, Unreadable
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import Views
from domain.streams import StreamKind
from workflows.projections import due_windows, parking
from workflows.projections.catch_up import FOLLOWER, parked_ids
from workflows.projections.rows import WindowRow

FAILED: Final = frozenset({"refused", "given up", "bounced"})
WAITS: Final = frozenset({"waiting", "being sent"})
ROWS: Final = "rows"
NOTICES: Final = "notices"


class Outbox(Protocol):
    """The letters, and up to where the log was read for them."""

    def position(self, organisation: str) -> int: ...

    def parked_streams(self, organisation: str) -> Mapping[str, ParkedStream]: ...

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
            places[NOTICES], parked[NOTICES] = outbox.position(name), outbox.parked_streams(name)
        stale = parked_ids(parked[ROWS].values(), StreamKind.WINDOW)
        running = views.rows_named(WindowRow, [place for place in unended if place[0] == name])
        windows = _windows(running.values(), world_of(history), stale, now)
        failed = [
            (window, n)
            for where, window, _, state, n in letters
            if where == name and state in FAILED
        ]
        open_ = {*windows.running, *windows.due, *windows.overdue, *windows.held}
        open_ |= _suspended(views, name, {window for window, _ in failed} - open_)
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
                failed=sum(n for window, n in failed if window in open_),
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
        except Unreadable:  # what it cannot read will be parked; how old it is stays unknown
            first = ()
        seconds = max(0.0, (now - first[0].recorded_at).total_seconds()) if first else 0.0
    return Follower(name=name, position=position, events=behind, seconds=seconds, parked=parked)


def _suspended(views: Views, organisation: str, windows: Collection[str]) -> set[str]:
    """Those of the windows that are approved, and whose approval is suspended until a ruling."""
    rows = views.rows_named(WindowRow, [(organisation, window) for window in windows])
    return {row.id for row in rows.values() if row.approval_is_suspended}


def _windows(
    rows: Iterable[WindowRow], world: DecisionContext, stale: Sequence[str], now: datetime
) -> Windows:
    """Where the windows without an outcome stand. Before its deadline the row says so, and after
    it the record, as the silence clock does."""
    running, due, held = list[str](), list[str](), list[str]()
    overdue: dict[str, timedelta] = {}
    for row in rows:
        name, closes = row.id, row.closes.latest
        if now < closes:
            (held if row.held else running).append(name)
            continue
        try:
            window = world.window(name)
            grace = timedelta(seconds=window.policy.grace_seconds)
            late = now - shift(window.closes.latest, grace)
        except Exception as error:  # noqa: BLE001 (what cannot be read is overdue all the same)
            parking.unreadable_reason(error)
            overdue[name] = now - closes
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
    running += [name for name in stale if name not in known and _open(world, name)]
    return Windows(running=tuple(running), due=tuple(due), overdue=overdue, held=tuple(held))


def _open(world: DecisionContext, name: str) -> bool:
    """Whether a window without rows has no outcome; not where it cannot be read at all."""
    try:
        return not world.window(name).is_over
    except Exception as error:  # noqa: BLE001 (what is parked may fail in any way)
        parking.unreadable_reason(error)
        return False
