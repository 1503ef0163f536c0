"""The rows of the read models: what is kept of each stream, as it is kept.

The names of fields are the keys of the JSON on disk; a change of shape raises the number of the
format (`adapters/readmodels`), so that all rows are rebuilt from the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from domain.awaited_action import Awaited
from domain.ports.read_models import Row
from domain.silence.phase import Phase, awaited_in, phase_at
from domain.times import When


class BoardEntryRow(Row, frozen=True, kw_only=True):
    """What stands on the board: an agenda (`agenda/ID`), or a window that concerns none."""

    view = "board"
    id: str
    windows: tuple[str, ...]
    """The windows that count for it at present, nearest end first."""


class Step(Struct, frozen=True, kw_only=True):
    """A step that an agenda has taken, as its row holds it."""

    when: When
    attested: bool
    position: int


class AgendaRow(Row, frozen=True, kw_only=True):
    """Where an agenda stands."""

    view = "agenda"
    id: str
    body: str
    session: str
    part: int
    type: str
    approved_by: str
    document: str
    stage: str
    items: int
    """How many items it has, without sub-items."""
    approvals: tuple[str, ...]
    windows: tuple[str, ...]
    """The windows of its items, in order of their ids."""
    missing: tuple[str, ...]
    """The languages in which its document is not out yet."""
    steps: Mapping[str, Step | None]

    @property
    def last_step(self) -> Step | None:
        """The step that was recorded last."""
        taken = [step for step in self.steps.values() if step]
        return max(taken, key=lambda step: step.position, default=None)


class WindowRow(Row, frozen=True, kw_only=True):
    """Where a window stands, but for what depends on the clock."""

    view = "window"
    id: str
    body: str
    subject: str
    titles: Mapping[str, str]
    agenda: str
    opened: When
    closes: When
    zone: str
    attested: bool
    over: bool
    suspended: bool
    held: str
    superseded: str
    ended: When
    """When the outcome came; unknown while there is none, or where no source tells."""
    seats: int | None
    delivered: int
    failed: int
    answered: int
    objected: int
    uncounted: int
    unruled: int
    broken: tuple[str, ...]
    broken_whole: bool
    lapsed: str
    """When it lapsed, as text; empty while it has not."""
    doubted: bool
    revoked: bool
    names_withheld: bool

    @property
    def approval_is_suspended(self) -> bool:
        """Whether an approval is suspended by responses that were found after the close."""
        return self.doubted

    @property
    def is_held(self) -> bool:
        """Whether any hold stands."""
        return bool(self.held)

    def phase(self, now: datetime) -> Phase:
        """Where the window stands at `now` (UTC)."""
        return phase_at(self, now)

    def awaited(self, now: datetime) -> Awaited:
        """What it waits for at `now` (UTC), and from whom."""
        return awaited_in(self.phase(now), unruled=bool(self.unruled), unreached=bool(self.failed))


class ReminderRow(Row, frozen=True, kw_only=True):
    """A window whose silent seats are to be reminded."""

    view = "reminder"
    id: str


class UnsettledEndRow(Row, frozen=True, kw_only=True):
    """A window whose end somebody may still have to be told of by letter."""

    view = "end"
    id: str


class SessionRow(Row, frozen=True, kw_only=True):
    """A session with the dates of its parts."""

    view = "session"
    id: str
    body: str
    number: str
    starts: tuple[When, ...]
    ends: tuple[When, ...]
    venue: str
    regular: bool
    cancelled: str
    """Why it will not be held."""
    opened: tuple[bool, ...]


class BodyRow(Row, frozen=True, kw_only=True):
    """A body: its names, and the milestones that its rules count."""

    view = "body"
    id: str
    names: Mapping[str, str]
    fictional: bool
    line_days: tuple[Mapping[str, int], Mapping[str, int]]
    """Days before an opening by rule, of sessions that are not regular and of regular ones."""


class DocumentRow(Row, frozen=True, kw_only=True):
    """A document with its symbol."""

    view = "document"
    id: str
    symbol: str
    agenda: str


class ParkedRow(Row, frozen=True, kw_only=True):
    """A stream of which the rows could not be made, and why."""

    view = "parked"
    id: str
    position: int
    because: str
