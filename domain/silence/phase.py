"""The phase of a window at a moment, and what a window in that phase waits for.

The outcome of a window is a function of its events; its phase is one of the events and the
moment. So whatever is stored of a window holds the inputs (`PhaseInputs`), never a phase.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from domain.awaited_action import NOTHING, Awaited
from domain.times import When


class Phase(StrEnum):
    """Where a window stands at a moment."""

    OPEN = "open"
    SUSPENDED = "suspended"
    BEING_VERIFIED = "deadline passed, being verified"
    HELD = "held for review"
    BROKEN = "broken"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly approved"
    APPROVAL_SUSPENDED = "approval suspended"
    SUPERSEDED = "superseded"
    UNKNOWN = "outcome unknown"


class PhaseInputs(Protocol):
    """What the phase of a window depends on, apart from the moment; its row tells it as well.

    Where a value may be of any type, only whether there is one counts.
    """

    @property
    def closes(self) -> When: ...

    @property
    def attested(self) -> bool: ...

    @property
    def superseded(self) -> object: ...

    @property
    def approval_is_suspended(self) -> bool: ...

    @property
    def broken(self) -> object: ...

    @property
    def broken_whole(self) -> bool: ...

    @property
    def revoked(self) -> bool: ...

    @property
    def lapsed(self) -> object: ...

    @property
    def suspended(self) -> bool: ...

    @property
    def is_held(self) -> bool: ...


def phase_at(window: PhaseInputs, now: datetime) -> Phase:
    """Where a window stands at `now` (UTC)."""
    return _ended(window) or _stopped(window) or _running(window, now)


def _ended(window: PhaseInputs) -> Phase | None:
    if window.superseded:
        return Phase.SUPERSEDED
    if window.approval_is_suspended:
        return Phase.APPROVAL_SUSPENDED
    if window.broken_whole or window.revoked:
        return Phase.BROKEN
    if window.lapsed:
        return Phase.PARTLY_APPROVED if window.broken else Phase.APPROVED
    return None


def _stopped(window: PhaseInputs) -> Phase | None:
    if window.suspended:
        return Phase.SUSPENDED
    return Phase.HELD if window.is_held else None


def _running(window: PhaseInputs, now: datetime) -> Phase:
    """A source may leave open what came after its deadline, or at which hour that was."""
    open_ = now < window.closes.latest
    if window.attested:
        return Phase.OPEN if open_ and window.closes.has_hour else Phase.UNKNOWN
    return Phase.OPEN if open_ else Phase.BEING_VERIFIED


AWAITED: Final[Mapping[Phase, Awaited]] = {
    Phase.OPEN: Awaited("seat", "an answer, or silence until the deadline"),
    Phase.SUSPENDED: Awaited("presiding officer", "resumption with a new deadline"),
    Phase.BEING_VERIFIED: Awaited("silence clock", "the record, once nothing is in doubt"),
    Phase.HELD: Awaited("presiding officer", "a review of what is in doubt"),
    Phase.APPROVAL_SUSPENDED: Awaited("presiding officer", "a ruling by two persons"),
}
"""What a window waits for in each phase; in the others, nothing."""
RULING: Final = Awaited("presiding officer", "a ruling on a response")
NOTICES: Final = Awaited("secretariat", "that seats were told, or need not be")
BEFORE_RULING: Final = frozenset({Phase.OPEN, Phase.HELD, Phase.BEING_VERIFIED})
"""Phases that cannot end before the responses that wait for a ruling have it."""


def awaited_in(phase: Phase, *, unruled: bool, unreached: bool = False) -> Awaited:
    """What a window in this phase waits for, and from whom.

    `unruled`: a response needs a ruling. That comes before anything else, since nothing ends
    without it. `unreached`: notices failed that must reach all. As long as it is not recorded that
    their seats were told or need not be, the clock holds again what the presiding officer releases.
    """
    if unruled and phase in BEFORE_RULING:
        return RULING
    if unreached and phase is Phase.HELD:
        return NOTICES
    return AWAITED.get(phase, NOTHING)
