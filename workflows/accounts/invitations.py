"""Invitations: links by which people make their own accounts, each of them once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ports.accounts import (
    INVITATION_LINK,
    Account,
    AccountTables,
    ExternalIdentity,
    Invitation,
    Secrets,
    Ticket,
)
from domain.rules import Refused
from workflows.accounts.directory import (
    AccountDirectory,
    identity_taken,
    login_taken,
    one_line,
)
from workflows.accounts.limits import INVITED_FOR
from workflows.accounts.secret_hash import hash_of_secret
from workflows.projections.parking import Alarm

OVER = "this invitation was used already, was taken back, or has expired: ask for another one"


@dataclass(frozen=True)
class Invitations:
    """The invitations of one store."""

    tables: AccountTables
    secrets: Secrets
    directory: AccountDirectory
    now: Callable[[], datetime]
    log: Alarm

    def invite(
        self,
        *,
        display_name: str = "",
        email: str = "",
        organisation: str = "",
        role: str = "",
        body: str = "",
        seat: str = "",
        invited_by: str = "",
        lasts: timedelta = INVITED_FOR,
    ) -> tuple[str, Invitation]:
        """Invite somebody; the secret of the link, and the invitation.

        The role is granted by an act of its own, to the principal of the invitation. Raises
        Unavailable.
        """
        secret, at = self.secrets.token(), self.now()
        invitation = Invitation(
            hash=hash_of_secret(secret),
            principal=self.secrets.principal(),
            display_name=one_line(display_name),
            email=one_line(email),
            organisation=organisation,
            role=role,
            body=body,
            seat=seat,
            invited_by=invited_by,
            created_at=at,
            expires_at=at + lasts,
        )
        self.tables.add_invitation(invitation)
        self.log.info("invitation", outcome="made", principal=invitation.principal, by=invited_by)
        return secret, invitation

    def pending(self) -> Sequence[Invitation]:
        """All that can be accepted, the newest first."""
        at = self.now()
        return [found for found in self.tables.invitations() if at < found.expires_at]

    def find(self, secret: str) -> Invitation:
        """The invitation of a link; looking at it does not use it up. Raises Refused."""
        hash_ = hash_of_secret(secret)
        further = self.tables.ticket(hash_, INVITATION_LINK)
        return self._get(further.content if further else hash_)

    def add_link(self, hash_: str) -> tuple[str, Invitation]:
        """The secret of a further link to an invitation; whichever is used first uses it up.

        Raises Refused where it can be accepted no more, and Unavailable.
        """
        invitation, secret = self._get(hash_), self.secrets.token()
        ticket = Ticket(
            hash=hash_of_secret(secret),
            kind=INVITATION_LINK,
            principal=invitation.principal,
            content=hash_,
            expires_at=invitation.expires_at,
        )
        self.tables.put_ticket(ticket)
        return secret, invitation

    def withdraw_link(self, secret: str) -> None:
        """Let a further link open nothing any more; the invitation stays."""
        self.tables.take_ticket(hash_of_secret(secret), INVITATION_LINK)

    def accept(self, secret: str, login: str, password: str, language: str = "") -> Account:
        """Make the account with a password, and use the invitation up. Raises Refused."""
        invitation = self.find(secret)
        account = self.directory.new(
            login,
            password=password,
            display_name=invitation.display_name,
            email=invitation.email,
            language=language,
            principal=invitation.principal,
        )
        return self._accept(invitation, account, None)

    def accept_by_issuer(
        self,
        secret: str,
        issuer: str,
        subject: str,
        *,
        login: str = "",
        display_name: str = "",
        email: str = "",
    ) -> Account:
        """Make the account of a person whom an issuer has authenticated, and use the invitation up.

        The login name is the principal unless one is given. Raises Refused, also where the identity
        belongs to an account already.
        """
        invitation = self.find(secret)
        account = self.directory.new(
            login or invitation.principal,
            display_name=invitation.display_name or display_name,
            email=invitation.email or email,
            principal=invitation.principal,
        )
        if self.tables.principal_of(issuer, subject):
            raise identity_taken()
        identity = ExternalIdentity(
            issuer=issuer, subject=subject, principal=account.principal, added_at=self.now()
        )
        return self._accept(invitation, account, identity)

    def take_back(self, hash_: str) -> bool:
        """Revoke an invitation; whether it could still be accepted."""
        return self.tables.remove_invitation(hash_)

    def _get(self, hash_: str) -> Invitation:
        found = self.tables.invitation(hash_)
        if found is None or found.expires_at <= self.now():
            raise Refused("invitation-once", OVER)
        return found

    def _accept(
        self, invitation: Invitation, account: Account, identity: ExternalIdentity | None
    ) -> Account:
        if not self.tables.accept(invitation.hash, account, identity):
            if self.tables.account_named(account.login):
                raise login_taken(account.login)
            raise Refused("invitation-once", OVER)
        self.log.info("invitation", outcome="accepted", principal=account.principal)
        return account
