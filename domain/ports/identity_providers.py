"""The port of log-in elsewhere: services that prove who somebody is, by OpenID Connect."""

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
    """What it says of the person cannot be believed."""
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
    """What the answer repeats, so that it is one to this request (RFC 6749, 10.12)."""
    nonce: str
    """What the identity repeats, so that it was made for this log-in (OpenID Connect, 3.1.2.1)."""
    code_verifier: str
    """What proves that the code is redeemed by whom it was asked for (RFC 7636)."""
    redirect_uri: str
    """Where the service sends the browser afterwards."""
    begun_at: datetime
    """When (UTC)."""
    reauthenticate: bool = False
    """Whether the person has to prove again who they are, though they are logged in there."""


class ProvenIdentity(Struct, frozen=True, kw_only=True):
    """Who somebody is for a service that proved it. Only issuer and subject together are unique."""

    provider: str
    issuer: str
    subject: str
    authenticated_at: datetime
    """When the person proved it there, or, where the service does not say, came back (UTC)."""
    context_class: str = ""
    """How strong the proof was, in the service's own words (`acr`)."""
    methods: tuple[str, ...] = ()
    """By what it was proved (`amr`, RFC 8176), such as `pwd` and `otp`."""
    id_token: str = ""
    """What the service wants to see again at log-out."""

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
    """A service that proves who somebody is."""

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
        """Who came back with this answer, proved by the service. Raises LogInFailed."""

    async def log_out_address(self, id_token: str, return_to: str) -> str:
        """Where to go so that the log-in there ends too; empty where that is not offered.

        Raises LogInFailed.
        """
