"""A limit on what one GET may read; acts are not limited, for they fold few streams."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from workflows.history.read_limit import limited_to


class LimitedReading:
    """Middleware: everything that a GET asks of the record shares one limit."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, within the limit if it only reads."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        with limited_to(self._most):
            await self._app(scope, receive, send)
