"""Authentication of requests, by a session's cookie or a token, before anything else is done.

Where log-in is in force, an unauthenticated request leads to the log-in page, and a form that was
sent without a session leads there with all its values. A form proves by a token of its
session that it was made for it; that it came from a page of this server is asked apart.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.access.roles import Identity
from domain.ports.errors import Unavailable
from web.http import account_urls
from web.http.admission import RefuseRequest
from web.http.cookies import cookie
from web.http.recent_identities import Moment, RecentIdentities
from workflows.accounts import sessions, tokens
from workflows.accounts.service import AccountService

COOKIE: Final = "placet"
DEVICE: Final = "placet-device"
FORM_TOKEN: Final = "form_token"  # noqa: S105 (the name of a field)
EXEMPT: Final = (
    "/static/",
    account_urls.LOG_IN,
    account_urls.CODE,
    account_urls.LOG_OUT_WITH,
    account_urls.INVITATION,
    account_urls.PASSWORD_LINK,
)
"""Prefixes of the paths that need no log-in."""
MEASURES: Final = "/metrics"
"""The path of the metrics; where the store cannot be read, this machine gets them all the same."""
BEARER: Final = "bearer "
SAFE: Final = frozenset({"GET", "HEAD"})
NO_STORE: Final = {"Cache-Control": "no-store"}


class Authentication:
    """Notes in `scope["state"]` who sends a request, as `identity`; None without log-in.

    It runs before shared pages, and makes one look-up for each request, except for pages whose
    reader was looked up just now (see `RecentIdentities`). `now` returns the time in UTC, and
    `exempt` are more paths that need no log-in.
    """

    def __init__(
        self,
        app: ASGIApp,
        accounts: AccountService,
        refused: RefuseRequest,
        now: Callable[[], datetime],
        exempt: tuple[str, ...] = (),
    ) -> None:
        self._app, self._accounts, self._refused = app, accounts, refused
        self._recent = RecentIdentities(accounts.tables.version, now)
        self._exempt = (*EXEMPT, *exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Authenticate, and go on, lead to the log-in, or refuse."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        state = scope["state"] = {**scope.get("state", {}), "identity": None}
        shown = _shown(scope)
        known = self._recent.get(shown) if scope["method"] in SAFE else None
        if known is not None:
            state |= known
            await self._app(scope, receive, send)
            return
        try:
            answer = await asyncio.get_running_loop().run_in_executor(
                None, self._look_at, scope, shown
            )
        except Unavailable:
            unread = self._refused(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE)
            answer = None if scope["path"] == MEASURES else unread
        await (answer or self._app)(scope, receive, send)

    def _look_at(self, scope: Scope, shown: str) -> ASGIApp | None:
        """Note who it is; an answer where that is not enough. Raises Unavailable."""
        began = self._recent.moment()
        if not self._accounts.in_force:
            self._recent.put(shown, began, {})
            return None
        headers = Headers(scope=scope)
        given = headers.get("authorization", "")
        if given.lower().startswith(BEARER):
            return self._by_token(scope, given[len(BEARER) :].strip(), shown, began)
        secret = cookie(scope, COOKIE)
        session = self._accounts.sessions.find(secret)
        if session:
            known = {
                "identity": sessions.identity_of(session),
                "session": session,
                FORM_TOKEN: form_token(secret),
            }
            scope["state"] |= known
            self._recent.put(shown, began, known)
            return None
        return None if scope["path"].startswith(self._exempt) else _unknown(scope, headers)

    def _by_token(self, scope: Scope, secret: str, shown: str, began: Moment) -> ASGIApp | None:
        found = self._accounts.tokens.find(secret)
        if found is None:
            return refusal(HTTPStatus.UNAUTHORIZED, "This token is not known, or has expired.")
        if scope["method"] not in SAFE and found.scope != tokens.ACT:
            return refusal(HTTPStatus.FORBIDDEN, "This token may read, and not act.")
        known = {"identity": tokens.identity_of(found)}
        scope["state"] |= known
        self._recent.put(shown, began, known)
        return None


def _shown(scope: Scope) -> str:
    """All credentials of a request."""
    given = Headers(scope=scope).get("authorization", "")
    return f"{given}\n{cookie(scope, COOKIE)}"


def _unknown(scope: Scope, headers: Headers) -> ASGIApp | None:
    """The answer to an unauthenticated request; None where a form goes on to the log-in."""
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    if path.endswith(".json") or "application/json" in headers.get("accept", ""):
        return refusal(HTTPStatus.UNAUTHORIZED, "Please log in, or send a token.")
    where = quote(path) + (f"?{query}" if query else "")
    if scope["method"] in SAFE:
        there = account_urls.log_in(where)
        return RedirectResponse(there, HTTPStatus.SEE_OTHER, dict(NO_STORE))
    scope["state"]["interrupted"] = where
    inside = account_urls.INTERRUPTED
    language = [(name, text) for name, text in parse_qsl(query) if name == "lang"]
    scope.update({"path": inside, "raw_path": inside.encode()})
    scope["query_string"] = urlencode(language).encode()
    return None


def refusal(status: HTTPStatus, detail: str) -> Response:
    """The answer to a program that is not let in."""
    headers = dict(NO_STORE)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="Placet"'
    content = {"status": int(status), "title": status.phrase, "detail": detail}
    return JSONResponse(content, int(status), headers)


# --- What requests carry --------------------------------------------------------------------------


def identity_of(request: Request) -> Identity | None:
    """Who sends a request; None where log-in is not in force."""
    found: Identity | None = getattr(request.state, "identity", None)
    return found


def form_token(secret: str) -> str:
    """What the forms of a session carry: it follows from the secret of the session alone."""
    return sha256(b"a form of the session " + secret.encode()).hexdigest()


def form_is_of_session(state: Mapping[str, object], given: str) -> bool:
    """Whether a form was made for the session that sends it; always so without a cookie.

    Without log-in, and with a token, which no browser adds by itself, there is none to check.
    """
    wanted = state.get(FORM_TOKEN)
    return wanted is None or hmac.compare_digest(str(wanted).encode(), given.encode())
