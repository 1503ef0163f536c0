"""What the rules say of an agenda's items as they stand; the program shows it, and acts ask it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct, structs

from domain import organization_of_work
from domain.agenda.agenda import Agenda
from domain.agenda.headings import headings_over
from domain.agenda.item_order import descendants
from domain.agenda.item_texts import PlacedHeading, encode_texts
from domain.agenda.items import UNKNOWN, Item
from domain.agenda.work_schedule import current_slots
from domain.rules import Finding, RulePack, make_finding
from domain.session.events import Meeting


def check_items(listed: Sequence[Item], pack: RulePack) -> tuple[Finding, ...]:
    """Rules on the items themselves; asked when they are submitted."""
    items = [item for item in listed if not item.under]
    return (
        _proposers(items, pack),
        _memoranda(items, pack),
        _review_items(items, pack),
        _organizational_first(listed, items, pack),
        _report_last(items),
    )


def check_texts(
    agenda: Agenda, content_of: Callable[[str], bytes], meetings: Sequence[Meeting]
) -> tuple[Finding, ...]:
    """Rules on titles and organization of work; asked at publication."""
    items = agenda.provisional
    parents = {item.under for item in items}
    leaves = [item.item for item in items if item.item not in parents]
    standing = [
        structs.replace(slot, entries=tuple(entry for entry in slot.entries if entry.id))
        for slot in current_slots(agenda.work, items, content_of)
    ]
    return (
        _titles(agenda, content_of),
        check_approval(agenda, content_of),
        *organization_of_work.check_slots(standing, leaves, meetings),
    )


def check_approval(agenda: Agenda, content_of: Callable[[str], bytes]) -> Finding:
    """Approved items read as in the text that was submitted; a correction may have changed them."""
    approved = [item for item in agenda.provisional if item.approval == "approved"]
    other = [
        item.item
        for item in approved
        if item.text_hash
        and _texts(item, encode_texts([item])[1][-1]) != _texts(item, content_of(item.text_hash))
    ]
    found = [f"item {', '.join(other)}"] if other else []
    found += [f"heading {name}" for name in _changed_headings(agenda, approved, content_of)]
    because = f"changed after the approval: {'; '.join(found)}"
    return make_finding("approved-text-unchanged", not found, because)


def _changed_headings(
    agenda: Agenda, approved: Sequence[Item], content_of: Callable[[str], bytes]
) -> list[str]:
    """The headings over approved items that read otherwise than in the text of one of these."""
    over = headings_over(agenda.provisional, agenda.headings)
    now = {
        heading.id: _heading(heading.id, encode_texts([], [PlacedHeading(heading, "")])[1][-1])
        for heading in agenda.headings
    }
    found = [
        name
        for item in approved
        for name in over[item.id]
        if item.text_hash
        and (was := _heading(name, content_of(item.text_hash))) is not None
        and was != now[name]
    ]
    return [*dict.fromkeys(found)]


def _heading(name: str, manifest: bytes) -> object:
    """The hashes of a heading's texts in a manifest; None where it is not in it."""
    lines = msgspec.json.decode(manifest).get("headings", ())
    return next((line["texts"] for line in lines if line["heading"] == name), None)


def _texts(item: Item, manifest: bytes) -> object:
    """The hashes of an item's texts in a manifest; None where it is not in it."""
    lines = msgspec.json.decode(manifest)["items"]
    return next((line["texts"] for line in lines if line["item"] == item.item), None)


class TitleDifference(Struct, frozen=True):
    """A title that reads otherwise in another place than in the list of items."""

    item: str
    language: str
    place: str
    """`annotation` or `organization of work`"""
    title: str
    other: str


def title_differences(
    agenda: Agenda, content_of: Callable[[str], bytes]
) -> tuple[TitleDifference, ...]:
    """Titles in annotations and organization of work that differ from those of the list.

    They are compared with the list that they were published with; what the body retitles at the
    adoption is in neither.
    """
    listed = {item.id: item for item in agenda.provisional}
    notes = {item.id: item.notes for item in (*agenda.provisional, *agenda.items)}
    printed = [
        (id_, "annotation", note.language, note.heading)
        for id_, own in notes.items()
        for note in own
    ] + [
        (entry.id, "organization of work", language, title)
        for slot in current_slots(agenda.work, agenda.provisional, content_of)
        for entry in slot.entries
        for language, title in entry.titles.items()
    ]
    return tuple(
        TitleDifference(listed[id_].item, language, place, listed[id_].titles[language], title)
        for id_, place, language, title in dict.fromkeys(printed)
        if id_ in listed and listed[id_].titles.get(language, title) != title
    )


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
    return make_finding("proposer-permitted", _all_known([*held.values()]), because)


def _memoranda(items: Sequence[Item], pack: RulePack) -> Finding:
    exempt = set(pack.parameter("explanatory-memorandum", "exempt").split(", "))
    held = {
        item.item: None if item.memorandum == UNKNOWN else bool(item.memorandum)
        for item in items
        if not exempt & set(item.subjects)
    }
    because = _because(held, "no explanatory memorandum", "explanatory memorandum unknown")
    return make_finding("explanatory-memorandum", _all_known([*held.values()]), because)


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
    return make_finding("review-item-cap", len(found) <= limit, because)


def _organizational_first(listed: Sequence[Item], tops: Sequence[Item], pack: RulePack) -> Finding:
    """The first item opens the meeting and adopts the agenda, or only precedes its adoption."""
    anywhere = pack.parameter("organizational-item-first", "adoption") == "anywhere"
    subjects = {
        subject
        for top in (tops if anywhere else tops[:1])
        for item in (top, *descendants(listed, top))
        for subject in item.subjects
    }
    because = "the first item does not hold the adoption of the agenda"
    return make_finding("organizational-item-first", "adoption of the agenda" in subjects, because)


def _report_last(items: Sequence[Item]) -> Finding:
    held = bool(items) and "report" in items[-1].subjects
    return make_finding("report-item-last", held, "the last item is not the adoption of the report")


def _titles(agenda: Agenda, content_of: Callable[[str], bytes]) -> Finding:
    """Titles agree between list, annotation headings and organization of work."""
    differing = [
        f"item {difference.item} ({difference.language}): {difference.title} / {difference.other}"
        for difference in title_differences(agenda, content_of)
    ]
    return make_finding("titles-identical", not differing, "; ".join(dict.fromkeys(differing)))
