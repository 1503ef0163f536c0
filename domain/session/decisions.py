"""What a session decides: its dates, its meetings, its opening and its end."""

from __future__ import annotations

from typing import assert_never

from msgspec import structs

from domain import local_hours
from domain.body.decisions import insist_on_zone
from domain.decision_context import World
from domain.joint_meetings import joined
from domain.messages import Decision, Fact, Happened, Order
from domain.rules import Finding, insist, judge
from domain.session import checks
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
from domain.times import UNKNOWN, When, before


def decide(session: Session, order: Order, world: World) -> Decision:
    """Answer a command to this session. Raises Refused."""
    command, stream = order.command, order.command.stream
    if not is_session_command(command):
        raise TypeError(f"no session command: {command!r}")
    if isinstance(command, ScheduleSession):
        return _schedule(session, command, world)
    insist("known", session.id, f"session {stream.id} is not scheduled")
    insist("stage", not session.cancelled, f"session {stream.id} was cancelled")
    if isinstance(command, ShareSession):
        joined(command.bodies, (session.body, *session.shared), world)
        return Decision((Happened(stream, SessionShared(bodies=command.bodies)),))
    event = _event(session, command, order)
    body = world.body(session.body)
    pack = world.pack_of(body, order.when)
    found = judge(
        pack, _noticed(session, event, order), attested=order.attested, waivers=order.waivers
    )
    return Decision((Happened(stream, event),), found, pack=body.pack_at(order.when))


def _schedule(session: Session, command: ScheduleSession, world: World) -> Decision:
    insist("new", not session.id, f"session {command.session} is scheduled already")
    body = world.body(command.body)
    zone = command.zone or body.zone
    insist_on_zone(zone)
    _insist_on_order(command.starts, command.ends, zone)
    event = SessionScheduled(
        body=command.body,
        number=command.number,
        starts=command.starts,
        ends=command.ends,
        venue=command.venue,
        zone=zone,
        regular=command.regular,
    )
    return Decision((Happened(command.stream, event),))


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
            insist("stage", not session.current.opened, f"session {session.id} was opened already")
            return SessionCancelled(reason=command.reason)
        case OpenSession():
            insist("stage", not session.current.opened, f"session {session.id} is open already")
            return SessionOpened()
        case CloseSession():
            return _closed(session, order)
        case _:
            assert_never(command)


def _planned(command: PlanMeetings) -> MeetingsPlanned:
    insist("empty", command.meetings, "a plan of meetings needs a meeting")
    for meeting in command.meetings:
        if meeting.starts or meeting.ends:
            _ = local_hours.span(meeting.starts, meeting.ends)
    return MeetingsPlanned(meetings=command.meetings)


def _postponed(session: Session, command: PostponeSession) -> SessionPostponed:
    opened = session.current.opened
    insist("stage", not opened, f"session {session.id} was opened; reconvene it instead")
    _insist_on_order(command.starts, command.ends, session.zone)
    return SessionPostponed(starts=command.starts, ends=command.ends, reason=command.reason)


def _reconvened(session: Session, command: ReconveneSession) -> SessionReconvened:
    last = session.current
    insist("stage", last.opened, f"session {session.id} was never opened; postpone it instead")
    _insist_on_order(command.starts, command.ends, session.zone)
    _insist_on_order(last.closed or last.starts, command.starts, session.zone)
    return SessionReconvened(starts=command.starts, ends=command.ends, venue=command.venue)


def _closed(session: Session, order: Order) -> SessionClosed:
    opened, closed = session.current.opened, session.current.closed
    insist("stage", opened and not closed, f"session {session.id} is not open")
    _insist_on_order(opened or UNKNOWN, order.when, session.zone)
    return SessionClosed()


def _insist_on_order(first: When, second: When, zone: str) -> None:
    """Raises Refused where the one certainly came, or will come, after the other."""
    backwards = before(second, first, zone) is True
    insist("session-dates", not backwards, f"{second} is before {first}")


def _noticed(session: Session, event: Fact, order: Order) -> tuple[Finding, ...]:
    """Whether what is done, or planned, falls on the days of the session."""
    match event:
        case MeetingsPlanned(meetings=meetings):
            return (checks.of_meetings(structs.replace(session, meetings=meetings)),)
        case SessionOpened():
            return (checks.of_act(session, session.current, "it was opened", order.when),)
        case SessionClosed():
            return (checks.of_act(session, session.current, "it was closed", order.when),)
        case _:  # no other event has a day of its own
            return ()
