"""The order and the levels of items: a sub-item stands with its parent, and moves with it.

Nothing here refuses; what may be done is decided before (`item_stages`), or in `adoption`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from domain.agenda.events import Amendment
from domain.agenda.item_numbers import item_key, parent_key, sort_key
from domain.agenda.items import Item, find_item


def descendants(items: Sequence[Item], top: Item) -> tuple[Item, ...]:
    """The sub-items of an item, and theirs, in order."""
    found = {top.item}
    while more := {item.item for item in items if item.under in found} - found:
        found |= more
    return tuple(item for item in items if item.item in found and item is not top)


def parent_of(items: Sequence[Item], number: str) -> str:
    """The item on the list that a number is a level below (`2` of `2 (b)`); empty for none."""
    key = parent_key(number)
    found = find_item(items, key) if key else None
    return found.item if found else ""


def insert_item(items: Sequence[Item], new: Item, after: str = "") -> tuple[Item, ...]:
    """The list with an item behind `after` and its sub-items; else where its number belongs.

    A sub-item belongs behind those of its siblings that come before it in counting. At the top
    level an item that nothing stands before comes first.
    """
    before = find_item(items, after) if after else None
    if before and before.item != new.under:
        return _behind(items, before, [new])
    siblings = [item for item in items if new.under and item.under == new.under]
    earlier = [item for item in siblings if sort_key(item.item) < sort_key(new.item)]
    if earlier:
        return _behind(items, earlier[-1], [new])
    parent = find_item(items, new.under) if new.under else None
    place = items.index(parent) + 1 if parent else 0
    return (*items[:place], new, *items[place:])


def append_item(items: Sequence[Item], new: Item) -> tuple[Item, ...]:
    """The list with a proposed item at its end: of its parent's sub-items, or of all."""
    parent = find_item(items, new.under) if new.under else None
    return _behind(items, parent, [new]) if parent else (*items, new)


def move_item(items: Sequence[Item], item: Item, after: str, under: str) -> tuple[Item, ...]:
    """The list with an item and its sub-items elsewhere.

    Behind `after`, on its level; or as the last item under `under`; or else at the top.
    """
    block = (item, *descendants(items, item))
    rest = tuple(item for item in items if item not in block)
    place = find_item(rest, after or under)
    level = "" if place is None else place.under if after else place.item
    block = (structs.replace(item, under=level), *block[1:])
    return _behind(rest, place, block) if place else (*block, *rest)


def _behind(items: Sequence[Item], place: Item, block: Sequence[Item]) -> tuple[Item, ...]:
    """The list with a block behind an item and all that is below it."""
    family = {place.item, *(below.item for below in descendants(items, place))}
    last = max(n for n, item in enumerate(items) if item.item in family)
    return (*items[: last + 1], *block, *items[last + 1 :])


def renumber_items(items: Sequence[Item], numbers: Mapping[str, str]) -> tuple[Item, ...]:
    """The list with other numbers, all given at once; sub-items stay under their parents."""
    return tuple(
        structs.replace(
            item,
            item=numbers.get(item.item, item.item),
            under=numbers.get(item.under, item.under),
        )
        for item in items
    )


def renumber_descendants(items: Sequence[Item], numbers: Mapping[str, str]) -> dict[str, str]:
    """The new numbers of items, with those of their sub-items that are counted from them."""
    given = dict(numbers)
    for item in items:  # parents stand before their sub-items
        up = given.get(item.under)
        if up and item.item not in given and parent_key(item.item) == item_key(item.under):
            given[item.item] = up + _own_level(item)
    return given


def _own_level(item: Item) -> str:
    """What a sub-item's number adds to its parent's, as it is spelt: ` (b)` of `2 (b)`."""
    spellings = (
        n for n in range(len(item.item)) if item_key(item.item[:n]) == item_key(item.under)
    )
    return item.item[next(spellings) :]


def apply_amendments(
    items: Sequence[Item], order: Sequence[str], amendments: Sequence[Amendment], given: int = 0
) -> tuple[Item, ...]:
    """The items after the oral amendments, one after another; `order` is kept where given.

    `given` is how many items of the agenda have an id: those that are added get the next ones.
    """
    result = tuple(items)
    for change in amendments:
        if change.act == "add":
            given += 1
            result = insert_item(result, _added(change, given), change.after)
        elif item := find_item(result, change.item):
            result = _changed(result, item, change)
    rank_of = {item_key(name): n for n, name in enumerate(order)}
    return tuple(sorted(result, key=lambda item: rank_of.get(item_key(item.item), len(order))))


def _added(change: Amendment, number: int) -> Item:
    return Item(
        item=change.item,
        titles=change.titles,
        under=change.under,
        approval="added orally",
        id=f"i{number}",
    )


def _changed(items: tuple[Item, ...], item: Item, change: Amendment) -> tuple[Item, ...]:
    match change.act:
        case "delete" | "defer":
            removed = {item.item, *(below.item for below in descendants(items, item))}
            return tuple(item for item in items if item.item not in removed)
        case "retitle":
            new = structs.replace(item, titles={**item.titles, **change.titles})
            return tuple(new if other is item else other for other in items)
        case "reorder":
            return _reordered(items, item, change.after)
    return items


def _reordered(items: tuple[Item, ...], item: Item, after: str) -> tuple[Item, ...]:
    """The list with an item and its sub-items behind another of its level, or first of them."""
    block = (item, *descendants(items, item))
    rest = tuple(item for item in items if item not in block)
    place = find_item(rest, after) if after else None
    if place and place.item != item.under:
        return _behind(rest, place, block)
    parent = find_item(rest, item.under) if item.under else None
    start = rest.index(parent) + 1 if parent else 0
    return (*rest[:start], *block, *rest[start:])
