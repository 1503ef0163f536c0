"""A server without protection against a crowd: for controls.

It reads before it keeps anything, lets everybody in at once, and makes each page for each reader.
"""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from web import app, cli
from web.forms import form_receiver


class PassThrough:
    """Lets every request in, and gives nobody the page of another."""

    def __init__(self, app: ASGIApp, *_: Any, **__: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class StampingReceiver(form_receiver.FormReceiver):
    """Stamps a form, and keeps nothing of it."""

    def __init__(self, app: ASGIApp, **fields: Any) -> None:
        super().__init__(app, **fields | {"arrivals": None})


if __name__ == "__main__":
    vars(app).update(Admission=PassThrough, SharedPages=PassThrough, FormReceiver=StampingReceiver)
    cli.main()
