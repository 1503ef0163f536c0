"""Somebody who has logged in, by an account and a session of the store."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.access.roles import Identity
from story import Story
from web.http.authentication import COOKIE, FORM_TOKEN, form_token
from web_visitor import Visitor
from workflows.accounts.sessions import Client


def identity(principal: str, at: datetime) -> Identity:
    """The account of somebody who logged in at that instant."""
    return Identity(principal=principal, authenticated_by="password", authenticated_at=at)


class Person(Visitor):
    """Somebody with a browser who acts under that log-in, or without one."""

    def __init__(self, story: Story) -> None:
        super().__init__(story)
        self.principal = self.token = ""

    def logs_in(self, principal: str) -> Person:
        """From now on this person acts, by a session of an account made for it."""
        accounts, self.principal = self.placet.accounts, principal
        if accounts.tables.account(principal) is None:
            accounts.directory.add(principal.replace(" ", "-"), principal=principal)
        begun = accounts.sessions.begin(principal, "password", Client())
        self.client.cookies.set(COOKIE, begun.secret)
        self.token = form_token(begun.secret)
        return self

    def sends(self, path: str, values: dict[str, Any], **headers: str) -> Any:
        """The answer to a form, also to one that somebody else was shown."""
        own = {FORM_TOKEN: self.token} if self.token else {}
        return super().sends(path, values | own, **headers)

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


def two_bodies(story: Story, **details: Any) -> None:
    """The bodies b and c, in which a seat has the same name, and persons with a role each."""
    story.body(**details)
    story.do("establish body", body="c", names={"en": "Other"}, zone="UTC")
    story.do("fill seat", body="c", seat="east", holder="Eastland", since="2026-01-01")
    grant_roles(story)


@pytest.fixture
def person(story: Story) -> Iterator[Person]:
    """Somebody with a browser, where a procedure of b runs; c has a seat of the same name."""
    two_bodies(story)
    story.silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Person(story)
