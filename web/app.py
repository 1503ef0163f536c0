"""The web application: pages that read the record, and forms that act on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.ports.codec import Codec
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.times import UnclearTime
from web.forms.controller import FormController
from web.forms.intake import ResponseBatcher
from web.forms.receipt_stamp import FormReceiver
from web.forms.uploads import EvidenceBuffer
from web.http.admission import Admission
from web.http.context import AboutProgram as AboutProgram
from web.http.context import RequestContext, spoken
from web.i18n import catalogues
from web.i18n.labels import N_
from web.main import Placet
from web.page_context import PageContext
from web.rendering import Templates
from web.routes import routes
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer

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

EXPLAINED: Final[Mapping[int, tuple[str, str]]] = {
    400: (
        N_("This moment cannot be read"),
        N_(
            "Write a position, such as 41, or a time with its hour and zone, such as"
            " 2023-06-20T15:00:00Z."
        ),
    ),
    403: (
        N_("This form came from another place"),
        N_(
            "It was not sent from a page of this server, so nothing was recorded. Please open the"
            " form here and send it again."
        ),
    ),
    408: (
        N_("This took too long to arrive"),
        N_("It was not received in whole. Please go back and send it again."),
    ),
    404: (
        N_("Not in the record"),
        N_("The record holds nothing under this address. It may have been mistyped."),
    ),
    405: (
        N_("These pages can only be read"),
        N_("Nothing can be changed under this address."),
    ),
    414: (
        N_("This address is too long"),
        N_("Nothing stands under an address as long as this one."),
    ),
    429: (
        N_("Too many at once"),
        N_(
            "Very many of the same came from one seat within a short time. Please wait a moment,"
            " and send it again."
        ),
    ),
    413: (
        N_("Not recorded: this is too large"),
        N_(
            "At most 15 MB can be taken as a paper. Please go back to your form, choose a smaller"
            " file, and send it again."
        ),
    ),
    500: (
        N_("Something went wrong here"),
        N_(
            "The record was not changed. The fault is in this program; please tell those who"
            " run it."
        ),
    ),
    503: (
        N_("The record cannot be read now"),
        N_(
            "Nothing was changed. Please try again in a moment, or tell those who run this program."
        ),
    ),
}
"""What each kind of failure means, in a title and a sentence."""

SENT: Final[Mapping[int, tuple[str, str]]] = {
    400: (
        N_("Not recorded: this form could not be read"),
        N_("Please go back to your form and send it again."),
    ),
    500: (
        N_("Something went wrong here"),
        N_(
            "It is not certain whether this was recorded. Please go back to your form and send it"
            " again: the same form is never recorded twice."
        ),
    ),
    503: (
        N_("Not recorded"),
        N_(
            "The record cannot be written now, and nothing was changed. Please go back to your"
            " form and send it again: the same form is never recorded twice."
        ),
    ),
}
"""What failures mean for somebody who has sent a form, where that is something else."""

KEPT: Final = (
    N_("Received and kept"),
    N_(
        "Your response is here and is kept safely, with the time of its receipt. It is recorded as"
        " of that time as soon as the record can be written. You need not send it again."
    ),
)
"""What a failure means for somebody whose response the intake has kept."""

AGAIN: Final[Mapping[int, str]] = {408: "1", 429: "2", 503: "2"}
"""After how many seconds it may be tried again."""


def create_app(
    reading: Queries,
    now: Callable[[], datetime],
    refresh: Callable[[], object],
    about: AboutProgram,
    codec: Codec,
    *,
    receipts: ReceiptIssuer,
    placet: Placet | None = None,
) -> FastAPI:
    """The application over one store.

    `now` tells the time in UTC; `refresh` brings the kept rows up to date before the board is
    read, and says whether they could not be; `codec` makes plain values for JSON;
    `receipts` makes receipts. With `placet` the pages take acts too; without it they can only be
    read.
    """
    about = replace(about, acting=placet is not None)
    app = FastAPI(title="Placet", docs_url=None, redoc_url=None, openapi_url=None)
    templates = Templates(about)
    pages = PageContext(reading, now, refresh, about, codec, templates, receipts)
    acting = FormController(placet, pages, EvidenceBuffer()) if placet else None
    app.include_router(routes(pages, acting))
    app.mount("/static", StaticFiles(packages=[("web", "static")]), name="static")
    failed = _explain_failures(app, templates, now)

    app.add_middleware(SecurityHeaders)
    app.add_middleware(Admission, refused=failed)
    if placet:
        told = ResponseBatcher(placet.intake)
        app.add_middleware(FormReceiver, clock=placet.clock, refused=failed, arrivals=told)
    return app


class SecurityHeaders:
    """Adds to every answer what guards its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarding(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, guarding)


def _explain_failures(
    app: FastAPI, templates: Templates, now: Callable[[], datetime]
) -> Callable[..., Response]:
    """Turn every failure into a page, or into JSON where that was asked for; how it is made."""

    def failed(request: Request, status: int, detail: str = "") -> Response:
        asked = request.query_params.get("lang", "")
        language = catalogues.choose_language(asked, request.headers.get("accept-language", ""))
        reader = RequestContext(
            catalogue=templates.catalogues[language],
            now=now(),
            asked=asked if asked == language else "",
        )
        explained = {**EXPLAINED, **SENT} if request.method == "POST" else EXPLAINED
        title, sentence = explained.get(status, (HTTPStatus(status).phrase, ""))
        headers = {**HEADERS, **spoken(reader)}
        if status in AGAIN:
            headers["Retry-After"] = AGAIN[status]
        kept = getattr(request.state, "kept", None)
        if kept and status in {500, 503}:
            status, (title, sentence) = HTTPStatus.ACCEPTED, KEPT
            detail = f"{kept.received_at:%Y-%m-%d %H:%M:%S} UTC, {kept.command_id}"
        if request.scope["path"].endswith(".json"):
            told = {"status": status, "title": title, "detail": detail or sentence}
            return JSONResponse(told, status, headers)
        if status == HTTPStatus.TOO_MANY_REQUESTS:  # a page would cost more than who sends it pays
            say = reader.catalogue.texts.gettext
            return PlainTextResponse(f"{say(title)}. {say(sentence)}", status, headers)
        values = {"status": status, "title": title, "sentence": sentence, "detail": detail}
        return HTMLResponse(templates.page("error.html", reader, **values), status, headers)

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return (
            failed(request, 404, error.because) if error.rule == "known" else failed(request, 500)
        )

    @app.exception_handler(UnclearTime)
    def unclear(request: Request, error: UnclearTime) -> Response:
        return failed(request, 400, str(error))

    @app.exception_handler(Unavailable)
    def unavailable(request: Request, _: Unavailable) -> Response:
        return failed(request, 503)

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> Response:
        return failed(request, error.status_code)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        return failed(request, 503 if isinstance(error, Unavailable) else 500)

    return failed
