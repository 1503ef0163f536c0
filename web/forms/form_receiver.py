"""What arrives by POST: taken in whole, stamped by the one clock, and only then read.

A response of a seat is then kept in the intake before anybody looks at the record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Final, Protocol
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.intake_entry import IntakeEntry
from domain.ports.clock import ClockReading
from domain.ports.errors import Unavailable
from web.forms import response_entry, unseen_characters
from web.forms.fields import Values
from web.forms.form_ids import identified
from web.forms.response_batcher import ResponseBatcher
from web.http.access_view import identity_of
from web.http.admission import RefuseRequest
from web.http.authentication import FORM_TOKEN, form_is_of_session
from workflows.accounts.tokens import TOKEN

LARGEST: Final = 32 * 1024 * 1024
"""How many bytes a form may have with its evidence; what is longer is thrown away as it comes."""
LARGEST_TEXT: Final = 2 * 1024 * 1024
"""How many bytes a form without evidence may have."""
FIELDS: Final = 2000
"""How many fields a form may have."""
LARGEST_RESPONSE: Final = 512 * 1024
"""How many bytes a response may have; whatever is larger counts as large."""
IN_MEMORY: Final = 64 * 1024
"""How many bytes of a form are held in memory; the rest of a larger one lies in a file."""
LARGE_AT_ONCE: Final = 3
"""How many forms that are larger than that are taken at once; others wait for their turn."""
IDLE_SECONDS: Final = 30.0
"""Seconds that a form may take to arrive, and one second more for each `PACE` bytes."""
PACE: Final = 16 * 1024
PAUSE: Final = 5.0
"""Seconds for which somebody waits at least who sends the same too often."""
PER_SECOND: Final = 100
"""How many of them are answered in a second."""
CHUNK: Final = 64 * 1024


Permits = Callable[[IntakeEntry], bool]
"""Whether a response may be given by the one who has sent it."""


class ClockReader(Protocol):
    """Tells the time of the server, and by how much its clock is off."""

    def read(self) -> ClockReading: ...


class ClientDisconnected(Exception):
    """The client that was sending has closed the connection."""


class FormReceiver:
    """Takes each posted form in whole and stamps it before anything in it is read.

    What counts is when its last byte was here: nobody keeps a place by sending half of a form.
    With `arrivals`, a response is kept durably before it goes on to be decided, if the one who
    sent it has its seat, as `permits` says. `refused` makes the answer to what cannot be taken.
    """

    def __init__(
        self,
        app: ASGIApp,
        clock: ClockReader,
        refused: RefuseRequest,
        arrivals: ResponseBatcher | None = None,
        permits: Permits = lambda _: True,
    ) -> None:
        self._app, self._clock, self._refused, self._arrivals = app, clock, refused, arrivals
        self._permits = permits
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._answered = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as stack:
            body = stack.enter_context(SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 (it is one)
            try:
                wrong = await self._take(scope, receive, body, stack)
            except ClientDisconnected:
                return
            scope["state"] = {**scope.get("state", {}), "stamp": self._clock.read()}
            if wrong:
                await self._refuse(wrong, scope, receive, send)
            else:
                await self._go_on(scope, _again(body, receive), send)

    async def _refuse(self, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        await self._refused(Request(scope), status)(scope, receive, send)

    async def _take(
        self,
        scope: Scope,
        receive: Receive,
        body: SpooledTemporaryFile[bytes],
        stack: AsyncExitStack,
    ) -> int:
        """Take the whole body in; what is wrong with it as a status, 0 if nothing is.

        Raises Gone.
        """
        loop, most = asyncio.get_running_loop(), _most(scope)
        began, size, fields, more, large = loop.time(), 0, 0, True, False
        while more:
            try:
                async with asyncio.timeout_at(began + IDLE_SECONDS + size / PACE):
                    message = await receive()
            except TimeoutError:
                return HTTPStatus.REQUEST_TIMEOUT
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            chunk = message.get("body", b"")
            more = message.get("more_body", False)
            size += len(chunk)
            fields += len(chunk.split(b"&")) - 1 if most is not LARGEST else 0
            if size > most or fields > FIELDS:
                continue
            if size > LARGEST_RESPONSE and not large:
                await stack.enter_async_context(self._large)
                began, large = loop.time(), True
            try:
                body.write(chunk)
            except OSError:
                return HTTPStatus.SERVICE_UNAVAILABLE
        if size > most:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return HTTPStatus.BAD_REQUEST if fields > FIELDS else 0

    async def _go_on(self, scope: Scope, again: Receive, send: Send) -> None:
        """Let it be decided; first keep it, if it is a response that came from a page of ours."""
        batcher, entry = self._arrivals, None
        try:
            if batcher and response_entry.PATH.fullmatch(scope["path"]):
                entry = await _written(Request(scope, again), batcher)
            if entry and entry.identity and not await run_in_threadpool(self._permits, entry):
                entry = None  # the form refuses it, and says by which rule
        except (HTTPException, MultiPartException):
            await self._refuse(HTTPStatus.BAD_REQUEST, scope, again, send)
            return
        if entry is None or batcher is None:
            await self._app(scope, again, send)
        elif not batcher.begin(scope["state"]["values"], entry):
            await self._pause()
            await self._refuse(HTTPStatus.TOO_MANY_REQUESTS, scope, again, send)
        else:
            try:
                await self._keep(entry, batcher, scope, again, send)
            finally:
                batcher.end(scope["state"]["values"], entry)

    async def _pause(self) -> None:
        """Wait, so that there is time for others, and so that not all are answered at once."""
        now = asyncio.get_running_loop().time()
        self._answered = max(now + PAUSE, self._answered + 1 / PER_SECOND)
        await asyncio.sleep(self._answered - now)

    async def _keep(
        self, entry: IntakeEntry, batcher: ResponseBatcher, scope: Scope, again: Receive, send: Send
    ) -> None:
        """Keep it and go on. What is not decided then is left to the settlement of the intake."""
        try:
            kept = await batcher.keep(entry)
        except Unavailable:
            await self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, scope, again, send)
            return
        scope["state"]["kept"] = kept
        try:
            await self._app(scope, again, send)
        finally:
            batcher.intake.release(kept)


async def _written(request: Request, batcher: ResponseBatcher) -> IntakeEntry | None:
    """The response that stands in a form, of which the values are then known.

    Raises HTTPException and MultiPartException for what is no form.
    """
    if not is_same_origin(request):
        return None
    texts: dict[str, list[str]] = {}
    async with request.form(max_fields=FIELDS, max_part_size=LARGEST_TEXT) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                texts.setdefault(name, []).append(value)
    state = request.scope["state"]
    state["values"] = identified(unseen_characters.without(Values(texts), response_entry.WRITTEN))
    if not form_is_of_session(state, state["values"].text(FORM_TOKEN)):
        return None
    return response_entry.entry(
        request.scope["path"],
        state["values"],
        state["stamp"],
        batcher.intake,
        identity_of(request.scope),
    )


def _most(scope: Scope) -> int:
    """How many bytes the body of this request may have."""
    if response_entry.PATH.fullmatch(scope["path"]):
        return LARGEST_RESPONSE
    kind = dict(scope["headers"]).get(b"content-type", b"")
    return LARGEST if kind.startswith(b"multipart/") else LARGEST_TEXT


def _again(body: SpooledTemporaryFile[bytes], receive: Receive) -> Receive:
    """Says a body again, chunk by chunk, and then whatever comes after it."""
    size = body.tell()
    body.seek(0)
    over = False

    async def again() -> Message:
        nonlocal over
        if over:
            return await receive()
        if body.tell():
            await asyncio.sleep(0)  # a large form lets others have their turn
        chunk = body.read(CHUNK)
        over = body.tell() >= size
        return {"type": "http.request", "body": chunk, "more_body": not over}

    return again


def is_same_origin(request: Request) -> bool:
    """Whether a form was sent from a page of this server, and not by a page of somebody else.

    Each header that tells where it was sent from must fit; one of them must be there. A program
    with a token need not say it: no browser adds a token by itself.
    """
    identity = identity_of(request.scope)
    if identity is not None and identity.authenticated_by == TOKEN:
        return True
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin is not None:
        return bool(origin) and _netloc(origin) == request.headers.get("host")
    return site is not None


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
