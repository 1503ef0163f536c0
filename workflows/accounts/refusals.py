"""Refusals of log-ins that pages answer in a way of their own."""

from __future__ import annotations

from domain.ports.identity_providers import ProvenIdentity
from domain.rules import Refused


class LogInThrottled(Refused):
    """A log-in that is not looked at yet, because others failed shortly before."""

    def __init__(self, seconds: int) -> None:
        because = f"log-ins failed here shortly before: try again in {seconds} seconds"
        super().__init__(rule="log-in-slowed", because=because)
        self.seconds = seconds


class UnknownIdentity(Refused):
    """An issuer has proved who somebody is, but no account that is in use has this identity."""

    def __init__(self, identity: ProvenIdentity) -> None:
        because = "nobody here is known by this identity, or the account is not in use"
        super().__init__(rule="identity-known", because=because)
        self.identity = identity
