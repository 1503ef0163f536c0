"""What arrives by POST: taken in whole, stamped by the one clock, and only then read."""

from __future__ import annotations

from typing import Final, Protocol
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.main import Stamp

LARGEST: Final = 32 * 1024 * 1024
"""How many bytes a form may have with its paper; what is longer is thrown away as it comes."""


class Telling(Protocol):
    """Tells the time of the server, and by how much its clock is off."""

    def read(self) -> Stamp: ...


class Receiving:
    """Takes each posted form in whole and stamps it before anything in it is read.

    What counts is when its last byte was here: nobody keeps a place by sending half of a form.
    """

    def __init__(self, app: ASGIApp, clock: Telling) -> None:
        self._app, self._clock = app, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body, size, more = bytearray(), 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            chunk = message.get("body", b"")
            size += len(chunk)
            body += chunk if size <= LARGEST else b""
            more = message.get("more_body", False)
        told = {"stamp": self._clock.read(), "too_large": size > LARGEST}
        scope["state"] = {**scope.get("state", {}), **told}
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def again() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, again, send)


def ours(request: Request) -> bool:
    """Whether a form was sent from a page of this server, and not by a page of somebody else."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")
