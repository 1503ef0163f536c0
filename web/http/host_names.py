"""The host names that this server answers for."""

from __future__ import annotations

import re
from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.http.admission import RefuseRequest
from web.http.forwarded import is_loopback

STATIC: Final = "/static/"
"""The path of the style sheet, which the page of the refusal needs too."""
NAMED: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
"""A name or an address, with or without a port (RFC 9110, 7.2)."""
OF_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")


class HostNames:
    """Answers requests for the names of this server only, whatever their port.

    Else a page elsewhere could let a browser ask this server under a name of its own (DNS
    rebinding), or a wrong name come into what is made of the address of a request.
    """

    def __init__(self, app: ASGIApp, names: Collection[str], refused: RefuseRequest) -> None:
        self._app, self._refused = app, refused
        self._names = {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that this is another server (421, RFC 9110, 15.5.20)."""
        if scope["type"] != "http" or scope["path"].startswith(STATIC):
            await self._app(scope, receive, send)
        elif host_of(scope) not in self._names:
            page = self._refused(Request(scope), HTTPStatus.MISDIRECTED_REQUEST)
            await page(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def host_of(scope: Scope) -> str:
    """The name by which a server was addressed, in small letters and without port and brackets.

    Empty where there is none, or several, or one with more than a name and a port: addresses are
    made of it, and `name:80@elsewhere` would lead elsewhere.
    """
    named = Headers(scope=scope).getlist("host")
    return bare_name(named[0]) if len(named) == 1 and NAMED.fullmatch(named[0]) else ""


def bare_name(host: str) -> str:
    """The name in `NAME`, `NAME:PORT` or `[ADDRESS]:PORT`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().rstrip(".")


def is_from_this_machine(scope: Scope) -> bool:
    """Whether a request came from this machine under a name of this machine.

    What came through a proxy bears the name under which that is known.
    """
    peer, _ = scope.get("client") or ("", 0)
    return is_loopback(peer) and host_of(scope) in OF_THIS_MACHINE
