"""The list of an agenda's items, edited as a whole: its columns, its rows, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import Final

from msgspec import structs

from domain.agenda.headings import Heading
from domain.agenda.item_numbers import item_key, normalize_number, parent_key
from domain.agenda.items import UNKNOWN, Item
from domain.languages import LANGUAGES
from workflows.acts.agenda_annotations import EITHER
from workflows.acts.agenda_items import NUMBER, SUBJECTS, proposer_kinds
from workflows.acts.choices import called_by_words
from workflows.acts.erasable_texts import CAN_BE_ERASED
from workflows.acts.parameter import N_, Choice
from workflows.editing import item_list_acts
from workflows.editing.item_list_acts import DOCUMENTS, HEADING
from workflows.editing.rows import KIND, Column, Draft, Fate, Fault, Line, Plan, Row, keyed
from workflows.queries.agenda import AgendaForForm

NO_NUMBER: Final = N_("Give it a number, such as 2, or 4 (b) for a sub-item.")
NO_TITLE: Final = N_("Give it a title, in at least one language.")
NOT_A_NUMBER: Final = N_("“%(text)s” is no number such as 2, 4.2 or 4 (b).")
NUMBER_TWICE: Final = N_("The number %(text)s stands in line %(other)s too.")
NO_PARENT: Final = N_("There is no item %(other)s that %(text)s could be under.")
UNDER_REMOVED: Final = N_("It stands under item %(text)s, which is taken off: take it off as well.")
NO_REASON: Final = N_("Give the reason: items that there are already are changed or taken off.")
STAYS: Final = N_("This cannot be emptied, only replaced: write what holds instead.")
YES: Final = "yes"
NOT_KNOWN: Final = N_("“%(text)s” is not one of the answers that are offered here.")


def columns(shown: AgendaForForm) -> tuple[Column, ...]:
    """What each line of the list tells here and now."""
    return item_columns(proposer_kinds(shown) or ())


def item_columns(kinds: tuple[Choice, ...]) -> tuple[Column, ...]:
    """What each line tells; of a heading, its words only. `kinds` are those of proposers."""
    titles = tuple(
        Column(
            name=f"title-{tag}", label=N_("Title (%(language)s)"), language=tag, fold=tag != "en"
        )
        for tag in ("en", *(tag for tag in LANGUAGES if tag != "en"))
    )
    return (
        Column(name=KIND, label=N_("Section heading"), kind="hidden"),
        Column(name="number", label=N_("Number"), not_for=HEADING),
        *titles,
        *(structs.replace(column, fold=True, not_for=HEADING) for column in _particulars(kinds)),
    )


def _particulars(kinds: tuple[Choice, ...]) -> tuple[Column, ...]:
    """What an item tells beside its number and titles."""
    return (
        Column(name="proposer_kind", label=N_("What kind of proposer"), choices=kinds),
        Column(name="proposer", label=N_("Who proposes it")),
        Column(name="memorandum", label=N_("Explanatory memorandum"), kind="long"),
        Column(name="legal_basis", label=N_("Legal basis (one on each line)"), kind="long"),
        Column(
            name="subjects",
            label=N_("What it is about, as far as rules ask for it"),
            kind="several",
            choices=called_by_words(SUBJECTS),
        ),
        Column(
            name="documents",
            label=N_("Symbols of its documents (one on each line)"),
            kind="long",
        ),
        Column(
            name="none_expected",
            label=N_("Whether a document is expected"),
            choices=called_by_words({YES: N_("No document is expected")}),
        ),
        Column(name="note", label=N_("Note on its documents"), hint=CAN_BE_ERASED),
        Column(
            name="working_translations",
            label=N_("Languages in which the title is a working translation"),
            kind="several",
            choices=called_by_words(LANGUAGES),
            new_only=True,
        ),
    )


def rows(shown: AgendaForForm) -> tuple[Row, ...]:
    """The list as it stands, as rows: items, with headings above those before which they stand."""
    agenda = shown.agenda
    found = []
    for item in agenda.items:
        found += [(head.id, _heading_cells(head)) for head in agenda.headings_before(item.id)]
        found.append((item.id, _cells(item)))
    found += [(head.id, _heading_cells(head)) for head in agenda.headings_before("")]
    return tuple(
        Row(key=key, cells=cells, line=number) for number, (key, cells) in enumerate(found, start=1)
    )


def _cells(item: Item) -> dict[str, str]:
    return {
        "number": item.item,
        **_titles(item.titles),
        "proposer_kind": _known_text(item.proposer_kind),
        "proposer": item.proposer,
        "memorandum": _known_text(item.memorandum),
        "legal_basis": "\n".join(item.legal_basis),
        "subjects": "\n".join(item.subjects),
        "documents": "\n".join(item.documents),
        "none_expected": YES if item.none_expected else "",
        "note": item.note,
    }


def _heading_cells(heading: Heading) -> dict[str, str]:
    return {KIND: HEADING, **_titles(heading.titles)}


def _titles(titles: Mapping[str, str]) -> dict[str, str]:
    return {f"title-{tag}": titles.get(tag, "") for tag in LANGUAGES}


def _known_text(text_: str) -> str:
    return "" if text_ == UNKNOWN else text_


def plan(shown: AgendaForForm, draft: Draft) -> Plan:
    """What becomes of the list, and the acts that make it so."""
    written = [row for row in draft.rows if row.key or not row.blank]
    removed = {*draft.removed} & {*keyed(rows(shown))}
    faults = [*_faults(shown, written), *_below_removed(shown, written, removed)]
    if faults:
        return Plan(faults=tuple(faults))
    made = item_list_acts.acts(shown.agenda, written, removed, draft.answer("reason"))
    if made.needs_reason and not draft.answer("reason"):
        return Plan(faults=(Fault(line=0, why=NO_REASON, column="reason"),))
    return Plan(
        commands=made.commands,
        lines_of=made.lines_of,
        lines=_lines(shown, written, removed, made.moved),
    )


def _lines(
    shown: AgendaForForm, written: Sequence[Row], removed: set[str], moved: Container[int]
) -> tuple[Line, ...]:
    """What becomes of each line, and of each item that is taken off."""
    known = keyed(rows(shown))
    found = []
    for row in written:
        was = known.get(row.key)
        if was is None:
            fate = Fate.NEW
        else:
            same = all(_said(row, name) == _said(was, name) for name in row.cells)
            fate = Fate.UNCHANGED if same and row.line not in moved else Fate.CHANGED
        found.append(Line(called=_called(row), fate=fate, line=row.line))
    found += [
        Line(called=_called(was), fate=Fate.REMOVED) for key, was in known.items() if key in removed
    ]
    return tuple(found)


def _said(row: Row, name: str) -> object:
    """What a cell says; of several choices, whatever their order."""
    return sorted(row.entries(name)) if name in {"subjects", "legal_basis"} else row.text(name)


def _called(row: Row) -> str:
    title = next((row.text(f"title-{tag}") for tag in LANGUAGES if row.text(f"title-{tag}")), "")
    english = row.text("title-en")
    return f"{row.text('number')} {english or title}".strip()


def _faults(shown: AgendaForForm, written: Sequence[Row]) -> list[Fault]:
    found: list[Fault] = []
    first: dict[str, int] = {}
    known, table = keyed(rows(shown)), columns(shown)
    for row in written:
        stood = known.get(row.key, Row(cells={}))
        if row.kind != HEADING:
            found += _number_faults(row, stood, first)
            first.setdefault(item_key(row.text("number")), row.line)
        found += _title_faults(row, stood)
        found += _not_offered(row, stood, table)
        found += _document_faults(row, stood)
    for row in written:
        above = parent_key(row.text("number"))
        if above and above not in first:
            words = {"text": normalize_number(row.text("number")), "other": above}
            found.append(Fault(line=row.line, why=NO_PARENT, words=words, column="number"))
    return found


def _title_faults(row: Row, stood: Row) -> list[Fault]:
    """No title at all, or none any more in a language in which there is one."""
    titles = [f"title-{tag}" for tag in LANGUAGES]
    if not any(row.text(name) for name in titles):
        return [Fault(line=row.line, why=NO_TITLE, column="title-en")]
    return [
        Fault(line=row.line, why=STAYS, column=name)
        for name in titles
        if name in row.cells and stood.text(name) and not row.text(name)
    ]


def _number_faults(row: Row, stood: Row, first: Mapping[str, int]) -> list[Fault]:
    number, key = row.text("number"), item_key(row.text("number"))
    if not number:
        return [Fault(line=row.line, why=NO_NUMBER, column="number")]
    whole = re.fullmatch(NUMBER, number) and not number.startswith("(")
    if not whole and number != stood.text("number"):
        return [Fault(line=row.line, why=NOT_A_NUMBER, words={"text": number}, column="number")]
    if key in first:
        words = {"text": number, "other": str(first[key])}
        return [Fault(line=row.line, why=NUMBER_TWICE, words=words, column="number")]
    return []


def _not_offered(row: Row, stood: Row, table: Sequence[Column]) -> list[Fault]:
    """What is none of the answers that are offered, unless it stood there already."""
    found = []
    for column in table:
        known = {choice.value for choice in column.choices} | {*stood.entries(column.name)}
        for given in row.entries(column.name) if column.choices else ():
            if given not in known:
                words = {"text": given}
                found.append(Fault(line=row.line, why=NOT_KNOWN, words=words, column=column.name))
    return found


def _document_faults(row: Row, stood: Row) -> list[Fault]:
    """Documents beside that none is expected, or neither where the item had one of them."""
    given = bool(row.text("documents")), bool(row.text("none_expected"))
    found: list[Fault] = []
    needed = row.text("note") or any(stood.text(name) and name in row.cells for name in DOCUMENTS)
    if all(given) or (needed and not any(given)):
        found.append(Fault(line=row.line, why=EITHER, column="documents"))
    return found


def _below_removed(shown: AgendaForForm, written: Sequence[Row], removed: set[str]) -> list[Fault]:
    """Items that would go with another one though they stand on the list."""
    bears = {item.item: item for item in shown.agenda.items}
    line_of = {row.key: row.line for row in written}
    found = []
    for item in shown.agenda.items:
        above = bears.get(item.under)
        if above and above.id in removed and item.id not in removed:
            words, line = {"text": above.item}, line_of.get(item.id, 0)
            found.append(Fault(line=line, why=UNDER_REMOVED, words=words, column="number"))
    return found
