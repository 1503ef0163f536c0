"""An account that ends takes its roles along, and somebody who can log in stays administrator."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.access.commands import RevokeRole
from domain.access.events import RoleRevoked
from domain.access.roles import AccessRole, Identity
from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.accounts import ExternalIdentity
from domain.rules import Refused
from story import ORGANISATION, Story

PASSWORD = "a long pass phrase"


@pytest.fixture
def where(story: Story) -> str:
    """The organisation, which has one body."""
    story.body()
    return ORGANISATION


def person(story: Story, login: str, *roles: str, password: str = PASSWORD) -> Identity:
    """Somebody with an account and roles."""
    account = story.placet.accounts.directory.add(login, password=password)
    for role in roles:
        story.do("grant role", who="administrator", principal=account.principal, role=role)
    at = datetime(2026, 11, 30, tzinfo=UTC)
    return Identity(principal=account.principal, authenticated_by="password", authenticated_at=at)


def ghost(story: Story, where: str) -> str:
    """The hash of an invitation with the role administrator, granted beforehand."""
    invitations = story.placet.accounts.invitations
    _, invitation = invitations.invite(organisation=where, role="administrator")
    principal = invitation.principal
    story.do("grant role", who="administrator", principal=principal, role="administrator")
    return invitation.hash


def roles(story: Story, where: str, principal: str) -> list[str]:
    """The roles that somebody holds or will hold."""
    at = story.placet.accounts.now()
    grants = story.placet.queries.organisations.settings(where).grants_of(principal)
    return [grant.role for grant in grants if not grant.is_over(at)]


def revoke(story: Story, where: str, of: str, by: Identity) -> None:
    """Take the role administrator away from somebody."""
    command = RevokeRole(principal=of, role=AccessRole.ADMINISTRATOR, reason="r")
    act = Step(
        line=0,
        mode="live",
        verb="revoke role",
        command=command,
        actor=Actor(role=Role.ADMINISTRATOR),
    )
    story.placet.execute(where, act, f"revoke-{of}", identity=by)


def test_an_invitation_that_nobody_accepted_is_no_administrator(story: Story, where: str) -> None:
    root = person(story, "root", "administrator")
    ghost(story, where)
    endings = story.placet.account_endings
    with pytest.raises(Refused, match="administrator-left"):
        revoke(story, where, root.principal, root)
    person(story, "other")
    for end in (endings.disable, endings.erase):
        with pytest.raises(Refused, match="administrator-left"):
            end(root.principal, root)
    assert ["administrator"] == roles(story, where, root.principal)
    assert story.placet.accounts.directory.get(root.principal).disabled_at is None

    heir = person(story, "heir", "administrator")
    revoke(story, where, root.principal, root)
    assert [] == roles(story, where, root.principal)
    with pytest.raises(Refused, match="administrator-left"):
        endings.disable(heir.principal, heir)


def test_whom_an_issuer_knows_is_an_administrator_who_can_log_in(story: Story, where: str) -> None:
    root = person(story, "root", "administrator")
    heir = person(story, "heir", "administrator", password="")
    with pytest.raises(Refused, match="administrator-left"):
        revoke(story, where, root.principal, root)
    at = datetime(2026, 11, 30, tzinfo=UTC)
    identity = ExternalIdentity(issuer="i", subject="s", principal=heir.principal, added_at=at)
    assert story.placet.accounts.tables.add_identity(identity)
    revoke(story, where, root.principal, root)
    assert [] == roles(story, where, root.principal)


def test_the_last_administrator_keeps_the_way_to_log_in(story: Story, where: str) -> None:
    """The only identity of one without a password; another one can be taken."""
    heir = person(story, "heir", "administrator", password="")
    endings, directory = story.placet.account_endings, story.placet.accounts.directory
    directory.add_identity(heir.principal, "i", "s")
    with pytest.raises(Refused, match="administrator-left"):
        endings.remove_identity(heir.principal, "i", "s")
    assert not endings.remove_identity(heir.principal, "i", "another")
    directory.add_identity(heir.principal, "i", "second")
    assert endings.remove_identity(heir.principal, "i", "s")
    person(story, "root", "administrator")
    assert endings.remove_identity(heir.principal, "i", "second")


def test_a_role_goes_with_the_invitation_that_brought_it(story: Story, where: str) -> None:
    root, hash_ = person(story, "root", "administrator"), ghost(story, where)
    invitation = story.placet.accounts.tables.invitation(hash_)
    assert invitation
    assert ["administrator"] == roles(story, where, invitation.principal)
    ending = story.placet.account_endings.take_back(hash_, root)
    assert "taken-back" == ending
    assert [] == roles(story, where, invitation.principal)
    ended = story.events()[-1]
    assert isinstance(ended.fact, RoleRevoked)
    assert (root.principal, "the invitation was taken back") == (
        ended.actor.principal,
        ended.fact.reason,
    )
    before = len(story.events())
    assert "gone-before" == story.placet.account_endings.take_back(hash_, root)
    assert before == len(story.events())


def test_an_accepted_invitation_keeps_its_role(story: Story, where: str) -> None:
    root = person(story, "root", "administrator")
    invitations = story.placet.accounts.invitations
    secret, invitation = invitations.invite(organisation=where, role="auditor")
    principal = invitation.principal
    story.do("grant role", who="administrator", principal=principal, role="auditor")
    invitations.accept(secret, "mo", PASSWORD)
    ending = story.placet.account_endings.take_back(invitation.hash, root, principal)
    assert "accepted-before" == ending
    assert ["auditor"] == roles(story, where, principal)


def test_a_disabled_or_erased_account_has_no_roles_left(story: Story, where: str) -> None:
    root = person(story, "root", "administrator")
    ana, bo = person(story, "ana", "auditor", "secretariat"), person(story, "bo", "auditor")
    story.placet.account_endings.disable(ana.principal, root)
    story.placet.account_endings.erase(bo.principal, None)
    assert [[], []] == [roles(story, where, each.principal) for each in (ana, bo)]
    *_, first, _, last = story.events()
    assert (root.principal, "password") == (first.actor.principal, first.actor.authenticated_by)
    assert ("", "command line") == (last.actor.principal, last.actor.authenticated_by)


def test_a_role_stays_where_whoever_ends_the_account_may_not_revoke_it(
    story: Story, where: str
) -> None:
    root, ana = person(story, "root", "administrator"), person(story, "ana", "auditor")
    stranger = person(story, "stranger")
    story.placet.account_endings.disable(ana.principal, stranger)
    assert ["auditor"] == roles(story, where, ana.principal)
    story.placet.account_endings.disable(ana.principal, root)
    assert [] == roles(story, where, ana.principal)
