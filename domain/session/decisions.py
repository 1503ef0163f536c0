"""What a session decides: its dates, its meetings, its opening and its end."""

from __future__ import annotations

from msgspec import structs

from domain import local_hours
from domain.body.decisions import require_zone
from domain.decision_context import DecisionContext
from domain.joint_meetings import require_further_bodies
from domain.messages import Decision, Fact, NewEvent, Order, event_from_command
from domain.rules import Finding, enforce, require
from domain.session import checks
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
from domain.times import UNKNOWN, When, is_before


def decide(session: Session, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this session. Raises Refused."""
    command, stream = order.command, order.command.stream
    if isinstance(command, ScheduleSession):
        require("new", not session.id, f"session {command.session} is scheduled already")
        body = world.body(command.body)
        zone = command.zone or body.zone
        require_zone(zone)
        _insist_on_order(command.starts, command.ends, zone)
        fact = event_from_command(SessionScheduled, command, zone=zone)
        return Decision((NewEvent(stream, fact),))
    require("known", session.id, f"session {stream.id} is not scheduled")
    require("stage", not session.cancelled, f"session {stream.id} was cancelled")
    if isinstance(command, ShareSession):
        require_further_bodies(command.bodies, (session.body, *session.shared), world)
        return Decision((NewEvent(stream, event_from_command(SessionShared, command)),))
    answer = _answer(session, order)
    body = world.body(session.body)
    pack = world.pack_of(body, order.when)
    asked = _noticed(session, answer, order)
    found = enforce(pack, asked, attested=order.attested, waivers=order.waivers)
    return Decision((NewEvent(stream, answer),), found, pack=body.pack_at(order.when))


def _answer(session: Session, order: Order) -> Fact:
    opened, closed = session.current_part.opened, session.current_part.closed
    match order.command:
        case PlanMeetings(meetings=meetings):
            require("empty", meetings, "a plan of meetings needs a meeting")
            for one in meetings:
                _ = (
                    local_hours.minutes_of_day(one.starts, one.ends)
                    if one.starts or one.ends
                    else ()
                )
            return MeetingsPlanned(meetings=meetings)
        case PostponeSession() as asked:
            require("stage", not opened, f"session {session.id} was opened; reconvene it instead")
            _insist_on_order(asked.starts, asked.ends, session.zone)
            return event_from_command(SessionPostponed, asked)
        case ReconveneSession() as asked:
            require("stage", opened, f"session {session.id} was never opened; postpone it instead")
            _insist_on_order(asked.starts, asked.ends, session.zone)
            _insist_on_order(closed or session.current_part.starts, asked.starts, session.zone)
            return event_from_command(SessionReconvened, asked)
        case CancelSession(reason=reason):
            require("stage", not opened, f"session {session.id} was opened already")
            return SessionCancelled(reason=reason)
        case OpenSession():
            require("stage", not opened, f"session {session.id} is open already")
            return SessionOpened()
        case CloseSession():
            require("stage", opened and not closed, f"session {session.id} is not open")
            _insist_on_order(opened or UNKNOWN, order.when, session.zone)
            return SessionClosed()
    raise TypeError(f"no session command: {order.command!r}")


def _insist_on_order(first: When, second: When, zone: str) -> None:
    """Raises Refused where the one certainly came, or will come, after the other."""
    backwards = is_before(second, first, zone) is True
    require("session-dates", not backwards, f"{second} is before {first}")


def _noticed(session: Session, answer: Fact, order: Order) -> tuple[Finding, ...]:
    """Whether what is done, or planned, falls on the days of the session."""
    match answer:
        case MeetingsPlanned(meetings=meetings):
            return (checks.check_meetings(structs.replace(session, meetings=meetings)),)
        case SessionOpened():
            return (
                checks.check_day_of_act(session, session.current_part, "it was opened", order.when),
            )
        case SessionClosed():
            return (
                checks.check_day_of_act(session, session.current_part, "it was closed", order.when),
            )
    return ()
