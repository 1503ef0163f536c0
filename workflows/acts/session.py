"""Acts on a session: its dates and meetings, its opening and its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from domain.actors import Role
from domain.messages import RecordedEvent
from domain.session.commands import (
    CancelSession,
    CloseSession,
    OpenSession,
    PlanMeetings,
    PostponeSession,
    ReconveneSession,
    ScheduleSession,
    ShareSession,
)
from domain.session.events import Meeting, SessionScheduled
from domain.streams import StreamKind
from domain.times import When, is_before
from workflows.acts.act import ALWAYS, ON_PAGES, Act, Availability, all_of
from workflows.acts.field_combinations import known_zone
from workflows.acts.parameter import N_, Parameter, Widget
from workflows.acts.shared_parameters import PLAIN_ID, REASON, happened, other_bodies
from workflows.queries.body import BodyForForm
from workflows.queries.session import SessionForForm

OFFICE: Final = (Role.SECRETARIAT,)
CHAIR: Final = (Role.PRESIDING_OFFICER, Role.SECRETARIAT)
HOURS: Final = ("10:00-13:00", "15:00-18:00")
"""The hours of meetings that are proposed."""
MOST_DAYS: Final = 20
"""For how many days meetings are proposed."""

HAPPENED: Final = happened(lambda shown: shown.session.zone or shown.body.zone)

STANDING: Final = Availability[SessionForForm](
    words=N_("unless it was called off"), holds=lambda shown: not shown.session.cancelled
)
AHEAD: Final = all_of(
    Availability[SessionForForm](
        words=N_("until it is opened"),
        holds=lambda shown: not shown.session.current_part.opened,
    ),
    STANDING,
)
BEGUN: Final = Availability[SessionForForm](
    words=N_("once it was opened"), holds=lambda shown: bool(shown.session.current_part.opened)
)
UNDER_WAY: Final = all_of(
    BEGUN,
    Availability[SessionForForm](
        words=N_("until it is closed"),
        holds=lambda shown: not shown.session.current_part.closed,
    ),
)


def meeting(line: str) -> Meeting:
    """A meeting as a line tells it: `2026-10-05 10:00-13:00`. Raises ValueError."""
    day, _, hours = line.partition(" ")
    starts, dash, ends = hours.strip().partition("-")
    if bool(hours) != bool(dash and starts and ends):
        raise ValueError(LINES)
    try:
        known = When(date.fromisoformat(day).isoformat())
    except ValueError as error:
        raise ValueError(LINES) from error
    return Meeting(day=known, starts=starts.strip(), ends=ends.strip())


LINES: Final = N_("Write each meeting as a day and its hours, such as 2026-10-05 10:00-13:00.")


def proposed_meetings(shown: SessionForForm) -> str:
    """The meetings that are planned, else two on each day of the session."""
    if shown.session.meetings:
        return "\n".join(map(_line, shown.session.meetings))
    return "\n".join(f"{day} {hours}" for day in _days(shown) for hours in HOURS)


def _line(planned: Meeting) -> str:
    hours = f" {planned.starts}-{planned.ends}" if planned.starts else ""
    return f"{planned.day}{hours}"


def _days(shown: SessionForForm) -> Iterator[date]:
    """The working days of the week in the session, where its dates are known."""
    part = shown.session.current_part
    first, last = part.starts.day, part.ends.day
    if first and last:
        for number in range(min((last - first).days + 1, MOST_DAYS)):
            day = first + timedelta(days=number)
            if day.weekday() < 5:
                yield day


def _dates(*, hint: str = "") -> tuple[Parameter[Any], ...]:
    return (
        Parameter(path="starts", label=N_("First day"), hint=hint, widget=Widget.DAY),
        Parameter(path="ends", label=N_("Last day"), hint=hint, widget=Widget.DAY),
    )


NUMBER: Final = (
    r"[^\W_][\w ./()-]{0,29}",
    N_("A number as documents have it, such as 14, or 14 bis."),
)
"""How the number of a session is written: its first sign is a letter or a digit."""
PAST: Final = N_("The session lies in the past. Is that the year that you mean?")


def _in_the_past(events: Sequence[RecordedEvent]) -> Sequence[str]:
    """Whether a session that is scheduled now was over before."""
    for event in events:
        if isinstance(event.fact, SessionScheduled):
            last = event.fact.ends if event.fact.ends.known else event.fact.starts
            if is_before(last, When.from_instant(event.received_at), event.fact.zone):
                return (PAST,)
    return ()


VENUE: Final = Parameter[Any](
    path="venue", label=N_("Venue"), hint=N_("Such as Vienna, or online.")
)

SCHEDULE: Final = Act[BodyForForm](
    command=ScheduleSession,
    noun=StreamKind.SESSION,
    slug="schedule-session",
    title=N_("Schedule a session"),
    does=N_("Gives a session of this body its number, its dates and its venue."),
    roles=OFFICE,
    offered=ALWAYS,
    listed_on=StreamKind.BODY,
    parameters=(
        Parameter(
            path="session",
            label=N_("Id of the session"),
            hint=N_("Small letters, digits and hyphens, such as wg-7-2026. It stays for ever."),
            pattern=PLAIN_ID,
        ),
        Parameter(
            path="number",
            label=N_("Number of the session"),
            hint=N_("As documents have it, such as 14."),
            pattern=NUMBER,
        ),
        *_dates(),
        VENUE,
        Parameter(
            path="zone",
            label=N_("Time zone"),
            hint=N_("As the IANA names it, such as Europe/Vienna."),
            value=lambda shown: shown.body.zone,
        ),
        Parameter(
            path="regular",
            label=N_("A regular session"),
            hint=N_("Rules may give a special session shorter periods."),
            value=lambda _: "yes",
        ),
    ),
    checks=(known_zone("zone"),),
    warnings=_in_the_past,
    surfaces=ON_PAGES,
)

OPEN: Final = Act[SessionForForm](
    command=OpenSession,
    noun=StreamKind.SESSION,
    slug="open",
    title=N_("Open the session"),
    does=N_("Says that the session, or its reconvened part, was opened."),
    roles=CHAIR,
    offered=AHEAD,
    parameters=(HAPPENED,),
    surfaces=ON_PAGES,
)

CLOSE: Final = Act[SessionForForm](
    command=CloseSession,
    noun=StreamKind.SESSION,
    slug="close",
    title=N_("Close the session"),
    does=N_("Says that the session, or its reconvened part, was closed."),
    roles=CHAIR,
    offered=UNDER_WAY,
    parameters=(HAPPENED,),
    surfaces=ON_PAGES,
)

PLAN: Final = Act[SessionForForm](
    command=PlanMeetings,
    noun=StreamKind.SESSION,
    slug="plan-meetings",
    title=N_("Plan the meetings"),
    does=N_(
        "Says on which days and at which hours the session meets. This replaces what was planned"
        " before."
    ),
    roles=OFFICE,
    offered=STANDING,
    parameters=(
        Parameter(
            path="meetings",
            label=N_("Meetings"),
            hint=N_(
                "One on each line: the day, and the hours in local time, such as"
                " 2026-10-05 10:00-13:00."
            ),
            value=proposed_meetings,
            entry=meeting,
        ),
    ),
    surfaces=ON_PAGES,
)

POSTPONE: Final = Act[SessionForForm](
    command=PostponeSession,
    noun=StreamKind.SESSION,
    slug="postpone",
    title=N_("Postpone the session"),
    does=N_("Moves the session to other dates. The old ones stay in its history."),
    roles=OFFICE,
    offered=AHEAD,
    parameters=(*_dates(hint=N_("Empty as long as the new dates are not fixed.")), REASON),
    surfaces=ON_PAGES,
)

RECONVENE: Final = Act[SessionForForm](
    command=ReconveneSession,
    noun=StreamKind.SESSION,
    slug="reconvene",
    title=N_("Reconvene the session"),
    does=N_("Calls a further part of the same session, with an agenda of its own."),
    roles=OFFICE,
    offered=BEGUN,
    parameters=(*_dates(), VENUE),
    surfaces=ON_PAGES,
)

CANCEL: Final = Act[SessionForForm](
    command=CancelSession,
    noun=StreamKind.SESSION,
    slug="cancel",
    title=N_("Call the session off"),
    does=N_("Says that the session will not be held. Postpone it if it will be held later."),
    roles=OFFICE,
    offered=AHEAD,
    parameters=(REASON,),
    final=True,
    surfaces=ON_PAGES,
)

SHARE: Final = Act[SessionForForm](
    command=ShareSession,
    noun=StreamKind.SESSION,
    slug="share-session",
    title=N_("Share the session"),
    does=N_("Says that further bodies meet jointly in this session."),
    roles=OFFICE,
    offered=STANDING,
    parameters=(
        Parameter(
            path="bodies",
            label=N_("With which bodies"),
            choices=lambda shown: other_bodies(
                shown.bodies, (shown.session.body, *shown.session.shared)
            ),
        ),
    ),
    surfaces=ON_PAGES,
)

SESSION: Final[tuple[Act[Any], ...]] = (
    SCHEDULE,
    OPEN,
    CLOSE,
    PLAN,
    POSTPONE,
    RECONVENE,
    CANCEL,
    SHARE,
)
