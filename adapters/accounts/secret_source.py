"""Secrets from the operating system's source of randomness."""

from __future__ import annotations

import secrets
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""The alphabet of recovery codes, without letters and digits that look alike."""


class SystemSecrets:
    """The port `Secrets`."""

    def token(self) -> str:
        """A secret with 256 random bits."""
        return secrets.token_urlsafe(32)

    def principal(self) -> str:
        """A new opaque id of a person, with 128 random bits."""
        return f"p-{secrets.token_hex(16)}"

    def recovery_code(self) -> str:
        """Three groups of five letters: 74 random bits."""
        groups = ["".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3)]
        return "-".join(groups)
