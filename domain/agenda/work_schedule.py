"""An agenda's organization of work: kept as a content, and read with the items of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field, structs

from domain import organization_of_work
from domain.agenda.item_numbers import item_key
from domain.agenda.items import Item
from domain.organization_of_work import Entry, PlacedEntry, Slot
from domain.rules import require


class OrganizationOfWork(Struct, frozen=True, kw_only=True):
    """What is remembered of an organization of work: where it is, and whom its numbers meant."""

    text_hash: str = ""
    slots: tuple[Slot, ...] = ()
    """The slots of an older event, which held them itself."""
    count: int = 0
    items: Mapping[str, str] = field(default_factory=dict)
    """Which item bore which number when the work was organized: number to lasting id."""


def require_valid_slots(slots: Sequence[Slot], items: Sequence[Item]) -> None:
    """Raise Refused for hours that are none, and for slots of nothing or of unknown items."""
    require("empty", slots, "an organization of work needs a slot")
    known = {item_key(item.item) for item in items}
    for slot in slots:
        _ = slot.hours
        require("empty", slot.entries, f"no item in the slot of {slot.day}")
        for entry in slot.entries:
            require("known", item_key(entry.item) in known, f"there is no item {entry.item}")


class PlacedSlot(Slot, frozen=True, kw_only=True):
    """A slot as it is to be read today."""

    entries: tuple[PlacedEntry, ...]


def slots_of(work: OrganizationOfWork, content_of: Callable[[str], bytes]) -> tuple[Slot, ...]:
    """The slots as they were written, with the numbers that items bore then."""
    return (
        organization_of_work.decode_slots(content_of(work.text_hash))
        if work.text_hash
        else work.slots
    )


def current_slots(
    work: OrganizationOfWork, items: Sequence[Item], content_of: Callable[[str], bytes]
) -> tuple[PlacedSlot, ...]:
    """The slots as they are to be read now; each entry with the number that its item bears today.

    An entry keeps the number that it was written with when its item is no longer on the agenda.
    """
    slots = slots_of(work, content_of)
    meant = {item_key(number): id_ for number, id_ in work.items.items()} | dict(work.items)
    standing = {item.id: item for item in items}
    return tuple(
        PlacedSlot(
            **structs.asdict(slot)
            | {"entries": tuple(_placed(e, meant, standing) for e in slot.entries)}
        )
        for slot in slots
    )


def _placed(entry: Entry, meant: Mapping[str, str], standing: Mapping[str, Item]) -> PlacedEntry:
    found = standing.get(meant.get(entry.item) or meant.get(item_key(entry.item), ""))
    return PlacedEntry(
        item=found.item if found else entry.item,
        continued=entry.continued,
        titles=entry.titles,
        id=found.id if found else "",
    )
