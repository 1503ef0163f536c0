"""Two administrators end each other at once: one of them stays, who can log in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from adapters.store_factory import open_store
from domain.access.commands import GrantRole, RevokeRole
from domain.access.roles import AccessRole, Identity
from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.errors import Unavailable
from domain.rules import Refused
from story import ORGANISATION, Story
from wiring import Placet, Quiet

PASSWORD = "a long pass phrase"
Both = tuple[tuple[Placet, str], tuple[Placet, str]]


@pytest.fixture
def both(place: str) -> Iterator[Both]:
    """Two who administer a store, each at a server of its own, and a third who cannot log in."""
    story = Story(open_store(place))
    people = [
        story.placet.accounts.directory.add(login, password=PASSWORD).principal
        for login in ("ana", "bo")
    ]
    for principal in (*people, "invited"):
        story.do("grant role", who="administrator", principal=principal, role="administrator")
    story.placet.close()
    servers = [Placet(open_store(place), Quiet()) for _ in people]
    for server, principal in zip(servers, people, strict=True):
        server.execute(ORGANISATION, _granted(principal), f"warm-{principal}")
    yield (servers[0], people[0]), (servers[1], people[1])
    for server in servers:
        server.close()


def _granted(principal: str) -> Step:
    command = GrantRole(principal=f"reader-{principal}", role=AccessRole.AUDITOR)
    actor = Actor(role=Role.ADMINISTRATOR)
    return Step(line=0, mode="live", verb="grant role", command=command, actor=actor)


def revoke(server: Placet, of: str, by: Identity) -> None:
    """Take the role away from the other one."""
    command = RevokeRole(principal=of, role=AccessRole.ADMINISTRATOR, reason="r")
    actor = Actor(role=Role.ADMINISTRATOR)
    act = Step(line=0, mode="live", verb="revoke role", command=command, actor=actor)
    server.execute(ORGANISATION, act, f"revoke-{of}", identity=by)


def disable(server: Placet, of: str, by: Identity) -> None:
    """Disable the account of the other one."""
    server.account_endings.disable(of, by)


def erase(server: Placet, of: str, by: Identity) -> None:
    """Erase the account of the other one."""
    server.account_endings.erase(of, by)


def at_once(both: Both, end: Callable[[Placet, str, Identity], None]) -> list[str]:
    """What each is answered: nothing, or by which rule it is refused."""

    def answer(server: Placet, own: str, other: str) -> str:
        at = datetime.now(UTC)
        by = Identity(principal=own, authenticated_by="password", authenticated_at=at)
        try:
            end(server, other, by)
        except Refused as refused:
            return refused.rule
        return ""

    (first, ana), (second, bo) = both
    with ThreadPoolExecutor(2) as threads:
        answers = [
            threads.submit(answer, first, ana, bo),
            threads.submit(answer, second, bo, ana),
        ]
        return sorted(each.result(60) for each in answers)


def meet(both: Both, looks: Callable[[Placet], Callable[[str], bool]]) -> None:
    """Let both decide before either appends: each waits for the other when it first looks."""
    barrier = Barrier(2)
    for server, _ in both:
        first, look = iter([True]), looks(server)

        def after(principal: str, first: Iterator[bool] = first, look: Any = look) -> bool:
            found = bool(look(principal))
            if next(first, False):
                barrier.wait(20)
            return found

        server._handling.can_log_in = after


def able(server: Placet) -> list[str]:
    """The administrators who can log in."""
    at, settings = server.accounts.now(), server.queries.organisations.settings(ORGANISATION)
    return [
        grant.principal
        for grant in settings.grants
        if grant.role is AccessRole.ADMINISTRATOR
        and grant.holds(at)
        and server.account_endings.can_log_in(grant.principal)
    ]


@pytest.mark.parametrize("end", [revoke, disable, erase])
def test_of_two_administrators_who_end_each_other_one_stays(
    both: Both, end: Callable[[Placet, str, Identity], None]
) -> None:
    """The third one, whose invitation nobody has accepted, does not count."""
    meet(both, lambda server: server.account_endings.can_log_in)
    assert ["", "administrator-left"] == at_once(both, end)
    assert 1 == len(able(both[0][0]))


def test_outside_the_fence_both_are_ended(both: Both) -> None:
    """The control: both look before they act, and the record asks for grants alone."""
    looked = Barrier(2)

    def looks_before(server: Placet, of: str, by: Identity) -> None:
        server.account_endings._require_administrators_left(of)
        looked.wait(20)
        revoke(server, of, by)

    meet(both, lambda _: lambda _: False)
    assert ["", ""] == at_once(both, looks_before)
    assert [] == able(both[0][0])


def test_where_accounts_cannot_be_read_no_administrator_ends(both: Both) -> None:
    (first, ana), (_, bo) = both

    def away(_: str) -> bool:
        raise Unavailable("away")

    first._handling.can_log_in = away
    by = Identity(principal=ana, authenticated_by="password", authenticated_at=datetime.now(UTC))
    with pytest.raises(Unavailable):
        revoke(first, bo, by)
    assert 2 == len(able(first))
