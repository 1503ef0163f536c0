"""Who is let in when: responses before readers, and never so many that nobody is served.

Each request belongs to a room with so many places. A request that finds all of them taken waits
in line, up to a bound; beyond that the answer is to come again in a moment.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.http import urls
from web.http.account_urls import INVITATION, LOG_IN, LOG_IN_WITH, LOG_OUT_WITH, PASSWORD_LINK

RefuseRequest = Callable[[Request, int], Response]
"""Makes the page that says why something is not answered, by its status."""

LONGEST: Final = 8192
"""How many characters an address may have."""
PROOFS: Final = (LOG_IN, INVITATION, PASSWORD_LINK)
"""How the paths begin at which strangers may let passwords be computed: a room of their own, so
that no number of log-ins keeps those out who act."""
STREAMING_PATHS: Final = 1_000_000
RESPONSES_AT_ONCE: Final = 16
"""How many responses are decided at once: so many can share one commit of the log."""


class QueueFull(Exception):
    """So many wait for this room already that nobody else is let in."""


@dataclass
class ConcurrencyLimit:
    """Places for so many requests at once; `line` is how many may wait for one.

    Those who wait are let in by turns of their senders, so that who sends much waits alone.
    """

    places: int
    queue_limit: int
    most_of_one: int = 0
    """How many of one sender may wait; 0 where that has no bound of its own."""
    _taken: int = 0
    _waiting: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)
    _length: int = 0

    async def enter(self, sender: str) -> None:
        """Wait for a place. Raises Full."""
        if self._taken < self.places:
            self._taken += 1
            return
        of_sender = len(self._waiting.get(sender, ()))
        if self._length >= self.queue_limit or (self.most_of_one and of_sender >= self.most_of_one):
            raise QueueFull
        admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(sender, deque()).append(admitted)
        self._length += 1
        try:
            await admitted
        except asyncio.CancelledError:
            if admitted.done() and not admitted.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place to the next sender in turn, or leave it free."""
        while self._waiting:
            sender, queue = self._waiting.popitem(last=False)
            admitted = queue.popleft()
            self._length -= 1
            if queue:
                self._waiting[sender] = queue
            if not admitted.done():
                admitted.set_result(None)
                return
        self._taken -= 1


class Admission:
    """Lets requests in. `refused` makes the answer to those who cannot even wait."""

    def __init__(self, app: ASGIApp, refused: RefuseRequest) -> None:
        self._app, self._refused = app, refused
        self._responses = ConcurrencyLimit(RESPONSES_AT_ONCE, queue_limit=STREAMING_PATHS)
        self._acts = ConcurrencyLimit(places=2, queue_limit=100)
        self._log_ins = ConcurrencyLimit(places=2, queue_limit=200, most_of_one=50)
        self._forms = ConcurrencyLimit(places=3, queue_limit=500)
        self._pages = ConcurrencyLimit(places=2, queue_limit=200)
        self._past = ConcurrencyLimit(places=1, queue_limit=20)
        self._issuers = ConcurrencyLimit(places=32, queue_limit=64)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST:
            await self._refused(Request(scope), 414)(scope, receive, send)
            return
        room, sender = self._room(scope)
        try:
            await room.enter(sender)
        except QueueFull:
            await self._refused(Request(scope), 503)(scope, receive, send)
            return
        inside = True

        async def sending(message: Message) -> None:
            """The place is free once the answer is made: who reads it slowly keeps nobody out."""
            nonlocal inside
            if inside:
                inside = False
                room.leave()
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            if inside:
                room.leave()

    def _room(self, scope: Scope) -> tuple[ConcurrencyLimit, str]:
        """Where a request belongs, and whose it is as far as that is known."""
        path, kept = scope["path"], scope.get("state", {}).get("kept")
        if kept is not None:
            return self._responses, f"{kept.organisation}/{kept.window}/{kept.seat}"
        if scope["method"] == "POST" and path.startswith(PROOFS):
            return self._log_ins, (scope.get("client") or ("",))[0]
        if scope["method"] == "POST":
            return self._acts, (scope.get("client") or ("",))[0]
        if urls.is_form(path) or "/recorded/" in path or path.startswith("/receipts/"):
            return self._forms, ""
        if path.startswith((LOG_IN_WITH, LOG_OUT_WITH)):
            return self._issuers, ""
        if parse_qs(scope["query_string"].decode("latin-1")).get("at"):
            return self._past, path
        return self._pages, path
