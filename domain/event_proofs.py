"""Proofs of an event: its hash, and commitments to its sealed texts; see decision 21."""

from __future__ import annotations

import hashlib


def event_hash(organisation: str, stream: str, version: int, name: str, state: bytes) -> str:
    """SHA-256, in hexadecimal, over where an event stands in its stream and what it says.

    The position is left out, so that a copy of an organisation keeps its hashes.
    """
    head = f"event/v1\n{organisation}\n{stream}\n{version}\n{name}\n"
    return hashlib.sha256(head.encode() + state).hexdigest()


def sealed_place(organisation: str, stream: str, version: int, path: str) -> bytes:
    """The lines to which a sealed value is bound: the event, and the path in its fact."""
    return f"sealed/v1\n{organisation}\n{stream}\n{version}\n{path}\n".encode()


def commitment(place: bytes, shown: bytes) -> str:
    """SHA-256, in hexadecimal, over a place and the canonical JSON of salt and value."""
    return hashlib.sha256(place + shown).hexdigest()
