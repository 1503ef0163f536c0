"""The meetings of a session, edited as one table."""

from __future__ import annotations

from typing import Final

from domain import hour_spans
from domain.languages import LANGUAGES
from domain.rules import Refused
from domain.session.commands import PlanMeetings
from domain.session.events import Meeting
from domain.times import When
from workflows.acts import session as session_acts
from workflows.acts.parameter import N_
from workflows.editing.days import NO_DAY, is_day
from workflows.editing.rows import Column, Draft, Fate, Fault, Line, Plan, Row
from workflows.queries.session import SessionForForm

COLUMNS: Final = (
    Column(name="day", label=N_("Day"), kind="day"),
    Column(name="starts", label=N_("From"), kind="hour"),
    Column(name="ends", label=N_("To"), kind="hour"),
    Column(name="track", label=N_("Track")),
    Column(
        name="interpretation",
        label=N_("Languages of interpretation"),
        hint=N_("Tags set apart by spaces, such as en fr ru; none, or nothing if it is not known."),
    ),
)
NONE: Final = "none"
"""What is written where a meeting has no interpretation; nothing where that is not known."""

NO_HOURS: Final = N_(
    "Nothing is from “%(text)s” to “%(other)s”: write hours such as 10:00 and 13:00."
)
NO_LANGUAGE: Final = N_("“%(text)s”: write tags such as en, fr and ru, none, or nothing at all.")
NO_MEETING: Final = N_("A plan of meetings needs a meeting.")


def rows(shown: SessionForForm) -> tuple[Row, ...]:
    """The meetings that are planned, else those that are proposed for the days of the session."""
    planned = shown.session.meetings
    if not planned:
        lines = filter(None, session_acts.proposed_meetings(shown).splitlines())
        planned = tuple(map(session_acts.meeting, lines))
    return tuple(
        Row(cells=_cells(meeting), line=number) for number, meeting in enumerate(planned, start=1)
    )


def _cells(meeting: Meeting) -> dict[str, str]:
    spoken = meeting.interpretation
    return {
        "day": str(meeting.day) if meeting.day.known else "",
        "starts": meeting.starts,
        "ends": meeting.ends,
        "track": "" if meeting.track == "plenary" else meeting.track,
        "interpretation": "" if spoken is None else " ".join(spoken) or NONE,
    }


def plan(shown: SessionForForm, draft: Draft) -> Plan:
    """All meetings as one plan, where they are not what is planned already."""
    written = [row for row in draft.rows if not row.blank]
    faults = [fault for row in written for fault in _faults(row)]
    if not written:
        faults.append(Fault(line=0, why=NO_MEETING))
    if faults:
        return Plan(faults=tuple(faults))
    meetings = tuple(_meeting(row) for row in written)
    before = [*shown.session.meetings]
    lines = [
        Line(
            called=f"{meeting.day} {meeting.starts}–{meeting.ends}",
            fate=Fate.UNCHANGED if meeting in before else Fate.NEW,
            line=row.line,
        )
        for row, meeting in zip(written, meetings, strict=True)
    ]
    removed = [meeting for meeting in before if meeting not in meetings]
    lines += [
        Line(called=f"{meeting.day} {meeting.starts}–{meeting.ends}", fate=Fate.REMOVED)
        for meeting in removed
    ]
    if meetings == tuple(before):
        return Plan(lines=tuple(lines))
    command = PlanMeetings(session=shown.session.id, meetings=meetings)
    return Plan(commands=(command,), lines_of=(0,), lines=tuple(lines))


def _faults(row: Row) -> list[Fault]:
    found = []
    day, starts, ends = row.text("day"), row.text("starts"), row.text("ends")
    if not is_day(day):
        found.append(Fault(line=row.line, why=NO_DAY, words={"text": day}, column="day"))
    try:
        _ = hour_spans.minutes_of_day(starts, ends) if starts or ends else None
    except Refused:
        words = {"text": starts, "other": ends}
        found.append(Fault(line=row.line, why=NO_HOURS, words=words, column="starts"))
    spoken = row.text("interpretation").lower().replace(",", " ").split()
    if spoken != [NONE] and {*spoken} - {*LANGUAGES}:
        words = {"text": row.text("interpretation")}
        found.append(Fault(line=row.line, why=NO_LANGUAGE, words=words, column="interpretation"))
    return found


def _meeting(row: Row) -> Meeting:
    spoken = row.text("interpretation").lower().replace(",", " ").split()
    return Meeting(
        day=When(row.text("day")),
        starts=row.text("starts"),
        ends=row.text("ends"),
        track=row.text("track") or "plenary",
        interpretation=None if not spoken else () if spoken == [NONE] else tuple(spoken),
    )
