"""An item of an agenda: its number, its titles, and where its approval stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from domain.agenda.events import ItemAnnotated
from domain.agenda.item_numbers import item_key
from domain.confusables import is_blank

UNKNOWN: Final = "unknown"
"""A particular of which nothing is known."""


class Item(Struct, frozen=True, kw_only=True):
    """An item as it stands, with where its approval stands and by which window."""

    item: str
    """The number that it bears now, as it was spelt first."""
    titles: Mapping[str, str]
    under: str = ""
    """The number that its parent item bears now; empty at the top level."""
    working_translations: tuple[str, ...] = ()
    proposer_kind: str = "unknown"
    proposer: str = ""
    legal_basis: tuple[str, ...] = ()
    memorandum: str = "unknown"
    subjects: tuple[str, ...] = ()
    id: str = ""
    """`i1`, `i2` and so on, by the order of proposals; it stays when the number changes."""
    approval: str = "proposed"
    """proposed, submitted, under silence, approved, not approved, or approval suspended"""
    text_hash: str = ""
    """The text that it was submitted in last."""
    window: str = ""
    """The window that it was put under last."""
    submitted_as: str = field(default="", name="asked_as")
    """The number that it bore then; empty once it is submitted again, and that window's no more."""
    documents: tuple[str, ...] = ()
    none_expected: bool = False
    note: str = ""
    notes: tuple[ItemAnnotated, ...] = ()
    """Its annotations, one in each language."""

    @property
    def is_bound(self) -> bool:
        """Whether its text is before the bodies, or has been approved by them."""
        return self.approval in {"under silence", "approved", "approval suspended"}


NO_PARTICULARS: Final[Mapping[str, object]] = {
    "proposer_kind": UNKNOWN,
    "proposer": "",
    "legal_basis": (),
    "memorandum": UNKNOWN,
    "subjects": (),
}
"""The particulars of an item, each as it is where an item has none."""


def find_item(items: Sequence[Item], number: str) -> Item | None:
    """The item that bears a number: in this spelling, or else in another of the same."""
    exact = (item for item in items if item.item == number)
    key = item_key(number)
    return next(exact, None) or next((i for i in items if key and item_key(i.item) == key), None)


def has_title(titles: Mapping[str, str]) -> bool:
    """Whether there is a title, and none that shows nothing."""
    return bool(titles) and not any(is_blank(title) for title in titles.values())
