"""The list of an agenda's items, edited as a whole: as a table, or pasted as lines."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import Final

from msgspec import structs

from domain.agenda.headings import Heading
from domain.agenda.item_numbers import item_key, normalize_number, parent_key
from domain.agenda.items import Item
from domain.languages import LANGUAGES
from workflows.acts.agenda_annotations import EITHER
from workflows.acts.agenda_items import NUMBER, SUBJECTS, proposer_kinds
from workflows.acts.choices import called_by_words
from workflows.acts.parameter import N_, Choice
from workflows.editing import item_list_acts
from workflows.editing.item_list_acts import DOCUMENTS, HEADING, UNKNOWN
from workflows.editing.rows import KIND, Column, Draft, Fate, Fault, Line, Plan, Row, keyed
from workflows.queries.agenda import AgendaForForm

NO_NUMBER: Final = N_("Give it a number, such as 2, or 4 (b) for a sub-item.")
NO_TITLE: Final = N_("Give it a title, in at least one language.")
NOT_A_NUMBER: Final = N_("“%(text)s” is no number such as 2, 4.2 or 4 (b).")
NUMBER_TWICE: Final = N_("The number %(text)s stands in line %(other)s too.")
NO_PARENT: Final = N_("There is no item %(other)s that %(text)s could be under.")
UNDER_REMOVED: Final = N_("It stands under item %(text)s, which is taken off: take it off as well.")
NO_REASON: Final = N_("Give the reason: items that there are already are changed or taken off.")
NO_LINE: Final = N_(
    "A line begins with the number of the item, and its title follows; a heading without a number"
    " begins with #."
)
STAYS: Final = N_("This cannot be emptied, only replaced: write what holds instead.")
YES: Final = "yes"
NOT_KNOWN: Final = N_("“%(text)s” is not one of the answers that are offered here.")


def columns(shown: AgendaForForm) -> tuple[Column, ...]:
    """What each line of the list tells; of a heading, its words only."""
    titles = tuple(
        Column(
            name=f"title-{tag}", label=N_("Title (%(language)s)"), language=tag, fold=tag != "en"
        )
        for tag in ("en", *(tag for tag in LANGUAGES if tag != "en"))
    )
    return (
        Column(name=KIND, label=N_("Kind"), kind="hidden"),
        Column(name="number", label=N_("Number"), not_for=HEADING),
        *titles,
        *(
            structs.replace(column, fold=True, not_for=HEADING)
            for column in _particulars(proposer_kinds(shown) or ())
        ),
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
        Column(name="note", label=N_("Note on its documents")),
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
        "proposer_kind": _told(item.proposer_kind),
        "proposer": item.proposer,
        "memorandum": _told(item.memorandum),
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


def _told(text_: str) -> str:
    return "" if text_ == UNKNOWN else text_


# --- As lines -------------------------------------------------------------------------------------

_LEVEL: Final = r"(?:\([^()\s]{1,9}\))"
_TOP: Final = r"(?:\d{1,4}(?:\.\d{1,4})*\.?|[^\W\d_]{1,4}\.)"
_LINE: Final = re.compile(
    rf"(?P<sub>{_LEVEL}(?:\s*{_LEVEL})*)\s+(?P<rest>\S.*)"
    rf"|(?P<number>{_TOP}(?:\s*{_LEVEL})*)[\s.]+(?P<title>\S.*)"
)
_HEADING: Final = re.compile(r"(?:\s*[#＃]\s*|\s*\t\s*(?=\S))(?P<title>.*)")
_ALONE: Final = re.compile(rf"{_TOP}(?:\s*{_LEVEL})*\.?")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_FIRST: Final = ("a", "i", "1")
"""How the first sub-item of an item can be called."""


def text(shown_rows: Sequence[Row], language: str) -> str:
    """The list as lines in one language: the number, or `#` for a heading, and the title behind."""
    lines = (
        f"{'#' if row.kind == HEADING else row.text('number')}\t"
        f"{row.text(f'title-{language}')}".rstrip()
        for row in shown_rows
    )
    return "\n".join(lines)


def read(text_: str, language: str) -> tuple[list[Row], list[Fault]]:
    """Rows of lines such as `2. Title`, `2 (a) Title` or, under an item `2`, `(a) Title`.

    A line with a tab has its number before it and its title behind. `# Title` is a heading, and
    so is a title behind a tab with nothing before it.
    """
    found: list[Row] = []
    faults: list[Fault] = []
    above: list[str] = []
    for line, written in enumerate(text_.replace("\r\n", "\n").split("\n"), start=1):
        if not written.strip():
            continue
        if heading := _HEADING.fullmatch(written):
            cells = {KIND: HEADING, f"title-{language}": heading["title"].strip()}
            found.append(Row(cells=cells, line=line))
            continue
        number, title = _parts(written)
        levels = [level.strip("()") for level in re.findall(_LEVEL, number)]
        if number.startswith("("):
            above = _below(above, levels)
            number = f"{above[0]} {' '.join(f'({level})' for level in above[1:])}" if above else ""
        elif number:
            above = [re.split(r"\s*\(", number)[0], *levels]
        if not number:
            faults.append(Fault(line=line, why=NO_LINE, words={"text": written.strip()}))
        found.append(Row(cells={"number": number, f"title-{language}": title}, line=line))
    return found, faults


def _parts(written: str) -> tuple[str, str]:
    """The number and the title of a line; no number where it begins with none."""
    before, tab, behind = written.strip().partition("\t")
    if tab:
        return before.strip().rstrip("."), behind.strip()
    found = _LINE.fullmatch(written.strip())
    if found and found["sub"]:
        return found["sub"], found["rest"]
    if found:
        return found["number"].rstrip("."), found["title"]
    if _ALONE.fullmatch(written.strip()):
        return written.strip().rstrip("."), ""
    return "", written.strip()


def _below(above: Sequence[str], levels: Sequence[str]) -> list[str]:
    """The levels of a sub-item that is written without its item, below the line before it.

    After `(h)` comes `(i)`; otherwise `(i)` begins a level of its own. Empty where no item stands
    above.
    """
    if not above or len(levels) != 1:
        return [*above[:1], *levels] if above else []
    level = levels[0].casefold()
    for depth in range(len(above) - 1, 0, -1):
        if _follows(above[depth].casefold(), level):
            return [*above[:depth], levels[0]]
    if level in _FIRST or len(above) == 1:
        return [*above, levels[0]]
    roman = len(level) > 1
    same = (d for d in range(len(above) - 1, 0, -1) if (len(above[d]) > 1) == roman)
    return [*above[: next(same, len(above) - 1)], levels[0]]


def _follows(level: str, following: str) -> bool:
    """Whether one level comes right after another in counting: by letters, Roman or digits."""
    if level.isdecimal() and following.isdecimal():
        return int(following) == int(level) + 1
    if level in _ROMAN and following in _ROMAN:
        return _ROMAN.index(following) == _ROMAN.index(level) + 1
    return len(level) == len(following) == 1 and ord(following) == ord(level) + 1


def identify(base: Sequence[Row], written: Sequence[Row], language: str) -> tuple[Row, ...]:
    """Rows with the items that they mean: by number and title, by the title, by the number.

    `base` are the items as they stood when the writing began.
    """
    column = f"title-{language}"
    free = keyed(base)
    keys: dict[int, str] = {}

    def number_of(row: Row) -> str:
        return item_key(row.text("number"))

    def both_of(row: Row) -> object:
        return (row.kind, number_of(row), row.text(column))

    def title_of(row: Row) -> object:
        return row.text(column) and (row.kind, row.text(column))

    for key_of in (both_of, title_of, number_of):
        known: dict[object, list[str]] = {}
        for key, row in free.items():
            known.setdefault(key_of(row), []).append(key)
        for place, row in enumerate(written):
            meant = known.get(key_of(row), []) if key_of(row) else []
            if place not in keys and len(meant) == 1 and meant[0] in free:
                keys[place] = meant[0]
                del free[meant[0]]
    _identify_headings(written, keys, free)
    by_key = keyed(base)
    return tuple(
        structs.replace(row, key=keys[place], cells={**by_key[keys[place]].cells, **row.cells})
        if place in keys
        else row
        for place, row in enumerate(written)
    )


def _identify_headings(
    written: Sequence[Row], keys: dict[int, str], free: Mapping[str, Row]
) -> None:
    """Headings have no number: as many as are left over on both sides are the same, in order."""
    others = [n for n, row in enumerate(written) if row.kind == HEADING and n not in keys]
    left = [key for key, row in free.items() if row.kind == HEADING]
    if len(others) == len(left):
        keys.update(zip(others, left, strict=True))


# --- What it means --------------------------------------------------------------------------------


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
    for row in written:
        if row.kind != HEADING:
            found += _number_faults(shown, row, first)
            first.setdefault(item_key(row.text("number")), row.line)
        if not any(row.text(f"title-{tag}") for tag in LANGUAGES):
            found.append(Fault(line=row.line, why=NO_TITLE, column="title-en"))
        found += _not_offered(shown, row)
        found += _emptied(shown, row)
    for row in written:
        above = parent_key(row.text("number"))
        if above and above not in first:
            words = {"text": normalize_number(row.text("number")), "other": above}
            found.append(Fault(line=row.line, why=NO_PARENT, words=words, column="number"))
    return found


def _number_faults(shown: AgendaForForm, row: Row, first: Mapping[str, int]) -> list[Fault]:
    number, key = row.text("number"), item_key(row.text("number"))
    if not number:
        return [Fault(line=row.line, why=NO_NUMBER, column="number")]
    if not re.fullmatch(NUMBER, number) and not _stands(shown, row):
        return [Fault(line=row.line, why=NOT_A_NUMBER, words={"text": number}, column="number")]
    if key in first:
        words = {"text": number, "other": str(first[key])}
        return [Fault(line=row.line, why=NUMBER_TWICE, words=words, column="number")]
    return []


def _item_of(shown: AgendaForForm, row: Row) -> Item | None:
    return next((item for item in shown.agenda.items if item.id == row.key), None)


def _stands(shown: AgendaForForm, row: Row) -> bool:
    """Whether an item bears this number already, however it is written."""
    item = _item_of(shown, row)
    return item is not None and item.item == row.text("number")


def _not_offered(shown: AgendaForForm, row: Row) -> list[Fault]:
    """What is none of the answers that are offered, unless it stood there already."""
    item, found = _item_of(shown, row), []
    stood = _cells(item) if item else {}
    for column in columns(shown):
        offered = {choice.value for choice in column.choices}
        known = {*offered, *stood.get(column.name, "").split("\n")}
        for given in row.entries(column.name) if offered else ():
            if given not in known:
                words = {"text": given}
                found.append(Fault(line=row.line, why=NOT_KNOWN, words=words, column=column.name))
    return found


def _emptied(shown: AgendaForForm, row: Row) -> list[Fault]:
    """Particulars that no act takes back to nothing, and documents beside that none is expected."""
    item = _item_of(shown, row)
    stood = _cells(item) if item else {}
    told = bool(row.text("documents")), bool(row.text("none_expected"))
    found = [
        Fault(line=row.line, why=STAYS, column=name)
        for name in ("proposer_kind", "proposer", "memorandum", "legal_basis", "subjects")
        if name in row.cells and stood.get(name) and not row.text(name)
    ]
    asked = row.text("note") or any(stood.get(name) and name in row.cells for name in DOCUMENTS)
    if all(told) or (asked and not any(told)):
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
