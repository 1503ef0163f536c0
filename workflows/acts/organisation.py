"""Acts on an organisation as a whole: its name and zone, and who is given which role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from domain.access.commands import ChangeColours, ChangeSettings, GrantRole, RevokeRole
from domain.access.page_colours import HEAD, HEX, LINKS
from domain.access.roles import AccessRole, Grant
from domain.actors import Role
from domain.streams import StreamKind
from workflows.acts.act import ALWAYS, Act, Availability
from workflows.acts.choices import called_by_words, of_body, of_seat
from workflows.acts.field_combinations import known_zone
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
from workflows.acts.request import NOT_OFFERED
from workflows.acts.shared_parameters import REASON
from workflows.queries.organisation import OrganisationForForm

ADMINISTRATORS: Final = (Role.ADMINISTRATOR,)

ROLES: Final[Mapping[str, str]] = {
    "administrator": N_("Administrator: accounts, roles and settings"),
    "secretariat": N_("Secretariat: all that a secretariat does and enters"),
    "presiding officer": N_("Presiding officer: opens, suspends, extends, rules"),
    "member": N_("Member: answers for one seat"),
    "document services": N_("Document services: issue and publish documents"),
    "auditor": N_("Auditor: reads the whole record"),
    "dashboard": N_("Dashboard: reads the status board only"),
}
"""What each role is for, in words."""

GIVEN: Final = Availability[OrganisationForForm](
    words="while somebody has a role", holds=lambda shown: bool(shown.revocable)
)


def _people(shown: OrganisationForForm) -> tuple[Choice, ...] | None:
    """Those who have an account; None where there are none, and an id is written."""
    if not shown.people:
        return None
    return tuple(
        Choice(value=person.principal, text=person.name or person.login, code=person.login)
        for person in shown.people
        if person.active
    )


def bodies(shown: OrganisationForForm) -> tuple[Choice, ...]:
    """The bodies of the organisation."""
    return tuple(of_body(row.id, row.names) for row in shown.bodies)


def seats(shown: OrganisationForForm) -> tuple[Choice, ...]:
    """The seats that are held now, each with its body, which a choice names too."""
    several = len(shown.bodies) > 1
    return tuple(
        replace(
            of_seat(seat),
            value=urlencode({"body": body, "seat": seat.seat}),
            code=f"{body}, {seat.seat}" if several else seat.seat,
        )
        for body, seat in shown.seats
    )


def seat_of_body(text: str) -> Mapping[str, str]:
    """The body and the seat of a choice; the seat alone where only its id is written.

    Raises ValueError for what is neither.
    """
    if "=" not in text:
        return {"seat": text}
    found = dict(parse_qsl(text, strict_parsing=True))
    if {*found} != {"body", "seat"}:
        raise ValueError(NOT_OFFERED)
    return found


def _running(shown: OrganisationForForm) -> tuple[Choice, ...]:
    """The grants that can be revoked, each as all of its particulars, by whose they are."""
    named = {person.principal: person.called for person in shown.people}
    found = [
        _grant(grant, named.get(grant.principal, grant.principal), shown)
        for grant in shown.revocable
    ]
    return tuple(sorted(found, key=lambda choice: choice.before.casefold()))


def _grant(grant: Grant, whose: str, shown: OrganisationForForm) -> Choice:
    """One grant: whose it is, which role, in which body and for which seat."""
    names = {row.id: row.names for row in shown.bodies}
    held = {(body, seat.seat): of_seat(seat) for body, seat in shown.seats}
    seat = held.get((grant.body, grant.seat), Choice(value="", text=grant.seat))
    return Choice(
        value=urlencode(dict(zip(PARTICULARS, grant.particulars, strict=True))),
        label=str(grant.role),
        before=f"{whose}: ",
        then=(
            *([of_body(grant.body, names.get(grant.body, {}))] if grant.body else ()),
            *([seat] if grant.seat else ()),
        ),
    )


def _parted(text: str) -> Mapping[str, object]:
    """The particulars of a grant that was chosen. Raises ValueError for what is none."""
    found = dict(parse_qsl(text, strict_parsing=True))
    if not {*found} <= {*PARTICULARS}:
        raise ValueError(NOT_OFFERED)
    return {**found, "role": AccessRole(found.get("role", ""))}


PARTICULARS: Final = ("principal", "role", "body", "seat")


def _colour(
    path: str,
    label: str,
    standard: str,
    value: Callable[[OrganisationForForm], str],
    option: Option,
) -> Parameter[OrganisationForForm]:
    return Parameter(
        path=path,
        label=label,
        hint=STANDARD[standard],
        widget=Widget.COLOUR,
        value=value,
        pattern=(HEX, N_("A colour is written as #07304c: six hexadecimal digits.")),
        option=option,
    )


STANDARD: Final = {
    HEAD: N_("Letters must have a contrast of 4.5 to 1 with it. Pages come with #07304c."),
    LINKS: N_("Letters must have a contrast of 4.5 to 1 with it. Pages come with #00558a."),
}
"""What helps to choose a colour, by the one that pages come with."""

SETTINGS: Final = Act[OrganisationForForm](
    command=ChangeSettings,
    noun=StreamKind.ORGANISATION,
    slug="settings",
    title=N_("Change name or time zone"),
    does=N_(
        "Says what the organization is called, and which time zone new bodies have. A name in a"
        " language that has one replaces it from now on; the old one stays in the history."
    ),
    roles=ADMINISTRATORS,
    offered=ALWAYS,
    parameters=(
        Parameter(
            path="names",
            name="name",
            label=N_("Name (%(language)s)"),
            option=Option("Its name in a language.", "--name", "LANGUAGE=NAME"),
        ),
        Parameter(
            path="zone",
            label=N_("Time zone"),
            hint=N_("As the IANA names it, such as Europe/Vienna. It is proposed for new bodies."),
            value=lambda shown: shown.settings.zone,
            option=Option("The IANA time zone that is proposed for new bodies."),
        ),
    ),
    checks=(known_zone("zone"),),
    help="Change the name of the organisation, or the time zone of its new bodies.",
)

COLOURS: Final = Act[OrganisationForForm](
    command=ChangeColours,
    noun=StreamKind.ORGANISATION,
    slug="colours",
    title=N_("Choose the colours of pages"),
    does=N_("Says in which colours the pages of the organization are. Letters have none."),
    roles=ADMINISTRATORS,
    offered=ALWAYS,
    parameters=(
        _colour(
            "head",
            N_("Colour of the head of pages and of headings"),
            HEAD,
            lambda shown: shown.settings.head_colour,
            Option("The colour of the head of pages and of headings, as #07304c."),
        ),
        _colour(
            "links",
            N_("Colour of links and buttons"),
            LINKS,
            lambda shown: shown.settings.link_colour,
            Option("The colour of links and buttons, as #00558a."),
        ),
    ),
    help="Choose the colours of the organisation's pages.",
)

PRINCIPAL: Final = Parameter[OrganisationForForm](
    path="principal",
    label=N_("Whose role"),
    hint=lambda shown: (
        "" if shown.people else N_("The id of the account, which is no name and no address.")
    ),
    choices=_people,
    option=Option("Whose role: the id of the account, never a name.", "--principal"),
)
ROLE: Final = Parameter[Any](
    path="role",
    label=N_("Role"),
    widget=Widget.SINGLE,
    choices=lambda _: called_by_words(ROLES),
    closed=True,
    option=Option(f"One of: {', '.join(AccessRole)}."),
)
BODY: Final = Parameter[OrganisationForForm](
    path="body",
    label=N_("For which body"),
    hint=N_("Empty for every body of the organization."),
    choices=bodies,
    applies=lambda shown: bool(shown.bodies),
    option=Option("The body; else every body of the organisation."),
)
SEAT: Final = Parameter[OrganisationForForm](
    path="seat",
    label=N_("For which seat"),
    hint=N_("Only for a member. The body of the seat need not be chosen."),
    choices=seats,
    split=seat_of_body,
    applies=lambda shown: bool(shown.bodies),
    option=Option("The seat of a member."),
)

GRANT: Final = Act[OrganisationForForm](
    command=GrantRole,
    noun=StreamKind.ORGANISATION,
    slug="grant-role",
    title=N_("Give a role"),
    does=N_("Says what a person may do and see, where, and for how long."),
    roles=ADMINISTRATORS,
    offered=ALWAYS,
    parameters=(
        PRINCIPAL,
        ROLE,
        SEAT,
        BODY,
        Parameter(
            path="since",
            label=N_("Since which day"),
            hint=N_("Empty for now."),
            widget=Widget.DAY,
            option=Option("The day or instant from which it holds; else now."),
        ),
        Parameter(
            path="until",
            label=N_("Until before which day"),
            hint=N_("The first day on which it holds no more. Empty as long as that is open."),
            widget=Widget.DAY,
            option=Option("The first day or instant at which it holds no more."),
        ),
    ),
    help="Give a person a role: in every body or in one, a member for one seat.",
)

REVOKE: Final = Act[OrganisationForForm](
    command=RevokeRole,
    noun=StreamKind.ORGANISATION,
    slug="revoke-role",
    title=N_("Take a role away"),
    does=N_("Ends a role from this moment on. What was done under it before stays as it is."),
    roles=ADMINISTRATORS,
    offered=GIVEN,
    parameters=(
        replace(
            PRINCIPAL,
            name="grant",
            label=N_("Which role"),
            hint="",
            widget=Widget.SINGLE,
            choices=_running,
            split=_parted,
        ),
        *(replace(parameter, label="") for parameter in (ROLE, BODY, SEAT)),
        REASON,
    ),
    help="Take a role from a person, from now on.",
)

ORGANISATION: Final[tuple[Act[Any], ...]] = (SETTINGS, COLOURS, GRANT, REVOKE)
