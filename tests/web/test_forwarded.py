"""Who asks is what a trusted proxy tells, and what nobody else can make up."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send

from web.http.forwarded import ForwardedHeader, ForwardedHeaders, TrustedProxies
from web.http.host_names import host_of, is_from_this_machine
from web.http.security_headers import SecurityHeaders

PROXIES = [ip_network("10.0.0.0/24"), ip_network("::1/128"), ip_network("127.0.0.1/32")]
Pairs = list[tuple[str, str]]


class Seen:
    """An application that keeps the request, and answers with nothing."""

    def __init__(self) -> None:
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Keep the request."""
        self.scope = scope
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _request(peer: str, headers: Pairs, proxies: TrustedProxies) -> tuple[Scope, list[str]]:
    seen, answered = Seen(), list[str]()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answered.extend(name.decode() for name, _ in message.get("headers", []))

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "client": (peer, 40000),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    await ForwardedHeaders(SecurityHeaders(seen), proxies)(scope, receive, send)
    return seen.scope, answered


def seen_as(
    peer: str,
    *headers: tuple[str, str],
    kind: ForwardedHeader = ForwardedHeader.CONVENTION,
) -> tuple[str, str, str]:
    """Client, scheme and host of a request as the application sees it."""
    given = [("host", "inside:8000"), *headers]
    scope, _ = asyncio.run(_request(peer, given, TrustedProxies(PROXIES, kind)))
    return scope["client"][0], scope["scheme"], host_of(scope)


FOR, PROTO, HOST = "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"
OUTSIDE = ((PROTO, "https"), (HOST, "placet.example.org"))


@pytest.mark.parametrize(
    ("peer", "headers", "seen"),
    [
        ("10.0.0.7", [(FOR, "198.51.100.4"), *OUTSIDE], "198.51.100.4"),
        ("10.0.0.7", [(FOR, "203.0.113.9, 198.51.100.4"), *OUTSIDE], "198.51.100.4"),
        ("10.0.0.7", [(FOR, "203.0.113.9"), (FOR, "198.51.100.4"), *OUTSIDE], "198.51.100.4"),
        ("10.0.0.7", [(FOR, "198.51.100.4, 10.0.0.8"), *OUTSIDE], "198.51.100.4"),
        ("10.0.0.7", [(FOR, "nonsense"), *OUTSIDE], "10.0.0.7"),
        ("10.0.0.7", [(FOR, "198.51.100.4, unknown"), *OUTSIDE], "10.0.0.7"),
        ("10.0.0.7", [*OUTSIDE], "10.0.0.7"),
        ("::1", [(FOR, "2001:db8::5"), *OUTSIDE], "2001:db8::5"),
        ("10.0.0.7", [(FOR, "[2001:db8::5]:4711"), *OUTSIDE], "2001:db8::5"),
        ("10.0.0.7", [(FOR, "::ffff:198.51.100.4"), *OUTSIDE], "198.51.100.4"),
        ("::ffff:10.0.0.7", [(FOR, "198.51.100.4:4711"), *OUTSIDE], "198.51.100.4"),
    ],
)
def test_a_trusted_proxy_tells_who_asks(peer: str, headers: Pairs, seen: str) -> None:
    """The client is the last address that is no proxy: those before it can be made up."""
    assert (seen, "https", "placet.example.org") == seen_as(peer, *headers)


@pytest.mark.parametrize("peer", ["198.51.100.4", "10.0.1.7", "testclient", ""])
def test_nobody_else_is_believed(peer: str) -> None:
    made_up = [(FOR, "127.0.0.1"), *OUTSIDE, ("forwarded", "for=127.0.0.1;proto=https;host=x")]

    for kind in ForwardedHeader:
        assert (peer, "http", "inside") == seen_as(peer, *made_up, kind=kind)


def test_a_proxy_is_believed_in_its_own_kind_of_header_only() -> None:
    """What it does not set comes through it from anybody."""
    standard = ("forwarded", 'for="[2001:db8::5]:4711";proto=https;host="placet.example.org:443"')
    usual = [(FOR, "127.0.0.1"), (PROTO, "https"), (HOST, "evil.example")]
    both = [standard, *usual]

    assert ("2001:db8::5", "https", "placet.example.org") == seen_as(
        "10.0.0.7", *both, kind=ForwardedHeader.STANDARD
    )
    assert ("127.0.0.1", "https", "evil.example") == seen_as("10.0.0.7", *both)
    assert ("10.0.0.7", "http", "inside") == seen_as("10.0.0.7", standard)


def test_each_proxy_of_a_row_tells_what_it_saw() -> None:
    """The scheme and the name of the nearest one that tells them, the address of the first."""
    row = "for=198.51.100.4;proto=https;host=placet.example.org, for=10.0.0.9"
    spoofed = f'for="198.51.100.99, 10.0.0.1";proto=http, {row}'

    for value in (row, spoofed):
        assert ("198.51.100.4", "https", "placet.example.org") == seen_as(
            "10.0.0.7", ("forwarded", value), kind=ForwardedHeader.STANDARD
        )


def test_no_other_scheme_comes_in() -> None:
    assert "http" == seen_as("10.0.0.7", (FOR, "198.51.100.4"), (PROTO, "javascript"))[1]


def test_forwarded_headers_go_no_further() -> None:
    given = [("host", "inside"), (FOR, "198.51.100.4"), ("forwarded", "for=x"), ("dnt", "1")]
    for peer in ("10.0.0.7", "198.51.100.4"):
        scope, _ = asyncio.run(_request(peer, given, TrustedProxies(PROXIES)))

        assert {b"host", b"dnt"} == {name for name, _ in scope["headers"]}


def test_https_is_asked_for_again_only_where_it_was_used() -> None:
    """By a proxy that says so, and not because a client says so."""
    given = [("host", "inside"), (PROTO, "https")]
    found = {
        peer: "strict-transport-security"
        in asyncio.run(_request(peer, given, TrustedProxies(PROXIES)))[1]
        for peer in ("10.0.0.7", "198.51.100.4")
    }

    assert {"10.0.0.7": True, "198.51.100.4": False} == found


@pytest.mark.parametrize(
    ("peer", "host", "here"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("::1", "[::1]:8000", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "placet.example.org", False),
        ("198.51.100.4", "localhost", False),
        ("127.0.0.1", "", False),
    ],
)
def test_this_machine_is_told_by_address_and_name(peer: str, host: str, here: bool) -> None:
    """A proxy on this machine has its address; what comes through it has another name."""
    scope = {"client": (peer, 1), "headers": [(b"host", host.encode())]}

    assert here is is_from_this_machine(scope)


def test_a_request_with_two_names_has_none() -> None:
    assert "" == host_of({"headers": [(b"host", b"a"), (b"host", b"b")]})
