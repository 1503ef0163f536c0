"""What may be asked of a session."""

from __future__ import annotations

from functools import cached_property
from typing import Final, TypeGuard, get_args

from msgspec import Struct

from domain.session.events import Meeting
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When


class ToSession(Struct, frozen=True, kw_only=True, dict=True):
    """A command to a session."""

    session: str

    @cached_property
    def stream(self) -> Stream:
        return Stream(StreamKind.SESSION, self.session)


class ScheduleSession(ToSession, frozen=True, kw_only=True):
    """Fix a session's number, dates (local days) and venue."""

    body: str
    number: str
    starts: When
    ends: When
    venue: str = ""
    zone: str = ""
    regular: bool = True


class PlanMeetings(ToSession, frozen=True, kw_only=True):
    """Plan the meetings with interpretation that the session may use."""

    meetings: tuple[Meeting, ...]


class PostponeSession(ToSession, frozen=True, kw_only=True):
    """Move a session to other dates, which may still be unknown."""

    reason: str
    starts: When = UNKNOWN
    ends: When = UNKNOWN


class ReconveneSession(ToSession, frozen=True, kw_only=True):
    """Call a further part of a session that was opened before."""

    starts: When
    ends: When
    venue: str = ""


class CancelSession(ToSession, frozen=True, kw_only=True):
    """Call a session off."""

    reason: str


class OpenSession(ToSession, frozen=True, kw_only=True):
    """Open the session or its reconvened part."""


class CloseSession(ToSession, frozen=True, kw_only=True):
    """Close the session or its reconvened part."""


class ShareSession(ToSession, frozen=True, kw_only=True):
    """Name further bodies that meet jointly in this session."""

    bodies: tuple[str, ...]


ChangeCommand = (
    PlanMeetings | PostponeSession | ReconveneSession | CancelSession | OpenSession | CloseSession
)
"""What happens to a session that is scheduled."""
SessionCommand = ScheduleSession | ShareSession | ChangeCommand
"""All that may be asked of a session."""
_KINDS: Final = frozenset(get_args(SessionCommand))


def is_session_command(command: object) -> TypeGuard[SessionCommand]:
    return type(command) in _KINDS
