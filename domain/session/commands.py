"""What may be asked of a session."""

from __future__ import annotations

from dataclasses import dataclass

from domain.facts import Kind, Stream
from domain.session.events import Meeting
from domain.times import UNKNOWN, When


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
class ShareSession(SessionCommand):
    """Name further bodies that meet jointly in this session."""

    bodies: tuple[str, ...]
