"""The acts that turn one list of items into another, in an order in which each can be done."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct, structs

from domain.agenda import Agenda
from domain.agenda.commands import (
    AmendHeading,
    AmendItem,
    ClearItem,
    DescribeItem,
    HeadingCommand,
    ListCommand,
    MoveHeading,
    MoveItem,
    PlanDocuments,
    ProposeHeading,
    ProposeItem,
    RenumberItems,
    WithdrawHeading,
    WithdrawItem,
)
from domain.agenda.events import HeadingMoved, HeadingProposed
from domain.agenda.headings import apply_heading_event, keep_place, with_item_at_end
from domain.agenda.item_numbers import item_key, normalize_number, parent_key
from domain.agenda.item_order import (
    append_item,
    descendants,
    move_item,
    renumber_descendants,
    renumber_items,
)
from domain.agenda.items import NO_PARTICULARS, UNKNOWN, Item
from domain.languages import LANGUAGES
from workflows.editing.rows import Row

HEADING: Final = "heading"
"""The kind of a row that is a heading without a number."""
"""What an item says of its proposer and memorandum where nothing is told of them."""
_WITHOUT_REASON: Final = (ProposeItem, ProposeHeading, PlanDocuments)

EditingCommand = ListCommand | HeadingCommand | PlanDocuments


class ListActs(Struct, frozen=True, kw_only=True):
    """Commands in their order, each with the line from which it comes."""

    commands: tuple[EditingCommand, ...]
    lines_of: tuple[int, ...]

    @property
    def moved(self) -> set[int]:
        """The lines of items and headings that are moved."""
        pairs = zip(self.commands, self.lines_of, strict=True)
        return {line for command, line in pairs if isinstance(command, MoveItem | MoveHeading)}

    @property
    def needs_reason(self) -> bool:
        """Whether anything is done to an item that was on the list before."""
        return any(not isinstance(command, _WITHOUT_REASON) for command in self.commands)


def acts(agenda: Agenda, written: Sequence[Row], removed: set[str], reason: str) -> ListActs:
    """The acts that make the list of an agenda what these rows say.

    Headings and items are taken off first, items then moved under others that are there,
    renumbered all at once, new ones proposed, and put in order; headings come to their places
    after them, and texts and particulars are changed last.
    """
    making = _Making(agenda, written, reason)
    making.withdraw_headings(removed)
    making.withdraw(removed)
    making.move_under_standing()
    making.renumber()
    making.propose()
    making.move_under_new()
    making.renumber()
    making.order()
    making.place_headings()
    making.amend()
    making.describe()
    making.plan_documents()
    return ListActs(commands=tuple(making.commands), lines_of=tuple(making.lines_of))


def longest_in_order(
    wanted: Sequence[str], present: Sequence[str], first: str = "", fixed: Collection[str] = ()
) -> set[str]:
    """The most of the wanted ones that stand in the wanted order already, `first` among them.

    One that is `fixed` counts for more than all others together, as it cannot be moved.
    """
    place = {key: number for number, key in enumerate(present)}
    begins = place[first] if first else -1
    known = [key for key in wanted if key in place and place[key] >= begins]
    ends: list[int] = []
    totals: list[int] = []
    at: list[str] = []
    before: dict[str, str] = {}
    for key in known:
        where = bisect_left(ends, place[key])
        before[key] = at[where - 1] if where else ""
        total = (totals[where - 1] if where else 0) + (len(known) + 1 if key in fixed else 1)
        beyond = next((n for n in range(where, len(ends)) if totals[n] > total), len(ends))
        ends[where:beyond], totals[where:beyond], at[where:beyond] = [place[key]], [total], [key]
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
        self._items, self._headings = agenda.items, agenda.headings
        self._given = agenda.headings_given
        self._began = {item.id: item for item in agenda.items}
        self._all_rows = [
            row if row.key else structs.replace(row, key=f"new {row.line}") for row in written
        ]
        self._rows = [row for row in self._all_rows if row.kind != HEADING]
        self._ids = {row.key: row.key for row in self._all_rows if row.kind == HEADING}
        self.commands: list[EditingCommand] = []
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

    def _give(self, command: EditingCommand, line: int) -> None:
        self.commands.append(command)
        self.lines_of.append(line)

    def withdraw_headings(self, removed: set[str]) -> None:
        """Take headings off; the items below them stay."""
        for heading in self._headings:
            if heading.id in removed:
                command = WithdrawHeading(
                    agenda=self._agenda, heading=heading.id, reason=self._reason
                )
                self._give(command, 0)
        self._headings = tuple(head for head in self._headings if head.id not in removed)

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
        items = tuple(item for item in self._items if item.id not in dropped)
        self._headings = keep_place(self._headings, self._items, items)
        self._items = items

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
        items = move_item(self._items, item, after, under)
        self._headings = keep_place(self._headings, self._items, items, (item.id,))
        self._items = items

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
            titles = row_titles(row)
            command = ProposeItem(
                agenda=self._agenda,
                item=number,
                titles=titles,
                under=parent.item if parent else "",
                proposer_kind=row.text("proposer_kind") or UNKNOWN,
                proposer=row.text("proposer"),
                memorandum=row.text("memorandum") or UNKNOWN,
                legal_basis=row.entries("legal_basis"),
                subjects=row.entries("subjects"),
                working_translations=row.entries("working_translations"),
            )
            self._give(command, row.line)
            under = parent.item if parent else ""
            new = Item(item=number, titles=titles, under=under, id=row.key)
            self._items = append_item(self._items, new)
            if not under:
                self._headings = with_item_at_end(self._headings, new)

    def order(self) -> None:
        """Move as few items as put those of each level in the order of the rows."""
        for above in ("", *(row.key for row in self._rows)):
            parent = self._standing().get(above)
            if above and parent is None:
                continue
            number = parent.item if parent else ""
            wanted = [row.key for row in self._rows if self._is_under(row, number)]
            present = [item.id for item in self._items if item.under == number]
            fixed = {item.id for item in self._items if item.is_bound}
            kept = longest_in_order(wanted, present, wanted[0] if above and wanted else "", fixed)
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

    def place_headings(self) -> None:
        """Put headings where their rows stand, and new ones among them, from the top on."""
        for before, rows in self._headed():
            number = self._standing()[before].item if before else ""
            there = [heading.id for heading in self._headings if heading.before == before]
            kept = 0
            for row in rows:
                if self._ids[row.key] not in there:
                    break
                del there[: there.index(self._ids[row.key]) + 1]
                kept += 1
            for row in rows[kept:]:
                self._place_heading(row, number)

    def _headed(self) -> list[tuple[str, list[Row]]]:
        """The rows of headings with the id of the item below them; empty at the end."""
        found: list[tuple[str, list[Row]]] = []
        waiting: list[Row] = []
        for row in self._all_rows:
            if row.kind == HEADING:
                waiting.append(row)
            elif waiting:
                found.append((row.key, waiting))
                waiting = []
        return [*found, ("", waiting)] if waiting else found

    def _place_heading(self, row: Row, before: str) -> None:
        """Propose a heading, or move it, so that it stands right above an item."""
        known = next((head for head in self._headings if head.id == row.key), None)
        if known is None:
            self._given += 1
            self._ids[row.key] = f"h{self._given}"
            titles = row_titles(row)
            self._give(ProposeHeading(agenda=self._agenda, titles=titles, before=before), row.line)
            event: HeadingProposed | HeadingMoved = HeadingProposed(
                id=self._ids[row.key], titles=titles, before=before
            )
        else:
            command = MoveHeading(
                agenda=self._agenda, heading=known.id, reason=self._reason, before=before
            )
            self._give(command, row.line)
            event = HeadingMoved(
                heading=known.id, titles=known.titles, reason=self._reason, before=before
            )
        self._headings = apply_heading_event(self._headings, self._items, event)

    def amend(self) -> None:
        """Change the words of items and headings that read otherwise."""
        standing = self._standing()
        headings = {heading.id: heading for heading in self._headings}
        for row in self._all_rows:
            if row.key in self._began and row.kind != HEADING:
                if titles := _changed_titles(row, self._began[row.key].titles):
                    number = standing[row.key].item
                    self._give(
                        AmendItem(
                            agenda=self._agenda, item=number, titles=titles, reason=self._reason
                        ),
                        row.line,
                    )
            elif row.key in headings and (titles := _changed_titles(row, headings[row.key].titles)):
                self._give(
                    AmendHeading(
                        agenda=self._agenda, heading=row.key, titles=titles, reason=self._reason
                    ),
                    row.line,
                )

    def describe(self) -> None:
        """Change the particulars of items that were on the list before."""
        for row in self._rows:
            item = self._began.get(row.key)
            if item is None:
                continue
            texts = {
                name: row.text(name)
                for name in ("proposer_kind", "proposer", "memorandum")
                if row.text(name) not in {"", getattr(item, name)}
            }
            lists = {
                name: row.entries(name)
                for name in ("legal_basis", "subjects")
                if row.entries(name) and sorted(row.entries(name)) != sorted(getattr(item, name))
            }
            if texts or lists:
                command = DescribeItem(
                    agenda=self._agenda,
                    item=self._standing()[row.key].item,
                    reason=self._reason,
                    proposer_kind=texts.get("proposer_kind", ""),
                    proposer=texts.get("proposer", ""),
                    memorandum=texts.get("memorandum", ""),
                    legal_basis=lists.get("legal_basis", ()),
                    subjects=lists.get("subjects", ()),
                )
                self._give(command, row.line)
            if emptied := tuple(name for name in NO_PARTICULARS if is_emptied(row, item, name)):
                number = self._standing()[row.key].item
                command_off = ClearItem(
                    agenda=self._agenda, item=number, particulars=emptied, reason=self._reason
                )
                self._give(command_off, row.line)

    def plan_documents(self) -> None:
        """List the documents of items that list others, or say that none is expected."""
        for row in self._rows:
            item = self._began.get(row.key, Item(item="", titles={}))
            if not any(name in row.cells for name in DOCUMENTS):
                continue
            wanted = (row.entries("documents"), bool(row.text("none_expected")), row.text("note"))
            if wanted == (item.documents, item.none_expected, item.note):
                continue
            documents, none_expected, note = wanted
            command = PlanDocuments(
                agenda=self._agenda,
                item=self._standing()[row.key].item,
                documents=documents,
                none_expected=none_expected,
                note=note,
            )
            self._give(command, row.line)


def is_emptied(row: Row, item: Item, name: str) -> bool:
    """Whether a row says nothing of a particular that its item has."""
    return name in row.cells and not row.text(name) and getattr(item, name) != NO_PARTICULARS[name]


DOCUMENTS: Final = ("documents", "none_expected", "note")
"""The columns that tell of the documents of an item."""


def row_titles(row: Row) -> dict[str, str]:
    """The titles that a row says, by language."""
    texts = {tag: row.text(f"title-{tag}") for tag in LANGUAGES}
    return {tag: text for tag, text in texts.items() if text}


def _changed_titles(row: Row, before: Mapping[str, str]) -> dict[str, str]:
    """The titles of a row that read otherwise than before."""
    return {tag: text for tag, text in row_titles(row).items() if text != before.get(tag, "")}
