"""Events of an organisation as a whole: its name, its time zone and its roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard, get_args

from msgspec import field

from domain.access.roles import AccessRole
from domain.messages import Fact
from domain.times import UNKNOWN, When


class SettingsChanged(Fact, frozen=True, kw_only=True):
    """An organisation received names, its time zone, or the colours of its pages."""

    names: Mapping[str, str] = field(default_factory=dict)
    """The names that are new, by language."""
    zone: str = ""
    """The IANA zone that new bodies have unless they are given another; empty where unchanged."""
    head_colour: str = ""
    """The colour of the head of pages and of headings, as `#07304c`; empty where unchanged."""
    link_colour: str = ""
    """The colour of links and buttons; empty where unchanged."""


class RoleGranted(Fact, frozen=True, kw_only=True):
    """A person was given a role in the organisation, in one of its bodies, or for one seat."""

    principal: str
    """Whose it is: an opaque id, never a name."""
    role: AccessRole
    body: str = ""
    """The body for which it is given; empty for all bodies of the organisation."""
    seat: str = ""
    """The seat of a member."""
    since: When
    """The instant from which it holds."""
    until: When = UNKNOWN
    """The instant from which it holds no more; unknown where it has no end."""


class RoleRevoked(Fact, frozen=True, kw_only=True):
    """A role was taken from a person, from this event on."""

    principal: str
    role: AccessRole
    body: str = ""
    seat: str = ""
    reason: str = ""


OrganisationEvent = SettingsChanged | RoleGranted | RoleRevoked
"""All events of an organisation as a whole."""
_KINDS: Final = frozenset(get_args(OrganisationEvent))


def is_organisation_event(event: Fact) -> TypeGuard[OrganisationEvent]:
    """Whether it is one of those above."""
    return type(event) in _KINDS
