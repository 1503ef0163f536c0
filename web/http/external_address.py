"""The external address: where people at other machines find the pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from domain.ports.errors import Unavailable
from web.http.forwarded import is_loopback


def parse_external_address(text: str) -> tuple[str, str]:
    """The address without a slash at its end, and its host name.

    It is `https://NAME` or `https://NAME:PORT`; by http only an address of this machine can be
    meant, for it is by this address that people log in and answer. Raises Unavailable.
    """
    try:
        found = urlsplit(text.strip())
        host, port = found.hostname or "", found.port
    except ValueError:
        host, port = "", None
        found = urlsplit("")
    rest = found.path.rstrip("/") or found.query or found.fragment or found.username
    if found.scheme not in {"http", "https"} or not host or rest or port == 0:
        raise Unavailable(
            f"{text!r} is no external address: write https://NAME or https://NAME:PORT, and nothing"
            " after it."
        )
    if found.scheme == "http" and not (is_loopback(host) or host == "localhost"):
        raise Unavailable(
            f"{text!r} would be read and answered in the clear: an external address begins with"
            " https://."
        )
    return f"{found.scheme}://{found.netloc}", host
