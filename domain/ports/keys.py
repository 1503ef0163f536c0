"""The port of the keys that sign receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol


class PublicKey(Protocol):
    """The public half of a key, and from when to when (UTC) it signs what is recorded."""

    @property
    def key_id(self) -> str: ...

    @property
    def public_key(self) -> str: ...

    @property
    def made(self) -> datetime: ...

    @property
    def retired(self) -> datetime | None: ...


class PublicKeys(Protocol):
    """Public keys, oldest first."""

    @property
    def keys(self) -> Sequence[PublicKey]: ...

    def in_force(self, at: datetime) -> str:
        """The id of the key that signs what was recorded at `at`; empty when there is none."""

    def signer(self, statement: bytes, signature: bytes) -> str:
        """The id of the key that made this signature; empty when none of them did."""


class Keyring(Protocol):
    """The keys of one store. Every method raises Unavailable where they cannot be read."""

    @property
    def folder(self) -> Path: ...

    def public(self) -> PublicKeys:
        """The public keys so far; none before the first is made."""

    def in_force(self, at: datetime) -> str:
        """The id of the key that signs what was recorded at `at`; empty when there is none."""

    def sign(self, key_id: str, statement: bytes) -> bytes:
        """The signature by this key."""

    def create(self, now: datetime) -> PublicKey:
        """Make the first key. Raises Unavailable when there is one already."""

    def rotate(self, now: datetime) -> PublicKey:
        """Make a new key for what is recorded from `now` on."""
