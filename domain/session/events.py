"""What is recorded of a session."""

from __future__ import annotations

from typing import Final, TypeGuard, get_args

from msgspec import Struct

from domain.messages import Fact
from domain.times import When


class Meeting(Struct, frozen=True, kw_only=True):
    """One serviced meeting: a local day and hours (`10:00`), with its interpretation."""

    day: When
    starts: str = ""
    ends: str = ""
    track: str = "plenary"
    interpretation: tuple[str, ...] | None = None
    """The languages into which it is interpreted; an empty list where there is none, and nothing
    where that is not known."""


class SessionScheduled(Fact, frozen=True, kw_only=True):
    """A body's session received its number, dates and venue."""

    body: str
    number: str
    starts: When
    ends: When
    venue: str = ""
    zone: str = ""
    regular: bool = True


class MeetingsPlanned(Fact, frozen=True, kw_only=True):
    """The serviced meetings of a session were planned."""

    meetings: tuple[Meeting, ...]


class SessionPostponed(Fact, frozen=True, kw_only=True):
    """A session's dates moved; the old ones stay in its history."""

    starts: When
    ends: When
    reason: str


class SessionReconvened(Fact, frozen=True, kw_only=True):
    """A further part of the same session was called, with an agenda of its own."""

    starts: When
    ends: When
    venue: str = ""


class SessionCancelled(Fact, frozen=True, kw_only=True):
    """A session will not be held."""

    reason: str


class SessionOpened(Fact, frozen=True, kw_only=True):
    """The session, or its reconvened part, was opened."""


class SessionClosed(Fact, frozen=True, kw_only=True):
    """The session, or its reconvened part, was closed."""


class SessionShared(Fact, frozen=True, kw_only=True):
    """A session is that of further bodies too: they meet jointly."""

    bodies: tuple[str, ...]


SessionEvent = (
    SessionScheduled
    | MeetingsPlanned
    | SessionPostponed
    | SessionReconvened
    | SessionCancelled
    | SessionOpened
    | SessionClosed
    | SessionShared
)
"""All that is recorded of a session."""
_KINDS: Final = frozenset(get_args(SessionEvent))


def is_session_event(event: Fact) -> TypeGuard[SessionEvent]:
    """Whether it is one of those above.

    A correction is none of them: it is applied to the event that it names
    (`domain.corrections`), and changes no state itself. Nor is an event of a later version.
    """
    return type(event) in _KINDS
