"""A session: number, dates, venue and meetings; it keeps its identity when its dates move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from domain.facts import Decision, Fact, Happened, Kind, Order, Recorded, Stream, telling
from domain.rules import insist
from domain.times import UNKNOWN, When

if TYPE_CHECKING:
    from domain.world import World


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One serviced meeting: a local day and hours (`10:00`), with its interpretation."""

    day: When
    starts: str = ""
    ends: str = ""
    track: str = "plenary"
    interpretation: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """The dates of one part of a session: the first, or one that was reconvened."""

    starts: When
    ends: When
    venue: str = ""
    opened: When | None = None
    closed: When | None = None


@dataclass(frozen=True, kw_only=True)
class SessionScheduled(Fact):
    """A body's session received its number, dates and venue."""

    body: str
    number: str
    starts: When
    ends: When
    venue: str = ""
    zone: str = ""
    regular: bool = True


@dataclass(frozen=True, kw_only=True)
class MeetingsPlanned(Fact):
    """The serviced meetings of a session were planned."""

    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, kw_only=True)
class SessionPostponed(Fact):
    """A session's dates moved; the old ones stay in its history."""

    starts: When
    ends: When
    reason: str


@dataclass(frozen=True, kw_only=True)
class SessionReconvened(Fact):
    """A further part of the same session was called, with an agenda of its own."""

    starts: When
    ends: When
    venue: str = ""


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(Fact):
    """A session will not be held."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class SessionOpened(Fact):
    """The session, or its reconvened part, was opened."""


@dataclass(frozen=True, kw_only=True)
class SessionClosed(Fact):
    """The session, or its reconvened part, was closed."""


@dataclass(frozen=True, kw_only=True)
class SessionCommand:
    """A command to a session."""

    session: str

    @property
    def stream(self) -> Stream:
        return Stream(Kind.SESSION, self.session)


@dataclass(frozen=True, kw_only=True)
class ScheduleSession(SessionCommand):
    """Fix a session's number, dates (local days) and venue."""

    body: str
    number: str
    starts: When
    ends: When
    venue: str = ""
    zone: str = ""
    regular: bool = True


@dataclass(frozen=True, kw_only=True)
class PlanMeetings(SessionCommand):
    """Plan the meetings with interpretation that the session may use."""

    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, kw_only=True)
class PostponeSession(SessionCommand):
    """Move a session to other dates, which may still be unknown."""

    reason: str
    starts: When = UNKNOWN
    ends: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class ReconveneSession(SessionCommand):
    """Call a further part of a session that was opened before."""

    starts: When
    ends: When
    venue: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelSession(SessionCommand):
    """Call a session off."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class OpenSession(SessionCommand):
    """Open the session or its reconvened part."""


@dataclass(frozen=True, kw_only=True)
class CloseSession(SessionCommand):
    """Close the session or its reconvened part."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """What the rules must remember about a session."""

    no_dates: ClassVar[Part] = Part(starts=UNKNOWN, ends=UNKNOWN)

    id: str = ""
    body: str = ""
    number: str = ""
    zone: str = ""
    regular: bool = True
    parts: tuple[Part, ...] = ()
    former_dates: tuple[Part, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    cancelled: str = ""

    @property
    def current(self) -> Part:
        """The part that was called last."""
        return self.parts[-1] if self.parts else self.no_dates

    def part(self, number: int) -> Part:
        """The numbered part (from 1); unknown dates for one that was not called."""
        return self.parts[number - 1] if 0 < number <= len(self.parts) else self.no_dates

    def decide(self, order: Order, world: World) -> Decision:
        """Answer a command to this session. Raises Refused."""
        command, stream = order.command, order.command.stream
        if isinstance(command, ScheduleSession):
            insist("new", not self.id, f"session {command.session} is scheduled already")
            body = world.body(command.body)
            fact = telling(SessionScheduled, command, zone=command.zone or body.zone)
            return Decision((Happened(stream, fact),))
        insist("known", self.id, f"session {stream.id} is not scheduled")
        insist("stage", not self.cancelled, f"session {stream.id} was cancelled")
        return Decision((Happened(stream, self._answer(command)),))

    def _answer(self, command: object) -> Fact:
        opened, closed = self.current.opened, self.current.closed
        match command:
            case PlanMeetings(meetings=meetings):
                insist("empty", meetings, "a plan of meetings needs a meeting")
                return MeetingsPlanned(meetings=meetings)
            case PostponeSession() as asked:
                insist("stage", not opened, f"session {self.id} was opened; reconvene it instead")
                return telling(SessionPostponed, asked)
            case ReconveneSession() as asked:
                insist("stage", opened, f"session {self.id} was never opened; postpone it instead")
                return telling(SessionReconvened, asked)
            case CancelSession(reason=reason):
                insist("stage", not opened, f"session {self.id} was opened already")
                return SessionCancelled(reason=reason)
            case OpenSession():
                insist("stage", not opened, f"session {self.id} is open already")
                return SessionOpened()
            case CloseSession():
                insist("stage", opened and not closed, f"session {self.id} is not open")
                return SessionClosed()
        raise TypeError(f"no session command: {command!r}")

    def evolve(self, recorded: Recorded) -> Session:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case SessionScheduled() as fact:
                return replace(
                    self,
                    id=recorded.stream.id,
                    body=fact.body,
                    number=fact.number,
                    zone=fact.zone,
                    regular=fact.regular,
                    parts=(Part(starts=fact.starts, ends=fact.ends, venue=fact.venue),),
                )
            case MeetingsPlanned(meetings=meetings):
                return replace(self, meetings=meetings)
            case SessionPostponed(starts=starts, ends=ends):
                moved = replace(self.current, starts=starts, ends=ends)
                former = (*self.former_dates, self.current)
                return replace(self, former_dates=former, parts=(*self.parts[:-1], moved))
            case SessionReconvened(starts=starts, ends=ends, venue=venue):
                part = Part(starts=starts, ends=ends, venue=venue or self.current.venue)
                return replace(self, parts=(*self.parts, part))
            case SessionCancelled(reason=reason):
                return replace(self, cancelled=reason or "cancelled")
            case SessionOpened():
                now = replace(self.current, opened=recorded.effective)
                return replace(self, parts=(*self.parts[:-1], now))
            case SessionClosed():
                now = replace(self.current, closed=recorded.effective)
                return replace(self, parts=(*self.parts[:-1], now))
        return self
