"""Counting back from the opening day: by when documents must be submitted, and be out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.rules import RulePack
from domain.times import When


@dataclass(frozen=True)
class Line:
    """A latest day: the rule that draws it, how many days before the opening, and the day."""

    rule: str
    days: int
    day: date


def lines(opening: When, pack: RulePack, *, regular: bool) -> tuple[Line, ...]:
    """The lines that a pack draws before an opening whose day is known, earliest first.

    Ten weeks before is the submission slot of the 10-4-6 scheme, where the pack counts with it.
    """
    if opening.day is None:
        return ()
    counts = {
        "submission-slot": pack.parameters.get("submission-slot-days", ""),
        "provisional-agenda-in-time": pack.parameter(
            "provisional-agenda-in-time", "regular" if regular else "special"
        ),
        "issued-six-weeks-before": pack.parameter("issued-six-weeks-before", "days"),
    }
    drawn = [
        Line(rule, int(days), opening.day - timedelta(days=int(days)))
        for rule, days in counts.items()
        if days
    ]
    return tuple(sorted(drawn, key=lambda line: line.day))
