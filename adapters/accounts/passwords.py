"""Hashes of passwords by Argon2id (RFC 9106), as OWASP recommends it."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """The port `Passwords`. Without arguments it uses the second recommendation of RFC 9106."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._decoy = ""

    def hash(self, password: str) -> str:
        """The hash of a password (see the port)."""
        return self._hasher.hash(password)

    def matches(self, hash_: str, password: str) -> bool:
        """Whether a password belongs to a hash (see the port)."""
        if not hash_:
            self._decoy = self._decoy or self.hash("nobody has this password")
        try:
            self._hasher.verify(hash_ or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(hash_)

    def is_outdated(self, hash_: str) -> bool:
        """Whether a hash was made with other parameters than new ones are."""
        return self._hasher.check_needs_rehash(hash_)
