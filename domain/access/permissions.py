"""Permissions: who may do an act or see a page, by the grants that hold at its receipt.

Denied is whatever no rule here allows (OWASP ASVS 5.0, 8.2.1; decision 37).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never

from msgspec import Struct

from domain.access.roles import AccessRole, Grant
from domain.actors import Role
from domain.rules import Refused

FUNCTIONS: Final[Mapping[AccessRole, tuple[Role, ...]]] = {
    AccessRole.ADMINISTRATOR: (Role.ADMINISTRATOR,),
    AccessRole.SECRETARIAT: (Role.SECRETARIAT, Role.BODY, Role.PRESIDING_OFFICER),
    AccessRole.PRESIDING_OFFICER: (Role.PRESIDING_OFFICER,),
    AccessRole.MEMBER: (Role.SEAT,),
    AccessRole.DOCUMENT_SERVICES: (Role.DOCUMENT_SERVICES,),
    AccessRole.AUDITOR: (),
    AccessRole.DASHBOARD: (),
}
"""In which functions each role acts; a secretariat enters what a body or its officer decided."""


class ViewKind(StrEnum):
    """What kind of thing a page shows; each address of a page is of one kind."""

    STATE = "state"
    """The status board and the lists: what stands where, and what is awaited."""
    RECORD = "record"
    """The pages of nouns with their texts, and histories, except on roles."""
    EVIDENCE = "evidence"
    """The paper or message that came with one response; to others only that there is one."""
    RECEIPT = "receipt"
    """The receipt of one seat's response."""
    OWN_RECEIPT = "own receipt"
    """The same where names are withheld."""
    MAIL = "mail"
    """What came by mail, before it is registered, and the directory of mail addresses."""
    GRANTS = "grants"
    """Who has which role, and the settings of the organisation."""


EVERYBODY: Final = frozenset(AccessRole)
VIEWERS: Final[Mapping[ViewKind, frozenset[AccessRole]]] = {
    ViewKind.STATE: EVERYBODY,
    ViewKind.RECORD: EVERYBODY - {AccessRole.DASHBOARD},
    ViewKind.EVIDENCE: frozenset(
        {
            AccessRole.MEMBER,
            AccessRole.SECRETARIAT,
            AccessRole.PRESIDING_OFFICER,
            AccessRole.AUDITOR,
        }
    ),
    ViewKind.RECEIPT: frozenset({AccessRole.MEMBER, AccessRole.SECRETARIAT, AccessRole.AUDITOR}),
    ViewKind.OWN_RECEIPT: frozenset({AccessRole.MEMBER}),
    ViewKind.MAIL: frozenset({AccessRole.SECRETARIAT}),
    ViewKind.GRANTS: frozenset(
        {AccessRole.ADMINISTRATOR, AccessRole.SECRETARIAT, AccessRole.AUDITOR}
    ),
}
"""Which roles see each kind, of the whole organisation if it is none of `OF_ONE_BODY`."""
OF_ONE_BODY: Final = frozenset(
    {ViewKind.EVIDENCE, ViewKind.RECEIPT, ViewKind.OWN_RECEIPT, ViewKind.MAIL}
)
"""What is seen by a role for its body, or its seat, only; mail is of no body before it is
registered, so it is for those whose role is for every body."""


class Place(Struct, frozen=True, kw_only=True):
    """The scope of something: one or more bodies, perhaps a seat; else the whole organisation."""

    bodies: frozenset[str] = frozenset()
    seat: str = ""


class ActRequest(Struct, frozen=True, kw_only=True):
    """Somebody wants to do an act."""

    act: str
    """Its name in files, such as `open silence`."""
    functions: frozenset[Role]
    """The functions in which it can be done."""
    function: Role
    """The one in which it is to be done."""
    place: Place = Place()
    """Of what it is done; a seat acts as itself."""


class ViewRequest(Struct, frozen=True, kw_only=True):
    """Somebody wants to see something."""

    kind: ViewKind
    place: Place = Place()


class NoRoleHeld(Refused):
    """Somebody has no role in the organisation, or had one that has ended."""


def authorise(grants: Iterable[Grant], wanted: ActRequest | ViewRequest, at: datetime) -> Grant:
    """The grant, holding at this instant (UTC), by which somebody may do or see what they want.

    Raises Refused by the rule `role-granted` where none of theirs allows it: NoRoleHeld where
    none holds.
    """
    holding = [grant for grant in grants if grant.holds(at)]
    found = next((grant for grant in holding if _allows(grant, wanted)), None)
    if found is None:
        kind = Refused if holding else NoRoleHeld
        raise kind("role-granted", _why(wanted, holding))
    return found


def _allows(grant: Grant, wanted: ActRequest | ViewRequest) -> bool:
    """Whether a grant that holds allows an act, or a view."""
    match wanted:
        case ActRequest(function=function):
            possible = function in wanted.functions and function in FUNCTIONS[grant.role]
            return possible and _covers(grant, wanted.place)
        case ViewRequest(kind=kind):
            own = kind not in OF_ONE_BODY or _covers(grant, wanted.place)
            return own and grant.role in VIEWERS[kind]
        case _:
            assert_never(wanted)


def _covers(grant: Grant, place: Place) -> bool:
    """Whether something is within what a role was given for."""
    if grant.role is AccessRole.MEMBER:
        return grant.body in place.bodies and grant.seat == place.seat
    return not grant.body or grant.body in place.bodies


def _why(wanted: ActRequest | ViewRequest, holding: list[Grant]) -> str:
    """Which role is lacking, and which ones there are; the seat only where the actor named it."""
    seat = ""
    match wanted:
        case ViewRequest(kind=kind):
            what, roles = f"what is of the kind {kind} is shown", sorted(VIEWERS[kind])
        case ActRequest(act=act, function=function):
            what = f"{act}, as {function}, is"
            able = [role for role in AccessRole if function in FUNCTIONS[role]]
            roles = sorted(able) if function in wanted.functions else []
            seat = f", seat {wanted.place.seat}" if wanted.place.seat else ""
        case _:
            assert_never(wanted)
    place = wanted.place
    where = f" of {' or '.join(sorted(place.bodies))}" if place.bodies else ""
    needed = f"for the role {' or '.join(roles)}{where}{seat}" if roles else "for nobody"
    own = ", ".join(dict.fromkeys(_named(grant) for grant in holding)) or "none"
    return f"{what} {needed}; roles held: {own}"


def _named(grant: Grant) -> str:
    """A grant in words, without its principal."""
    body = f" of {grant.body}" if grant.body else ""
    return f"{grant.role}{body}" + (f", seat {grant.seat}" if grant.seat else "")
