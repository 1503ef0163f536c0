"""The meetings of a session, edited as one table."""

from __future__ import annotations

from typing import Final

from domain.languages import LANGUAGES
from domain.session.commands import PlanMeetings
from domain.session.events import Meeting
from domain.times import When
from workflows.acts import session as session_acts
from workflows.acts.parameter import N_
from workflows.editing import slot_rows
from workflows.editing.rows import Column, Draft, Fault, Plan, Row
from workflows.queries.session import SessionForForm

COLUMNS: Final = (
    *slot_rows.COLUMNS,
    Column(
        name="interpretation",
        label=N_("Languages of interpretation"),
        hint=N_("Tags set apart by spaces, such as en fr ru; none, or nothing if it is not known."),
    ),
)
NONE: Final = "none"
"""What is written where a meeting has no interpretation; nothing where that is not known."""

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
        **slot_rows.cells(meeting),
        "day": str(meeting.day) if meeting.day.known else "",
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
    command = PlanMeetings(session=shown.session.id, meetings=meetings)
    return slot_rows.replacement(written, meetings, shown.session.meetings, _called, command)


def _called(meeting: Meeting) -> str:
    return f"{meeting.day} {meeting.starts}–{meeting.ends}"


def _faults(row: Row) -> list[Fault]:
    found = slot_rows.faults(row, hours_needed=False)
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
        track=slot_rows.track(row),
        interpretation=None if not spoken else () if spoken == [NONE] else tuple(spoken),
    )
