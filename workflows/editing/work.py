"""The organization of work of an agenda, edited as one table: which items in which slot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from domain import hour_spans
from domain.agenda.commands import OrganizeWork
from domain.agenda.item_numbers import item_key
from domain.agenda.items import find_item
from domain.organization_of_work import Entry, Slot
from domain.times import When
from workflows.acts.parameter import N_
from workflows.editing import slot_rows
from workflows.editing.rows import Column, Draft, Fault, Plan, Row
from workflows.queries.agenda import AgendaForForm

COLUMNS: Final = (
    *slot_rows.COLUMNS,
    Column(
        name="items",
        label=N_("Items, by their numbers"),
        hint=N_("Set apart by commas, such as 1 (a), 1 (b), 2."),
    ),
)
NO_ITEMS: Final = N_("Say which items are taken in this slot, such as 1, 2 (a), 3.")
NO_ITEM: Final = N_("There is no item %(text)s on this agenda.")
NO_SLOT: Final = N_("An organization of work needs a slot.")


def rows(shown: AgendaForForm) -> tuple[Row, ...]:
    """The slots as they are planned; else one for each meeting of the session, still empty."""
    slots = [
        {**slot_rows.cells(slot), "items": ", ".join(entry.item for entry in slot.entries)}
        for slot in shown.work
    ]
    meetings = [{**slot_rows.cells(meeting), "items": ""} for meeting in shown.meetings]
    return tuple(
        Row(cells=cells, line=number) for number, cells in enumerate(slots or meetings, start=1)
    )


def plan(shown: AgendaForForm, draft: Draft) -> Plan:
    """All slots as one organization of work, where it is not what is planned already.

    An item that stood in an earlier slot is marked as continued. A title that an entry had in its
    slot stays.
    """
    written = [row for row in draft.rows if not row.blank]
    faults = [fault for row in written for fault in _faults(shown, row)]
    if not written:
        faults.append(Fault(line=0, why=NO_SLOT))
    if faults:
        return Plan(faults=tuple(faults))
    slots = _slots(shown, written)
    before = [_plain(slot) for slot in shown.work]
    command = OrganizeWork(agenda=shown.agenda.id, slots=slots)
    return slot_rows.replacement(written, slots, before, _called, command)


def numbers(text: str) -> list[str]:
    """The numbers of a list such as `1, 2 (a); 3`."""
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def _called(slot: Slot) -> str:
    items = ", ".join(entry.item for entry in slot.entries)
    return f"{slot.day} {slot.starts}–{slot.ends}: {items}"


def _faults(shown: AgendaForForm, row: Row) -> list[Fault]:
    found = slot_rows.faults(row, hours_needed=True)
    if not numbers(row.text("items")):
        found.append(Fault(line=row.line, why=NO_ITEMS, column="items"))
    unknown = [n for n in numbers(row.text("items")) if not find_item(shown.agenda.items, n)]
    found += [
        Fault(line=row.line, why=NO_ITEM, words={"text": number}, column="items")
        for number in unknown
    ]
    return found


def _slots(shown: AgendaForForm, written: Sequence[Row]) -> tuple[Slot, ...]:
    """The slots of the rows, with what is continued in them."""
    titles = {
        (str(slot.day), slot.starts, item_key(entry.item)): entry.titles
        for slot in shown.work
        for entry in slot.entries
    }
    in_order = sorted(range(len(written)), key=lambda place: _begins(written[place]))
    begun: set[str] = set()
    found: dict[int, Slot] = {}
    for place in in_order:
        row = written[place]
        entries = []
        for number in numbers(row.text("items")):
            item = find_item(shown.agenda.items, number)
            name = item.item if item else number
            kept = titles.get((row.text("day"), row.text("starts"), item_key(name)), {})
            entries.append(Entry(item=name, continued=name in begun, titles=kept))
            begun.add(name)
        found[place] = Slot(
            day=When(row.text("day")),
            starts=row.text("starts"),
            ends=row.text("ends"),
            entries=tuple(entries),
            track=slot_rows.track(row),
        )
    return tuple(found[place] for place in range(len(written)))


def _begins(row: Row) -> tuple[str, int]:
    return row.text("day"), hour_spans.minutes_of_day(row.text("starts"), row.text("ends"))[0]


def _plain(slot: Slot) -> Slot:
    """A slot without the lasting ids of its items."""
    entries = tuple(
        Entry(item=entry.item, continued=entry.continued, titles=entry.titles)
        for entry in slot.entries
    )
    return Slot(day=slot.day, starts=slot.starts, ends=slot.ends, entries=entries, track=slot.track)
