"""Annotations edited together: those of one item in all languages, or of all items in one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.agenda.commands import AnnotateItem
from domain.agenda.items import Item
from domain.languages import LANGUAGES
from workflows.acts.erasable_texts import STAYS
from workflows.acts.parameter import N_
from workflows.editing.rows import Column, Draft, Fate, Fault, Line, Plan, Row
from workflows.queries.agenda import AgendaForForm

NOT_EMPTIED: Final = N_("An annotation is replaced, and not taken back: write what shall stand.")
NO_HEADING: Final = N_("Give it a heading; as a rule, the title of the item in this language.")


def columns(_: AgendaForForm) -> tuple[Column, ...]:
    """What an annotation consists of."""
    return (
        Column(name="heading", label=N_("Heading")),
        Column(name="paragraphs", label=N_("Paragraphs"), kind="long", hint=STAYS),
        Column(name="footnotes", label=N_("Footnotes"), kind="long", hint=STAYS),
    )


def rows(shown: AgendaForForm) -> tuple[Row, ...]:
    """The annotations of the item, or in the language, that was chosen; a heading is proposed."""
    return tuple(
        Row(key=f"{item.id} {language}", cells=_cells(item, language, propose=True), line=number)
        for number, (item, language) in enumerate(_places(shown), start=1)
    )


def _places(shown: AgendaForForm) -> Iterable[tuple[Item, str]]:
    items, chosen = shown.agenda.items, shown.chosen
    if language := chosen.get("language"):
        return [(item, language) for item in items if language in LANGUAGES]
    return [
        (item, language)
        for item in items
        if item.item == chosen.get("item")
        for language in LANGUAGES
    ]


def _cells(item: Item, language: str, *, propose: bool) -> dict[str, str]:
    note = next((note for note in item.notes if note.language == language), None)
    title = item.titles.get(language, "") if propose else ""
    return {
        "heading": note.heading if note else title,
        "paragraphs": "\n".join(note.paragraphs) if note else "",
        "footnotes": "\n".join(note.footnotes) if note else "",
    }


def called(shown: AgendaForForm, row: Row) -> tuple[str, str]:
    """What a row is about: the number and title of an item, and the tag of a language."""
    name, _, language = row.key.partition(" ")
    item = next((item for item in shown.agenda.items if item.id == name), None)
    if item is None:
        return "", language
    title = item.titles.get(language, "")
    if shown.chosen.get("language"):
        title = title or next(iter(item.titles.values()), "")
    return f"{item.item} {title}".strip(), language


def plan(shown: AgendaForForm, draft: Draft) -> Plan:
    """One act for each annotation that reads otherwise than before.

    A heading alone, as it is proposed, is no annotation.
    """
    commands: list[AnnotateItem] = []
    places: list[int] = []
    lines: list[Line] = []
    faults: list[Fault] = []
    known = {item.id: item for item in shown.agenda.items}
    for row in draft.rows:
        name, _, language = row.key.partition(" ")
        item = known.get(name)
        if item is None or language not in LANGUAGES:
            continue
        stands = any(note.language == language for note in item.notes)
        before = _cells(item, language, propose=False)
        given = {column: "\n".join(_lines(row.text(column))) for column in before}
        empty = not (given["paragraphs"] or given["footnotes"])
        untouched = not stands and empty and given["heading"] in {"", item.titles.get(language, "")}
        title = f"{item.item} {LANGUAGES[language]}"
        if given == before or untouched:
            lines.append(Line(called=title, fate=Fate.UNCHANGED, line=row.line))
        elif not any(given.values()):
            faults.append(Fault(line=row.line, why=NOT_EMPTIED, column="paragraphs"))
        elif not given["heading"]:
            faults.append(Fault(line=row.line, why=NO_HEADING, column="heading"))
        else:
            command = AnnotateItem(
                agenda=shown.agenda.id,
                item=item.item,
                language=language,
                heading=given["heading"],
                paragraphs=_lines(given["paragraphs"]),
                footnotes=_lines(given["footnotes"]),
            )
            commands.append(command)
            places.append(row.line)
            fate = Fate.CHANGED if stands else Fate.NEW
            lines.append(Line(called=title, fate=fate, line=row.line))
    if faults:
        return Plan(faults=tuple(faults))
    return Plan(commands=tuple(commands), lines_of=tuple(places), lines=tuple(lines))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.splitlines())))
