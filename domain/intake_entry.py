"""What waits at the door of the record: responses as they came in, before they are decided."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, structs

from domain.access.roles import Identity


class IntakeEntry(Struct, frozen=True, kw_only=True):
    """A response of a seat as it came in; `response` is the command as canonical bytes."""

    organisation: str
    window: str
    seat: str
    command_id: str
    received_at: datetime
    offset_ms: int
    response: bytes
    principal: str = ""
    """Whose account it was sent with; empty where log-in was not in force."""
    authenticated_by: str = ""
    """How that was proved, as `Identity` has it."""
    id: int = 0
    """Its number in the intake; 0 before it is kept."""

    @property
    def identity(self) -> Identity | None:
        """Who sent it, as far as that is kept; None where log-in was not in force."""
        if not self.principal:
            return None
        return Identity(
            principal=self.principal,
            authenticated_by=self.authenticated_by,
            authenticated_at=self.received_at,
        )


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
