"""Lines counted back from the opening, and on which side of them things are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.milestones import Milestone
from domain.times import UNKNOWN, When, days_between
from workflows.queries.agenda import AgendaDetails


@dataclass(frozen=True)
class MilestoneRow:
    """A line with its slack, and what the slack is counted from: issue, masthead, or today."""

    line: Milestone
    counted: str
    days: int


def milestone_rows(shown: AgendaDetails, now: datetime) -> list[MilestoneRow]:
    """The lines counted back from the opening, with how far on this side of them things are."""
    issued = _issued(shown)
    agenda = shown.agenda
    if issued.day:
        counted, day = "issued", issued
    elif agenda.masthead and agenda.masthead.when.day:
        counted, day = "masthead", agenda.masthead.when
    else:
        counted, day = "today", When.from_stored(now.date().isoformat())
    return [MilestoneRow(line, counted, _days(day, line.day)) for line in shown.lines]


def _issued(shown: AgendaDetails) -> When:
    """The day of issue in the last language, where every version's day is known."""
    document = next(
        (document for document in shown.documents if document.id == shown.agenda.document), None
    )
    if document is None or document.missing or not document.versions:
        return UNKNOWN
    issued = [version.issued for version in document.versions.values()]
    return (
        max(issued, key=lambda when: when.latest) if all(when.day for when in issued) else UNKNOWN
    )


def _days(first: When, second: date) -> int:
    fewest, _ = days_between(first, When.from_stored(second.isoformat()))
    return fewest or 0
