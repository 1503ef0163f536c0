"""The issuer of the demonstration, on loopback, and what an issuer can do wrong.

It behaves well, unless a story says what it does wrong.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from authlib.oidc.core.util import create_half_hash  # type: ignore[import-untyped]  # it has no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeyParameters, OctKey, RSAKey
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from adapters.identity.demo_issuer import (
    CLIENT,
    DemoIssuer,
    Grant,
)
from served_app import served_app

SECRET = "a secret: 100%25 with spaces + signs"
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
class OpenIdIssuer(DemoIssuer):
    """An issuer, the people it knows, and what it does wrong at present."""

    secret: str = SECRET
    people: Mapping[str, str] = field(default_factory=lambda: {"a-b-1": "Ada", "c-d-2": "Chidi"})
    acr: str = "urn:example:two-factors"
    amr: tuple[str, ...] = ("pwd", "otp")
    faults: set[Fault] = field(default_factory=set)
    at: set[str] = field(default_factory=lambda: {"metadata", "keys", "token"})
    """The endpoints that have a fault of transport."""
    requests: Counter[str] = field(default_factory=Counter)
    offers_log_out: bool = True
    names_itself: bool = True
    algorithm: str = ""
    """How it signs, if not as is usual with its key."""
    stolen: Any = None
    """A key with which somebody else signs in the place of the issuer."""

    def rotate(self, kind: str = "RSA") -> None:
        """Sign with a new key from now on, and list no other."""
        kid: KeyParameters = {"kid": secrets.token_hex(4), "use": "sig"}
        new = RSAKey.generate_key(2048, kid) if kind == "RSA" else ECKey.generate_key("P-256", kid)
        self.keys, self.rotated_at = [new], self.clock()

    def behave(self) -> None:
        """Be as at the beginning, with the same key where there is one."""
        kept = {name: getattr(self, name) for name in ("address", "redirect_uris", "after_log_out")}
        listed = [key for key in self.keys if key.key_type == "RSA"][:1]
        vars(self).update(vars(OpenIdIssuer(**kept, keys=listed, rotated_at=self.clock())))

    # --- What goes wrong --------------------------------------------------------------------------

    async def _metadata(self, request: Request) -> Response:
        return await self._transport(request, "metadata") or await super()._metadata(request)

    def _description(self) -> dict[str, Any]:
        found = super()._description()
        found["authorization_response_iss_parameter_supported"] = self.names_itself
        if Fault.OTHER_METADATA in self.faults:
            found["issuer"] = f"{self.address}/other"
        if Fault.PLAIN_ENDPOINT in self.faults:
            found["token_endpoint"] = f"{PLAIN}/token"
        if not self.offers_log_out:
            del found["end_session_endpoint"]
        return found

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

    async def _authorize(self, request: Request) -> Response:
        self.requests["authorize"] += 1
        return await super()._authorize(request)

    def _signature(self) -> dict[str, str]:
        return super()._signature() if self.names_itself else {}

    async def _end(self, request: Request) -> Response:
        self.requests["end"] += 1
        return await super()._end(request)

    async def _token(self, request: Request) -> Response:
        return await self._transport(request, "token") or await super()._token(request)

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        found = super()._tokens(grant)
        if Fault.NO_TOKEN in self.faults:
            del found["id_token"]
        return found

    def _claims(self, grant: Grant, access: str) -> dict[str, Any]:
        now, claims = int(self.clock()), super()._claims(grant, access)
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
            Fault.WRONG_ACCESS_HASH: {
                "at_hash": create_half_hash("somebody else's", "ES256").decode()
            },
        }
        for fault in self.faults:
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
