"""Counting back from the opening day: by when documents must be submitted, and be out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from domain.rules import RulePack
from domain.times import When


class Milestone(Struct, frozen=True):
    """A latest day: the rule that draws it, how many days before the opening, and the day."""

    rule: str
    days: int
    day: date


def milestone_days(pack: RulePack, *, regular: bool) -> dict[str, int]:
    """How many days before an opening a pack draws its lines, by rule.

    Ten weeks before is the submission slot of the 10-4-6 scheme, where the pack counts with it.
    """
    days_of = {
        "submission-slot": pack.parameters.get("submission-slot-days", ""),
        "provisional-agenda-in-time": pack.parameter(
            "provisional-agenda-in-time", "regular" if regular else "special"
        ),
        "issued-six-weeks-before": pack.parameter("issued-six-weeks-before", "days"),
    }
    return {rule: int(days) for rule, days in days_of.items() if days}


def _back(day: date, days: int) -> date:
    """So many days before a day; never before the first of all."""
    return day - timedelta(min(days, (day - date.min).days))


def milestones(opening: When, days: Mapping[str, int]) -> tuple[Milestone, ...]:
    """The lines before an opening whose day is known, earliest first; none before another."""
    if opening.day is None:
        return ()
    drawn = [Milestone(rule, count, _back(opening.day, count)) for rule, count in days.items()]
    return tuple(sorted(drawn, key=lambda line: line.day))
