"""Ed25519 by the library `cryptography`, imported with the first signature: it takes 8 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class NoKeyError(ValueError):
    """What was read is no private key, of whatever kind."""


def generate() -> Ed25519PrivateKey:
    """A new key."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    return ed25519.Ed25519PrivateKey.generate()


def public_half(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of its public half."""
    return key.public_key().public_bytes_raw()


def to_pem(key: Ed25519PrivateKey) -> bytes:
    """The key as its file holds it: not encrypted."""
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def from_pem(content: bytes) -> Ed25519PrivateKey | None:
    """The key that a file holds; None for one of another kind. Raises NoKeyError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NoKeyError from error
    return key if isinstance(key, ed25519.Ed25519PrivateKey) else None


def is_signed(statement: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the key with this public half made the signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ed25519

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, statement)
    except InvalidSignature:
        return False
    return True
