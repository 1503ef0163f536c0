"""Secrets from the chance of the operating system."""

from __future__ import annotations

import secrets
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""What recovery codes are made of: nothing that looks like something else."""


class SystemSecrets:
    """The port `Secrets`."""

    def token(self) -> str:
        """A secret with 256 bits of chance."""
        return secrets.token_urlsafe(32)

    def principal(self) -> str:
        """A new opaque id of a person, with 128 bits of chance."""
        return f"p-{secrets.token_hex(16)}"

    def recovery_code(self) -> str:
        """Three groups of five letters: 74 bits of chance."""
        groups = ["".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3)]
        return "-".join(groups)
