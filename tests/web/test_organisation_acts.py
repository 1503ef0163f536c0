"""The page of an organisation and its forms: its name and zone, and roles given and revoked."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, said

PAGE = f"/organisations/{ORGANISATION}"


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of an organisation with a body of two seats."""
    story.body()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def does(visitor: Visitor, act: str, **fields: Any) -> str:
    """Fill in, check and confirm; what the page says on which one ends."""
    form = f"{PAGE}/act/{act}"
    done = visitor.confirms(form, visitor.checks(form, **fields))
    assert 303 == done.status_code, said(done)
    return said(visitor.opens(done.headers["location"]))


def grants(visitor: Visitor) -> list[str]:
    """The rows of the table of roles, each in its words."""
    rows = parsed(visitor.opens(PAGE).text).xpath("//table[@class='seats']/tbody/tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


def test_an_organisation_is_named_and_its_bodies_are_headed_by_that(visitor: Visitor) -> None:
    assert "Nothing is recorded of it yet." in said(visitor.opens(PAGE))
    done = does(
        visitor,
        "settings",
        **{"name-en": "Sea Office", "name-ar": "مكتب البحار", "zone": "Asia/Tokyo"},
    )

    assert "Sea Office" in done
    assert "Sea Office" in said(visitor.opens(f"/bodies/{ORGANISATION}"))
    assert "مكتب البحار" in said(visitor.opens(f"{PAGE}?lang=ar"))
    assert "Asia/Tokyo" in said(visitor.opens(PAGE))
    assert 'value="Asia/Tokyo"' in visitor.opens(f"/establish/{ORGANISATION}").text


def test_roles_are_given_and_revoked_on_pages(visitor: Visitor) -> None:
    does(visitor, "grant-role", principal="p-1", role="administrator")
    does(visitor, "grant-role", principal="p-3", role="member", body="b", seat="east")
    given = grants(visitor)
    does(visitor, "revoke-role", grant="principal=p-3&role=member&body=b&seat=east")

    assert given[0].startswith("p-1 Administrator since ")
    assert given[1].startswith("p-3 Member Body · East since ")
    assert [False, True] == ["not held now" in row for row in grants(visitor)]
    assert 2 == len(visitor.opens(f"{PAGE}.json").json()["grants"])


def test_the_form_lists_what_can_be_revoked(visitor: Visitor) -> None:
    before = visitor.client.get(f"{PAGE}/act/revoke-role")
    does(visitor, "grant-role", principal="p-5", role="auditor")
    form = parsed(visitor.opens(f"{PAGE}/act/revoke-role").text)

    assert 409 == before.status_code
    assert ["principal=p-5&role=auditor&body=&seat="] == form.xpath("//input[@name='grant']/@value")


@pytest.mark.parametrize(
    ("act", "fields", "answer"),
    [
        ("settings", {"zone": "Europe/Wien"}, "This is no time zone"),
        ("settings", {}, "nothing is told that was not known"),
        ("grant-role", {"role": "auditor"}, "This is needed"),
        ("grant-role", {"principal": "p", "role": "king"}, "not one of the answers"),
        ("grant-role", {"principal": "p", "role": "member"}, "is for a seat of a body"),
        (
            "grant-role",
            {"principal": "p", "role": "member", "body": "b", "seat": "x"},
            "not one of the answers",
        ),
        ("grant-role", {"principal": "p", "role": "auditor", "since": "soon"}, "day"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    visitor: Visitor, act: str, fields: dict[str, str], answer: str
) -> None:
    before = len(visitor.story.events())
    form = f"{PAGE}/act/{act}"
    page = visitor.sends(form, visitor.fills(form, **fields))

    assert answer in said(page)
    assert all(f'value="{text}"' in page.text for text in {*fields.values()} - {"king", "x"})
    assert before == len(visitor.story.events())


@pytest.mark.parametrize("grant", ["p-1", "role=king", "principal=p-1&role=auditor&x=y", "a=b"])
def test_a_grant_that_was_not_offered_is_refused(visitor: Visitor, grant: str) -> None:
    does(visitor, "grant-role", principal="p-1", role="auditor")
    form = f"{PAGE}/act/revoke-role"
    page = visitor.sends(form, visitor.fills(form, grant=grant))

    assert "not one of the answers" in said(page)


def test_an_unknown_organisation_has_no_page(visitor: Visitor) -> None:
    for path in ("/organisations/nowhere", "/organisations/nowhere/act/settings", f"{PAGE}/act/x"):
        assert 404 == visitor.client.get(path).status_code
