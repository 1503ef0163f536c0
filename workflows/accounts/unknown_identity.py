"""The refusal of somebody whom an issuer knows, and nobody here."""

from __future__ import annotations

from domain.ports.identity_providers import ProvenIdentity
from domain.rules import Refused


class UnknownIdentity(Refused):
    """An issuer has proved who somebody is, and no account that is in use belongs to that."""

    def __init__(self, identity: ProvenIdentity) -> None:
        because = "nobody here is known by this identity, or the account is not in use"
        super().__init__(rule="identity-known", because=because)
        self.identity = identity
