"""What a session decides: its dates, its meetings, its opening and its end."""

from __future__ import annotations

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
from domain.times import UNKNOWN, When, before


def decide(session: Session, order: Order, world: World) -> Decision:
    """Answer a command to this session. Raises Refused."""
    command, stream = order.command, order.command.stream
    if isinstance(command, ScheduleSession):
        insist("new", not session.id, f"session {command.session} is scheduled already")
        body = world.body(command.body)
        zone = command.zone or body.zone
        insist_on_zone(zone)
        _insist_on_order(command.starts, command.ends, zone)
        fact = SessionScheduled(
            body=command.body,
            number=command.number,
            starts=command.starts,
            ends=command.ends,
            venue=command.venue,
            zone=zone,
            regular=command.regular,
        )
        return Decision((Happened(stream, fact),))
    insist("known", session.id, f"session {stream.id} is not scheduled")
    insist("stage", not session.cancelled, f"session {stream.id} was cancelled")
    if isinstance(command, ShareSession):
        joined(command.bodies, (session.body, *session.shared), world)
        return Decision((Happened(stream, SessionShared(bodies=command.bodies)),))
    answer = _answer(session, order)
    body = world.body(session.body)
    pack = world.pack_of(body, order.when)
    asked = _noticed(session, answer, order)
    found = judge(pack, asked, attested=order.attested, waivers=order.waivers)
    return Decision((Happened(stream, answer),), found, pack=body.pack_at(order.when))


def _answer(session: Session, order: Order) -> Fact:
    opened, closed = session.current.opened, session.current.closed
    match order.command:
        case PlanMeetings(meetings=meetings):
            insist("empty", meetings, "a plan of meetings needs a meeting")
            for one in meetings:
                _ = local_hours.span(one.starts, one.ends) if one.starts or one.ends else ()
            return MeetingsPlanned(meetings=meetings)
        case PostponeSession() as asked:
            insist("stage", not opened, f"session {session.id} was opened; reconvene it instead")
            _insist_on_order(asked.starts, asked.ends, session.zone)
            return SessionPostponed(starts=asked.starts, ends=asked.ends, reason=asked.reason)
        case ReconveneSession() as asked:
            insist("stage", opened, f"session {session.id} was never opened; postpone it instead")
            _insist_on_order(asked.starts, asked.ends, session.zone)
            _insist_on_order(closed or session.current.starts, asked.starts, session.zone)
            return SessionReconvened(starts=asked.starts, ends=asked.ends, venue=asked.venue)
        case CancelSession(reason=reason):
            insist("stage", not opened, f"session {session.id} was opened already")
            return SessionCancelled(reason=reason)
        case OpenSession():
            insist("stage", not opened, f"session {session.id} is open already")
            return SessionOpened()
        case CloseSession():
            insist("stage", opened and not closed, f"session {session.id} is not open")
            _insist_on_order(opened or UNKNOWN, order.when, session.zone)
            return SessionClosed()
    raise TypeError(f"no session command: {order.command!r}")


def _insist_on_order(first: When, second: When, zone: str) -> None:
    """Raises Refused where the one certainly came, or will come, after the other."""
    backwards = before(second, first, zone) is True
    insist("session-dates", not backwards, f"{second} is before {first}")


def _noticed(session: Session, answer: Fact, order: Order) -> tuple[Finding, ...]:
    """Whether what is done, or planned, falls on the days of the session."""
    match answer:
        case MeetingsPlanned(meetings=meetings):
            return (checks.of_meetings(structs.replace(session, meetings=meetings)),)
        case SessionOpened():
            return (checks.of_act(session, session.current, "it was opened", order.when),)
        case SessionClosed():
            return (checks.of_act(session, session.current, "it was closed", order.when),)
    return ()
