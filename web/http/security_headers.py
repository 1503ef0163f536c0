"""Headers of every answer that guard its reader."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer carries."""

BY_HTTPS: Final[Mapping[str, str]] = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains"
}
"""The header that answers by https have in addition: for a year browsers use https only."""


class SecurityHeaders:
    """Adds them to every answer, but to a page that the browser keeps with its own (304)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
                and message["status"] != HTTPStatus.NOT_MODIFIED
            ):
                message["headers"] = [*message["headers"], *_RAW[scope["scheme"] == "https"]]
            await send(message)

        await self._app(scope, receive, send_guarded if scope["type"] == "http" else send)


def headers_for(scheme: str) -> dict[str, str]:
    """The headers of an answer by this scheme, `http` or `https`."""
    return {**HEADERS, **(BY_HTTPS if scheme == "https" else {})}


_RAW: Final = {
    https: [
        (name.lower().encode(), value.encode())
        for name, value in headers_for("https" if https else "http").items()
    ]
    for https in (False, True)
}
