"""Acts on an organisation as a whole: its name and zone, and who is given which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from domain.access.commands import ChangeSettings, GrantRole, RevokeRole
from domain.access.roles import AccessRole
from domain.actors import Role
from domain.streams import StreamKind
from workflows.acts.act import ALWAYS, Act, Availability
from workflows.acts.choices import called_by_words
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


MOST_SEATS: Final = 400
"""Up to how many seats a form lists them; beyond that their ids are written."""


def _bodies(shown: OrganisationForForm) -> tuple[Choice, ...]:
    return tuple(Choice(value=row.id, names=row.names, text=row.id) for row in shown.bodies)


def _seats(shown: OrganisationForForm) -> tuple[Choice, ...] | None:
    if len(shown.seats) > MOST_SEATS:
        return None
    return tuple(
        Choice(value=seat.seat, names=seat.names, text=seat.holder, after=f" ({body}, {seat.seat})")
        for body, seat in shown.seats
    )


def _running(shown: OrganisationForForm) -> tuple[Choice, ...]:
    """The grants that can be revoked, each as all of its particulars."""
    return tuple(
        Choice(
            value=urlencode(dict(zip(PARTICULARS, grant.particulars, strict=True))),
            label=str(grant.role),
            before=f"{grant.principal}: ",
            after=f" ({', '.join(filter(None, (grant.body, grant.seat)))})" if grant.body else "",
        )
        for grant in shown.revocable
    )


def _parted(text: str) -> Mapping[str, object]:
    """The particulars of a grant that was chosen. Raises ValueError for what is none."""
    found = dict(parse_qsl(text, strict_parsing=True))
    if not {*found} <= {*PARTICULARS}:
        raise ValueError(NOT_OFFERED)
    return {**found, "role": AccessRole(found.get("role", ""))}


PARTICULARS: Final = ("principal", "role", "body", "seat")

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
    help="Change the name of the organisation, or the time zone of its new bodies.",
)

PRINCIPAL: Final = Parameter[Any](
    path="principal",
    label=N_("Whose role"),
    hint=N_("The id of the account, which is no name and no address."),
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
    choices=_bodies,
    applies=lambda shown: bool(shown.bodies),
    option=Option("The body; else every body of the organisation."),
)
SEAT: Final = Parameter[OrganisationForForm](
    path="seat",
    label=N_("For which seat"),
    hint=N_("For a member: a seat of that body."),
    choices=_seats,
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
        BODY,
        SEAT,
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

ORGANISATION: Final[tuple[Act[Any], ...]] = (SETTINGS, GRANT, REVOKE)
