"""The keys of a store: Ed25519 pairs in a folder of their own, of which the newest is in force.

`keys/KEY.pem` is a private key, readable by its owner only; `keys/public-keys.json` lists the
public half of every key that there has ever been, oldest first.
"""

from __future__ import annotations

import base64
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from adapters.codec import encode_json, to_plain
from adapters.files.locks import hold_lock, replace_durably
from adapters.keys import ed25519
from adapters.keys.public_keys import PublicKey, PublicKeys, id_of
from domain.ports.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER: Final = "keys"
LISTED: Final = "public-keys.json"
LOCK_SECONDS: Final = 5.0
"""How many seconds to wait for another process that changes the keys."""


class Keyring:
    """The keys of one store. Its files are read again each time: other processes change them."""

    def __init__(self, store: Path) -> None:
        self.folder = store / FOLDER

    def public(self) -> PublicKeys:
        """The public keys so far; none before the first is made. Raises Unavailable."""
        path = self.folder / LISTED
        return PublicKeys.read(path) if path.exists() else PublicKeys()

    def in_force(self, at: datetime) -> str:
        """The id of the key that signs what was recorded at `at`; empty when there is no key."""
        return self.public().in_force(at)

    def create(self, now: datetime) -> PublicKey:
        """Make the first key. Raises Unavailable when there is one already."""
        with self._changing() as known:
            if known.keys:
                raise Unavailable(
                    f"Key {known.keys[-1].key_id} is in force already;"
                    " `placet key rotate` puts a new one in its place."
                )
            return self._add(known, now)

    def rotate(self, now: datetime) -> PublicKey:
        """Make a new key for what is recorded from `now` on. Raises Unavailable when there is none.

        The old private key stays, so that receipts for what it signed can be made again.
        """
        with self._changing() as known:
            if not known.keys:
                raise Unavailable("There is no key yet; `placet key create` makes the first one.")
            if now <= known.keys[-1].made:
                raise Unavailable(
                    "The clock stands before the time at which the last key was made; set it right."
                )
            return self._add(known, now)

    def sign(self, key_id: str, statement: bytes) -> bytes:
        """The signature by this key. Raises Unavailable."""
        return self._private(key_id).sign(statement)

    @contextmanager
    def _changing(self) -> Iterator[PublicKeys]:
        """The keys so far, while no other process changes them."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with hold_lock(self.folder / "lock", LOCK_SECONDS):
                yield self.public()
        except OSError as error:
            raise Unavailable(f"{self.folder} cannot be written: {error.strerror}.") from error

    def _add(self, known: PublicKeys, now: datetime) -> PublicKey:
        made = now.astimezone(UTC)
        private = ed25519.generate()
        raw = ed25519.public_half(private)
        encoded = base64.b64encode(raw).decode()
        key = PublicKey(key_id=id_of(raw), public_key=encoded, made=made, retired=None)
        _write(self.folder / f"{key.key_id}.pem", ed25519.to_pem(private), 0o600)
        before = [
            structs.replace(earlier, retired=earlier.retired or made) for earlier in known.keys
        ]
        listed = msgspec.json.format(encode_json(to_plain([*before, key])), indent=2) + b"\n"
        part = self.folder / (LISTED + ".part")
        part.unlink(missing_ok=True)
        _write(part, listed, 0o644)
        replace_durably(part, self.folder / LISTED)
        return key

    def _private(self, key_id: str) -> Ed25519PrivateKey:
        path = self.folder / f"{key_id}.pem"
        try:
            mode, content = path.stat().st_mode, path.read_bytes()
            key = ed25519.from_pem(content)
        except OSError as error:
            raise Unavailable(f"{path} cannot be read: {error.strerror}.") from error
        except ed25519.NoKeyError as error:
            raise Unavailable(f"{path} holds no private key that can be read.") from error
        if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077:
            raise Unavailable(f"{path} is open to others than its owner: give it the mode 600.")
        if key and id_of(ed25519.public_half(key)) == key_id:
            return key
        raise Unavailable(f"{path} holds another key than its name says.")


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a new file that only then exists, with this mode from the first."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
