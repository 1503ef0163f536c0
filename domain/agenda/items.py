"""An item of an agenda, and the text that a list of items makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.texts import canonical, digest


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
        for language, title in sorted(item.titles.items()):
            text = canonical({"item": item.item, "language": language, "title": title})
            texts.append(text)
            hashes[language] = digest(text)
        lines.append({"item": item.item, "under": item.under, "texts": hashes})
    manifest = canonical({"items": lines})
    return digest(manifest), (*texts, manifest)
