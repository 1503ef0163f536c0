"""What is recorded of a session."""

from __future__ import annotations

from dataclasses import dataclass

from domain.facts import Fact
from domain.times import When


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One serviced meeting: a local day and hours (`10:00`), with its interpretation."""

    day: When
    starts: str = ""
    ends: str = ""
    track: str = "plenary"
    interpretation: tuple[str, ...] | None = None
    """The languages into which it is interpreted; an empty list where there is none, and nothing
    where that is not known."""


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
class SessionShared(Fact):
    """A session is that of further bodies too: they meet jointly."""

    bodies: tuple[str, ...]
