"""What departs from the rules in an agenda, or cannot be told, and titles that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.rules import Finding, Result, Rule
from web.i18n.labels import N_
from web.presenters.text_diff import SidePiece, diff_side_by_side
from workflows.queries.agenda import AgendaDetails

PLACES: Final = {
    "annotation": N_("Annotation"),
    "organization of work": N_("Organization of work"),
}


@dataclass(frozen=True)
class TitleDifferenceRow:
    """A title that reads otherwise in another place, both side by side."""

    item: str
    language: str
    place: str
    here: tuple[SidePiece, ...]
    there: tuple[SidePiece, ...]


@dataclass(frozen=True)
class AgendaFinding:
    """A finding that is not satisfied, with the rule and the event that it was recorded with."""

    finding: Finding
    rule: Rule | None
    position: int
    differing: tuple[TitleDifferenceRow, ...] = ()


def agenda_findings(shown: AgendaDetails) -> list[AgendaFinding]:
    """What departs from the rules, or cannot be told, departures first.

    What is recorded with an event counts for that event; what the agenda's own texts show is
    looked at as they stand.
    """
    recorded: dict[str, list[tuple[Finding, int]]] = {}
    for event in shown.events:
        for finding in event.findings:
            recorded.setdefault(finding.rule, []).append((finding, event.position))
    latest = {rule: found[-1] for rule, found in recorded.items()}
    standing = {
        finding.rule: (finding, _last_position(finding, recorded)) for finding in shown.noticed
    }
    made = [
        AgendaFinding(
            finding=finding,
            rule=shown.pack.rules.get(name),
            position=position,
            differing=tuple(title_difference_rows(shown)) if name == "titles-identical" else (),
        )
        for name, (finding, position) in {**latest, **standing}.items()
        if finding.result is not Result.SATISFIED
    ]
    return sorted(made, key=lambda found: found.finding.result is not Result.VIOLATED)


def _last_position(finding: Finding, recorded: Mapping[str, Sequence[tuple[Finding, int]]]) -> int:
    """The last event that found the same; 0 where none did."""
    same = [position for other, position in recorded.get(finding.rule, ()) if other == finding]
    return same[-1] if same else 0


def title_difference_rows(shown: AgendaDetails) -> Iterator[TitleDifferenceRow]:
    """Titles in the annotations and in the organization of work that differ from the list."""
    for difference in shown.differences:
        place = PLACES[difference.place]
        yield TitleDifferenceRow(
            difference.item,
            difference.language,
            place,
            *diff_side_by_side(difference.title, difference.other),
        )
