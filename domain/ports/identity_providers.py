"""The port of identity providers, such as issuers of OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class LogInProblem(StrEnum):
    """Why a log-in failed, as far as people can do something about it."""

    UNREACHABLE = "unreachable"
    """The service does not answer, or not in time: try later, or log in otherwise."""
    UNUSABLE = "unusable"
    """Its answers or our settings are wrong: those who run the two have to act."""
    UNTRUSTED = "untrusted"
    """Its statement on the person cannot be trusted."""
    DECLINED = "declined"
    """It says no itself: log-in was broken off, or took too long. Begin again."""


class LogInFailed(Exception):
    """The log-in failed. The detail is for those who run it; it holds no secret."""

    def __init__(self, problem: LogInProblem, detail: str) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem, self.detail = problem, detail


class PendingLogIn(Struct, frozen=True, kw_only=True):
    """A log-in that has begun. It is kept where only the browser that began it comes back to."""

    provider: str
    """The name of the service."""
    state: str
    """Repeated by the answer, which binds it to this request (RFC 6749, 10.12)."""
    nonce: str
    """Repeated by the ID token, which binds it to this log-in (OpenID Connect, 3.1.2.1)."""
    code_verifier: str
    """The code verifier of PKCE (RFC 7636)."""
    redirect_uri: str
    """Where the service sends the browser afterwards."""
    begun_at: datetime
    """When (UTC)."""
    reauthenticate: bool = False
    """Whether the person has to authenticate again, although logged in there."""


class ProvenIdentity(Struct, frozen=True, kw_only=True):
    """An identity that a service has authenticated. Only issuer and subject together are unique."""

    provider: str
    issuer: str
    subject: str
    authenticated_at: datetime
    """When the person authenticated there, or came back where the service does not say (UTC)."""
    context_class: str = ""
    """The strength of the authentication, in the service's own terms (`acr`)."""
    methods: tuple[str, ...] = ()
    """The methods of authentication (`amr`, RFC 8176), such as `pwd` and `otp`."""
    id_token: str = ""
    """The ID token, which the service gets again at log-out."""

    @property
    def authenticated_by(self) -> str:
        """The manner for the record, such as `oidc:staff acr=2 amr=pwd,otp`."""
        words = [f"oidc:{self.provider}"]
        if self.context_class:
            words.append(f"acr={self.context_class}")
        if self.methods:
            words.append(f"amr={','.join(self.methods)}")
        return " ".join(words)


class IdentityProvider(Protocol):
    """An identity provider."""

    @property
    def name(self) -> str:
        """What addresses and the record call it."""

    @property
    def label(self) -> str:
        """What the log-in page calls it."""

    @property
    def issuer(self) -> str:
        """The address that it signs with."""

    async def begin(
        self, redirect_uri: str, *, reauthenticate: bool = False
    ) -> tuple[str, PendingLogIn]:
        """Where the browser is to go, and what is kept until it returns. Raises LogInFailed."""

    async def identify(self, pending: PendingLogIn, answer: Mapping[str, str]) -> ProvenIdentity:
        """The identity that the service proves by this answer. Raises LogInFailed."""

    async def log_out_address(self, id_token: str, return_to: str) -> str:
        """Where to go so that the log-in there ends too; empty where that is not offered.

        Raises LogInFailed.
        """
