"""The state of an organisation as a whole: its names, its time zone, and who has which role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct, field, structs

from domain.access.events import (
    RoleGranted,
    RoleRevoked,
    SettingsChanged,
    is_organisation_event,
)
from domain.access.page_colours import HEAD, LINKS
from domain.access.roles import Grant
from domain.messages import FoldableEvent


class Organisation(Struct, frozen=True, kw_only=True):
    """The state of an organisation as a whole that decisions need."""

    names: Mapping[str, str] = field(default_factory=dict)
    """What it is called, by language."""
    zone: str = ""
    """The zone that new bodies have unless they are given another."""
    head_colour: str = HEAD
    """The colour of the head of its pages and of headings, as `#07304c`."""
    link_colour: str = LINKS
    """The colour of links and buttons on its pages."""
    grants: tuple[Grant, ...] = ()
    """Every grant there was, in the order in which they were given."""

    def grants_of(self, principal: str) -> tuple[Grant, ...]:
        """All that this person was ever granted."""
        return tuple(grant for grant in self.grants if grant.principal == principal)

    def evolve(self, recorded: FoldableEvent) -> Organisation:
        """The organisation after one event. Never refuses: it already happened."""
        event = recorded.fact
        if not is_organisation_event(event):
            return self
        match event:
            case SettingsChanged():
                names = {**self.names, **event.names}
                return structs.replace(
                    self,
                    names=names,
                    zone=event.zone or self.zone,
                    head_colour=event.head_colour or self.head_colour,
                    link_colour=event.link_colour or self.link_colour,
                )
            case RoleGranted():
                return structs.replace(self, grants=(*self.grants, _grant(event)))
            case RoleRevoked():
                return structs.replace(self, grants=_revoked(self.grants, event, recorded))
            case _:
                assert_never(event)


def _grant(event: RoleGranted) -> Grant:
    return Grant(
        principal=event.principal,
        role=event.role,
        body=event.body,
        seat=event.seat,
        since=event.since.earliest,
        until=event.until.earliest if event.until.known else None,
    )


def _revoked(
    grants: tuple[Grant, ...], event: RoleRevoked, recorded: FoldableEvent
) -> tuple[Grant, ...]:
    """The last grant of these particulars ends when it was revoked, or never begins."""
    wanted = (event.principal, event.role, event.body, event.seat)
    last = max(n for n, grant in enumerate(grants) if grant.particulars == wanted)
    ended = structs.replace(grants[last], until=recorded.effective.earliest)
    return (*grants[:last], ended, *grants[last + 1 :])
