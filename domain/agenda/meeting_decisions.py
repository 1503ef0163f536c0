"""What is entered of meetings: decisions on items, objections outside a silence, a late report."""

from __future__ import annotations

from typing import assert_never

from domain.actors import Role
from domain.agenda.agenda import Agenda
from domain.agenda.commands import DecideItems, DeferReport, MeetingCommand, NoteObjection
from domain.agenda.events import ItemsDecided, ObjectionNoted, ReportDeferred
from domain.agenda.items import Item
from domain.agenda.steps_before import require_after_adoption, require_after_steps
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.rules import require
from domain.voting import require_valid_vote


def decide(
    agenda: Agenda, command: MeetingCommand, order: Order, world: DecisionContext
) -> ItemsDecided | ObjectionNoted | ReportDeferred:
    """What is entered of a meeting. Raises Refused."""
    match command:
        case DecideItems():
            return decide_items(agenda, command, order, world)
        case NoteObjection():
            return note_objection(agenda, command, order, world)
        case DeferReport():
            return defer_report(agenda, command, order, world)
        case _:
            assert_never(command)


def decide_items(
    agenda: Agenda, command: DecideItems, order: Order, world: DecisionContext
) -> ItemsDecided:
    """Items in preparation only: what a silence has approved or runs on is not decided again.

    Raises Refused, also for history about items that a silence with a clock here has decided.
    """
    require_valid_vote(command, order)
    require("stage", not agenda.adopted, f"agenda {agenda.id} is adopted already")
    named = tuple(agenda.item(name).item for name in command.items)
    names = named or agenda.items_with_approval("submitted", "not approved")
    not_stated = order.attested and not agenda.items
    require("stage", names or not_stated, f"agenda {agenda.id} has no items to decide on")
    for name in names:
        _require_undecided(agenda.item(name), name, order, world)
    require_after_steps(agenda, names, order, world)
    return ItemsDecided(
        result=command.result,
        items=names,
        manner=command.manner,
        by=command.by,
        in_favour=command.in_favour,
        against=command.against,
        abstaining=command.abstaining,
        note=command.note,
    )


def _require_undecided(item: Item, name: str, order: Order, world: DecisionContext) -> None:
    """Raise Refused for an item that a clock has decided here, or that is not open."""
    live = item.window and not world.window(item.window).attested
    because = f"item {name} was decided by window {item.window}, whose clock ran here"
    require("stage", not (order.attested and live), because)
    open_ = item.approval in {"submitted", "not approved"}
    open_ = open_ or (order.attested and item.approval == "proposed")
    require("stage", open_, f"item {name} is {item.approval}")


def note_objection(
    agenda: Agenda, command: NoteObjection, order: Order, world: DecisionContext
) -> ObjectionNoted:
    """While a silence runs on what it concerns, an objection belongs there, where it counts.

    Raises Refused.
    """
    require("empty", command.seats, "say who objects")
    named = tuple(agenda.item(name).item for name in command.items)
    concerned = [item for item in agenda.items if not named or item.item in named]
    for item in concerned:
        runs = item.approval == "under silence" and not world.window(item.window).attested
        because = f"item {item.item} is under silence: register it with window {item.window}"
        require("silence-goes-first", not runs, because)
    pack = world.pack_of(world.body(agenda.body), order.judged_at)
    withheld = pack.parameters.get("names-withheld") == "yes"
    number = len(agenda.objections) + 1
    return ObjectionNoted(
        number=number,
        seats=command.seats,
        items=named,
        text=command.text,
        channel=command.channel,
        names_withheld=withheld,
    )


def defer_report(
    agenda: Agenda, command: DeferReport, order: Order, world: DecisionContext
) -> ReportDeferred:
    """The body puts off the adoption of its report. Raises Refused."""
    may = order.attested or order.actor.role is Role.BODY
    require("act-of-a-meeting", may, "only the body itself puts off its report")
    require("stage", not agenda.report_adopted, "the report is adopted already")
    require("empty", command.reason, "say why the report is put off")
    require_after_adoption(agenda, order, world)
    return ReportDeferred(to=command.to, until=command.until, reason=command.reason)
