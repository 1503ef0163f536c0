"""The public keys of an issuer, and when they are fetched again."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from adapters.identity.bounded_requests import fetch
from domain.ports.identity_providers import LogInFailed, LogInProblem

SigningKey = RSAKey | ECKey

MOST_KEYS: Final = 100
RSA_BITS: Final = range(2048, 8192 + 1)
"""Shorter keys are not safe (RFC 7518, 3.3); longer ones only cost time."""
_KINDS: Final = frozenset({"RSA", "EC"})
_LONGEST_NUMBER: Final = 1500
"""Characters of a number in a key: 8192 bits have 1366."""


async def read_keys(address: str) -> tuple[SigningKey, ...]:
    """The keys with which an issuer signs. Raises LogInFailed.

    What cannot be used (a secret key, one for encryption, a kind not known here) is passed over.
    """
    status, content = await fetch(address)
    if status != 200:
        raise LogInFailed(LogInProblem.UNUSABLE, f"{address}: it answers with status {status}")
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogInFailed(LogInProblem.UNUSABLE, f"{address}: {error}") from error
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list):
        raise LogInFailed(LogInProblem.UNUSABLE, f"{address}: it holds no keys")
    return tuple(_usable(keys[:MOST_KEYS]))


def _usable(values: list[Any]) -> Iterator[SigningKey]:
    for value in values:
        if not isinstance(value, dict) or not _signs(value) or not _is_sized(value):
            continue
        try:
            key = JWKRegistry.import_key(value)
        except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
            continue
        if isinstance(key, SigningKey):
            yield key


def _signs(key: Mapping[str, Any]) -> bool:
    return key.get("kty") in _KINDS and key.get("use", "sig") == "sig"


def _is_sized(key: Mapping[str, Any]) -> bool:
    """Whether its numbers are of a size that can be worked with."""
    numbers = [value for value in key.values() if isinstance(value, str)]
    if key["kty"] != "RSA":
        return all(len(number) <= _LONGEST_NUMBER for number in numbers if number)
    modulus, exponent = key.get("n"), key.get("e")
    if not isinstance(modulus, str) or not isinstance(exponent, str):
        return False
    if len(modulus) > _LONGEST_NUMBER or len(exponent) > 12:
        return False
    try:
        padded = modulus + "=" * (-len(modulus) % 4)
        number = int.from_bytes(base64.urlsafe_b64decode(padded))
    except (ValueError, binascii.Error):
        return False
    return number.bit_length() in RSA_BITS
