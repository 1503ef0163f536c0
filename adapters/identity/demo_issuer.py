"""An issuer of OpenID Connect for the demonstration: real keys and codes, and no proof of anybody.

Codes are used once and bound by PKCE, keys are rotated, sessions end at its own end-session page.
It listens on loopback only. Tests extend it by what an issuer can do wrong.
"""

from __future__ import annotations

import base64
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import uvicorn
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # it has no types
    create_s256_code_challenge,
)
from authlib.oidc.core.util import create_half_hash  # type: ignore[import-untyped]  # it has none
from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from adapters.identity.urls import is_loopback

CLIENT: Final = "placet"
SESSION: Final = "issuer_session"
CODE_SECONDS: Final = 60
"""For how long a code can be redeemed (RFC 6749, 4.1.2: ten minutes at most)."""
TOKEN_SECONDS: Final = 300
ROTATION_SECONDS: Final = 3600
"""For how long a key signs; it is listed for as long again."""
MOST: Final = 1000
"""How many codes and sessions are remembered."""
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of its pages; a form may lead away, back to who asked."""

ShowPage = Callable[[str, Mapping[str, str]], str]
"""Makes its page, for a header `Accept-Language`, with the names of these people by their subjects;
without people it says that somebody has logged out."""


def plain_page(accepted: str, people: Mapping[str, str]) -> str:  # noqa: ARG001 (English only)
    """The page in English, in a few words."""
    if not people:
        return '<!doctype html><html lang="en"><title>Issuer</title>Logged out.'
    buttons = "".join(
        f'<p><button name="subject" value="{escape(subject)}">{escape(name)}</button></p>'
        for subject, name in people.items()
    )
    return (
        f'<!doctype html><html lang="en"><title>Issuer</title><h1>Who are you?</h1>'
        f'<form method="post">{buttons}<p><button>None of these</button></p></form>'
    )


@dataclass
class Grant:
    """What a code stands for."""

    subject: str
    redirect_uri: str
    challenge: str
    nonce: str
    proved_at: int
    made_at: float
    used: bool = False


@dataclass
class DemoIssuer:
    """One issuer, its only client, and the people it knows, by their subjects."""

    address: str = ""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    redirect_uris: set[str] = field(default_factory=set)
    """Where it sends browsers back to; on this machine at any port (RFC 8252, 7.3)."""
    after_log_out: set[str] = field(default_factory=set)
    people: Mapping[str, str] = field(default_factory=dict)
    page: ShowPage = plain_page
    acr: str = "demonstration"
    amr: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    clock: Callable[[], float] = time.time
    """Seconds since 1970, UTC."""
    keys: list[Any] = field(default_factory=list)
    """Those that are listed; the last one signs."""
    rotated_at: float = 0
    codes: dict[str, Grant] = field(default_factory=dict)
    sessions: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.keys:
            self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on; the one of before is still listed."""
        kid: KeyParameters = {"kid": secrets.token_hex(4), "use": "sig", "alg": "ES256"}
        self.keys = [*self.keys[-1:], ECKey.generate_key("P-256", kid)]
        self.rotated_at = self.clock()

    def app(self) -> Starlette:
        """The pages and endpoints, which are answered under the names of this machine only."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize, methods=["GET", "POST"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/end", self._end),
            ],
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
            ],
        )

    # --- What it says of itself -------------------------------------------------------------------

    async def _metadata(self, request: Request) -> Response:  # noqa: ARG002 (as for each endpoint)
        return JSONResponse(self._description())

    def _description(self) -> dict[str, Any]:
        """Its metadata (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "end_session_endpoint": f"{self.address}/end",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": list(self.methods),
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    async def _keys(self, request: Request) -> Response:  # noqa: ARG002 (as for each endpoint)
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    # --- What browsers see ------------------------------------------------------------------------

    async def _authorize(self, request: Request) -> Response:
        """Who is it? Somebody who is logged in here is asked only to prove it once more."""
        wanted = dict(request.query_params)
        returns = _without_port(wanted.get("redirect_uri", ""))
        if (
            wanted.get("client_id") != CLIENT
            or returns not in {_without_port(known) for known in self.redirect_uris}
            or len(wanted) < len(request.query_params.multi_items())
        ):
            return PlainTextResponse("unknown client or address", 400)
        if wrong := _wrong(wanted):
            return self._back(wanted, error=wrong)
        if request.method == "POST":
            form = dict(parse_qsl((await request.body()).decode(errors="replace")))
            if form.get("subject") not in self.people:
                return self._back(wanted, error="access_denied")
            return self._logged_in(wanted, form["subject"])
        known = self.sessions.get(request.cookies.get(SESSION, ""))
        if known and "prompt" not in wanted:
            return self._back(wanted, code=self._code(wanted, *known))
        return self._page(request, self.people)

    def _page(self, request: Request, people: Mapping[str, str]) -> Response:
        shown = self.page(request.headers.get("accept-language", ""), people)
        return HTMLResponse(shown, headers=HEADERS)

    def _logged_in(self, wanted: Mapping[str, str], subject: str) -> Response:
        session, now = secrets.token_urlsafe(), int(self.clock())
        _remember(self.sessions, session, (subject, now))
        answer = self._back(wanted, code=self._code(wanted, subject, now))
        answer.set_cookie(SESSION, session, httponly=True, samesite="lax")
        return answer

    def _code(self, wanted: Mapping[str, str], subject: str, proved_at: int) -> str:
        code = secrets.token_urlsafe()
        grant = Grant(
            subject,
            wanted["redirect_uri"],
            wanted["code_challenge"],
            wanted.get("nonce", ""),
            proved_at,
            self.clock(),
        )
        _remember(self.codes, code, grant)
        return code

    def _back(self, wanted: Mapping[str, str], **values: str) -> Response:
        values |= {"state": wanted.get("state", ""), **self._signature()}
        where = f"{wanted['redirect_uri']}?{urlencode(values)}"
        return RedirectResponse(where, 303, {"Cache-Control": "no-store"})

    def _signature(self) -> dict[str, str]:
        """What each answer says of who gives it (RFC 9207)."""
        return {"iss": self.address}

    async def _end(self, request: Request) -> Response:
        """Log-out; the browser goes back to an address that is registered."""
        self.sessions.pop(request.cookies.get(SESSION, ""), None)
        target = request.query_params.get("post_logout_redirect_uri", "")
        known = {_without_port(address) for address in self.after_log_out}
        if _without_port(target) in known and request.query_params.get("id_token_hint"):
            return RedirectResponse(target, 303)
        return self._page(request, {})

    # --- What servers ask -------------------------------------------------------------------------

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        if not self._is_client(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = self.codes.get(form.get("code", ""))
        if grant is None or not self._holds(grant, form):
            return JSONResponse({"error": "invalid_grant"}, 400)
        grant.used = True
        if create_s256_code_challenge(form.get("code_verifier", "")) != grant.challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(self._tokens(grant), headers={"Cache-Control": "no-store"})

    def _holds(self, grant: Grant, form: Mapping[str, str]) -> bool:
        in_time = self.clock() - grant.made_at <= CODE_SECONDS
        return not grant.used and in_time and form.get("redirect_uri") == grant.redirect_uri

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        if self.clock() - self.rotated_at > ROTATION_SECONDS:
            self.rotate()
        access = secrets.token_urlsafe()
        return {
            "token_type": "Bearer",
            "access_token": access,
            "expires_in": TOKEN_SECONDS,
            "id_token": self._signed(self._claims(grant, access)),
        }

    def _is_client(self, request: Request, form: Mapping[str, str]) -> bool:
        shown = (form.get("client_id", ""), form.get("client_secret", ""))
        method = "client_secret_post" if shown[1] else "none"
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                name, _, secret = base64.b64decode(value).decode().partition(":")
            except ValueError:
                return False
            shown, method = (unquote_plus(name), unquote_plus(secret)), "client_secret_basic"
        right = secrets.compare_digest(shown[1].encode(), self.secret.encode())
        return shown[0] == CLIENT and right and method in (*self.methods, "none")

    def _claims(self, grant: Grant, access: str) -> dict[str, Any]:
        """The claims of an ID token (OpenID Connect Core 1.0, 2 and 3.1.3.6)."""
        now = int(self.clock())
        return {
            "iss": self.address,
            "sub": grant.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": grant.nonce,
            "auth_time": grant.proved_at,
            "acr": self.acr,
            "amr": list(self.amr),
            "at_hash": create_half_hash(access, "ES256").decode(),
        }

    def _signed(self, claims: dict[str, Any]) -> str:
        key = self.keys[-1]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, ["ES256"])


@contextmanager
def served_on_loopback(issuer: DemoIssuer) -> Iterator[DemoIssuer]:
    """The issuer on a free port of loopback, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        issuer.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            issuer.app(),
            ws="none",
            lifespan="off",
            log_level="critical",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), name="demo issuer")
        thread.start()
        try:
            yield issuer
        finally:
            server.should_exit = True
            thread.join(10)


def _wrong(wanted: Mapping[str, str]) -> str:
    """What is wrong with a request of a known client (RFC 6749, 4.1.2.1); empty for nothing."""
    if wanted.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in wanted.get("scope", "").split():
        return "invalid_scope"
    if wanted.get("code_challenge_method") != "S256" or not wanted.get("code_challenge"):
        return "invalid_request"
    return ""


def _without_port(address: str) -> str:
    """An address of this machine without its port; any other as it is."""
    if not is_loopback(address):
        return address
    parts = urlsplit(address)
    return parts._replace(netloc=parts.hostname or "").geturl()


def _remember(place: dict[str, Any], key: str, value: object) -> None:
    """Keep something, and forget the oldest where there is too much."""
    place[key] = value
    while len(place) > MOST:
        del place[next(iter(place))]
