"""Immutable texts: canonical bytes and their SHA-256, which events carry instead of the text."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from domain.confusables import BYTE_ORDER_MARK

_JSON: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""For what the other one does not take, and for text beyond ASCII, which may need form NFC."""
_SORTED: Final = msgspec.json.Encoder(order="sorted")
"""Writes plain values of ASCII as the other one does, in C."""


def canonical_json(value: object) -> bytes:
    """A plain value as UTF-8 JSON: keys sorted, no white space, text in Unicode form NFC."""
    try:
        written = _SORTED.encode(value)
    except (TypeError, ValueError):  # such as a key that is not text
        written = _JSON.encode(value).encode()
    return written if written.isascii() else _JSON.encode(_nfc(value)).encode()


def _nfc(value: object) -> object:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            return {unicodedata.normalize("NFC", key): _nfc(x) for key, x in value.items()}
        case Sequence():
            return [_nfc(x) for x in value]
    return value


def strip_byte_order_marks(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by language, without the byte order mark that some files begin with."""
    return {language: text.removeprefix(BYTE_ORDER_MARK) for language, text in texts.items()}


def digest(content: bytes) -> str:
    """The SHA-256 of a content, in hexadecimal: its name in the content store."""
    return hashlib.sha256(content).hexdigest()
