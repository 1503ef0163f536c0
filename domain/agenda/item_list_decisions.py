"""Proposing, amending, moving: acts on the list of items while it is in preparation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import assert_never

from domain.agenda import item_approvals, item_stages
from domain.agenda.agenda import Agenda
from domain.agenda.commands import (
    AmendItem,
    ClearItem,
    DescribeItem,
    ListCommand,
    MoveItem,
    ProposeItem,
    RenumberItems,
    WithdrawItem,
)
from domain.agenda.events import (
    ItemAmended,
    ItemCleared,
    ItemDescribed,
    ItemListEvent,
    ItemMoved,
    ItemProposed,
    ItemsRenumbered,
    ItemWithdrawn,
)
from domain.agenda.heading_decisions import bound_under_others
from domain.agenda.headings import keep_place
from domain.agenda.item_numbers import item_key, normalize_number, parent_key, repeated_numbers
from domain.agenda.item_order import (
    descendants,
    move_item,
    parent_of,
    renumber_descendants,
    renumber_items,
)
from domain.agenda.items import NO_PARTICULARS, Item, find_item, has_title
from domain.messages import Order
from domain.rules import require


def decide(agenda: Agenda, command: ListCommand, order: Order) -> ItemListEvent:
    """What becomes of the list of items. Raises Refused."""
    match command:
        case ProposeItem():
            return _proposed(agenda, command, attested=order.attested)
        case AmendItem():
            item = item_stages.require_open(agenda, command.item, "amended")
            require("empty", has_title(command.titles), f"item {item.item} needs a title")
            return ItemAmended(item=item.item, titles=command.titles, reason=command.reason)
        case DescribeItem():
            return _described(agenda, command)
        case ClearItem():
            return _cleared(agenda, command)
        case WithdrawItem():
            item = item_stages.require_open(agenda, command.item, "withdrawn")
            _require_headings_kept(agenda, item_approvals.withdrawn(agenda.items, item))
            along = tuple(below.item for below in descendants(agenda.items, item))
            return ItemWithdrawn(item=item.item, reason=command.reason, sub_items=along)
        case MoveItem():
            return _moved(agenda, command)
        case RenumberItems():
            return _renumbered(agenda, command)
        case _:
            assert_never(command)


def _proposed(agenda: Agenda, command: ProposeItem, *, attested: bool) -> ItemProposed:
    """A source may tell of a sub-item alone; a live one is proposed after its item."""
    item_stages.require_stage(agenda, "proposed")
    number = normalize_number(command.item)
    _require_new(agenda.items, number)
    require("empty", has_title(command.titles), f"item {number} needs a title")
    parent = agenda.item(command.under).item if command.under else parent_of(agenda.items, number)
    if not attested:
        _require_parent(number, parent)
    return ItemProposed(
        item=number,
        titles=command.titles,
        under=parent,
        working_translations=command.working_translations,
        proposer_kind=command.proposer_kind,
        proposer=command.proposer,
        legal_basis=command.legal_basis,
        memorandum=command.memorandum,
        subjects=command.subjects,
        id=f"i{agenda.ids_given + 1}",
    )


def _described(agenda: Agenda, command: DescribeItem) -> ItemDescribed:
    item = item_stages.require_open(agenda, command.item, "described")
    given = command.proposer_kind, command.proposer, command.memorandum
    lists = command.legal_basis, command.subjects
    require("empty", any(given) or any(lists), f"say what is to be told of item {item.item}")
    return ItemDescribed(
        item=item.item,
        reason=command.reason,
        proposer_kind=command.proposer_kind,
        proposer=command.proposer,
        legal_basis=command.legal_basis,
        memorandum=command.memorandum,
        subjects=command.subjects,
    )


def _cleared(agenda: Agenda, command: ClearItem) -> ItemCleared:
    item = item_stages.require_open(agenda, command.item, "described")
    require("empty", command.particulars, f"say what is taken off item {item.item}")
    for name in command.particulars:
        required = ", ".join(NO_PARTICULARS)
        require("known", name in NO_PARTICULARS, f"{name}: write one of {required}")
        stands = getattr(item, name) != NO_PARTICULARS[name]
        require("known", stands, f"item {item.item} has no {name} to be taken off")
    return ItemCleared(item=item.item, particulars=command.particulars, reason=command.reason)


def _require_parent(number: str, under: str) -> None:
    """Raise Refused for the number of a sub-item with nothing that it could stand under."""
    level = parent_key(number)
    require("known", under or not level, f"there is no item {level} for {number} to be under")


def _require_new(items: Sequence[Item], number: str) -> None:
    """Raise Refused for a number that shows nothing, or that an item bears in some spelling."""
    require("empty", item_key(number), f"an item needs a number, and {number!r} shows none")
    taken = find_item(items, number)
    require("new", not taken, f"there is an item {taken.item if taken else number} already")


def _moved(agenda: Agenda, command: MoveItem) -> ItemMoved:
    item = item_stages.require_open(agenda, command.item, "moved")
    require("empty", command.reason, "a move needs its reason")
    after = agenda.item(command.after) if command.after else None
    under = agenda.item(command.under) if command.under else None
    own = (item, *descendants(agenda.items, item))
    place = after or under
    because = f"item {item.item} cannot be moved to itself or to its own sub-items"
    require("item-place", place not in own, because)
    if after and under:
        because = f"item {after.item} does not stand under item {under.item}"
        require("item-place", after.under == under.item, because)
    items = move_item(agenda.items, item, after.item if after else "", under.item if under else "")
    _require_headings_kept(agenda, items, (item.id,))
    return ItemMoved(
        item=item.item,
        reason=command.reason,
        after=after.item if after else "",
        under=under.item if under else "",
    )


def _require_headings_kept(
    agenda: Agenda, items: Sequence[Item], moved: Collection[str] = ()
) -> None:
    """Raise Refused where a heading would come over an item that is approved or before a body.

    That happens when the last item between two headings goes away.
    """
    headings = keep_place(agenda.headings, agenda.items, items, moved)
    for item in bound_under_others(agenda, items, headings):
        because = (
            f"item {item.item} is {item.approval}: it would come under another heading;"
            " take that heading off the list first"
        )
        require("stage", False, because)


def _renumbered(agenda: Agenda, command: RenumberItems) -> ItemsRenumbered:
    require("empty", command.numbers, "say which items get which numbers")
    require("empty", command.reason, "new numbers need their reason")
    twice = ", ".join(repeated_numbers(command.numbers))
    require("new", not twice, f"item {twice} would get two numbers")
    given = {agenda.item(old).item: normalize_number(new) for old, new in command.numbers.items()}
    numbers = renumber_descendants(agenda.items, given)
    for old in numbers:
        item_stages.require_open(agenda, old, "renumbered")
    after = renumber_items(agenda.items, numbers)
    for item in after:
        _require_place(item, after, given_now=item.item in given.values())
    same = ", ".join(repeated_numbers(item.item for item in after))
    require("new", not same, f"two items would be numbered {same}")
    return ItemsRenumbered(numbers=numbers, reason=command.reason)


def _require_place(item: Item, after: Sequence[Item], *, given_now: bool) -> None:
    """Raise Refused for a number that shows nothing, or that puts the item under another one."""
    require("empty", item_key(item.item), f"an item needs a number, and {item.item!r} shows none")
    if not given_now:
        return
    above = parent_of(after, item.item)
    because = f"item {item.item} would be counted under {above}: move it there first"
    require("item-place", above in {"", item.under}, because)
    _require_parent(item.item, above or item.under)
