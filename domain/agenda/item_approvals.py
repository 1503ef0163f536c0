"""How the approval of items goes on: submitted, under silence, approved or not, or proposed again.

Acts name items by the numbers that these bear now. A window names them by the numbers that they
bore when it asked about them (`Item.submitted_as`), which may have changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from domain.agenda.item_numbers import item_key
from domain.agenda.item_order import descendants
from domain.agenda.items import Item


def copy_with(items: Sequence[Item], numbers: Sequence[str], **changes: Any) -> tuple[Item, ...]:
    """The list with these items changed, named by the numbers that they bear now."""
    meant = _meant(numbers, [item.item for item in items])
    return tuple(structs.replace(item, **changes) if item.item in meant else item for item in items)


def put_under_silence(
    items: Sequence[Item], numbers: Sequence[str], window: str
) -> tuple[Item, ...]:
    """The list with these items under silence; each remembers the number under which it is."""
    after = copy_with(items, numbers, approval="under silence", window=window)
    return tuple(
        structs.replace(item, submitted_as=item.item)
        if item.window == window and item.approval == "under silence"
        else item
        for item in after
    )


def decided(
    items: Sequence[Item], numbers: Sequence[str], window: str, approval: str
) -> tuple[Item, ...]:
    """The list after the outcome of a window for these items, or of a meeting (`window` empty).

    An item that was asked about again since is no longer that window's.
    """
    if not window:
        return copy_with(items, numbers, approval=approval, window="", submitted_as="")
    bore = [item.submitted_as for item in items if item.submitted_as and item.window == window]
    meant = _meant(numbers, bore)
    return tuple(
        structs.replace(item, approval=approval)
        if item.window == window and item.submitted_as in meant
        else item
        for item in items
    )


def proposed_again(items: Sequence[Item], numbers: Sequence[str]) -> tuple[Item, ...]:
    """The list after these items got another number or place, sub-items included.

    What was submitted under another number or in another place has to be submitted again.
    """
    tops = [item for item in items if item.item in numbers]
    family = {item.item for top in tops for item in (top, *descendants(items, top))}
    return tuple(
        structs.replace(item, approval="proposed")
        if item.item in family and item.approval == "submitted"
        else item
        for item in items
    )


def proposed_under_others(items: Sequence[Item], ids: Sequence[str]) -> tuple[Item, ...]:
    """The list after these items came under other headings than those they were submitted under."""
    return tuple(
        structs.replace(item, approval="proposed")
        if item.id in ids and item.approval == "submitted"
        else item
        for item in items
    )


def withdrawn(items: Sequence[Item], top: Item) -> tuple[Item, ...]:
    """The list without an item and its sub-items.

    A sub-item whose text is before the bodies, or approved by them, does not go with its parent.
    """
    removed = {top.item, *(item.item for item in descendants(items, top) if not item.is_bound)}
    return tuple(
        structs.replace(item, under="" if item.under in removed else item.under)
        for item in items
        if item.item not in removed
    )


def _meant(numbers: Sequence[str], known: Sequence[str]) -> frozenset[str]:
    """Which of the known numbers are named: in this spelling, or else in another of the same."""
    keys = {item_key(number) for number in numbers if number not in known}
    return frozenset(number for number in known if number in numbers or item_key(number) in keys)
