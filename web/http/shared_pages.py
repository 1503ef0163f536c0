"""Pages that are made once per change, and shared by all readers who may see the same.

A page is kept with the end of the log at which it was made, and for as long as its words about
the time hold. Each request reads where the log ends now: what anybody has recorded is in the next
page that anybody opens. A browser that has the page already is told so in a few bytes.

Only what a route has marked with `share` is kept. Whatever else is answered here, such as forms,
receipts and errors, passes through untouched.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Final, NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.instants import UnclearTime
from domain.ports.errors import Unavailable
from domain.ports.event_store import Head
from domain.rules import Refused
from web.http.access_view import EVERYBODY, AccessView, AccessViews
from web.http.admission import LONGEST
from web.http.context import Requested, read_request
from web.http.shared_reads import SharedReads

MOST_BYTES: Final = 16 * 1024 * 1024
"""How many bytes of pages are kept in memory; those go that nobody has asked for for longest."""
OVERHEAD: Final = 2048
"""What a page takes beside its bytes, at most: its address and headers."""
SHARED: Final = frozenset(
    {"bodies", "sessions", "agendas", "documents", "windows", "outstanding", "events", "history"}
)
"""The first parts of addresses that may be shared, beside the board's."""
PRIVATE: Final = ("/act/", "/edit/", "/recorded/", "/evidence/", "/receipt")
"""What stands in addresses of forms, and of what is for one person."""
REVALIDATE: Final = b"private, no-cache"
"""Every browser may keep the page, and asks each time whether it is still the same."""
CONFIRMED: Final = frozenset({b"cache-control", b"etag", b"vary"})
"""The headers of an answer that a browser has; it keeps the others with the page."""

Ends = Mapping[str, Head]


class Validity(NamedTuple):
    """From when and until when (UTC) the words of a page about the time hold."""

    since: datetime
    until: datetime


class Address(NamedTuple):
    """Everything but the state of the record and the time on which a page depends."""

    view: AccessView
    path: str
    requested: Requested

    @property
    def organisation(self) -> str:
        """Whose log it shows; empty for all of them."""
        return "" if self.path == "/" else self.path.split("/")[2]


@dataclass(frozen=True)
class KeptPage:
    """An answer that may be given again, and when."""

    ends: Ends
    validity: Validity
    etag: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD

    def holds(self, ends: Ends, now: datetime) -> bool:
        """Whether it is what would be made now, with the log ending there."""
        return self.validity.since <= now < self.validity.until and self.ends == ends

    async def send(self, scope: Scope, send: Send) -> None:
        """Answer with it, or say that the browser has it (304)."""
        if self._is_known(Headers(scope=scope)):
            status, body = HTTPStatus.NOT_MODIFIED, b""
            headers = [header for header in self.headers if header[0] in CONFIRMED]
        else:
            status, body, headers = HTTPStatus.OK, self.body, self.headers
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _is_known(self, headers: Headers) -> bool:
        """Whether the browser says that it has this very page."""
        named = headers.getlist("if-none-match")
        if not named:
            return False
        tags = {tag.strip().removeprefix("W/") for tag in ",".join(named).split(",")}
        return "*" in tags or self.etag.decode() in tags


class PageCache:
    """The pages that are kept, one for each address, up to a bound."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._pages = most, OrderedDict[Address, KeptPage]()
        self.size = 0

    def get(self, address: Address, ends: Ends, now: datetime) -> KeptPage | None:
        """The page under an address, if it still is what would be made."""
        page = self._pages.get(address)
        if page is None or not page.holds(ends, now):
            return None
        self._pages.move_to_end(address)
        return page

    def put(self, address: Address, page: KeptPage) -> None:
        """Keep a page in place of the one that was under its address."""
        self._remove(address)
        self._pages[address] = page
        self.size += page.size
        while self.size > self._most:
            self._remove(next(iter(self._pages)))

    def _remove(self, address: Address) -> None:
        if removed := self._pages.pop(address, None):
            self.size -= removed.size


def share(request: Request, validity: Validity) -> None:
    """Let the answer to a request be kept and given to others who may see the same."""
    request.state.validity = validity


class SharedPages:
    """Answers with kept pages, and keeps those that the application lets be shared.

    `heads` reads where the log of an organisation ends, or where all end; `views` finds what the
    sender of a request may see.
    """

    def __init__(
        self,
        app: ASGIApp,
        heads: Callable[[str], Ends],
        now: Callable[[], datetime],
        views: AccessViews,
    ) -> None:
        self._app, self._now, self._views = app, now, views
        self._ends, self._cache = SharedReads(heads), PageCache()
        self._rendering: dict[Address, asyncio.Future[bool]] = {}
        """What is being made: whether it may be shared is known afterwards."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address(scope)
        if address is None:
            await self._app(scope, receive, send)
            return
        try:
            ends = await self._ends.get(address.organisation)
            address = address._replace(view=await self._views.view(scope, ends))
        except Unavailable:  # the application meets it too, and says so
            await self._app(scope, receive, send)
            return
        page = self._cache.get(address, ends, self._now())
        while page is None and (rendering := self._rendering.get(address)):
            if not await asyncio.shield(rendering):
                break
            page = self._cache.get(address, ends, self._now())
        if page is None:
            await self._render(address, ends, scope, receive, send)
        else:
            await page.send(scope, send)

    async def _render(
        self, address: Address, ends: Ends, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Let the application answer; others who want the same wait for it meanwhile."""
        made = asyncio.get_running_loop().create_future()
        alone = self._rendering.setdefault(address, made) is not made
        scope = {**scope, "state": {**scope.get("state", {})}}
        answer, page = _Answer(scope, send), None
        try:
            await self._app(scope, receive, answer.receive)
            if page := answer.page(ends):
                self._cache.put(address, page)
        finally:
            if not alone:
                del self._rendering[address]
            made.set_result(page is not None)
        if page:
            await page.send(scope, send)


class _Answer:
    """What the application answers: held back where it may be shared, else passed on at once."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._state, self._send = scope["state"], send
        self._start: Message | None = None
        self._body = b""

    async def receive(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._is_shared(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")

    def _is_shared(self, message: Message) -> bool:
        return "validity" in self._state and message["status"] == HTTPStatus.OK

    def page(self, ends: Ends) -> KeptPage | None:
        """The page that was held back, to be kept; None if the answer was passed on."""
        if self._start is None:
            return None
        etag = b'"%s"' % sha256(self._body).hexdigest()[:32].encode()
        headers = [header for header in self._start["headers"] if header[0] != b"cache-control"]
        headers += [(b"cache-control", REVALIDATE), (b"etag", etag)]
        return KeptPage(ends, self._state["validity"], etag, headers, self._body)


def _address(scope: Scope) -> Address | None:
    """The address of a page that may be shared, as if all had one view of it.

    None for whatever else is asked for.
    """
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path = scope["path"]
    if len(path) + len(scope["query_string"]) > LONGEST or not _may_be_shared(path):
        return None
    try:
        requested = read_request(Request(scope))
    except (UnclearTime, Refused):  # the application meets it too, and says so
        return None
    return Address(EVERYBODY, path, requested)


def _may_be_shared(path: str) -> bool:
    """Whether a page of the record stands under a path, and no form, file or JSON."""
    if path == "/":
        return True
    parts = path.split("/", 3)
    known = len(parts) > 2 and parts[1] in SHARED and parts[2] != ""
    return known and not path.endswith(".json") and not any(part in path for part in PRIVATE)
