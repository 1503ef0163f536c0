"""Somebody who has logged in: requests that carry an identity, as the accounts give them one."""

from __future__ import annotations

import warnings
from datetime import datetime, timedelta
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from domain.access.roles import Identity
from story import Story
from web_visitor import Visitor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


def identity(principal: str, at: datetime) -> Identity:
    """The account of somebody who logged in at that instant."""
    return Identity(principal=principal, authenticated_by="password", authenticated_at=at)


class Person(Visitor):
    """Somebody with a browser who acts as the one who is logged in, or where nobody logs in."""

    def __init__(self, story: Story) -> None:
        super().__init__(story)
        self.principal = ""
        self.client = TestClient(self._carrying(self.client.app), follow_redirects=False)

    def _carrying(self, app: ASGIApp) -> ASGIApp:
        async def carry(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and self.principal:
                who = identity(self.principal, self.clock.at)
                scope["state"] = {**scope.get("state", {}), "identity": who}
            await app(scope, receive, send)

        return carry

    def logs_in(self, principal: str) -> Person:
        """From now on this person acts."""
        self.principal = principal
        return self

    def status(self, path: str) -> int:
        """The status of the page at this address."""
        found: int = self.follows(self.client.get(path)).status_code
        return found


ROLES: dict[str, dict[str, Any]] = {
    "admin": {"role": "administrator"},
    "office": {"role": "secretariat"},
    "office of b": {"role": "secretariat", "body": "b"},
    "office of c": {"role": "secretariat", "body": "c"},
    "chair": {"role": "presiding officer", "body": "b"},
    "eastern": {"role": "member", "body": "b", "seat": "east"},
    "eastern of c": {"role": "member", "body": "c", "seat": "east"},
    "printer": {"role": "document services"},
    "auditor": {"role": "auditor"},
    "screen": {"role": "dashboard"},
}
"""Persons, each with one role."""


def grant_roles(story: Story) -> None:
    """Give each of these persons the role, in an organisation with the bodies b and c."""
    for principal, role in ROLES.items():
        story.do("grant role", who="administrator", principal=principal, **role)
    story.now += timedelta(minutes=1)
