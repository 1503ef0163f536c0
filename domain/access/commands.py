"""Commands to an organisation as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field

from domain.access.roles import AccessRole
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When

ORGANISATION: Final = Stream(StreamKind.ORGANISATION, "self")
"""The one stream of this kind that each organisation has."""


class ToOrganisation(Struct, frozen=True, kw_only=True):
    """A command to the organisation in whose log it is recorded."""

    @property
    def stream(self) -> Stream:
        return ORGANISATION


class ChangeSettings(ToOrganisation, frozen=True, kw_only=True):
    """Give the organisation names, the time zone of its new bodies, or the colours of its pages."""

    names: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    head_colour: str = ""
    link_colour: str = ""


class GrantRole(ToOrganisation, frozen=True, kw_only=True):
    """Give a person a role: in every body or in one, a member for one seat, for a time.

    A day is one of the zone of the body, else of the organisation; `until` is the first day, or
    the instant, on which it holds no more. Without `since` it holds from the receipt on.
    """

    principal: str
    role: AccessRole
    body: str = ""
    seat: str = ""
    since: When = UNKNOWN
    until: When = UNKNOWN


class RevokeRole(ToOrganisation, frozen=True, kw_only=True):
    """Take a role from a person, from the receipt on."""

    principal: str
    role: AccessRole
    body: str = ""
    seat: str = ""
    reason: str = ""


OrganisationCommand = ChangeSettings | GrantRole | RevokeRole
"""All commands to an organisation as a whole."""
_KINDS: Final = frozenset(get_args(OrganisationCommand))


def is_organisation_command(command: object) -> TypeGuard[OrganisationCommand]:
    return type(command) in _KINDS
