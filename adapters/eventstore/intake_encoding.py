"""Responses that wait to be decided, as bytes and back."""

from __future__ import annotations

import msgspec
from msgspec import structs

from domain.intake_entry import IntakeEntry


def encode_entry(entry: IntakeEntry) -> bytes:
    """An entry as it is stored, without its number."""
    return msgspec.json.encode(entry)


def decode_entry(number: int, json: bytes) -> IntakeEntry:
    """The entry that was stored under a number."""
    return structs.replace(msgspec.json.decode(json, type=IntakeEntry), id=number)
