"""Headings of an agenda's list: they bear no number, and stand above the items that follow.

Nothing here refuses; what may be done is decided in `heading_decisions`. Headings take no part in
numbering, approval or silence. Their words belong to the text of the items below them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import assert_never

from msgspec import Struct, structs

from domain.agenda.events import (
    Amendment,
    HeadingAmended,
    HeadingEvent,
    HeadingMoved,
    HeadingProposed,
    HeadingWithdrawn,
)
from domain.agenda.item_order import apply_amendments
from domain.agenda.items import Item, find_item


class Heading(Struct, frozen=True, kw_only=True):
    """A heading as it stands: above an item, or at the end of the list, over nothing yet."""

    id: str
    """`h1`, `h2` and so on, by the order of proposals."""
    titles: Mapping[str, str]
    before: str = ""
    """The id of the item before which it stands; empty at the end of the list."""


def find_heading(headings: Sequence[Heading], name: str) -> Heading | None:
    """The heading of this id; None where there is none."""
    return next((heading for heading in headings if heading.id == name), None)


def headings_over(items: Sequence[Item], headings: Sequence[Heading]) -> Mapping[str, list[str]]:
    """The headings above each item, by their ids: those before it, or else before the last one.

    Headings that stand together head the same items. An item above the first one has none.
    """
    above: list[str] = []
    found = {}
    for item in items:
        above = [heading.id for heading in headings if heading.before == item.id] or above
        found[item.id] = above
    return found


def items_below(items: Sequence[Item], headings: Sequence[Heading], name: str) -> list[Item]:
    """The items that a heading heads, in order."""
    over = headings_over(items, headings)
    return [item for item in items if name in over[item.id]]


def apply_heading_event(
    headings: Sequence[Heading], items: Sequence[Item], event: HeadingEvent
) -> tuple[Heading, ...]:
    """The headings after something happened to one; what is put before an item stands right there.

    An event that names no heading of the list leaves it as it is.
    """
    match event:
        case HeadingProposed():
            new = Heading(id=event.id, titles=event.titles, before=_id_of(items, event.before))
            return in_order((*headings, new), items)
        case HeadingAmended(heading=name, titles=titles):
            return tuple(
                structs.replace(heading, titles={**heading.titles, **titles})
                if heading.id == name
                else heading
                for heading in headings
            )
        case HeadingMoved(heading=name, before=before):
            rest = tuple(heading for heading in headings if heading.id != name)
            moved = tuple(
                structs.replace(heading, before=_id_of(items, before))
                for heading in headings
                if heading.id == name
            )
            return in_order((*rest, *moved), items)
        case HeadingWithdrawn(heading=name):
            return tuple(heading for heading in headings if heading.id != name)
    assert_never(event)


def _id_of(items: Sequence[Item], number: str) -> str:
    found = find_item(items, number) if number else None
    return found.id if found else ""


def in_order(headings: Sequence[Heading], items: Sequence[Item]) -> tuple[Heading, ...]:
    """Headings in the order of the items before which they stand; those at the end come last."""
    place = {item.id: number for number, item in enumerate(items)}
    return tuple(sorted(headings, key=lambda heading: place.get(heading.before, len(items))))


def keep_place(
    headings: Sequence[Heading],
    before: Sequence[Item],
    after: Sequence[Item],
    moved: Collection[str] = (),
) -> tuple[Heading, ...]:
    """The headings after items were moved (these ids, with what is below them) or taken off.

    A heading stays where it is: before the next item that stayed there too.
    """
    stayed = {item.id for item in after} - {*moved}

    def place(heading: Heading) -> str:
        if not heading.before or heading.before in stayed:
            return heading.before
        ids = [item.id for item in before]
        following = ids[ids.index(heading.before) :]
        return next((id_ for id_ in following if id_ in stayed), "")

    kept = (structs.replace(heading, before=place(heading)) for heading in headings)
    return in_order(tuple(kept), after)


def keep_place_at_adoption(
    headings: Sequence[Heading],
    items: Sequence[Item],
    amendments: Sequence[Amendment],
    given: int,
) -> tuple[Heading, ...]:
    """The headings after the oral amendments, which change items only, one after another."""
    if not headings:
        return ()
    for change in amendments:
        after = apply_amendments(items, (), [change], given)
        item = find_item(items, change.item)
        moved = (item.id,) if item and change.act == "reorder" else ()
        headings = keep_place(headings, items, after, moved)
        items, given = after, given + (change.act == "add")
    return tuple(headings)


def with_item_at_end(headings: Sequence[Heading], item: Item) -> tuple[Heading, ...]:
    """The headings after an item was added at the end: those that stood there now head it."""
    return tuple(
        heading if heading.before else structs.replace(heading, before=item.id)
        for heading in headings
    )
