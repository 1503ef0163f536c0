"""What people and programs are told when something fails: a page, JSON, or a short text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from domain.access.permissions import NoRoleHeld
from domain.instants import UnclearTime
from domain.ports.errors import Unavailable
from domain.rules import Refused
from web.http.access_view import identity_of
from web.http.cli_equivalents import command_for
from web.http.context import RequestContext, language_headers
from web.http.security_headers import headers_for
from web.i18n import catalogues
from web.i18n.labels import N_
from web.rendering import Templates
from workflows.history.read_limit import ReadLimitExceeded

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
    421: (
        N_("This server has another name"),
        N_(
            "Nothing is answered under the name that stands in this address. Please use the"
            " address that those who run this server have told you."
        ),
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
            "A text is too long, or a paper is larger than 15 MB. Go back in your browser: what you"
            " wrote stands there. Shorten the text to 20,000 characters, or choose a smaller file,"
            " and send it again."
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

TOO_MUCH: Final = (
    N_("Too much would have to be read for this"),
    N_(
        "Nothing is wrong with the record: this page needs more of it than the server reads for "
        "one request. Those who run it can look on the command line, which has no such limit "
        "(“%(command)s”), or raise the limit (“placet serve --read-limit”)."
    ),
)
"""What it means that a page would need more of the record than one request may read."""
NOT_GRANTED: Final = (
    N_("This is not for your role"),
    N_(
        "Nothing was recorded. What somebody may do and see here follows from the roles that they"
        " were given; an administrator of the organization gives them."
    ),
)
"""What it means that somebody may not do something."""
NOT_SHOWN: Final = (
    NOT_GRANTED[0],
    N_(
        "What somebody may do and see here follows from the roles that they were given; an"
        " administrator of the organization gives them."
    ),
)
"""What it means that somebody may not see something."""
NO_ROLE: Final = (
    N_("Your account has no role here now"),
    N_(
        "So nothing was recorded, and nothing is shown to you. An administrator of the organization"
        " gives roles, and can tell you whether yours has ended."
    ),
)
"""What it means that somebody who sends a form has no role."""
NO_ROLE_TO_SEE: Final = (
    NO_ROLE[0],
    N_(
        "So nothing is shown to you. An administrator of the organization gives roles, and can tell"
        " you whether yours has ended."
    ),
)
"""The same of somebody who reads."""
OF_ROLES: Final = frozenset({NOT_GRANTED, NOT_SHOWN, NO_ROLE, NO_ROLE_TO_SEE})
"""What is explained to somebody whose roles do not allow something."""
TOO_MANY_EVENTS: Final = N_("more than %(most)s events or contents")
"""How much that is; contents, to which events refer by their hash, are counted apart."""

_NO_VALUES: Final[Mapping[str, object]] = {}
AGAIN: Final[Mapping[int, str]] = {408: "1", 429: "2", 503: "2"}
"""After how many seconds it may be tried again."""


@dataclass(frozen=True, kw_only=True)
class FailedReading(RequestContext):
    """A reading that failed: its links lead to the present, but for those to other languages."""

    request: Request

    def here(self, lang: str) -> str:
        """The page at the same address in another language; never the address of another server."""
        path = quote("/" + self.request.scope["path"].lstrip("/"))
        query = [*self.request.query_params.multi_items()]
        return f"{path}?{urlencode([*((k, v) for k, v in query if k != 'lang'), ('lang', lang)])}"


def _account(request: Request) -> str:
    """The opaque id of the account that sent a request; empty where there is none."""
    identity = identity_of(request.scope)
    return identity.principal if identity else ""


class ErrorResponses:
    """Makes the answer to a request that failed, by its status."""

    def __init__(self, templates: Templates, now: Callable[[], datetime]) -> None:
        self._templates, self._now = templates, now

    def __call__(
        self,
        request: Request,
        status: int,
        detail: str = "",
        explained: tuple[str, str] | None = None,
        values: Mapping[str, object] = _NO_VALUES,
    ) -> Response:
        """The answer: JSON where a JSON representation was asked for, else a page.

        Where many fail at once (429) it is a short text: a page would cost more than its request.
        `explained` stands in place of what the status means otherwise; then to try again is vain.
        It is translated, and with `values`, which fill it, the detail too.
        """
        reader = self._reader(request)
        title, sentence = explained or _explanation(request, status)
        if explained:
            say = reader.catalogue.texts.gettext
            title, sentence = say(title), say(sentence) % values
            detail = say(detail) % values if detail and values else detail
        headers = language_headers(reader)
        if status in AGAIN and not explained:
            headers["Retry-After"] = AGAIN[status]
        kept = getattr(request.state, "kept", None)
        if kept and status in {500, 503}:
            status, (title, sentence) = HTTPStatus.ACCEPTED, KEPT
            detail = f"{kept.received_at:%Y-%m-%d %H:%M:%S} UTC, {kept.command_id}"
        if request.scope["path"].endswith(".json"):
            content = {"status": status, "title": title, "detail": detail or sentence}
            if explained:
                content |= {"detail": sentence, "reason": detail}
            return JSONResponse(content, status, headers)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            say = reader.catalogue.texts.gettext
            return PlainTextResponse(f"{say(title)}. {say(sentence)}", status, headers)
        page = self._templates.page(
            "error.html",
            reader,
            status=status,
            title=title,
            sentence=sentence,
            detail="" if explained in {NO_ROLE, NO_ROLE_TO_SEE} else detail,
            translated=bool(explained and values),
            account=_account(request) if explained in OF_ROLES else "",
        )
        return HTMLResponse(page, status, headers)

    def _reader(self, request: Request) -> RequestContext:
        """Who reads the answer, and in which language."""
        requested_language = request.query_params.get("lang", "")
        language = catalogues.choose_language(
            requested_language, request.headers.get("accept-language", "")
        )
        return FailedReading(
            request=request,
            catalogue=catalogues.load_catalogue(language),
            now=self._now(),
            requested_language=requested_language if requested_language == language else "",
        )

    def handle(self, app: FastAPI) -> None:
        """Let every error that an application raises be answered so."""

        @app.exception_handler(Refused)
        def refused(request: Request, error: Refused) -> Response:
            if error.rule == "known":
                return self(request, 404, error.because)
            if error.rule == "role-granted":
                reads = request.method in {"GET", "HEAD"}
                return self(request, 403, str(error), _of_role(error, reads=reads))
            return self(request, 500)

        @app.exception_handler(UnclearTime)
        def unclear(request: Request, error: UnclearTime) -> Response:
            return self(request, 400, str(error))

        @app.exception_handler(Unavailable)
        def unavailable(request: Request, _: Unavailable) -> Response:
            return self(request, 503)

        @app.exception_handler(ReadLimitExceeded)
        def too_much(request: Request, error: ReadLimitExceeded) -> Response:
            values = {"most": error.most, "command": command_for(request)}
            return self(request, 503, TOO_MANY_EVENTS, TOO_MUCH, values)

        @app.exception_handler(HTTPException)
        def other(request: Request, error: HTTPException) -> Response:
            return self(request, error.status_code)

        @app.exception_handler(Exception)
        def unexpected(request: Request, error: Exception) -> Response:
            """Answered outside of everything else, so that it gets its headers here."""
            answer = self(request, 503 if isinstance(error, Unavailable) else 500)
            answer.headers.update(headers_for(request.scope["scheme"]))
            return answer


def _explanation(request: Request, status: int) -> tuple[str, str]:
    """Title and sentence of a status, for somebody who reads or who has sent a form."""
    explained = {**EXPLAINED, **SENT} if request.method == "POST" else EXPLAINED
    return explained.get(status, (HTTPStatus(status).phrase, ""))


def _of_role(error: Refused, *, reads: bool) -> tuple[str, str]:
    """What it means that the roles of somebody do not allow something, or that there are none."""
    if isinstance(error, NoRoleHeld):
        return NO_ROLE_TO_SEE if reads else NO_ROLE
    return NOT_SHOWN if reads else NOT_GRANTED
