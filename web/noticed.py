"""What departs from the rules in an agenda, or cannot be told, and titles that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.agenda import Agenda
from domain.rules import Finding, Result, Rule
from web.wording import N_
from workflows.reading import AgendaShown


@dataclass(frozen=True)
class Piece:
    """A stretch of a title; `mark` says that it is only here, or is missing here."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Differing:
    """A title that reads otherwise in another place, both side by side."""

    item: str
    language: str
    place: str
    here: tuple[Piece, ...]
    there: tuple[Piece, ...]


@dataclass(frozen=True)
class Noticed:
    """A finding that is not satisfied, with the rule and the event that it was recorded with."""

    finding: Finding
    rule: Rule | None
    position: int
    differing: tuple[Differing, ...] = ()


def noticed(shown: AgendaShown) -> list[Noticed]:
    """What departs from the rules, or cannot be told, departures first.

    What is recorded with an event counts for that event; what the agenda's own texts show is
    looked at as they stand.
    """
    recorded = {
        finding.rule: (finding, one.position) for one in shown.events for finding in one.findings
    }
    standing = {finding.rule: finding for finding in shown.noticed}
    rules = {**recorded, **{rule: (finding, 0) for rule, finding in standing.items()}}
    made = [
        Noticed(
            finding=finding,
            rule=shown.pack.rules.get(name),
            position=position or recorded.get(name, (finding, 0))[1],
            differing=tuple(differing(shown.agenda)) if name == "titles-identical" else (),
        )
        for name, (finding, position) in rules.items()
        if finding.result is not Result.SATISFIED
    ]
    return sorted(made, key=lambda one: one.finding.result is not Result.VIOLATED)


def differing(agenda: Agenda) -> Iterator[Differing]:
    """Titles in the annotations and in the organization of work that differ from the list."""
    headings = [(N_("Annotation"), note.item, note.language, note.heading) for note in agenda.notes]
    slots = [
        (N_("Organization of work"), entry.item, language, title)
        for slot in agenda.work
        for entry in slot.entries
        for language, title in entry.titles.items()
    ]
    listed = {item.item: item.titles for item in agenda.items}
    for place, item, language, title in dict.fromkeys([*headings, *slots]):
        own = listed.get(item, {}).get(language, title)
        if own != title:
            yield Differing(item, language, place, *compared(own, title))


def compared(first: str, second: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts cut where they differ."""
    here: list[Piece] = []
    there: list[Piece] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for act, from_1, to_1, from_2, to_2 in matcher.get_opcodes():
        same = act == "equal"
        for pieces, text in ((here, first[from_1:to_1]), (there, second[from_2:to_2])):
            mark = "" if same else "only here" if text else "missing"
            pieces.append(Piece(text, mark))
    return tuple(here), tuple(there)
