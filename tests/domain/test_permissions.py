"""Permissions: what a grant allows, when, where, and how a refusal tells what is lacking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs

from domain.access.permissions import (
    ActRequest,
    NoRoleHeld,
    Place,
    ViewKind,
    ViewRequest,
    authorise,
)
from domain.access.roles import AccessRole, Grant, Identity
from domain.actors import Role
from domain.intake_entry import IntakeEntry
from domain.rules import Refused
from domain.times import When

NOON = When("2026-03-02T12:00Z").exact
MOMENT = timedelta.resolution
OF_B = Place(bodies=frozenset({"b"}))
EAST = Place(bodies=frozenset({"b"}), seat="east")


def opening(place: Place = OF_B, function: Role = Role.SECRETARIAT) -> ActRequest:
    able = frozenset({Role.SECRETARIAT, Role.PRESIDING_OFFICER})
    return ActRequest(act="open silence", functions=able, function=function, place=place)


def response(place: Place) -> ActRequest:
    able = frozenset({Role.SEAT})
    return ActRequest(act="respond", functions=able, function=Role.SEAT, place=place)


def secretariat(body: str = "", until: timedelta | None = None) -> Grant:
    end = None if until is None else NOON + until
    return Grant(principal="p", role=AccessRole.SECRETARIAT, body=body, since=NOON, until=end)


EASTERN = Grant(principal="p", role=AccessRole.MEMBER, body="b", seat="east", since=NOON)


def test_a_grant_holds_from_its_first_instant_to_before_its_last() -> None:
    grant = secretariat(until=timedelta(hours=1))

    assert grant is authorise([grant], opening(), NOON)
    assert grant is authorise([grant], opening(), NOON + timedelta(hours=1) - MOMENT)
    for at in (NOON - MOMENT, NOON + timedelta(hours=1)):
        with pytest.raises(Refused):
            authorise([grant], opening(), at)


def test_the_grant_that_allows_it_is_found_among_others() -> None:
    elsewhere, here = secretariat("c"), secretariat("b")

    assert here is authorise([elsewhere, EASTERN, here], opening(), NOON)


def test_a_new_body_is_for_whoever_has_the_role_in_every_body() -> None:
    anywhere = secretariat()

    assert anywhere is authorise([anywhere], opening(Place()), NOON)
    with pytest.raises(Refused):
        authorise([secretariat("b")], opening(Place()), NOON)


def test_a_seat_of_the_same_name_in_another_body_is_another_seat() -> None:
    assert EASTERN is authorise([EASTERN], response(EAST), NOON)
    for bodies, seat in (({"c"}, "east"), ({"b"}, "west"), (set[str](), "east"), ({"b"}, "")):
        place = Place(bodies=frozenset(bodies), seat=seat)
        with pytest.raises(Refused):
            authorise([EASTERN], response(place), NOON)


def test_a_receipt_is_for_its_seat_for_staff_and_for_auditors() -> None:
    wanted = ViewRequest(kind=ViewKind.RECEIPT, place=EAST)
    auditor = Grant(principal="p", role=AccessRole.AUDITOR, since=NOON)
    western = Grant(principal="p", role=AccessRole.MEMBER, body="b", seat="west", since=NOON)

    for grant in (EASTERN, auditor, secretariat("b")):
        assert grant is authorise([grant], wanted, NOON)
    for grant in (western, secretariat("c")):
        with pytest.raises(Refused):
            authorise([grant], wanted, NOON)


def test_a_paper_is_for_its_seat_for_who_registers_or_rules_and_for_auditors() -> None:
    wanted = ViewRequest(kind=ViewKind.EVIDENCE, place=EAST)
    auditor = Grant(principal="p", role=AccessRole.AUDITOR, since=NOON)
    western = Grant(principal="p", role=AccessRole.MEMBER, body="b", seat="west", since=NOON)
    of_b, of_c = (
        Grant(principal="p", role=AccessRole.PRESIDING_OFFICER, body=body, since=NOON)
        for body in ("b", "c")
    )

    for grant in (EASTERN, auditor, secretariat("b"), of_b):
        assert grant is authorise([grant], wanted, NOON)
    for grant in (western, secretariat("c"), of_c):
        with pytest.raises(Refused):
            authorise([grant], wanted, NOON)


def test_a_receipt_that_is_withheld_is_for_its_seat_alone() -> None:
    wanted = ViewRequest(kind=ViewKind.OWN_RECEIPT, place=EAST)
    auditor = Grant(principal="p", role=AccessRole.AUDITOR, since=NOON)
    western = Grant(principal="p", role=AccessRole.MEMBER, body="b", seat="west", since=NOON)

    assert EASTERN is authorise([EASTERN], wanted, NOON)
    for grant in (western, auditor, secretariat("b"), secretariat("")):
        with pytest.raises(Refused):
            authorise([grant], wanted, NOON)


def test_who_has_no_role_at_all_is_refused_as_such() -> None:
    """Also one whose role has ended, or has not begun."""
    ended = structs.replace(EASTERN, until=NOON)
    for grants in ([], [ended]):
        with pytest.raises(NoRoleHeld):
            authorise(grants, opening(), NOON)
    with pytest.raises(Refused) as refused:
        authorise([EASTERN], opening(), NOON)

    assert not isinstance(refused.value, NoRoleHeld)


def test_a_refusal_says_which_role_is_lacking_and_which_there_are() -> None:
    with pytest.raises(Refused) as refused:
        authorise([secretariat("c"), EASTERN, secretariat("c")], opening(), NOON)

    assert "role-granted" == refused.value.rule
    assert "OWASP ASVS 5.0, 8.2.1" in refused.value.citation
    assert refused.value.because == (
        "open silence, as secretariat, is for the role secretariat of b;"
        " roles held: secretariat of c, member of b, seat east"
    )


@pytest.mark.parametrize(
    ("wanted", "because"),
    [
        (
            opening(Place(bodies=frozenset({"b", "a"})), Role.PRESIDING_OFFICER),
            (
                "open silence, as presiding officer, is for the role"
                " presiding officer or secretariat of a or b; roles held: none"
            ),
        ),
        (opening(function=Role.BODY), "open silence, as body, is for nobody; roles held: none"),
        (
            response(EAST),
            "respond, as seat, is for the role member of b, seat east; roles held: none",
        ),
        (
            ViewRequest(kind=ViewKind.RECEIPT, place=EAST),
            (
                "what is of the kind receipt is shown for the role"
                " auditor or member or secretariat of b; roles held: none"
            ),
        ),
        (
            ViewRequest(kind=ViewKind.GRANTS),
            (
                "what is of the kind grants is shown for the role"
                " administrator or auditor or secretariat; roles held: none"
            ),
        ),
    ],
)
def test_what_nobody_was_granted_is_denied(wanted: ActRequest | ViewRequest, because: str) -> None:
    with pytest.raises(Refused) as refused:
        authorise([], wanted, NOON)

    assert because == refused.value.because


def test_a_response_that_waits_knows_who_sent_it() -> None:
    """Where log-in is not in force, nobody is named."""
    sent = IntakeEntry(
        organisation="o",
        window="w",
        seat="east",
        command_id="x",
        received_at=NOON,
        offset_ms=0,
        response=b"{}",
        principal="p",
        authenticated_by="password",
    )
    unnamed = structs.replace(sent, principal="", authenticated_by="")

    assert (
        Identity(principal="p", authenticated_by="password", authenticated_at=NOON) == sent.identity
    )
    assert unnamed.identity is None
