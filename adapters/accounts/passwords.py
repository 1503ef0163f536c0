"""Hashes of passwords by Argon2id (RFC 9106), as OWASP recommends it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class Argon2Passwords:
    """The port `Passwords`. Without arguments it uses the second recommendation of RFC 9106.

    The library is imported with the first password: a server starts without one.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._given, self._decoy = hasher, ""

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher  # noqa: PLC0415 (see above)

        return self._given or PasswordHasher()

    def hash(self, password: str) -> str:
        """The hash of a password (see the port)."""
        return self._hasher.hash(password)

    def matches(self, hash_: str, password: str) -> bool:
        """Whether a password belongs to a hash (see the port)."""
        from argon2.exceptions import (  # noqa: PLC0415 (see above)
            InvalidHashError,
            VerificationError,
        )

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
