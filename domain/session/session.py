"""The state of a session; it keeps its identity when its dates move."""

from __future__ import annotations

from typing import ClassVar, assert_never

from msgspec import Struct, structs

from domain.messages import FoldableEvent
from domain.session.events import (
    Meeting,
    MeetingsPlanned,
    SessionCancelled,
    SessionClosed,
    SessionOpened,
    SessionPostponed,
    SessionReconvened,
    SessionScheduled,
    SessionShared,
    is_session_event,
)
from domain.times import UNKNOWN, When


class SessionPart(Struct, frozen=True, kw_only=True):
    """The dates of one part of a session: the first, or one that was reconvened."""

    starts: When
    ends: When
    venue: str = ""
    opened: When | None = None
    closed: When | None = None


class Session(Struct, frozen=True, kw_only=True):
    """What the rules must remember about a session."""

    no_dates: ClassVar[SessionPart] = SessionPart(starts=UNKNOWN, ends=UNKNOWN)

    id: str = ""
    body: str = ""
    number: str = ""
    zone: str = ""
    regular: bool = True
    parts: tuple[SessionPart, ...] = ()
    former_dates: tuple[SessionPart, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    cancelled: str = ""
    shared: tuple[str, ...] = ()
    """Further bodies that meet jointly in it."""

    @property
    def current_part(self) -> SessionPart:
        """The part that was called last."""
        return self.parts[-1] if self.parts else self.no_dates

    def part(self, number: int) -> SessionPart:
        """The numbered part (from 1); unknown dates for one that was not called."""
        return self.parts[number - 1] if 0 < number <= len(self.parts) else self.no_dates

    def reason_not_held(self, number: int) -> str:
        """Why the numbered part (from 1) is off; empty for one that had been opened by then."""
        return "" if self.part(number).opened else self.cancelled

    def evolve(self, recorded: FoldableEvent) -> Session:
        """The session after one event. Never refuses: it already happened."""
        event = recorded.fact
        if not is_session_event(event):
            return self
        match event:
            case SessionScheduled():
                return self._scheduled(event, recorded.stream.id)
            case MeetingsPlanned(meetings=meetings):
                return structs.replace(self, meetings=meetings)
            case SessionPostponed(starts=starts, ends=ends):
                moved = structs.replace(self.current_part, starts=starts, ends=ends)
                former = (*self.former_dates, self.current_part)
                return structs.replace(self, former_dates=former, parts=(*self.parts[:-1], moved))
            case SessionReconvened(starts=starts, ends=ends, venue=venue):
                part = SessionPart(starts=starts, ends=ends, venue=venue or self.current_part.venue)
                return structs.replace(self, parts=(*self.parts, part))
            case SessionCancelled(reason=reason):
                return structs.replace(self, cancelled=reason or "cancelled")
            case SessionShared(bodies=bodies):
                return structs.replace(self, shared=(*self.shared, *bodies))
            case SessionOpened():
                now = structs.replace(self.current_part, opened=recorded.effective)
                return structs.replace(self, parts=(*self.parts[:-1], now))
            case SessionClosed():
                now = structs.replace(self.current_part, closed=recorded.effective)
                return structs.replace(self, parts=(*self.parts[:-1], now))
            case _:
                assert_never(event)

    def _scheduled(self, event: SessionScheduled, name: str) -> Session:
        return structs.replace(
            self,
            id=name,
            body=event.body,
            number=event.number,
            zone=event.zone,
            regular=event.regular,
            parts=(SessionPart(starts=event.starts, ends=event.ends, venue=event.venue),),
        )
