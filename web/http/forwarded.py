"""Forwarded headers: the client of a request, as stated by a trusted proxy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
Headers = Sequence[tuple[bytes, bytes]]

OF_RFC_7239: Final = b"forwarded"
BY_CONVENTION: Final = frozenset(
    {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port"}
)
SCHEMES: Final = frozenset({"http", "https"})


class ForwardedHeader(StrEnum):
    """Which headers the trusted proxies set. Those of the other kind come from anybody."""

    CONVENTION = "x-forwarded"
    """`X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`."""
    STANDARD = "forwarded"
    """`Forwarded` (RFC 7239)."""


class Hop(NamedTuple):
    """What a proxy states about its client; fields are empty where it states nothing."""

    client: str = ""
    scheme: str = ""
    host: str = ""


@dataclass(frozen=True)
class TrustedProxies:
    """The networks of trusted proxies, and the kind of header that they set."""

    networks: Sequence[Network] = ()
    header: ForwardedHeader = ForwardedHeader.CONVENTION

    def trusts(self, address: str) -> bool:
        """Whether a proxy has this address; what is no address is never trusted."""
        found = _address(address)
        return found is not None and any(found in network for network in self.networks)

    def origin(self, peer: str, headers: Headers) -> Hop:
        """Who asked, for a request that came from `peer`; empty where that is no trusted proxy.

        The list is read from its end, as each proxy adds to it there: the first address that is
        no trusted proxy is the client. What stands before it was written by the client itself.
        """
        if not self.trusts(peer):
            return Hop()
        hops = _standard(headers) if self.header is ForwardedHeader.STANDARD else _usual(headers)
        client, scheme, host = peer, "", ""
        for hop in reversed(hops):
            scheme, host = scheme or hop.scheme, host or hop.host
            found = _address(hop.client)
            if found is None:
                break
            client = str(found)
            if not self.trusts(client):
                break
        return Hop(client, scheme if scheme in SCHEMES else "", host)


class ForwardedHeaders:
    """Replaces the proxy's own client, scheme and host by those that a trusted proxy states.

    No forwarded header goes further, from whomever it came.
    """

    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change the scope itself, so that the page of an unexpected error knows it as well."""
        if scope["type"] == "http":
            _resolve(scope, self._proxies)
        await self._app(scope, receive, send)


def parse_network(text: str) -> Network:
    """An address or a network, such as `10.0.0.5` or `10.0.0.0/24`. Raises ValueError."""
    return ip_network(text, strict=True)


def is_loopback(address: str) -> bool:
    """Whether an address is one of this machine's own."""
    found = _address(address)
    return found is not None and found.is_loopback


def _resolve(scope: Scope, proxies: TrustedProxies) -> None:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if not any(name == OF_RFC_7239 or name in BY_CONVENTION for name, _ in headers):
        return
    peer, port = scope.get("client") or ("", 0)
    origin = proxies.origin(peer, headers)
    kept = [
        header for header in headers if header[0] != OF_RFC_7239 and header[0] not in BY_CONVENTION
    ]
    if origin.host:
        kept = [(name, value) for name, value in kept if name != b"host"]
        kept.append((b"host", origin.host.encode("latin-1", "replace")))
    scope["headers"] = kept
    if origin.scheme:
        scope["scheme"] = origin.scheme
    if origin.client and origin.client != peer:
        scope["client"] = (origin.client, 0)
    else:
        scope["client"] = (peer, port)


def _usual(headers: Headers) -> list[Hop]:
    """The hops by `X-Forwarded-...`: each proxy adds one address; the nearest states the rest."""
    clients = _items(headers, b"x-forwarded-for")
    schemes, hosts = _items(headers, b"x-forwarded-proto"), _items(headers, b"x-forwarded-host")
    nearest = Hop(
        clients[-1] if clients else "",
        schemes[-1].lower() if schemes else "",
        hosts[-1] if hosts else "",
    )
    return [*(Hop(client) for client in clients[:-1]), nearest]


def _standard(headers: Headers) -> list[Hop]:
    """The hops by `Forwarded` (RFC 7239), each with what it names."""
    return [_hop(element) for element in _items(headers, OF_RFC_7239)]


def _hop(element: str) -> Hop:
    named = {}
    for pair in _split(element, ";"):
        name, _, value = pair.partition("=")
        named[name.strip().lower()] = _unquoted(value.strip())
    return Hop(named.get("for", ""), named.get("proto", "").lower(), named.get("host", ""))


def _items(headers: Headers, name: bytes) -> list[str]:
    """The elements of a list that may stand in several headers of one name."""
    return [
        item.strip()
        for key, value in headers
        if key == name
        for item in _split(value.decode("latin-1"), ",")
    ]


def _split(text: str, at: str) -> Iterator[str]:
    """The parts of a text, divided where a mark stands outside of quotes."""
    begun, quoted, escaped = 0, False, False
    for place, letter in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == at and not quoted:
            yield text[begun:place]
            begun = place + 1
    yield text[begun:]


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, also with a port or in brackets; None for a name or anything else.

    One of IPv4 that is written as one of IPv6 is taken as what it is.
    """
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
