"""Public keys: who signed what, and which key signs what is recorded when."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct

from adapters.codec import decode_json
from adapters.files import bounded_files
from adapters.keys import ed25519
from domain.ports.errors import Unavailable

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class PublicKey(Struct, frozen=True, kw_only=True):
    """The public half of a key, and from when to when it signs what is recorded."""

    key_id: str
    """the first 16 hexadecimal digits of the SHA-256 of the 32 bytes of the public key"""
    public_key: str
    """those bytes in base64"""
    made: _Instant
    retired: _Instant | None

    @property
    def raw(self) -> bytes:
        return base64.b64decode(self.public_key, validate=True)


@dataclass(frozen=True)
class PublicKeys:
    """Public keys, oldest first; each was retired when the next one was made."""

    keys: tuple[PublicKey, ...] = ()

    @classmethod
    def read(cls, path: Path) -> PublicKeys:
        """A list of keys from its file. Raises Unavailable for one that cannot be trusted."""
        try:
            keys: tuple[PublicKey, ...] = decode_json(
                bounded_files.read_file(path), tuple[PublicKey, ...]
            )
            sound = _sound(keys)
        except ValueError as error:
            raise Unavailable(f"{path} is no list of public keys: {error}.") from error
        if not sound:
            raise Unavailable(f"{path} is no list of public keys: it contradicts itself.")
        return cls(keys)

    def in_force(self, at: datetime) -> str:
        """The id of the key that signs what was recorded at `at`; empty when there is no key.

        What was recorded before there was any key is signed by the first one.
        """
        begun = [key for key in self.keys if key.made <= at] or self.keys[:1]
        return begun[-1].key_id if begun else ""

    def signer(self, statement: bytes, signature: bytes) -> str:
        """The id of the key that made this signature; empty when none of them did."""
        return next(
            (key.key_id for key in self.keys if ed25519.is_signed(statement, signature, key.raw)),
            "",
        )


def _sound(keys: Sequence[PublicKey]) -> bool:
    """Whether ids are those of the keys, and each key is retired when the next one is made."""
    named = all(key.key_id == id_of(key.raw) and len(key.raw) == 32 for key in keys)
    once = len({key.key_id for key in keys}) == len(keys)
    rising = all(earlier.made < later.made for earlier, later in pairwise(keys))
    ends = [*(key.made for key in keys[1:]), None] if keys else []
    return named and once and rising and ends == [key.retired for key in keys]


def id_of(raw: bytes) -> str:
    """The id of the key with this public half."""
    return hashlib.sha256(raw).hexdigest()[:16]
