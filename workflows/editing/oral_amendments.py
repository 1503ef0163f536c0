"""The oral amendments with which a body adopts its agenda: one on each line, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.agenda.adoption import AMENDMENT_ACTS
from domain.agenda.commands import AdoptAgenda
from domain.agenda.events import Amendment
from domain.agenda.item_numbers import item_key, parent_key
from domain.agenda.item_order import apply_amendments
from domain.agenda.items import Item, find_item
from domain.languages import LANGUAGES
from workflows.acts.choices import called_by_words
from workflows.acts.erasable_texts import CAN_BE_ERASED
from workflows.acts.parameter import N_
from workflows.editing import stated_time
from workflows.editing.item_list import NO_NUMBER, NO_PARENT, NO_TITLE
from workflows.editing.rows import Column, Draft, Fate, Fault, Line, Plan, Row
from workflows.editing.work import NO_ITEM
from workflows.queries.agenda import AgendaForForm

ACTS: Final[Mapping[str, str]] = {
    "add": N_("Add an item"),
    "delete": N_("Delete it"),
    "defer": N_("Defer it to another session"),
    "retitle": N_("Give it another title"),
    "reorder": N_("Move it"),
}
"""What can be done with an item when the agenda is adopted, in words."""

COLUMNS: Final = (
    Column(name="act", label=N_("What is changed"), choices=called_by_words(ACTS)),
    Column(name="number", label=N_("Number")),
    Column(name="after", label=N_("After which item, where it is added or moved")),
    *(
        Column(
            name=f"title-{tag}", label=N_("Title (%(language)s)"), language=tag, fold=tag != "en"
        )
        for tag in ("en", *(tag for tag in LANGUAGES if tag != "en"))
    ),
    Column(name="reason", label=N_("Reason"), hint=CAN_BE_ERASED),
)

NO_ACT: Final = N_("Say what is changed.")
THERE_ALREADY: Final = N_("There is an item %(text)s already.")
NO_AMENDMENT: Final = N_(
    "Write at least one amendment. An agenda is adopted as proposed by the form “Adopt the agenda”."
)


def rows(_: AgendaForForm) -> tuple[Row, ...]:
    """No amendment to begin with."""
    return ()


def plan(shown: AgendaForForm, draft: Draft) -> Plan:
    """The adoption with all amendments, each on the list as those before it leave it."""
    written = [row for row in draft.rows if not row.blank]
    happened, untimely = stated_time.read(draft, shown.body.zone)
    faults: list[Fault] = [*untimely] if written else [*untimely, Fault(line=0, why=NO_AMENDMENT)]
    items, amendments = shown.agenda.items, []
    for row in written:
        wrong = [*_faults(items, row)]
        faults += wrong
        if not wrong:
            amendment = _amendment(row)
            items = apply_amendments(items, (), [amendment])
            amendments.append(amendment)
    if faults:
        return Plan(faults=tuple(faults))
    command = AdoptAgenda(agenda=shown.agenda.id, amendments=tuple(amendments))
    lines = tuple(
        Line(called=_called(shown.agenda.items, row), fate=FATES[row.text("act")], line=row.line)
        for row in written
    )
    return Plan(commands=(command,), lines_of=(0,), lines=lines, happened=happened)


FATES: Final[Mapping[str, Fate]] = {
    "add": Fate.NEW,
    "delete": Fate.REMOVED,
    "defer": Fate.REMOVED,
    "retitle": Fate.CHANGED,
    "reorder": Fate.CHANGED,
}


def _titles(row: Row) -> dict[str, str]:
    return {tag: row.text(f"title-{tag}") for tag in LANGUAGES if row.text(f"title-{tag}")}


def _amendment(row: Row) -> Amendment:
    titled = row.text("act") in {"add", "retitle"}
    placed = row.text("act") in {"add", "reorder"}
    return Amendment(
        act=row.text("act"),
        item=row.text("number"),
        titles=_titles(row) if titled else {},
        after=row.text("after") if placed else "",
        reason=row.text("reason"),
    )


def _called(items: Sequence[Item], row: Row) -> str:
    """An item by its number, and by its title: the new one, or the one that it has."""
    found = find_item(items, row.text("number"))
    title = next(iter(_titles(row).values()), "")
    return (
        f"{row.text('number')} {title or next(iter(found.titles.values()), '') if found else title}"
    )


def _faults(items: Sequence[Item], row: Row) -> Iterator[Fault]:
    """What is wrong with a line, on the list as the lines before it leave it."""
    act, number, after = row.text("act"), row.text("number"), row.text("after")
    if act not in AMENDMENT_ACTS:
        yield Fault(line=row.line, why=NO_ACT, column="act")
        return
    found = find_item(items, number) if item_key(number) else None
    level = parent_key(number)
    words = {"text": number, "other": level}
    if not item_key(number):
        yield Fault(line=row.line, why=NO_NUMBER, column="number")
    elif act != "add" and found is None:
        yield Fault(line=row.line, why=NO_ITEM, words=words, column="number")
    elif act == "add" and found is not None:
        yield Fault(line=row.line, why=THERE_ALREADY, words=words, column="number")
    elif act == "add" and level and find_item(items, level) is None:
        yield Fault(line=row.line, why=NO_PARENT, words=words, column="number")
    if act in {"add", "retitle"} and not _titles(row):
        yield Fault(line=row.line, why=NO_TITLE, column="title-en")
    if act in {"add", "reorder"} and after and find_item(items, after) is None:
        yield Fault(line=row.line, why=NO_ITEM, words={"text": after}, column="after")
