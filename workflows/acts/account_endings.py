"""What the end of an account means for the record: its roles end, and an administrator is left.

Roles end before the account does, by acts that are decided under the fence of the record: of two
administrators who end each other at once, one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

from domain.access.commands import RevokeRole
from domain.access.decisions import LAST_WHO_CAN_LOG_IN
from domain.access.roles import AccessRole, Grant, Identity
from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.accounts import AccountTables
from domain.rules import ActsRefused, Refused, require
from domain.type_registry import VERBS
from workflows.queries.queries import Queries

COMMAND_LINE: Final = "command line"
"""How an act is authenticated that is done by writing the store, where others log in."""


class InvitationEnding(StrEnum):
    """What became of an invitation that somebody wanted to take back."""

    TAKEN_BACK = "taken-back"
    ACCEPTED_BEFORE = "accepted-before"
    GONE_BEFORE = "gone-before"
    """It had expired, or was taken back before."""


class Execute(Protocol):
    """Does acts. Raises Refused, TooLarge and Unavailable."""

    def __call__(
        self,
        organisation: str,
        act: Sequence[Step],
        command_id: str,
        *,
        identity: Identity | None = None,
    ) -> object: ...


@dataclass(frozen=True, kw_only=True)
class AccountEndings:
    """Ends accounts and invitations, and with them the roles of their principals."""

    tables: AccountTables
    queries: Callable[[], Queries]
    now: Callable[[], datetime]
    execute: Execute
    require_another_account: Callable[[str], None]
    disable_account: Callable[[str], None]
    erase_account: Callable[[str], None]
    withdraw_invitation: Callable[[str], bool]
    take_identity: Callable[[str, str, str], bool]

    def disable(self, principal: str, by: Identity | None) -> None:
        """End the roles of an account by acts of the person who does it, and disable it.

        Raises Refused for what is not known, for the last account, and by the rule
        `administrator-left`; Unavailable.
        """
        self._require_no_last(principal)
        self._end_roles(principal, "the account was disabled", by)
        self.disable_account(principal)

    def erase(self, principal: str, by: Identity | None) -> None:
        """End the roles of an account, and erase it. Raises what `disable` raises."""
        self._require_no_last(principal)
        self._end_roles(principal, "the account was erased", by)
        self.erase_account(principal)

    def take_back(self, hash_: str, by: Identity | None, principal: str = "") -> InvitationEnding:
        """Take an invitation back, and end the roles that it would have brought.

        Where it was accepted or is gone, nothing is done; `principal`, whose it was, tells which.
        """
        invitation = self.tables.invitation(hash_)
        if invitation is None or not self.withdraw_invitation(hash_):
            accepted = self.tables.account(invitation.principal if invitation else principal)
            endings = InvitationEnding
            return endings.ACCEPTED_BEFORE if accepted else endings.GONE_BEFORE
        with suppress(Refused):  # by the rules of the record it may be the last administrator
            self._end_roles(invitation.principal, "the invitation was taken back", by)
        return InvitationEnding.TAKEN_BACK

    def remove_identity(self, principal: str, issuer: str, subject: str) -> bool:
        """Let somebody not log in by an issuer any more; whether it was so.

        Raises Refused where that is how the last administrator logs in.
        """
        account, known = self.tables.account(principal), self.tables.identities(principal)
        last = [(each.issuer, each.subject) for each in known] == [(issuer, subject)]
        if last and account and not account.password_hash:
            self._require_administrators_left(principal)
        return self.take_identity(principal, issuer, subject)

    def can_log_in(self, principal: str) -> bool:
        """Whether an account is in use, with a password or an issuer. Raises Unavailable."""
        account = self.tables.account(principal)
        if account is None or account.disabled_at is not None:
            return False
        return bool(account.password_hash or self.tables.identities(principal))

    def _require_no_last(self, principal: str) -> None:
        """Before anything ends, raise Refused for the last account and the last administrator."""
        self.require_another_account(principal)
        self._require_administrators_left(principal)

    def _require_administrators_left(self, principal: str) -> None:
        for organisation in self.queries().record.organisations():
            self._require_administrator_left(organisation, principal)

    def _require_administrator_left(self, organisation: str, principal: str) -> None:
        if organisation not in self.queries().record.organisations():
            return
        at = self.now()
        grants = self.queries().organisations.settings(organisation).grants
        held = [grant for grant in grants if _administers(grant) and grant.holds(at)]
        ending = [grant for grant in held if grant.principal == principal]
        if not ending or not self.can_log_in(principal):
            return
        until = ending[-1].until
        left = any(
            grant.until is None or (until is not None and grant.until >= until)
            for grant in held
            if grant.principal != principal and self.can_log_in(grant.principal)
        )
        require("administrator-left", left, LAST_WHO_CAN_LOG_IN)

    def _end_roles(self, principal: str, reason: str, by: Identity | None) -> None:
        """Revoke what somebody holds or will hold: of each organisation in one append.

        Roles stay where the person who does it may not revoke them, as in another organisation.
        Raises Refused where nobody who can log in would administer one in which they may; then
        nothing ends there.
        """
        actor = Actor(
            role=Role.ADMINISTRATOR,
            principal=by.principal if by else "",
            authenticated_by=by.authenticated_by if by else COMMAND_LINE,
        )
        for organisation in self.queries().record.organisations():
            tried: Sequence[Grant] = ()
            while (grants := self._grants(organisation, principal)) and grants != tried:
                tried = grants  # what others have ended meanwhile is left out the second time
                acts = [_revocation(grant, reason, actor) for grant in grants]
                try:
                    self.execute(organisation, acts, _id(grants), identity=by)
                except Refused as refused:
                    if _lacks_administrator(refused) and self.can_log_in(principal):
                        raise

    def _grants(self, organisation: str, principal: str) -> Sequence[Grant]:
        """The roles that somebody holds or will hold."""
        grants = self.queries().organisations.settings(organisation).grants_of(principal)
        return [grant for grant in grants if not grant.is_over(self.now())]


def _administers(grant: Grant) -> bool:
    return grant.role is AccessRole.ADMINISTRATOR


def _lacks_administrator(refused: Refused) -> bool:
    every = refused.refusals.values() if isinstance(refused, ActsRefused) else [refused]
    return any(each.rule == "administrator-left" for each in every)


def _revocation(grant: Grant, reason: str, actor: Actor) -> Step:
    command = RevokeRole(
        principal=grant.principal,
        role=grant.role,
        body=grant.body,
        seat=grant.seat,
        reason=reason,
    )
    return Step(line=0, mode="live", verb=VERBS[RevokeRole], command=command, actor=actor)


def _id(grants: Sequence[Grant]) -> str:
    """The id of the acts by which these grants end; said again, they are done once."""
    particulars = "\n".join(
        part for grant in grants for part in (*grant.particulars, grant.since.isoformat())
    )
    return f"role-ended-{sha256(particulars.encode()).hexdigest()[:32]}"
