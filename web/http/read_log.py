"""A log of who read confidential content: evidence of responses, receipts, and mail."""

from __future__ import annotations

import re
from typing import Final, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN: Final = re.compile(
    r"/windows/(?P<organisation>[^/]+)/.+/(evidence/[^/]+|receipt)"
    r"|/receipts/(?P<of>[^/]+)/[^/]+"
    r"|/mail/(?P<to>[^/]+)/.+"
)
"""The addresses of evidence files, of receipts as pages, files and JSON, and of messages."""
READ: Final = "read"
"""What each line of it is called."""


class Log(Protocol):
    """The program's own log."""

    def info(self, event: str, **values: object) -> object: ...


class ReadLog:
    """Writes a line for each evidence file, receipt and message requested: given or refused.

    It names who had logged in by the opaque principal, and the address without its query, so that
    no secret is in it.
    """

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and write the line as soon as the status of the answer is known."""
        found = OWN.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return

        async def send_logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                identity = scope.get("state", {}).get("identity")
                self._log.info(
                    READ,
                    organisation=found["organisation"] or found["of"] or found["to"],
                    address=scope["path"],
                    principal=getattr(identity, "principal", ""),
                    client=(scope.get("client") or ("",))[0],
                    outcome="given" if message["status"] < 400 else "refused",
                )
            await send(message)

        await self._app(scope, receive, send_logged)
