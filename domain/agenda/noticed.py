"""What the rules say of an agenda's items as they stand; the program shows it, and acts ask it."""

from __future__ import annotations

from collections.abc import Sequence

from domain import programme
from domain.agenda.agenda import Agenda
from domain.agenda.items import Item
from domain.rules import Finding, RulePack, demand
from domain.session.events import Meeting

UNKNOWN = "unknown"


def of_items(agenda: Agenda, pack: RulePack) -> tuple[Finding, ...]:
    """Rules on the items themselves; asked when they are submitted."""
    items = [item for item in agenda.items if not item.under]
    return (
        _proposers(items, pack),
        _memoranda(items, pack),
        _review_items(items, pack),
        _organizational_first(agenda, pack),
        _report_last(items),
    )


def of_texts(agenda: Agenda, meetings: Sequence[Meeting]) -> tuple[Finding, ...]:
    """Rules on titles and organization of work; asked at publication."""
    leaves = [item.item for item in agenda.items if not agenda.under(item.item)]
    return (_titles(agenda), *programme.noticed(agenda.work, leaves, meetings))


def _all_known(held: Sequence[bool | None]) -> bool | None:
    """Three-valued "all": one False decides, else one None leaves it open."""
    return False if False in held else None if None in held else True


def _proposers(items: Sequence[Item], pack: RulePack) -> Finding:
    permitted = pack.parameter("proposer-permitted", "kinds").split(", ")
    held = {
        item.item: None if item.proposer_kind == UNKNOWN else item.proposer_kind in permitted
        for item in items
    }
    because = _because(held, "proposer not of a permitted kind", "proposer unknown")
    return demand("proposer-permitted", _all_known([*held.values()]), because)


def _memoranda(items: Sequence[Item], pack: RulePack) -> Finding:
    exempt = set(pack.parameter("explanatory-memorandum", "exempt").split(", "))
    held = {
        item.item: None if item.memorandum == UNKNOWN else bool(item.memorandum)
        for item in items
        if not exempt & set(item.subjects)
    }
    because = _because(held, "no explanatory memorandum", "explanatory memorandum unknown")
    return demand("explanatory-memorandum", _all_known([*held.values()]), because)


def _because(held: dict[str, bool | None], wrong: str, open_: str) -> str:
    parts = [
        f"{words}: item {', '.join(names)}"
        for words, value in ((wrong, False), (open_, None))
        if (names := [name for name, found in held.items() if found is value])
    ]
    return "; ".join(parts)


def _review_items(items: Sequence[Item], pack: RulePack) -> Finding:
    limit = int(pack.parameter("review-item-cap", "most") or 0)
    found = [item.item for item in items if "review mechanism" in item.subjects]
    because = f"more than {limit} item of the review mechanism: {', '.join(found)}"
    return demand("review-item-cap", len(found) <= limit, because)


def _organizational_first(agenda: Agenda, pack: RulePack) -> Finding:
    """The first item opens the meeting and adopts the agenda, or only precedes its adoption."""
    tops = [item for item in agenda.items if not item.under]
    anywhere = pack.parameter("organizational-item-first", "adoption") == "anywhere"
    first = tops if anywhere else tops[:1]
    subjects = {
        subject
        for top in first
        for item in (top, *agenda.under(top.item))
        for subject in item.subjects
    }
    because = "the first item does not hold the adoption of the agenda"
    return demand("organizational-item-first", "adoption of the agenda" in subjects, because)


def _report_last(items: Sequence[Item]) -> Finding:
    held = bool(items) and "report" in items[-1].subjects
    return demand("report-item-last", held, "the last item is not the adoption of the report")


def _titles(agenda: Agenda) -> Finding:
    """Titles agree between list, annotation headings and organization of work."""
    differing = []
    for item in agenda.items:
        printed = [
            (note.language, note.heading) for note in agenda.notes if note.item == item.item
        ] + [
            pair
            for slot in agenda.work
            for entry in slot.entries
            if entry.item == item.item
            for pair in entry.titles.items()
        ]
        differing += [
            f"item {item.item} ({language}): {item.titles[language]} / {title}"
            for language, title in dict.fromkeys(printed)
            if language in item.titles and item.titles[language] != title
        ]
    return demand("titles-identical", not differing, "; ".join(differing))
