"""Proposing, amending, moving, withdrawing: acts on headings while the list is in preparation.

What is approved, or before a body, keeps the headings under which it was submitted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import assert_never

from domain.agenda import item_stages
from domain.agenda.agenda import Agenda
from domain.agenda.commands import (
    AmendHeading,
    HeadingCommand,
    MoveHeading,
    ProposeHeading,
    WithdrawHeading,
)
from domain.agenda.events import (
    HeadingAmended,
    HeadingEvent,
    HeadingMoved,
    HeadingProposed,
    HeadingWithdrawn,
)
from domain.agenda.headings import Heading, apply_heading_event, headings_over, items_below
from domain.agenda.items import Item, has_title
from domain.rules import require


def decide(agenda: Agenda, command: HeadingCommand) -> HeadingEvent:
    """What becomes of a heading. Raises Refused."""
    match command:
        case ProposeHeading():
            return _proposed(agenda, command)
        case AmendHeading():
            return _amended(agenda, command)
        case MoveHeading():
            return _moved(agenda, command)
        case WithdrawHeading():
            return _withdrawn(agenda, command)
    assert_never(command)


def _proposed(agenda: Agenda, command: ProposeHeading) -> HeadingProposed:
    item_stages.require_stage(agenda, "proposed", "heading")
    require("empty", has_title(command.titles), "a heading needs its words")
    event = HeadingProposed(
        id=f"h{agenda.headings_given + 1}",
        titles=command.titles,
        before=agenda.item(command.before).item if command.before else "",
    )
    _require_same_over_bound(agenda, event, "put there")
    return event


def _amended(agenda: Agenda, command: AmendHeading) -> HeadingAmended:
    heading = agenda.heading(command.heading)
    item_stages.require_stage(agenda, "amended", "heading")
    require("empty", has_title(command.titles), f"heading {heading.id} needs its words")
    require("empty", command.reason, "a change of a heading needs its reason")
    below = items_below(agenda.items, agenda.headings, heading.id)
    _require_none_bound([item for item in below if item.is_bound], heading.id, "amended")
    return HeadingAmended(heading=heading.id, titles=command.titles, reason=command.reason)


def _moved(agenda: Agenda, command: MoveHeading) -> HeadingMoved:
    heading = agenda.heading(command.heading)
    item_stages.require_stage(agenda, "moved", "heading")
    require("empty", command.reason, "a move needs its reason")
    event = HeadingMoved(
        heading=heading.id,
        titles=heading.titles,
        reason=command.reason,
        before=agenda.item(command.before).item if command.before else "",
    )
    _require_same_over_bound(agenda, event, "moved")
    return event


def _withdrawn(agenda: Agenda, command: WithdrawHeading) -> HeadingWithdrawn:
    heading = agenda.heading(command.heading)
    item_stages.require_stage(agenda, "withdrawn", "heading")
    require("empty", command.reason, "taking a heading off the list needs its reason")
    event = HeadingWithdrawn(heading=heading.id, titles=heading.titles, reason=command.reason)
    _require_same_over_bound(agenda, event, "withdrawn")
    return event


def _require_same_over_bound(agenda: Agenda, event: HeadingEvent, act: str) -> None:
    """Raise Refused if a bound item would come under other headings than it is under now."""
    after = apply_heading_event(agenda.headings, agenda.items, event)
    found = bound_under_others(agenda, agenda.items, after)
    name = event.id if isinstance(event, HeadingProposed) else event.heading
    _require_none_bound(found, name, act)


def bound_under_others(
    agenda: Agenda, items: Sequence[Item], headings: Sequence[Heading]
) -> list[Item]:
    """The approved items, or those before a body, that would be under other headings than now."""
    was = headings_over(agenda.items, agenda.headings)
    now = headings_over(items, headings)
    return [item for item in items if item.is_bound and was[item.id] != now[item.id]]


def _require_none_bound(found: Collection[Item], heading: str, act: str) -> None:
    for item in found:
        because = f"item {item.item} is {item.approval}: heading {heading} cannot be {act} over it"
        require("stage", False, because)
