"""Rows that tell when something is planned: the day, the hours on it, and the track."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from domain import hour_spans
from domain.messages import Command
from domain.organization_of_work import Slot
from domain.rules import Refused
from domain.session.events import Meeting
from workflows.acts.parameter import N_
from workflows.editing.days import NO_DAY, is_day
from workflows.editing.rows import Column, Fate, Fault, Line, Plan, Row

COLUMNS: Final = (
    Column(name="day", label=N_("Day"), kind="day"),
    Column(name="starts", label=N_("From"), kind="hour"),
    Column(name="ends", label=N_("To"), kind="hour"),
    Column(name="track", label=N_("Track")),
)
NO_HOURS: Final = N_(
    "Nothing is from “%(text)s” to “%(other)s”: write hours such as 10:00 and 13:00."
)
PLENARY: Final = "plenary"
"""The track of what names none; rows leave it out."""

PlannedT = TypeVar("PlannedT", Slot, Meeting)


def cells(planned: Slot | Meeting) -> dict[str, str]:
    """When it is, as a row tells it."""
    return {
        "day": str(planned.day),
        "starts": planned.starts,
        "ends": planned.ends,
        "track": "" if planned.track == PLENARY else planned.track,
    }


def track(row: Row) -> str:
    """The track of a row."""
    return row.text("track") or PLENARY


def faults(row: Row, *, hours_needed: bool) -> list[Fault]:
    """What is wrong with the day and the hours of a row; some rows may tell no hours."""
    found = []
    day, starts, ends = row.text("day"), row.text("starts"), row.text("ends")
    if not is_day(day):
        found.append(Fault(line=row.line, why=NO_DAY, words={"text": day}, column="day"))
    try:
        _ = hour_spans.minutes_of_day(starts, ends) if hours_needed or starts or ends else None
    except Refused:
        words = {"text": starts, "other": ends}
        found.append(Fault(line=row.line, why=NO_HOURS, words=words, column="starts"))
    return found


def replacement(
    written: Sequence[Row],
    planned: Sequence[PlannedT],
    before: Sequence[PlannedT],
    called: Callable[[PlannedT], str],
    command: Command,
) -> Plan:
    """The plan that puts all of these rows in the place of what was planned, if they differ."""
    lines = []
    for row, each in zip(written, planned, strict=True):
        fate = Fate.UNCHANGED if each in before else Fate.NEW
        lines.append(Line(called=called(each), fate=fate, line=row.line))
    removed = [each for each in before if each not in planned]
    lines += [Line(called=called(each), fate=Fate.REMOVED) for each in removed]
    if [*planned] == [*before]:
        return Plan(lines=tuple(lines))
    return Plan(commands=(command,), lines_of=(0,), lines=tuple(lines))
