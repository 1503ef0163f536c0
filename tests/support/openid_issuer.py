"""A small issuer of OpenID Connect on loopback: real keys, codes that are used once, log-out.

It behaves well, unless a story says what it does wrong.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from html import escape
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # it has no types
    create_s256_code_challenge,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeyParameters, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from served_app import served_app

CLIENT = "placet"
SECRET = "a secret: 100%25 with spaces + signs"
SESSION = "issuer_session"
LOOPBACK = ip_address("127.0.0.1")
HUGE = 2**20
PLAIN = "http://login.example.org"


class Fault(StrEnum):
    """What an issuer can do wrong."""

    WRONG_AUDIENCE = "the token is for another client"
    SECOND_AUDIENCE = "the token is for two clients, and does not say who asked"
    OTHER_PARTY = "another client asked for the token"
    WRONG_ISSUER = "the token names another issuer"
    WRONG_NONCE = "the token is for another log-in"
    NO_NONCE = "the token names no log-in"
    EXPIRED = "the token has expired"
    FUTURE = "the token is of tomorrow"
    NO_END = "the token never expires"
    OLD = "the token was made yesterday, and holds until tomorrow"
    UNSIGNED = "alg: none"
    PUBLIC_SECRET = "HS256, with the public key as the secret"
    FORGED = "signed by a key of somebody else under a listed id"
    UNLISTED_KEY = "signed by a key that is never listed"
    NO_SUBJECT = "the token names nobody"
    LONG_SUBJECT = "the subject is longer than allowed"
    ODD_SUBJECT = "the subject has characters that cannot be shown"
    WRONG_ACCESS_HASH = "the access token is not the one that was signed"
    OTHER_METADATA = "its description is one of another issuer"
    PLAIN_ENDPOINT = "its token endpoint is elsewhere, by plain http"
    NO_KEYS = "its keys are no list"
    SHORT_KEY = "its only key is too short"
    NO_TOKEN = "no ID token is given"
    STALE_PROOF = "the person was not asked again"
    SLOW = "no answer"
    DRIPPING = "an answer of one byte after another, for ever"
    HUGE = "an answer without end"
    REDIRECT = "an answer that sends elsewhere"
    NONSENSE = "an answer that is no JSON"
    OUT_OF_ORDER = "status 503"
    COMPRESSED = "an answer that is compressed"


TRANSPORT = {
    Fault.SLOW,
    Fault.DRIPPING,
    Fault.HUGE,
    Fault.REDIRECT,
    Fault.NONSENSE,
    Fault.OUT_OF_ORDER,
    Fault.COMPRESSED,
}
"""Faults of every endpoint that is not for browsers."""


@dataclass
class Grant:
    """What a code stands for."""

    subject: str
    redirect_uri: str
    challenge: str
    nonce: str
    proved_at: int
    used: bool = False


@dataclass
class OpenIdIssuer:
    """One issuer, the people it knows, and what it does wrong at present."""

    address: str = ""
    secret: str = SECRET
    redirect_uris: set[str] = field(default_factory=set)
    after_log_out: set[str] = field(default_factory=set)
    people: dict[str, str] = field(default_factory=lambda: {"a-b-1": "Ada", "c-d-2": "Chidi"})
    faults: set[Fault] = field(default_factory=set)
    at: set[str] = field(default_factory=lambda: {"metadata", "keys", "token"})
    """The endpoints that have a fault of transport."""
    requests: Counter[str] = field(default_factory=Counter)
    offers_log_out: bool = True
    names_itself: bool = True
    methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    algorithm: str = ""
    """How it signs, if not as is usual with its key."""
    acr: str = "urn:example:two-factors"
    amr: tuple[str, ...] = ("pwd", "otp")
    keys: list[Any] = field(default_factory=list)
    stolen: Any = None
    """A key with which somebody else signs in the place of the issuer."""
    codes: dict[str, Grant] = field(default_factory=dict)
    sessions: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.keys:
            self.rotate()

    def rotate(self, kind: str = "RSA") -> None:
        """Sign with a new key from now on, and list no other."""
        kid: KeyParameters = {"kid": secrets.token_hex(4), "use": "sig"}
        new = RSAKey.generate_key(2048, kid) if kind == "RSA" else ECKey.generate_key("P-256", kid)
        self.keys = [new]

    def behave(self) -> None:
        """Be as at the beginning, with the same key where there is one."""
        kept = {name: getattr(self, name) for name in ("address", "redirect_uris", "after_log_out")}
        listed = [key for key in self.keys if key.key_type == "RSA"][:1]
        vars(self).update(vars(OpenIdIssuer(**kept, keys=listed)))

    def app(self) -> Starlette:
        """The pages and endpoints."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize, methods=["GET", "POST"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/end", self._end),
            ]
        )

    # --- What every issuer says of itself ---------------------------------------------------------

    async def _metadata(self, request: Request) -> Response:
        if wrong := await self._transport(request, "metadata"):
            return wrong
        other = Fault.OTHER_METADATA in self.faults
        plain = Fault.PLAIN_ENDPOINT in self.faults
        found: dict[str, Any] = {
            "issuer": f"{self.address}/other" if other else self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": "http://login.example.org/token"
            if plain
            else f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": list(self.methods),
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.names_itself,
        }
        if self.offers_log_out:
            found["end_session_endpoint"] = f"{self.address}/end"
        return JSONResponse(found)

    async def _keys(self, request: Request) -> Response:
        if wrong := await self._transport(request, "keys"):
            return wrong
        if Fault.NO_KEYS in self.faults:
            return JSONResponse({"keys": "none"})
        listed = [key.as_dict(private=False) for key in self.keys]
        if Fault.SHORT_KEY in self.faults:
            listed = [{**listed[0], "n": _text(secrets.token_bytes(128))}]
        secret = {"kty": "oct", "k": _text(secrets.token_bytes(32)), "kid": "secret"}
        strange = {"kty": "AKP", "kid": "of a later time"}
        return JSONResponse({"keys": [secret, strange, {"kty": "RSA"}, *listed]})

    # --- What browsers see ------------------------------------------------------------------------

    async def _authorize(self, request: Request) -> Response:
        """Who is it? Somebody who is logged in here is asked only to prove it once more."""
        self.requests["authorize"] += 1
        wanted = dict(request.query_params)
        if wanted.get("redirect_uri") not in self.redirect_uris or wanted["client_id"] != CLIENT:
            return PlainTextResponse("unknown client or address", 400)
        assert wanted["response_type"] == "code"
        assert "openid" in wanted["scope"].split()
        assert wanted["code_challenge_method"] == "S256"
        if request.method == "POST":
            form = dict(parse_qsl((await request.body()).decode()))
            if "subject" not in form:
                return self._back(wanted, error="access_denied")
            return self._logged_in(wanted, form["subject"])
        known = self.sessions.get(request.cookies.get(SESSION, ""))
        if known and "prompt" not in wanted:
            return self._back(wanted, code=self._code(wanted, *known))
        buttons = "".join(
            f'<p><button name="subject" value="{escape(subject)}">{escape(name)}</button></p>'
            for subject, name in self.people.items()
        )
        return HTMLResponse(
            f'<!doctype html><html lang="en"><title>Issuer</title><h1>Who are you?</h1>'
            f'<form method="post">{buttons}<p><button>None of these</button></p></form>'
        )

    def _logged_in(self, wanted: dict[str, str], subject: str) -> Response:
        session, now = secrets.token_urlsafe(), int(time.time())
        self.sessions[session] = (subject, now)
        answer = self._back(wanted, code=self._code(wanted, subject, now))
        answer.set_cookie(SESSION, session, httponly=True, samesite="lax")
        return answer

    def _code(self, wanted: dict[str, str], subject: str, proved_at: int) -> str:
        code = secrets.token_urlsafe()
        self.codes[code] = Grant(
            subject,
            wanted["redirect_uri"],
            wanted["code_challenge"],
            wanted.get("nonce", ""),
            proved_at,
        )
        return code

    def _back(self, wanted: dict[str, str], **values: str) -> Response:
        values["state"] = wanted["state"]
        if self.names_itself:
            values["iss"] = self.address
        return RedirectResponse(f"{wanted['redirect_uri']}?{urlencode(values)}", 303)

    async def _end(self, request: Request) -> Response:
        """Log-out; the browser goes back to an address that is registered."""
        self.requests["end"] += 1
        self.sessions.pop(request.cookies.get(SESSION, ""), None)
        target = request.query_params.get("post_logout_redirect_uri", "")
        if target in self.after_log_out and request.query_params.get("id_token_hint"):
            return RedirectResponse(target, 303)
        return HTMLResponse('<!doctype html><html lang="en"><title>Issuer</title>Logged out.')

    # --- What servers ask -------------------------------------------------------------------------

    async def _token(self, request: Request) -> Response:
        if wrong := await self._transport(request, "token"):
            return wrong
        form = dict(parse_qsl((await request.body()).decode()))
        if not self._is_client(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = self.codes.get(form.get("code", ""))
        if grant is None or grant.used or form.get("redirect_uri") != grant.redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400)
        grant.used = True
        if create_s256_code_challenge(form.get("code_verifier", "")) != grant.challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe()
        found = {"token_type": "Bearer", "access_token": access, "expires_in": 300}
        if Fault.NO_TOKEN not in self.faults:
            found["id_token"] = self._signed(self._claims(grant, access))
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    def _is_client(self, request: Request, form: dict[str, str]) -> bool:
        shown = (form.get("client_id"), form.get("client_secret", ""))
        method = "client_secret_post" if shown[1] else "none"
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            name, _, secret = base64.b64decode(value).decode().partition(":")
            shown, method = (unquote_plus(name), unquote_plus(secret)), "client_secret_basic"
        return shown == (CLIENT, self.secret) and method in (*self.methods, "none")

    def _claims(self, grant: Grant, access: str) -> dict[str, Any]:
        now, faults = int(time.time()), self.faults
        other = "somebody else's" if Fault.WRONG_ACCESS_HASH in faults else access
        claims: dict[str, Any] = {
            "iss": self.address,
            "sub": grant.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.nonce,
            "auth_time": grant.proved_at,
            "acr": self.acr,
            "amr": list(self.amr),
            "at_hash": _half_hash(other),
        }
        changes: dict[Fault, dict[str, Any]] = {
            Fault.WRONG_AUDIENCE: {"aud": "another"},
            Fault.SECOND_AUDIENCE: {"aud": [CLIENT, "another"]},
            Fault.OTHER_PARTY: {"aud": [CLIENT, "another"], "azp": "another"},
            Fault.WRONG_ISSUER: {"iss": "https://login.example.org"},
            Fault.WRONG_NONCE: {"nonce": "of another log-in"},
            Fault.NO_NONCE: {"nonce": None},
            Fault.EXPIRED: {"iat": now - 600, "exp": now - 300},
            Fault.FUTURE: {"iat": now + 86400, "exp": now + 90000},
            Fault.NO_END: {"exp": None},
            Fault.OLD: {"iat": now - 86400, "exp": now + 86400},
            Fault.NO_SUBJECT: {"sub": ""},
            Fault.LONG_SUBJECT: {"sub": "x" * 256},
            Fault.ODD_SUBJECT: {"sub": "a\u202eb"},
            Fault.STALE_PROOF: {"auth_time": now - 3600},
        }
        for fault in faults:
            claims |= changes.get(fault, {})
        return {name: value for name, value in claims.items() if value is not None}

    def _signed(self, claims: dict[str, Any]) -> str:
        key, faults = self.stolen or self.keys[-1], self.faults
        usual = "RS256" if key.key_type == "RSA" else "ES256"
        header = {"alg": self.algorithm or usual, "kid": key.kid}
        if Fault.UNSIGNED in faults:
            return f"{_json({'alg': 'none', 'kid': key.kid})}.{_json(claims)}."
        if Fault.PUBLIC_SECRET in faults:
            public = OctKey.import_key(_text(key.as_bytes(private=False)))
            text = json.dumps(claims).encode()
            return jws.serialize_compact({**header, "alg": "HS256"}, text, public, ["HS256"])
        if Fault.FORGED in faults:
            key = RSAKey.generate_key(2048)
        if Fault.UNLISTED_KEY in faults:
            key = RSAKey.generate_key(2048)
            header["kid"] = "unlisted"
        return jwt.encode(header, claims, key, [header["alg"]])

    async def _transport(self, request: Request, endpoint: str) -> Response | None:
        """What goes wrong before anything is said; who follows a redirect is answered well."""
        self.requests[endpoint] += 1
        if endpoint not in self.at or request.query_params:
            return None
        for fault in self.faults & TRANSPORT:
            match fault:
                case Fault.SLOW:
                    while Fault.SLOW in self.faults:  # noqa: ASYNC110 (set by another thread)
                        await asyncio.sleep(0.02)
                    return PlainTextResponse("at last", 503)
                case Fault.DRIPPING:
                    return StreamingResponse(_drips(b" ", 0.02))
                case Fault.HUGE:
                    return StreamingResponse(_drips(b" " * HUGE, 0))
                case Fault.REDIRECT:
                    return RedirectResponse(f"{request.url}?followed", 307)
                case Fault.NONSENSE:
                    return HTMLResponse("<h1>Welcome</h1>")
                case Fault.OUT_OF_ORDER:
                    return PlainTextResponse("later", 503)
                case Fault.COMPRESSED:
                    return Response(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
        return None


async def _drips(part: bytes, seconds: float) -> AsyncIterator[bytes]:
    while True:
        yield part
        await asyncio.sleep(seconds)


def _half_hash(text: str) -> str:
    return _text(sha256(text.encode()).digest()[:16])


def _json(value: object) -> str:
    return _text(json.dumps(value).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def served_issuer(
    issuer: OpenIdIssuer, *, certificate: Path | None = None
) -> Iterator[OpenIdIssuer]:
    """The issuer on a free port of loopback; by TLS with a certificate and its key in one file."""
    with served_app(issuer.app(), certificate=certificate) as address:
        issuer.address = address
        yield issuer


def make_certificate(folder: Path) -> Path:
    """A certificate of this machine, signed by itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(LOOPBACK)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file
