"""What a session decides: its dates, its meetings, its opening and its end."""

from __future__ import annotations

from domain import hours
from domain.facts import Decision, Fact, Happened, Order, telling
from domain.rules import insist
from domain.session.commands import (
    CancelSession,
    CloseSession,
    OpenSession,
    PlanMeetings,
    PostponeSession,
    ReconveneSession,
    ScheduleSession,
)
from domain.session.events import (
    MeetingsPlanned,
    SessionCancelled,
    SessionClosed,
    SessionOpened,
    SessionPostponed,
    SessionReconvened,
    SessionScheduled,
)
from domain.session.session import Session
from domain.world import World


def decide(session: Session, order: Order, world: World) -> Decision:
    """Answer a command to this session. Raises Refused."""
    command, stream = order.command, order.command.stream
    if isinstance(command, ScheduleSession):
        insist("new", not session.id, f"session {command.session} is scheduled already")
        body = world.body(command.body)
        fact = telling(SessionScheduled, command, zone=command.zone or body.zone)
        return Decision((Happened(stream, fact),))
    insist("known", session.id, f"session {stream.id} is not scheduled")
    insist("stage", not session.cancelled, f"session {stream.id} was cancelled")
    return Decision((Happened(stream, _answer(session, command)),))


def _answer(session: Session, command: object) -> Fact:
    opened, closed = session.current.opened, session.current.closed
    match command:
        case PlanMeetings(meetings=meetings):
            insist("empty", meetings, "a plan of meetings needs a meeting")
            for one in meetings:
                _ = hours.span(one.starts, one.ends) if one.starts or one.ends else ()
            return MeetingsPlanned(meetings=meetings)
        case PostponeSession() as asked:
            insist("stage", not opened, f"session {session.id} was opened; reconvene it instead")
            return telling(SessionPostponed, asked)
        case ReconveneSession() as asked:
            insist("stage", opened, f"session {session.id} was never opened; postpone it instead")
            return telling(SessionReconvened, asked)
        case CancelSession(reason=reason):
            insist("stage", not opened, f"session {session.id} was opened already")
            return SessionCancelled(reason=reason)
        case OpenSession():
            insist("stage", not opened, f"session {session.id} is open already")
            return SessionOpened()
        case CloseSession():
            insist("stage", opened and not closed, f"session {session.id} is not open")
            return SessionClosed()
    raise TypeError(f"no session command: {command!r}")
