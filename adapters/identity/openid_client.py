"""Log-in by OpenID Connect: the authorization code flow with PKCE."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from urllib.parse import quote_plus, urlencode

import msgspec
from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]  # it has no types
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]  # the same
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]  # the same
    prepare_token_request,
)
from msgspec import Struct

from adapters.identity import bounded_requests
from adapters.identity.discovery import Metadata
from adapters.identity.id_token import key_id, read_identity
from adapters.identity.issuer_cache import IssuerCache
from adapters.identity.issuer_settings import IssuerSettings
from domain.ports.identity_providers import (
    LogInFailed,
    LogInProblem,
    PendingLogIn,
    ProvenIdentity,
)

SCOPE: Final = "openid"
"""No claims beyond the subject: a person is identified by issuer and subject alone."""
_OURS: Final = frozenset(
    {"invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type"}
)
"""Errors of the token endpoint that say that the settings are wrong (RFC 6749, 5.2)."""


class OpenIdProvider:
    """The port `IdentityProvider`: an issuer of OpenID Connect."""

    def __init__(
        self,
        settings: IssuerSettings,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` returns the time in UTC, `clock` seconds that never go back."""
        self._settings, self._now = settings, now
        self._cache = IssuerCache(settings.issuer, clock)

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def label(self) -> str:
        return self._settings.label

    @property
    def issuer(self) -> str:
        return self._settings.issuer

    async def begin(
        self, redirect_uri: str, *, reauthenticate: bool = False
    ) -> tuple[str, PendingLogIn]:
        """Where the browser is to go, and what is kept until it returns. Raises LogInFailed."""
        async with self._limited():
            metadata = await self._cache.metadata()
        pending = PendingLogIn(
            provider=self.name,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            code_verifier=secrets.token_urlsafe(48),
            redirect_uri=redirect_uri,
            begun_at=self._now(),
            reauthenticate=reauthenticate,
        )
        again = {"prompt": "login", "max_age": "0"} if reauthenticate else {}
        client = OAuth2Client(
            None, client_id=self._settings.client_id, scope=SCOPE, code_challenge_method="S256"
        )
        address, _ = client.create_authorization_url(
            metadata.authorization_endpoint,
            state=pending.state,
            nonce=pending.nonce,
            code_verifier=pending.code_verifier,
            redirect_uri=redirect_uri,
            **again,
        )
        return str(address), pending

    async def identify(self, pending: PendingLogIn, answer: Mapping[str, str]) -> ProvenIdentity:
        """The identity that the issuer proves by this answer. Raises LogInFailed."""
        async with self._limited():
            metadata = await self._cache.metadata()
            code = self._code(answer, metadata)
            tokens = await self._redeem(code, pending, metadata)
            keys = await self._cache.keys(key_id(tokens.id_token))
        return read_identity(
            tokens.id_token,
            keys,
            pending,
            issuer=self.issuer,
            client_id=self._settings.client_id,
            access_token=tokens.access_token,
            now=self._now(),
        )

    async def log_out_address(self, id_token: str, return_to: str) -> str:
        """Where the log-in there ends too (OpenID Connect RP-Initiated Logout 1.0).

        Empty where the issuer does not offer it. Raises LogInFailed.
        """
        async with self._limited():
            endpoint = (await self._cache.metadata()).end_session_endpoint
        if not endpoint:
            return ""
        values = {"client_id": self._settings.client_id, "post_logout_redirect_uri": return_to}
        if id_token:
            values["id_token_hint"] = id_token
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(values)}"

    def _code(self, answer: Mapping[str, str], metadata: Metadata) -> str:
        """The code of an answer, which is one of this issuer (RFC 9207) and no refusal."""
        named = answer.get("iss")
        if named is None and metadata.authorization_response_iss_parameter_supported:
            raise LogInFailed(LogInProblem.UNTRUSTED, "the answer does not say who gives it")
        if named is not None and named != self.issuer:
            raise LogInFailed(LogInProblem.UNTRUSTED, "the answer is one of another issuer")
        if error := answer.get("error"):
            raise LogInFailed(LogInProblem.DECLINED, _printable(error))
        code = answer.get("code", "")
        if not code:
            raise LogInFailed(LogInProblem.DECLINED, "the answer has no code")
        return code

    async def _redeem(self, code: str, pending: PendingLogIn, metadata: Metadata) -> _Tokens:
        """Exchange an authorization code for tokens. Raises LogInFailed."""
        body = prepare_token_request(
            "authorization_code",
            code=code,
            redirect_uri=pending.redirect_uri,
            code_verifier=pending.code_verifier,
        )
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        address, headers, body = self._client_auth(metadata).prepare(
            "POST", metadata.token_endpoint, form, body
        )
        status, content = await bounded_requests.fetch(address, body=body, headers=headers)
        if status != 200:
            raise _refusal(metadata.token_endpoint, status, content)
        try:
            return msgspec.json.decode(content, type=_Tokens)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            because = f"{metadata.token_endpoint}: {error}"
            raise LogInFailed(LogInProblem.UNUSABLE, because) from error

    def _client_auth(self, metadata: Metadata) -> ClientAuth:
        """Client authentication: `client_secret_basic` unless the issuer does not accept it.

        For it, id and secret are encoded before they are put together (RFC 6749, 2.3.1).
        """
        identity, secret = self._settings.client_id, self._settings.secret
        taken = metadata.token_endpoint_auth_methods_supported
        if not secret:
            return ClientAuth(identity, "", "none")
        if "client_secret_basic" not in taken and "client_secret_post" in taken:
            return ClientAuth(identity, secret, "client_secret_post")
        return ClientAuth(quote_plus(identity), quote_plus(secret), "client_secret_basic")

    @asynccontextmanager
    async def _limited(self) -> AsyncIterator[None]:
        """The requests to an issuer in one step, within one limit of time."""
        try:
            async with asyncio.timeout(bounded_requests.SECONDS):
                yield
        except TimeoutError as error:
            because = f"no answer within {bounded_requests.SECONDS:g} seconds"
            raise LogInFailed(LogInProblem.UNREACHABLE, f"{self.issuer}: {because}") from error


class _Tokens(Struct, frozen=True, kw_only=True):
    """The token response (OpenID Connect Core 1.0, section 3.1.3.3)."""

    id_token: str
    access_token: str = ""


class _TokenError(Struct, frozen=True, kw_only=True):
    """The error response of the token endpoint (RFC 6749, 5.2)."""

    error: str


def _refusal(address: str, status: int, content: bytes) -> LogInFailed:
    """Why no token was given: the code is used or too old, or the settings are wrong."""
    try:
        error = msgspec.json.decode(content, type=_TokenError).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        because = f"{address}: it answers with status {status}"
        return LogInFailed(LogInProblem.UNUSABLE, because)
    problem = LogInProblem.UNUSABLE if error in _OURS else LogInProblem.DECLINED
    return LogInFailed(problem, f"{address}: {_printable(error)}")


def _printable(text: str) -> str:
    """Text from outside, for a message: short, and without control characters."""
    return repr(text[:100])[1:-1]
