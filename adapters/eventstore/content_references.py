"""Which contents an event names by their hash, and which ones a text is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.corrections import FactCorrected
from domain.messages import RecordedEvent

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NAMES: Final = re.compile(r"(.*_)?hash|evidence|manifest")
"""Fields of facts that hold the hash of a content; what people write is in others."""
_CLAIMED: Final = {"Response": {"text_hash"}}
"""What a seat says it has read: whether that is a text of the record is decided by a rule."""
_CLAIMED_AT: Final = {"response.text_hash"}
"""The same, as a place in an event that a correction names."""
_TEXT: Final = "text_hash"
_PARTS: Final = "texts"
"""Under this key a manifest names its texts by language."""


@dataclass(frozen=True)
class ContentReference:
    """A content named by an event. A paper that a source told of need not be in the store."""

    hash: str
    needed: bool = True
    text: bool = False


def references_of_event(event: RecordedEvent) -> Iterator[ContentReference]:
    """The contents that an event names: its rule pack, text, roster, papers and whatever else."""
    if event.pack:
        yield ContentReference(event.pack)
    for field, value in _hashes(event.fact):
        needed = not (event.attested and field == "evidence")
        if needed or _is_hash(value):
            yield ContentReference(value, needed=needed, text=field == _TEXT)
    if isinstance(event.fact, FactCorrected):
        yield from _corrected(event.fact)


def _corrected(fact: FactCorrected) -> Iterator[ContentReference]:
    """The contents that an event names from now on, by the places of it that are corrected."""
    for place, value in fact.now.items():
        field = place.rpartition(".")[2]
        if _NAMES.fullmatch(field) and _is_hash(value) and place not in _CLAIMED_AT:
            yield ContentReference(value, needed=field != "evidence", text=field == _TEXT)


def _hashes(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, msgspec.Struct):
        claimed = _CLAIMED.get(type(value).__name__, set())
        for name in value.__struct_fields__:
            field = getattr(value, name)
            if isinstance(field, str):
                if field and _NAMES.fullmatch(name) and name not in claimed:
                    yield name, field
            else:
                yield from _hashes(field)
    elif isinstance(value, Mapping):
        yield from (found for item in value.values() for found in _hashes(item))
    elif isinstance(value, tuple):
        yield from (found for item in value for found in _hashes(item))


def references_of_text(content: bytes) -> Iterator[str]:
    """The contents that this one names, should it be a manifest of texts by language."""
    if b'"texts":{' not in content:
        return
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # an attachment, then
        document: object = msgspec.json.decode(content)
        yield from _parts(document)


def _parts(node: object) -> Iterator[str]:
    if isinstance(node, list):
        yield from (part for item in node for part in _parts(item))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == _PARTS and isinstance(value, dict):
                yield from (hash_ for hash_ in value.values() if _is_hash(hash_))
            else:
                yield from _parts(value)


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and bool(_HASH.fullmatch(value))
