"""The acts that turn one list of items into another, in an order in which each can be done."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from domain.agenda import Agenda
from domain.agenda.commands import (
    AmendItem,
    ListCommand,
    MoveItem,
    ProposeItem,
    RenumberItems,
    WithdrawItem,
)
from domain.agenda.item_numbers import item_key, normalize_number, parent_key
from domain.agenda.item_order import (
    append_item,
    descendants,
    move_item,
    renumber_descendants,
    renumber_items,
)
from domain.agenda.items import Item
from domain.languages import LANGUAGES
from workflows.editing.rows import Row


class ListActs(Struct, frozen=True, kw_only=True):
    """Commands in their order, each with the line from which it comes."""

    commands: tuple[ListCommand, ...]
    lines_of: tuple[int, ...]

    @property
    def moved(self) -> set[int]:
        """The lines of items that are moved."""
        pairs = zip(self.commands, self.lines_of, strict=True)
        return {line for command, line in pairs if isinstance(command, MoveItem)}

    @property
    def needs_reason(self) -> bool:
        """Whether anything is done to an item that was on the list before."""
        return any(not isinstance(command, ProposeItem) for command in self.commands)


def acts(agenda: Agenda, written: Sequence[Row], removed: set[str], reason: str) -> ListActs:
    """The acts that make the list of an agenda what these rows say.

    Items are taken off first, then moved under others that are there, renumbered all at once, new
    ones proposed, and put in order; titles are amended last.
    """
    making = _Making(agenda, written, reason)
    making.withdraw(removed)
    making.move_under_standing()
    making.renumber()
    making.propose()
    making.move_under_new()
    making.renumber()
    making.order()
    making.amend()
    return ListActs(commands=tuple(making.commands), lines_of=tuple(making.lines_of))


def longest_in_order(wanted: Sequence[str], present: Sequence[str], first: str = "") -> set[str]:
    """The most of the wanted ones that stand in the wanted order already, `first` among them."""
    place = {key: number for number, key in enumerate(present)}
    begins = place[first] if first else -1
    known = [key for key in wanted if key in place and place[key] >= begins]
    tails: list[int] = []
    at: list[str] = []
    before: dict[str, str] = {}
    for key in known:
        where = bisect_left(tails, place[key])
        before[key] = at[where - 1] if where else ""
        tails[where : where + 1] = [place[key]]
        at[where : where + 1] = [key]
    found: set[str] = set()
    key = at[-1] if at else ""
    while key:
        found.add(key)
        key = before[key]
    return found


class _Making:
    """The list as it is after the commands so far."""

    def __init__(self, agenda: Agenda, written: Sequence[Row], reason: str) -> None:
        self._agenda, self._reason = agenda.id, reason
        self._items = agenda.items
        self._titles = {item.id: item.titles for item in agenda.items}
        self._rows = [
            row if row.key else structs.replace(row, key=f"new {row.line}") for row in written
        ]
        self.commands: list[ListCommand] = []
        self.lines_of: list[int] = []

    # --- What is wanted ---------------------------------------------------------------------------

    def _parent(self, row: Row) -> str:
        """The key of the row under which one stands; empty at the top.

        It is what the number says; an item whose number says nothing stays where it is.
        """
        level = parent_key(row.text("number"))
        if level:
            return next((r.key for r in self._rows if item_key(r.text("number")) == level), "")
        item = self._standing().get(row.key)
        above = self._bearer(item.under) if item and item.under else None
        free = item and not parent_key(item.item)
        return above.id if above and free and self._row(above.id) else ""

    def _row(self, key: str) -> Row | None:
        return next((row for row in self._rows if row.key == key), None)

    def _standing(self) -> Mapping[str, Item]:
        return {item.id: item for item in self._items}

    def _bearer(self, number: str) -> Item | None:
        return next((item for item in self._items if item.item == number), None)

    # --- Doing it ---------------------------------------------------------------------------------

    def _give(self, command: ListCommand, line: int) -> None:
        self.commands.append(command)
        self.lines_of.append(line)

    def withdraw(self, removed: set[str]) -> None:
        """Take items off; sub-items go along."""
        for item in self._items:
            above = self._bearer(item.under) if item.under else None
            if item.id in removed and not (above and above.id in removed):
                self._give(
                    WithdrawItem(agenda=self._agenda, item=item.item, reason=self._reason), 0
                )
        dropped = {
            each.id
            for item in self._items
            if item.id in removed
            for each in (item, *descendants(self._items, item))
        }
        self._items = tuple(item for item in self._items if item.id not in dropped)

    def move_under_standing(self) -> None:
        """Move items under others, where those are on the list already."""
        self._move_under(new=False)

    def move_under_new(self) -> None:
        """Move items under those that were just proposed."""
        self._move_under(new=True)

    def _move_under(self, *, new: bool) -> None:
        for row in self._rows:
            item, above = self._standing().get(row.key), self._parent(row)
            if item is None or (above.startswith("new ") is not new and bool(above)):
                continue
            parent = self._standing().get(above)
            if above and parent is None:
                continue
            if item.under == (parent.item if parent else ""):
                continue
            last = [other for other in self._items if not other.under and other is not item]
            after = "" if parent or not last else last[-1].item
            self._move(item, row.line, after=after, under=parent.item if parent else "")

    def _move(self, item: Item, line: int, *, after: str = "", under: str = "") -> None:
        command = MoveItem(
            agenda=self._agenda, item=item.item, reason=self._reason, after=after, under=under
        )
        self._give(command, line)
        self._items = move_item(self._items, item, after, under)

    def renumber(self) -> None:
        """Give all items that are where they belong their numbers, at once."""
        standing = self._standing()
        wanted: dict[str, str] = {}
        for row in self._rows:
            item, above = standing.get(row.key), self._parent(row)
            parent = standing.get(above)
            if item is None or (above and parent is None):
                continue
            if item.under == (parent.item if parent else ""):
                wanted[item.item] = normalize_number(row.text("number"))
        given = self._free({old: new for old, new in wanted.items() if old != new})
        along = renumber_descendants(self._items, given)
        given |= {
            old: wanted[old]
            for old, new in along.items()
            if old not in given and old in wanted and new != wanted[old]
        }
        if not given:
            return
        lines = {standing[row.key].item: row.line for row in self._rows if row.key in standing}
        line = next((lines[old] for old in given if old in lines), 0)
        self._give(RenumberItems(agenda=self._agenda, numbers=given, reason=self._reason), line)
        numbers = renumber_descendants(self._items, given)
        self._items = renumber_items(self._items, numbers)

    def _free(self, given: Mapping[str, str]) -> dict[str, str]:
        """Of these new numbers those that no item bears that keeps its own for now.

        A sub-item waits with the item that it is under.
        """
        found, under = dict(given), {item.item: item.under for item in self._items}
        while True:
            kept = {item_key(item.item) for item in self._items if item.item not in found}
            free = {
                old: new
                for old, new in found.items()
                if item_key(new) not in kept and (under[old] in found or under[old] not in given)
            }
            if len(free) == len(found):
                return free
            found = free

    def _number(self, wanted: str) -> str:
        """The number under which a new item is proposed: its own, or the next at the top.

        The other one is for a number that is still borne by what will stand under the new item.
        """
        borne = {item_key(item.item) for item in self._items}
        if item_key(wanted) not in borne:
            return wanted
        counted = [int(key) for key in borne if key.isdecimal()]
        return str(max(counted, default=0) + 1)

    def propose(self) -> None:
        """Propose the new items, each after the one under which it stands."""
        for row in self._rows:
            if row.key in self._standing():
                continue
            parent = self._standing().get(self._parent(row))
            number = self._number(normalize_number(row.text("number")))
            titles = {
                tag: row.text(f"title-{tag}") for tag in LANGUAGES if row.text(f"title-{tag}")
            }
            subject = row.text("subject")
            command = ProposeItem(
                agenda=self._agenda,
                item=number,
                titles=titles,
                under=parent.item if parent else "",
                proposer_kind=row.text("proposer_kind") or "unknown",
                proposer=row.text("proposer"),
                memorandum=row.text("memorandum") or "unknown",
                subjects=(subject,) if subject else (),
            )
            self._give(command, row.line)
            under = parent.item if parent else ""
            new = Item(item=number, titles=titles, under=under, id=row.key)
            self._items = append_item(self._items, new)
            self._titles[row.key] = titles

    def order(self) -> None:
        """Move as few items as put those of each level in the order of the rows."""
        for above in ("", *(row.key for row in self._rows)):
            parent = self._standing().get(above)
            if above and parent is None:
                continue
            number = parent.item if parent else ""
            wanted = [row.key for row in self._rows if self._is_under(row, number)]
            present = [item.id for item in self._items if item.under == number]
            kept = longest_in_order(wanted, present, wanted[0] if above and wanted else "")
            before = ""
            for key in wanted:
                if key not in kept:
                    row, item = self._row(key), self._standing()[key]
                    after = self._standing()[before].item if before else ""
                    self._move(item, row.line if row else 0, after=after)
                before = key

    def _is_under(self, row: Row, number: str) -> bool:
        item = self._standing().get(row.key)
        return item is not None and item.under == number

    def amend(self) -> None:
        """Change the titles that read otherwise."""
        standing = self._standing()
        for row in self._rows:
            before = self._titles.get(row.key, {})
            titles = {
                tag: row.text(f"title-{tag}")
                for tag in LANGUAGES
                if row.text(f"title-{tag}") and row.text(f"title-{tag}") != before.get(tag, "")
            }
            if titles and row.key in standing:
                number = standing[row.key].item
                command = AmendItem(
                    agenda=self._agenda, item=number, titles=titles, reason=self._reason
                )
                self._give(command, row.line)
