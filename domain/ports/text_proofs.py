"""Proofs of the sealed texts of an event, valid also when their key is destroyed."""

from __future__ import annotations

from msgspec import Struct

FORMAT = "placet-text-proof/1"


class ProvedText(Struct, frozen=True, kw_only=True):
    """A text with its salt, at its path in the event; see decision 21."""

    path: str
    salt: str
    value: str


class TextProof(Struct, frozen=True, kw_only=True):
    """An event as it is stored, and the salts and values of its sealed texts.

    A reader computes from it the hash of the event, which a receipt states, and the commitments.
    """

    organisation: str
    stream: str
    version: int
    name: str
    state: str
    """The stored bytes of the event, which are UTF-8."""
    event_hash: str
    texts: tuple[ProvedText, ...]
    format: str = FORMAT
