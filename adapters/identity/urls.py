"""Which addresses are requested: by TLS only, or on this machine itself."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

LONGEST = 2000
"""Characters of an address."""


def is_secure(address: str, *, loopback: bool = True) -> bool:
    """Whether a connection to this address is protected against reading and changes.

    Plain HTTP never leaves this machine, so it is allowed on it, if `loopback` is.
    """
    parts = _split(address)
    if parts is None:
        return False
    return parts.scheme == "https" or (loopback and is_loopback(address))


def is_loopback(address: str) -> bool:
    """Whether it is plain HTTP to this machine itself."""
    parts = _split(address)
    if parts is None or parts.scheme != "http" or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def _split(address: str) -> SplitResult | None:
    """Its parts; None where it is no plain address: with a name and password, or odd characters."""
    if len(address) > LONGEST or not address.isascii() or not address.isprintable():
        return None
    if " " in address or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None or parts.fragment:
        return None
    return parts
