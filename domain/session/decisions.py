"""What a session decides: its dates, its meetings, its opening and its end."""

from __future__ import annotations

from typing import assert_never

from msgspec import structs

from domain import hour_spans
from domain.body.decisions import require_zone
from domain.decision_context import DecisionContext
from domain.further_bodies import require_further_bodies
from domain.messages import Decision, Fact, NewEvent, Order
from domain.rules import Finding, enforce, require
from domain.session import day_checks
from domain.session.commands import (
    CancelSession,
    ChangeCommand,
    CloseSession,
    OpenSession,
    PlanMeetings,
    PostponeSession,
    ReconveneSession,
    ScheduleSession,
    ShareSession,
    is_session_command,
)
from domain.session.events import (
    MeetingsPlanned,
    SessionCancelled,
    SessionClosed,
    SessionOpened,
    SessionPostponed,
    SessionReconvened,
    SessionScheduled,
    SessionShared,
)
from domain.session.session import Session
from domain.stated_times import require_stated_time
from domain.times import UNKNOWN, When, is_before


def decide(session: Session, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this session. Raises Refused."""
    command, stream = order.command, order.command.stream
    if not is_session_command(command):
        raise TypeError(f"no session command: {command!r}")
    if isinstance(command, ScheduleSession):
        return _schedule(session, command, world)
    require("known", session.id, f"session {stream.id} is not scheduled")
    require("stage", not session.cancelled, f"session {stream.id} was cancelled")
    if isinstance(command, ShareSession):
        require_further_bodies(command.bodies, (session.body, *session.shared), world)
        return Decision((NewEvent(stream, SessionShared(bodies=command.bodies)),))
    event = _event(session, command, order)
    body = world.body(session.body)
    pack = world.pack_of(body, order.judged_at)
    found = enforce(
        pack, _noticed(session, event, order), attested=order.attested, waivers=order.waivers
    )
    return Decision((NewEvent(stream, event),), found, pack=body.pack_at(order.judged_at))


def _schedule(session: Session, command: ScheduleSession, world: DecisionContext) -> Decision:
    require("new", not session.id, f"session {command.session} is scheduled already")
    body = world.body(command.body)
    zone = command.zone or body.zone
    require_zone(zone)
    _require_order(command.starts, command.ends, zone)
    event = SessionScheduled(
        body=command.body,
        number=command.number,
        starts=command.starts,
        ends=command.ends,
        venue=command.venue,
        zone=zone,
        regular=command.regular,
    )
    return Decision((NewEvent(command.stream, event),))


def _event(session: Session, command: ChangeCommand, order: Order) -> Fact:
    """What happens to a session that is scheduled."""
    match command:
        case PlanMeetings():
            return _planned(command)
        case PostponeSession():
            return _postponed(session, command)
        case ReconveneSession():
            return _reconvened(session, command)
        case CancelSession():
            require(
                "stage", not session.current_part.opened, f"session {session.id} was opened already"
            )
            return SessionCancelled(reason=command.reason)
        case OpenSession():
            return _opened(session, order)
        case CloseSession():
            return _closed(session, order)
        case _:
            assert_never(command)


def _planned(command: PlanMeetings) -> MeetingsPlanned:
    require("empty", command.meetings, "a plan of meetings needs a meeting")
    for meeting in command.meetings:
        if meeting.starts or meeting.ends:
            _ = hour_spans.minutes_of_day(meeting.starts, meeting.ends)
    return MeetingsPlanned(meetings=command.meetings)


def _postponed(session: Session, command: PostponeSession) -> SessionPostponed:
    opened = session.current_part.opened
    require("stage", not opened, f"session {session.id} was opened; reconvene it instead")
    _require_order(command.starts, command.ends, session.zone)
    part = session.current_part
    same = command.starts.known and (command.starts, command.ends) == (part.starts, part.ends)
    require("session-dates", not same, f"session {session.id} has these dates already")
    return SessionPostponed(starts=command.starts, ends=command.ends, reason=command.reason)


def _reconvened(session: Session, command: ReconveneSession) -> SessionReconvened:
    last = session.current_part
    require("stage", last.opened, f"session {session.id} was never opened; postpone it instead")
    _require_order(command.starts, command.ends, session.zone)
    _require_order(last.closed or last.starts, command.starts, session.zone)
    return SessionReconvened(starts=command.starts, ends=command.ends, venue=command.venue)


def _opened(session: Session, order: Order) -> SessionOpened:
    """A part that was reconvened is opened after the one before it."""
    opened = session.current_part.opened
    require("stage", not opened, f"session {session.id} is open already")
    before = session.parts[-2:-1]
    needed = [("the end of the part before", part.closed) for part in before if part.closed]
    require_stated_time(order, session.zone, needed)
    return SessionOpened()


def _closed(session: Session, order: Order) -> SessionClosed:
    opened, closed = session.current_part.opened, session.current_part.closed
    require("stage", opened and not closed, f"session {session.id} is not open")
    require_stated_time(order, session.zone)
    _require_order(opened or UNKNOWN, order.when, session.zone)
    return SessionClosed()


def _require_order(first: When, second: When, zone: str) -> None:
    """Raises Refused where the one certainly came, or will come, after the other."""
    backwards = is_before(second, first, zone) is True
    require("session-dates", not backwards, f"{second} is before {first}")


def _noticed(session: Session, event: Fact, order: Order) -> tuple[Finding, ...]:
    """Whether what is done, or planned, falls on the days of the session."""
    match event:
        case MeetingsPlanned(meetings=meetings):
            return (day_checks.check_meetings(structs.replace(session, meetings=meetings)),)
        case SessionOpened():
            return (
                day_checks.check_day_of_act(
                    session, session.current_part, "it was opened", order.when
                ),
            )
        case SessionClosed():
            return (
                day_checks.check_day_of_act(
                    session, session.current_part, "it was closed", order.when
                ),
            )
        case _:  # no other event has a day of its own
            return ()
