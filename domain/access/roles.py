"""Roles, grants, and the identity of somebody who has logged in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class AccessRole(StrEnum):
    """What a person is granted. It is another thing than the function in which an act is recorded.

    A secretariat enters what a body decided: the record says body, and by whom it was entered.
    """

    ADMINISTRATOR = "administrator"
    SECRETARIAT = "secretariat"
    PRESIDING_OFFICER = "presiding officer"
    MEMBER = "member"
    DOCUMENT_SERVICES = "document services"
    AUDITOR = "auditor"
    DASHBOARD = "dashboard"


class Grant(Struct, frozen=True, kw_only=True):
    """One role of one person in one organisation."""

    principal: str
    """Whose it is: an opaque id, never a name."""
    role: AccessRole
    body: str = ""
    """The body for which it is given; empty means every body of the organisation."""
    seat: str = ""
    """The seat of a member; empty for every other role."""
    since: datetime
    """From when it holds (UTC)."""
    until: datetime | None = None
    """Until when it holds, that instant not included (UTC); open where there is none."""

    @property
    def particulars(self) -> tuple[str, str, str, str]:
        """Whose it is, which role, and where: what names it when it is revoked."""
        return (self.principal, self.role, self.body, self.seat)

    def is_over(self, at: datetime) -> bool:
        """Whether it holds at no instant (UTC) from then on, or was revoked before it began."""
        return self.until is not None and self.until <= max(at, self.since)

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant (UTC)."""
        return self.since <= at and (self.until is None or at < self.until)


class Identity(Struct, frozen=True, kw_only=True):
    """Somebody who has logged in. It holds no personal data."""

    principal: str
    authenticated_by: str
    """How: `password`, `password and code`, `oidc:NAME`, `token`, `command line`, `demo`."""
    authenticated_at: datetime
    """When that was last proved (UTC): irreversible acts of officers ask for it again."""
