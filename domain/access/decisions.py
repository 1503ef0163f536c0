"""Decisions on an organisation as a whole: its settings and the grants of roles."""

from __future__ import annotations

from typing import Final, assert_never

from domain.access.commands import (
    ChangeColours,
    ChangeSettings,
    GrantRole,
    RevokeRole,
    is_organisation_command,
)
from domain.access.events import (
    ColoursChanged,
    OrganisationEvent,
    RoleGranted,
    RoleRevoked,
    SettingsChanged,
)
from domain.access.organisation import Organisation
from domain.access.page_colours import LEAST_CONTRAST, is_colour, least_contrast
from domain.access.roles import AccessRole, Grant
from domain.actors import Role
from domain.confusables import name_problem
from domain.decision_context import DecisionContext
from domain.instants import LATEST
from domain.messages import Decision, NewEvent, Order
from domain.rules import require
from domain.time_zones import is_zone
from domain.times import When

OF_THE_WHOLE: Final = (AccessRole.ADMINISTRATOR, AccessRole.AUDITOR, AccessRole.DASHBOARD)
"""The roles that are given for an organisation, never for one body of it."""

LAST_WHO_CAN_LOG_IN: Final = "nobody else who can log in is an administrator"


def decide(organisation: Organisation, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to the organisation as a whole. Raises Refused."""
    command = order.command
    if not is_organisation_command(command):
        raise TypeError(f"no command to an organisation: {command!r}")
    require("live-now", not order.attested, "settings and roles are given live; no source does it")
    by = order.actor.role is Role.ADMINISTRATOR
    require("live-role", by, "an administrator changes settings and roles")
    match command:
        case ChangeSettings():
            fact: OrganisationEvent = _settings(organisation, command)
        case ChangeColours():
            fact = _colours(organisation, command)
        case GrantRole():
            fact = _granted(organisation, command, order, world)
        case RevokeRole():
            fact = _revoked(organisation, command, order, world)
        case _:
            assert_never(command)
    return Decision((NewEvent(command.stream, fact),))


def _settings(organisation: Organisation, command: ChangeSettings) -> SettingsChanged:
    """What is new in it. Raises Refused for a zone that is none, or where nothing is new."""
    known = not command.zone or is_zone(command.zone)
    require("exact-instant", known, f"{command.zone!r:.80} is not an IANA time zone")
    for language, name in command.names.items():
        require("empty", name, f"the name in {language} is blank")
    had = organisation.names
    names = {tag: name for tag, name in command.names.items() if had.get(tag) != name}
    zone = "" if command.zone == organisation.zone else command.zone
    require("empty", names or zone, "nothing is told that was not known")
    return SettingsChanged(names=names, zone=zone)


def _colours(organisation: Organisation, command: ChangeColours) -> ColoursChanged:
    """What is new in them. Raises Refused for what is no colour, and where nothing is new."""
    head = _new_colour(command.head, organisation.head_colour)
    links = _new_colour(command.links, organisation.link_colour)
    require("empty", head or links, "pages have these colours already")
    return ColoursChanged(head=head, links=links)


def _new_colour(colour: str, had: str) -> str:
    """A colour that pages did not have; empty where it is the same or none is chosen.

    Raises Refused for one that is none, and for one in which letters cannot be read well.
    """
    if colour in {"", had}:
        return ""
    require("colour", is_colour(colour), f"{colour!r:.80} is not written as #07304c is")
    least, ground = least_contrast(colour)
    readable = least >= LEAST_CONTRAST
    require("contrast", readable, f"{colour} on {ground} has a contrast of {least:.2f} to 1")
    return colour


def _granted(
    organisation: Organisation, command: GrantRole, order: Order, world: DecisionContext
) -> RoleGranted:
    """The grant with its instants. Raises Refused for an invalid grant."""
    problem = name_problem(command.principal)
    require("plain-id", not problem, f"principal {command.principal!r:.80}: {problem}")
    zone = _require_place(command, world) or organisation.zone or "UTC"
    since = _begin(command.since, zone) if command.since.known else order.when
    until = _begin(command.until, zone) if command.until.known else command.until
    ends = until.earliest if until.known else LATEST
    because = f"the role would end on {until}, before it begins on {since}"
    require("no-overlap-of-terms", since.earliest < ends, because)
    terms = [grant for grant in organisation.grants if grant.particulars == _particulars(command)]
    free = all(term.is_over(since.earliest) for term in terms)
    require("new", free, f"{command.principal} has the role {command.role} already, or will have")
    return RoleGranted(
        principal=command.principal,
        role=command.role,
        body=command.body,
        seat=command.seat,
        since=since,
        until=until,
    )


def _begin(when: When, zone: str) -> When:
    """The instant at which a day begins in a zone, or the instant itself."""
    return When.from_instant(when.in_zone(zone).earliest)


def _require_place(command: GrantRole, world: DecisionContext) -> str:
    """The zone of the body for which it is given. Raises Refused for an unknown body or seat."""
    role, member = command.role, command.role is AccessRole.MEMBER
    whole = not command.body or role not in OF_THE_WHOLE
    require("fits-its-stream", whole, f"the role {role} is given for a whole organisation")
    because = f"the role {role} is for a seat of a body" if member else f"{role} is for no seat"
    require("fits-its-stream", member == bool(command.seat and command.body), because)
    require("fits-its-stream", member or not command.seat, because)
    if not command.body:
        return ""
    body = world.body(command.body)
    known = not member or any(seat.seat == command.seat for seat in body.seats)
    require("known", known, f"{command.body} has no seat {command.seat}")
    return body.zone


def _revoked(
    organisation: Organisation, command: RevokeRole, order: Order, world: DecisionContext
) -> RoleRevoked:
    """Raises Refused for what was not granted, or has ended; and for the last administrator.

    Of those who stay one can log in, unless the one who goes could not do so either.
    """
    at = order.when.earliest
    terms = [grant for grant in organisation.grants if grant.particulars == _particulars(command)]
    running = bool(terms) and not terms[-1].is_over(at)
    require("known", running, f"{command.principal} has no role {command.role} here to revoke")
    if command.role is AccessRole.ADMINISTRATOR:
        left = [grant for grant in organisation.grants if _administers(grant, terms[-1], order)]
        require("administrator-left", left, "this is the last administrator")
        able = (grant.principal for grant in left if grant.principal != command.principal)
        stays = not world.can_log_in(command.principal) or any(map(world.can_log_in, able))
        require("administrator-left", stays, LAST_WHO_CAN_LOG_IN)
    return RoleRevoked(
        principal=command.principal,
        role=command.role,
        body=command.body,
        seat=command.seat,
        reason=command.reason,
    )


def _administers(grant: Grant, revoked: Grant, order: Order) -> bool:
    """Whether this is another administrator's, in force now and for at least as long."""
    lasts = grant.until is None or (revoked.until is not None and grant.until >= revoked.until)
    administers = grant.role is AccessRole.ADMINISTRATOR and grant is not revoked
    return administers and lasts and grant.holds(order.when.earliest)


def _particulars(command: GrantRole | RevokeRole) -> tuple[str, str, str, str]:
    return (command.principal, command.role, command.body, command.seat)
