"""The text that items of an agenda make, with the headings above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from domain.agenda.headings import Heading, headings_over
from domain.agenda.items import Item
from domain.canonical import canonical_json, digest, strip_byte_order_marks


class PlacedHeading(Struct, frozen=True):
    """A heading in a text, and the number of the first item of that text below it."""

    heading: Heading
    before: str


def headings_of(
    items: Sequence[Item], headings: Sequence[Heading], chosen: Sequence[Item]
) -> tuple[PlacedHeading, ...]:
    """The headings above any of these items of a list, in order; one that heads nothing is none."""
    if not headings:
        return ()
    over = headings_over(items, headings)
    first: dict[str, str] = {}
    for item in chosen:
        for name in over[item.id]:
            first.setdefault(name, item.item)
    return tuple(
        PlacedHeading(heading, first[heading.id]) for heading in headings if heading.id in first
    )


def encode_texts(
    items: Sequence[Item], headings: Iterable[PlacedHeading] = ()
) -> tuple[str, tuple[bytes, ...]]:
    """The hash of a manifest (item by language to SHA-256 of its text), and all contents.

    Headings have a list of their own in it, which is left out where there are none.
    """
    texts: list[bytes] = []

    def hashes(what: str, name: str, titles: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for language, title in sorted(strip_byte_order_marks(titles).items()):
            text = canonical_json({what: name, "language": language, "title": title})
            texts.append(text)
            found[language] = digest(text)
        return found

    manifest: dict[str, Any] = {
        "items": [
            {
                "item": item.item,
                "under": item.under,
                "texts": hashes("item", item.item, item.titles),
            }
            for item in items
        ]
    }
    heads = [
        {
            "heading": placed.heading.id,
            "before": placed.before,
            "texts": hashes("heading", placed.heading.id, placed.heading.titles),
        }
        for placed in headings
    ]
    content = canonical_json(manifest | ({"headings": heads} if heads else {}))
    return digest(content), (*texts, content)
