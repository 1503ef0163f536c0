"""Somebody who wants more than their role gives: as a member, a dashboard, a stranger."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from logged_in import Person, grant_roles
from story import Story
from web.http.authentication import COOKIE, form_token
from web_visitor import WINDOW
from workflows.accounts.sessions import Client

RESPOND = f"{WINDOW}/act/respond"
OBJECTION = {"seat": "east", "kind": "objection", "text": "No.", "confirmed": "yes"}


@pytest.fixture
def person(story: Story) -> Iterator[Person]:
    """Somebody with a browser, where a procedure of b runs; c has a seat of the same name."""
    story.body()
    story.do("establish body", body="c", names={"en": "Other"}, zone="UTC")
    story.do("fill seat", body="c", seat="east", holder="Eastland", since="2026-01-01")
    grant_roles(story)
    story.silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Person(story)


def responses(person: Person) -> list[Any]:
    """What was recorded of responses."""
    return [event for event in person.story.events() if "response" in event.name]


def test_what_is_sent_again_after_a_stronger_log_in_is_the_same(person: Person) -> None:
    """An objection whose answer was lost goes again from a session with a code, and counts once."""
    person.logs_in("eastern")
    values = {**OBJECTION, "command_id": str(uuid4())}
    first = person.sends(RESPOND, values)
    begun = person.placet.accounts.sessions.begin("eastern", "password and code", Client())
    person.client.cookies.set(COOKIE, begun.secret)
    person.token = form_token(begun.secret)
    again = person.sends(RESPOND, values)

    assert (303, 303) == (first.status_code, again.status_code)
    assert again.headers["location"].endswith("again=yes")
    assert 1 == len(responses(person))
