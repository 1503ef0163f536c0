"""An item of an agenda, and the text that a list of items makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.agenda.events import Amendment
from domain.texts import canonical, digest, plain


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item as it stands, with where its approval stands and by which window."""

    item: str
    titles: Mapping[str, str]
    under: str = ""
    working_translations: tuple[str, ...] = ()
    proposer_kind: str = "unknown"
    proposer: str = ""
    legal_basis: tuple[str, ...] = ()
    memorandum: str = "unknown"
    subjects: tuple[str, ...] = ()
    approval: str = "proposed"
    """proposed, submitted, under silence, approved, not approved, or approval suspended"""
    window: str = ""
    documents: tuple[str, ...] = ()
    none_expected: bool = False
    note: str = ""


def text_of(items: Sequence[Item]) -> tuple[str, tuple[bytes, ...]]:
    """The hash of a manifest (item by language to SHA-256 of its text), and all contents."""
    texts: list[bytes] = []
    lines = []
    for item in items:
        hashes = {}
        for language, title in sorted(plain(item.titles).items()):
            text = canonical({"item": item.item, "language": language, "title": title})
            texts.append(text)
            hashes[language] = digest(text)
        lines.append({"item": item.item, "under": item.under, "texts": hashes})
    manifest = canonical({"items": lines})
    return digest(manifest), (*texts, manifest)


def amended(
    items: Sequence[Item], order: Sequence[str], amendments: Sequence[Amendment]
) -> tuple[Item, ...]:
    """The items after the oral amendments, one after another; `order` is kept where given."""
    result = list(items)
    for change in amendments:
        place = next((n for n, item in enumerate(result) if item.item == change.item), None)
        match change.act:
            case "add":
                new = Item(item=change.item, titles=change.titles, approval="added orally")
                result.insert(_place(result, change.after), new)
            case "delete" | "defer":
                gone = {change.item}
                result = [item for item in result if not gone & {item.item, item.under}]
            case "retitle" if place is not None:
                result[place] = replace(
                    result[place], titles={**result[place].titles, **change.titles}
                )
            case "reorder" if place is not None:
                moved = result.pop(place)
                result.insert(_place(result, change.after), moved)
    rank = {name: n for n, name in enumerate(order)}
    return tuple(sorted(result, key=lambda item: rank.get(item.item, len(rank))))


def _place(items: Sequence[Item], after: str) -> int:
    """Where to insert: behind `after` and its sub-items, at the top when it is not named."""
    places = [n for n, item in enumerate(items) if after and after in {item.item, item.under}]
    return places[-1] + 1 if places else 0
