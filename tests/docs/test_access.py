"""The tables of docs/access.md, asked cell by cell: they say what is decided, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from domain.access.permissions import (
    OF_ONE_BODY,
    ActRequest,
    Place,
    ViewKind,
    ViewRequest,
    authorise,
)
from domain.access.roles import AccessRole, Grant
from domain.actors import Role
from domain.rules import Refused
from domain.times import When
from domain.type_registry import COMMANDS, VERBS
from workflows.acts import catalogue
from workflows.acts.catalogue import ACTS

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
NOON = When("2026-03-02T12:00Z").exact
HERE = Place(bodies=frozenset({"b"}), seat="east")
ELSEWHERE = Place(bodies=frozenset({"c"}), seat="east")
OTHER_SEAT = Place(bodies=frozenset({"b"}), seat="west")


def tables(heading: str) -> Iterator[list[str]]:
    """The rows of the table below a heading, without its head."""
    below = PAGE.read_text(encoding="utf-8").partition(f"{heading}\n")[2]
    rows = [line for line in below.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if cells[0] not in {"act", "kind"}:
            yield cells


def grant(role: AccessRole, *, body: str = "b") -> Grant:
    """This role, in one body where it can be: that of the east seat for a member."""
    whole = role in {AccessRole.ADMINISTRATOR, AccessRole.AUDITOR, AccessRole.DASHBOARD}
    seat = "east" if role is AccessRole.MEMBER else ""
    return Grant(principal="p", role=role, body="" if whole else body, seat=seat, since=NOON)


def may(wanted: ActRequest | ViewRequest, *grants: Grant) -> bool:
    try:
        authorise(grants, wanted, NOON)
    except Refused:
        return False
    return True


def acts() -> Iterator[tuple[str, frozenset[Role], AccessRole, set[str]]]:
    """Each act with its functions, each role, and the functions that its cell names."""
    rows = [*tables("## Who may do what")]
    titles = [f"{act.title} (`{VERBS[act.command]}`)" for act in ACTS]
    able = [frozenset(act.roles) for act in ACTS]
    nouns = [f", {act.noun}" if titles.count(titles[n]) > 1 else "" for n, act in enumerate(ACTS)]
    assert [*map("".join, zip(titles, nouns, strict=True))] == [row[0] for row in rows]
    for (title, *cells), functions in zip(rows, able, strict=True):
        for role, cell in zip(AccessRole, cells, strict=True):
            yield title, functions, role, {*filter(None, cell.split(", "))}


def test_every_act_is_done_by_whom_the_table_says_and_by_nobody_else() -> None:
    """In each function that there is, where the role was given, elsewhere, and without a role."""
    cells = 0
    for title, functions, role, allowed in acts():
        for function in Role:
            wanted = ActRequest(act=title, functions=functions, function=function, place=HERE)
            far = ActRequest(act=title, functions=functions, function=function, place=ELSEWHERE)
            given = function in allowed

            assert given is may(wanted, grant(role)), (title, role, function)
            assert not may(wanted)
            assert (given and role is AccessRole.ADMINISTRATOR) is may(far, grant(role))
            cells += 1
    assert cells == len(Role) * len(AccessRole) * len(ACTS)


def test_a_member_acts_for_its_own_seat_only() -> None:
    for title, functions, role, allowed in acts():
        wanted = ActRequest(act=title, functions=functions, function=Role.SEAT, place=OTHER_SEAT)
        if role is AccessRole.MEMBER:
            assert allowed <= {"seat"}
            assert not may(wanted, grant(role))


def test_every_kind_of_view_is_seen_by_whom_the_table_says() -> None:
    """Of the whole organisation, but for what is of one body, or of one seat."""
    rows = [*tables("## Who sees what")]
    assert [f"`{kind}`" for kind in ViewKind] == [row[0] for row in rows]
    for (_, _, *cells), kind in zip(rows, ViewKind, strict=True):
        for role, cell in zip(AccessRole, cells, strict=True):
            own, whole = grant(role), role is AccessRole.AUDITOR
            far = bool(cell) and (kind not in OF_ONE_BODY or whole)

            assert bool(cell) is may(ViewRequest(kind=kind, place=HERE), own), (kind, role)
            assert far is may(ViewRequest(kind=kind, place=ELSEWHERE), own), (kind, role)
            assert not may(ViewRequest(kind=kind, place=HERE))


def test_every_command_is_given_in_some_function() -> None:
    assert {*COMMANDS.values()} == {*catalogue.FUNCTIONS}
    assert all(catalogue.FUNCTIONS.values())
