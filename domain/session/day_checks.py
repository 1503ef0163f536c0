"""What the rules say of the days on which a session is opened, sits, and is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from domain.instants import shift
from domain.rules import Finding, make_finding
from domain.session.session import Session, SessionPart
from domain.time_zones import is_zone, wall_time
from domain.times import When

ON_ITS_DAYS = "session-on-its-days"
MEETINGS = "meetings-on-session-days"
_AHEAD: Final = timedelta(hours=14)
_BEHIND: Final = timedelta(hours=-12)
"""How far clocks on earth are ahead of UTC, and behind it."""


def check_day_of_act(session: Session, part: SessionPart, what: str, when: When) -> Finding:
    """What is done at a meeting (`it was opened`) is done on a day of that part of the session.

    A session that was called off before it opened has no day.
    """
    if session.cancelled and not part.opened:
        return make_finding(ON_ITS_DAYS, False, f"{what} {when}, and the session was called off")
    dates = f"{part.starts} to {part.ends}" if part.starts.known else "days that are not fixed"
    because = f"{what} {when}, not certainly on the days of the session: {dates}"
    return make_finding(ON_ITS_DAYS, falls_on_session_days(session, [part], when), because)


def check_meetings(
    session: Session, slots: Iterable[When] = (), part: SessionPart = Session.no_dates
) -> Finding:
    """Meetings lie on the days of a part of the session, slots of work on those of their own part.

    Days that were planned before the session was moved are days of the dates it had then.
    """
    held = [
        (meeting.day, falls_on_session_days(session, session.parts, meeting.day))
        for meeting in session.meetings
    ]
    held += [(day, falls_on_session_days(session, [part], day)) for day in slots]
    outside = ", ".join(dict.fromkeys(str(day) for day, on_day in held if on_day is not True))
    because = f"not certainly on the days of the session: {outside}"
    return make_finding(MEETINGS, _all(on_day for _, on_day in held), because)


def falls_on_session_days(
    session: Session, parts: Iterable[SessionPart], when: When
) -> bool | None:
    """Whether a time falls on a day of one of these parts, by the clocks of the session's place.

    None where a source, or dates that are not fixed yet, leave that open. A session that was
    moved is no longer held on the days that it had, whatever its new ones will be.
    """
    days = _days(when, session.zone)
    found = {_held(session, part, days) for part in parts}
    return True if True in found else None if None in found or not found else False


def _held(
    session: Session, part: SessionPart, days: tuple[date | None, date | None]
) -> bool | None:
    unfixed = not (part.starts.known or part.ends.known)
    left = unfixed and any(_within(former, days) for former in session.former_dates)
    return False if left else _within(part, days)


def _within(part: SessionPart, days: tuple[date | None, date | None]) -> bool | None:
    """Whether an act on one of these days was within a part; None where that is open."""
    (earliest, latest), (begins, begun), (ending, ended) = days, part.starts.days, part.ends.days
    if _after(begins, latest) or _after(earliest, ended):
        return False
    return True if _by(begun, earliest) and _by(latest, ending) else None


def _after(day: date | None, other: date | None) -> bool:
    """Whether a day is certainly after another one."""
    return bool(day and other) and day > other  # type: ignore[operator]  # both are known


def _by(day: date | None, other: date | None) -> bool:
    """Whether a day is certainly the other one or an earlier one."""
    return bool(day and other) and day <= other  # type: ignore[operator]  # both are known


def _days(when: When, zone: str) -> tuple[date | None, date | None]:
    """The first and the last day that it may be by the clocks of a zone.

    A local hour is one of the place; without any zone an instant may be one of two days.
    """
    if not when.has_hour or when.earliest != when.latest:
        return when.days
    at, place = when.exact, zone or when.zone
    if is_zone(place):
        day = wall_time(at, place).date()
        return day, day
    return shift(at, _BEHIND).date(), shift(at, _AHEAD).date()


def _all(held: Iterable[bool | None]) -> bool | None:
    """Three-valued "all": one False decides, else one None leaves it open."""
    found = {*held}
    return False if False in found else None if None in found else True
