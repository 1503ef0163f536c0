"""What waits at the door of the record: responses as they came in, before they are decided."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, structs


class IntakeEntry(Struct, frozen=True, kw_only=True):
    """A response of a seat as it came in; `response` is the command as canonical bytes."""

    organisation: str
    window: str
    seat: str
    command_id: str
    received_at: datetime
    offset_ms: int
    response: bytes
    id: int = 0
    """Its number in the intake; 0 before it is kept."""


class LostAttempts(Struct, frozen=True, kw_only=True):
    """Responses to one window that came in while nothing could be kept."""

    organisation: str
    window: str
    first: datetime
    last: datetime
    number: int

    def __add__(self, other: LostAttempts) -> LostAttempts:
        """Both together."""
        return structs.replace(
            self,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            number=self.number + other.number,
        )
