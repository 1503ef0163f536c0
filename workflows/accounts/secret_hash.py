"""Hashes of secrets: only the SHA-256 of a session, token or invitation is stored."""

from __future__ import annotations

from hashlib import sha256


def hash_of_secret(secret: str) -> str:
    """The SHA-256 of a secret with 128 random bits or more, in hexadecimal digits."""
    return sha256(secret.encode()).hexdigest()
