"""Doubts for which the clock may not record an approval by silence; each is a hold of its own.

Sources: ICCAT rule 9, by which only those count who confirmed receipt; CBD ExCOP 2, 2020, where
the President ruled on a comment first; OWASP ASVS 5.0, 16.5.3: what fails, fails closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.decision_context import DecisionContext
from domain.silence import holds, roster
from domain.silence.holds import Doubt
from domain.silence.window import Window


def closing_doubts(
    window: Window, outage_minutes: int, world: DecisionContext
) -> tuple[Doubt, ...]:
    """All doubts for which the clock may not record a lapse.

    `outage_minutes` is how long no response could be received. Raises Refused when the roster is
    lost.
    """
    found = [*open_doubts(window)]
    if not any(doubt.about == holds.NOTICES for doubt in found):
        found += _notice_doubts(window, world)
    return (*found, *_outage_doubts(window, outage_minutes))


def open_doubts(window: Window) -> Iterator[Doubt]:
    """Doubts against any lapse, also against one that a source reports."""
    for response in window.responses:
        if response.breaks is None:
            because = f"response {response.number} waits for a ruling"
            yield Doubt("ruling-before-lapse", because, holds.RESPONSE, response.number)
    if undelivered := _named(window, window.unreached_seats):
        because = f"not certainly told: {undelivered}"
        yield Doubt("told-before-lapse", because, holds.NOTICES)


def _outage_doubts(window: Window, minutes: int) -> Iterator[Doubt]:
    """An outage in which objections could not be received, unless people have reviewed it."""
    longest = window.policy.longest_outage_minutes
    if longest and not window.review.reviewed and minutes > longest:
        because = f"for {minutes} minutes before the deadline nobody could answer here"
        yield Doubt("heard-before-lapse", because, holds.OUTAGE)


def _notice_doubts(window: Window, world: DecisionContext) -> Iterator[Doubt]:
    """Seats that were neither notified nor excused, where the policy requires notices."""
    if window.policy.notices_required:
        roster_content = world.content(window.roster_hash)
        seats = frozenset(seat.seat for seat in roster.decode_roster(roster_content))
        if not_notified := _named(window, seats - window.delivered - window.notices.excused):
            because = f"not told of the opening: {not_notified}"
            yield Doubt("told-before-lapse", because, holds.NOTICES)


def _named(window: Window, seats: frozenset[str]) -> str:
    """The seats by their ids, or only how many they are where names are withheld."""
    if window.policy.names_withheld:
        count = "1 seat" if len(seats) == 1 else f"{len(seats)} seats"
        return count if seats else ""
    return ", ".join(sorted(seats))
