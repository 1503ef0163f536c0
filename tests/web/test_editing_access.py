"""Who may edit a list: those who may do each of the acts of which it consists."""

from __future__ import annotations

import warnings
from datetime import timedelta
from typing import Any

import pytest

from account_story import PASSWORD
from domain.actors import Actor, Role
from domain.body.commands import FillSeat
from domain.rules import Refused
from logged_in import Person, grant_roles, identity
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, field_values, said
from workflows.acts.request import Request
from workflows.acts.stated_circumstances import Circumstances

BODY = f"/bodies/{ORGANISATION}/b"
ROSTER, ITEMS = f"{BODY}/edit/roster", f"/agendas/{ORGANISATION}/a/edit/items"


@pytest.fixture
def person(story: Story) -> Person:
    """Persons with a role each, in an organisation with the bodies b and c, and an agenda of b."""
    story.body()
    story.do("establish body", body="c", names={"en": "Other"}, zone="UTC")
    story.do("fill seat", body="c", seat="east", holder="East", since="2026-01-01")
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1")
    grant_roles(story)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Person(story)


@pytest.mark.parametrize("principal", ["office", "office of b"])
def test_a_secretariat_edits_the_roster_of_its_body(person: Person, principal: str) -> None:
    """Each event of the append names the account."""
    person.logs_in(principal)
    values = field_values(person.opens(ROSTER).text) | {"text": "East;east\nWest;west\nN;n\nS;s"}
    check = person.sends(ROSTER, values)
    done = person.confirms(ROSTER, check)
    actors = {(event.actor.principal, event.actor.authenticated_by) for event in _last(person, 2)}

    assert 303 == done.status_code, said(done)
    assert {(principal, "password")} == actors


def _last(person: Person, count: int) -> list[Any]:
    return person.story.events()[-count:]


@pytest.mark.parametrize(
    "principal", ["admin", "office of c", "chair", "eastern", "printer", "auditor", "stranger"]
)
def test_nobody_else_does(person: Person, principal: str) -> None:
    """Neither by the page nor by what it would send; and no page leads them there."""
    person.logs_in("office")
    values = field_values(person.opens(ROSTER).text) | {"text": "N;n", "confirmed": "yes"}
    before = len(person.story.events())
    person.logs_in(principal)

    assert 403 == person.status(ROSTER)
    assert 403 == person.status(ITEMS)
    assert 403 == person.sends(ROSTER, values).status_code
    assert before == len(person.story.events())
    links = parsed(person.client.get(BODY).text or "<p>").xpath("//a/@href")
    assert [] == [link for link in links if "/edit/" in link]


def test_several_acts_are_refused_where_one_of_them_is_not_allowed(person: Person) -> None:
    """Whatever way they come."""
    acts = [
        Request(
            command=FillSeat(body="b", seat=seat, holder=seat.title()),
            circumstances=Circumstances(role=Role.SECRETARIAT),
        ).step
        for seat in ("north", "south")
    ]
    who = identity("office of c", person.clock.at)
    with pytest.raises(Refused) as refusal:
        person.placet.execute(ORGANISATION, acts, "one", identity=who)

    assert "role-granted" == refusal.value.rule
    who = identity("office of b", person.clock.at)
    assert 2 == len(person.placet.execute(ORGANISATION, acts, "one", identity=who).events)


def test_a_session_edits_with_its_token_and_without_it_nothing_is_lost(story: Story) -> None:
    """The page, the check page and the confirmation carry it; without it the form is kept."""
    story.body()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    account = visitor.placet.accounts.directory.add("clerk", password=PASSWORD)
    admin = Actor(role=Role.ADMINISTRATOR)
    story.do("grant role", principal=account.principal, role="secretariat", who=admin)
    visitor.clock.at = max(visitor.clock.at, story.now + timedelta(minutes=1))
    log_in = {"login": "clerk", "password": PASSWORD}
    assert 303 == visitor.sends("/log-in", log_in).status_code
    values = field_values(visitor.opens(ROSTER).text) | {"text": "East;east\nWest;west\nN;n"}

    assert "Nobody logs in here" not in said(visitor.opens(ROSTER))
    assert values["form_token"]
    forged = visitor.sends(ROSTER, values | {"form_token": "0" * 64})
    assert (409, True) == (forged.status_code, "N;n" in forged.text)
    done = visitor.confirms(ROSTER, visitor.sends(ROSTER, values))
    assert 303 == done.status_code, said(done)
    assert account.principal == story.events()[-1].actor.principal
