"""An organisation as a whole: its settings, and who was given which role, from when to when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.access import decisions
from domain.access.commands import ORGANISATION
from domain.access.organisation import Organisation
from domain.access.roles import AccessRole
from domain.body.commands import VacateSeat
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.streams import Stream
from domain.times import When
from story import Story, actor

MEMBER: dict[str, Any] = {"principal": "p-3", "role": "member", "body": "b", "seat": "east"}
OFFICE: dict[str, Any] = {"principal": "p-2", "role": "secretariat"}


def administer(story: Story, verb: str, **values: Any) -> None:
    """Do this as an administrator."""
    story.do(verb, who="administrator", **values)


def settings(story: Story) -> Organisation:
    found: Organisation = story.state(str(ORGANISATION))
    return found


def roles_at(story: Story, moment: str) -> list[tuple[str, str]]:
    """Who has which role at that instant."""
    at = When(moment).exact
    return [(g.principal, g.role) for g in settings(story).grants if g.holds(at)]


def test_an_organisation_is_named_and_renamed_language_by_language(story: Story) -> None:
    administer(story, "change settings", names={"en": "Office", "fr": "Bureau"}, zone="Asia/Tokyo")
    administer(story, "change settings", names={"en": "The Office", "fr": "Bureau"})

    assert {"en": "The Office", "fr": "Bureau"} == settings(story).names
    assert {"en": "The Office"} == story.events()[-1].fact.names
    assert "Asia/Tokyo" == settings(story).zone


def test_settings_that_say_nothing_new_are_refused(story: Story) -> None:
    administer(story, "change settings", names={"en": "Office"}, zone="Asia/Tokyo")
    with story.refused("empty"):
        administer(story, "change settings", names={"en": "Office"}, zone="Asia/Tokyo")
    with story.refused("empty"):
        administer(story, "change settings", names={"fr": " "})
    with story.refused("exact-instant"):
        administer(story, "change settings", zone="Europe/Wien")


def test_an_administrator_gives_roles_and_no_source_does(story: Story) -> None:
    with story.refused("live-role"):
        story.do("grant role", **OFFICE)
    with story.refused("live-now"):
        story.tell("grant role", "2020-01-01", who="administrator", **OFFICE)


def test_a_role_holds_from_its_receipt_until_it_is_revoked(story: Story) -> None:
    """Not a moment longer: what is received at the instant of the revocation is too late."""
    story.at("2026-03-02T12:00Z")
    administer(story, "grant role", **OFFICE)
    story.at("2026-03-03T12:00Z")
    administer(story, "revoke role", **OFFICE, reason="Another post.")

    assert [] == roles_at(story, "2026-03-02T12:00:59Z")
    assert [("p-2", "secretariat")] == roles_at(story, "2026-03-02T12:01Z")
    assert [("p-2", "secretariat")] == roles_at(story, "2026-03-03T12:00:59Z")
    assert [] == roles_at(story, "2026-03-03T12:01Z")


def test_days_of_a_role_are_those_of_its_body(story: Story) -> None:
    """Midnight in Vienna, summer and winter; the day of the end is not a part of it."""
    story.body()
    administer(story, "grant role", **MEMBER, since="2026-07-01", until="2026-12-01")

    assert [] == roles_at(story, "2026-06-30T21:59Z")
    assert [("p-3", "member")] == roles_at(story, "2026-06-30T22:00Z")
    assert [("p-3", "member")] == roles_at(story, "2026-11-30T22:59Z")
    assert [] == roles_at(story, "2026-11-30T23:00Z")


def test_days_of_a_role_in_all_bodies_are_those_of_the_organisation(story: Story) -> None:
    administer(story, "change settings", zone="Asia/Tokyo")
    administer(story, "grant role", **OFFICE, since="2026-07-01")
    administer(story, "grant role", principal="p-5", role="auditor", since="2026-07-01T10:00Z")

    assert [("p-2", "secretariat")] == roles_at(story, "2026-06-30T15:00Z")
    assert [] == roles_at(story, "2026-06-30T14:59Z")
    assert ("p-5", "auditor") in roles_at(story, "2026-07-01T10:00Z")


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("known", {**MEMBER, "body": "nowhere"}),
        ("known", {**MEMBER, "seat": "nobody"}),
        ("fits-its-stream", {**MEMBER, "seat": ""}),
        ("fits-its-stream", {**MEMBER, "body": ""}),
        ("fits-its-stream", {**OFFICE, "body": "b", "seat": "east"}),
        ("fits-its-stream", {**OFFICE, "seat": "east"}),
        ("fits-its-stream", {"principal": "p", "role": "administrator", "body": "b"}),
        ("fits-its-stream", {"principal": "p", "role": "auditor", "body": "b"}),
        ("fits-its-stream", {"principal": "p", "role": "dashboard", "body": "b"}),
        ("plain-id", {**OFFICE, "principal": " "}),
        ("no-overlap-of-terms", {**OFFICE, "since": "2026-05-01", "until": "2026-05-01"}),
        ("no-overlap-of-terms", {**OFFICE, "until": "2026-03-02T12:00Z"}),
    ],
)
def test_what_no_grant_can_be_is_refused(story: Story, rule: str, values: dict[str, Any]) -> None:
    story.body()
    with story.refused(rule):
        administer(story, "grant role", **values)


def test_a_role_is_given_once_at_a_time(story: Story) -> None:
    """Another body, another person and a later time are another role."""
    story.body()
    story.do("establish body", body="c", names={"en": "C"})
    administer(story, "grant role", **OFFICE, body="b", until="2026-06-01")
    administer(story, "grant role", **OFFICE, body="c")
    administer(story, "grant role", **{**OFFICE, "principal": "p-9"}, body="b")
    administer(story, "grant role", **OFFICE, body="b", since="2026-06-01")
    with story.refused("new"):
        administer(story, "grant role", **OFFICE, body="b", since="2026-09-01")
    with story.refused("new"):
        administer(story, "grant role", **OFFICE, body="b", since="2026-04-01", until="2026-05-01")

    assert 4 == len(settings(story).grants)


def test_a_role_that_was_revoked_is_given_anew(story: Story) -> None:
    """Also one that was revoked before it began: that one never holds."""
    administer(story, "grant role", **OFFICE, since="2026-06-01")
    administer(story, "revoke role", **OFFICE)
    with story.refused("known"):
        administer(story, "revoke role", **OFFICE)
    administer(story, "grant role", **OFFICE)
    administer(story, "revoke role", **OFFICE)
    administer(story, "grant role", **OFFICE)

    assert [False, False, True] == [g.holds(story.now) for g in settings(story).grants]
    assert 1 == len(roles_at(story, "2026-07-01T00:00Z"))


def test_what_was_not_given_or_has_ended_cannot_be_revoked(story: Story) -> None:
    story.body()
    administer(story, "grant role", **OFFICE, until="2026-03-03")
    with story.refused("known"):
        administer(story, "revoke role", **OFFICE, body="b")
    with story.refused("known"):
        administer(story, "revoke role", **{**OFFICE, "principal": "p-9"})
    story.at("2026-03-03T00:00Z")
    with story.refused("known"):
        administer(story, "revoke role", **OFFICE)


def test_an_administrator_is_left(story: Story) -> None:
    """One who will begin later, or stop sooner, does not count."""
    first = {"principal": "p-1", "role": "administrator"}
    administer(story, "grant role", **first)
    administer(story, "grant role", principal="p-2", role="secretariat")
    administer(story, "grant role", principal="p-4", role="administrator", until="2026-09-01")
    administer(story, "grant role", principal="p-5", role="administrator", since="2026-08-01")
    with story.refused("administrator-left"):
        administer(story, "revoke role", **first)
    administer(story, "revoke role", principal="p-4", role="administrator")
    administer(story, "grant role", principal="p-6", role="administrator")
    administer(story, "revoke role", **first)

    assert ("p-6", "administrator") in roles_at(story, story.now.isoformat())


def test_of_the_administrators_who_are_left_one_can_log_in(story: Story) -> None:
    """Unless the one who goes cannot log in either; whose accounts there are, is told."""
    for principal in ("p-1", "p-2", "p-3"):
        administer(story, "grant role", principal=principal, role="administrator")
    story.placet._handling.can_log_in = {"p-1", "p-2"}.__contains__
    administer(story, "revoke role", principal="p-2", role="administrator")
    with story.refused("administrator-left"):
        administer(story, "revoke role", principal="p-1", role="administrator")
    administer(story, "revoke role", principal="p-3", role="administrator")
    administer(story, "grant role", principal="p-4", role="administrator")
    story.placet._handling.can_log_in = {"p-4"}.__contains__
    administer(story, "revoke role", principal="p-1", role="administrator")


def test_of_administrators_for_a_time_the_longer_one_is_left(story: Story) -> None:
    administer(story, "grant role", principal="p-1", role="administrator", until="2026-06-01")
    administer(story, "grant role", principal="p-2", role="administrator", until="2026-05-01")
    with story.refused("administrator-left"):
        administer(story, "revoke role", principal="p-1", role="administrator")
    administer(story, "revoke role", principal="p-2", role="administrator")


def test_a_role_is_revoked_and_never_corrected(story: Story) -> None:
    """Those who may correct could otherwise make an administrator of anybody."""
    administer(story, "grant role", **OFFICE)
    with story.refused("role-granted"):
        story.do(
            "correct fact",
            of="organisation/self",
            version=1,
            now={"role": "administrator"},
            reason="a slip",
            authority="the Chair",
        )


def test_other_commands_and_events_are_not_for_an_organisation(story: Story) -> None:
    administer(story, "grant role", **OFFICE)
    story.body()
    order = Order(
        command=VacateSeat(body="b", seat="east", until=When("2026-05-05")),
        command_id="x",
        actor=actor("administrator"),
        at=story.now,
        received_at=story.now + timedelta(minutes=1),
    )
    context: DecisionContext = story.placet.handling.decision_context(
        story.placet.store.history("fictional")
    )
    with pytest.raises(TypeError):
        decisions.decide(Organisation(), order, context)
    of_body = context.events(Stream.parse("body/b"))[0]

    assert Organisation() == Organisation().evolve(of_body)
    assert AccessRole.SECRETARIAT is settings(story).grants_of("p-2")[0].role
    assert () == settings(story).grants_of("p-3")
