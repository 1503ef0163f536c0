"""What the end of an account means for the record: its roles end, and an administrator is left.

The record counts grants, and cannot know whether somebody can log in; that is looked up here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

from domain.access.commands import RevokeRole
from domain.access.roles import AccessRole, Grant, Identity
from domain.actors import Actor, Role
from domain.cases import Step
from domain.messages import Command
from domain.ports.accounts import Account, AccountTables
from domain.rules import Refused, require
from domain.type_registry import VERBS
from workflows.queries.queries import Queries

COMMAND_LINE: Final = "command line"
"""How an act is authenticated that is done by writing the store, where others log in."""
LAST: Final = "nobody else who can log in is an administrator of {}"


class Execute(Protocol):
    """Does an act. Raises Refused, TooLarge and Unavailable."""

    def __call__(
        self, organisation: str, act: Step, command_id: str, *, identity: Identity | None = None
    ) -> object: ...


@dataclass(frozen=True, kw_only=True)
class AccountEndings:
    """Ends accounts and invitations, and with them the roles of their principals."""

    tables: AccountTables
    queries: Callable[[], Queries]
    now: Callable[[], datetime]
    execute: Execute
    disable_account: Callable[[str], None]
    erase_account: Callable[[str], None]
    withdraw_invitation: Callable[[str], bool]

    def disable(self, principal: str, by: Identity | None) -> None:
        """Disable an account, and end its roles by acts of the person who does it.

        Raises Refused for what is not known, for the last account, and by the rule
        `administrator-left`; Unavailable.
        """
        self._require_administrators_left(principal)
        self.disable_account(principal)
        self._end_roles(principal, "the account was disabled", by)

    def erase(self, principal: str, by: Identity | None) -> None:
        """Erase an account, and end its roles. Raises what `disable` raises."""
        self._require_administrators_left(principal)
        self.erase_account(principal)
        self._end_roles(principal, "the account was erased", by)

    def take_back(self, hash_: str, by: Identity | None) -> bool:
        """Take an invitation back, and end the roles that it would have brought.

        False, and nothing is done, where it was accepted or taken back before.
        """
        invitation = self.tables.invitation(hash_)
        if invitation is None or not self.withdraw_invitation(hash_):
            return False
        self._end_roles(invitation.principal, "the invitation was taken back", by)
        return True

    def require_another(self, organisation: str, command: Command | None) -> None:
        """Raise Refused for the revocation by which nobody who can log in would administer.

        One of somebody who cannot log in anyway is left to the rule of the record.
        """
        if isinstance(command, RevokeRole) and command.role is AccessRole.ADMINISTRATOR:
            self._require_administrator_left(organisation, command.principal)

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
        able = self._able(grant.principal for grant in held)
        if not ending or principal not in able:
            return
        until = ending[-1].until
        left = any(
            grant.until is None or (until is not None and grant.until >= until)
            for grant in held
            if grant.principal in able - {principal}
        )
        require("administrator-left", left, LAST.format(organisation))

    def _able(self, principals: Iterable[str]) -> set[str]:
        """Those of them who can log in: their account is in use, with a password or an issuer."""
        found = {principal: self.tables.account(principal) for principal in {*principals}}
        return {name for name, account in found.items() if account and self._can_log_in(account)}

    def _can_log_in(self, account: Account) -> bool:
        proves = account.password_hash or self.tables.identities(account.principal)
        return account.disabled_at is None and bool(proves)

    def _end_roles(self, principal: str, reason: str, by: Identity | None) -> None:
        """Revoke what somebody holds or will hold, as acts on record.

        A role stays where the person who does it may not revoke it, as in another organisation.
        """
        actor = Actor(
            role=Role.ADMINISTRATOR,
            principal=by.principal if by else "",
            authenticated_by=by.authenticated_by if by else COMMAND_LINE,
        )
        for organisation in self.queries().record.organisations():
            for grant in self.queries().organisations.settings(organisation).grants_of(principal):
                if grant.is_over(self.now()):
                    continue
                with suppress(Refused):
                    self.execute(
                        organisation, _revocation(grant, reason, actor), _id(grant), identity=by
                    )


def _administers(grant: Grant) -> bool:
    return grant.role is AccessRole.ADMINISTRATOR


def _revocation(grant: Grant, reason: str, actor: Actor) -> Step:
    command = RevokeRole(
        principal=grant.principal,
        role=grant.role,
        body=grant.body,
        seat=grant.seat,
        reason=reason,
    )
    return Step(line=0, mode="live", verb=VERBS[RevokeRole], command=command, actor=actor)


def _id(grant: Grant) -> str:
    """The id of the act by which this grant ends; said again, it is done once."""
    particulars = "\n".join((*grant.particulars, grant.since.isoformat()))
    return f"role-ended-{sha256(particulars.encode()).hexdigest()[:32]}"
