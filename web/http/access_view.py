"""Access views: all that a page may depend on by reader, in addition to its address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from domain.access.organisation import Organisation
from domain.access.permissions import FUNCTIONS, Place, ViewKind
from domain.access.roles import Identity
from domain.actors import Role
from domain.ports.drafts import Draft
from domain.ports.errors import Unavailable
from domain.ports.event_store import Head
from domain.silence import Window
from domain.streams import StreamKind
from workflows.acts import catalogue
from workflows.acts.act import AnyAct
from workflows.acts.authorization import ANYWHERE, OF_NO_BODY, Authorization, bodies_of
from workflows.editing import catalogue as editings
from workflows.editing.editing import Editing

Offered = Mapping[str, list[AnyAct]]
"""The acts that a page offers, each under its main function."""


def identity_of(scope: Scope) -> Identity | None:
    """Who sent a request; None where log-in is not in force."""
    found: Identity | None = scope.get("state", {}).get("identity")
    return found


class AccessView(NamedTuple):
    """Readers with the same view are shown the same page; a page is never shared across views."""

    grants: frozenset[tuple[str, str, str, str]] | None = None
    """Organisation, role, body and seat of each grant that holds; None without log-in."""
    waiting: frozenset[tuple[str, datetime]] = frozenset()
    """What waits for the second of two persons, for those who can be one: id, and last change."""


SECOND_PERSONS: Final = frozenset(
    role
    for role, functions in FUNCTIONS.items()
    if any({*functions} & {*act.roles} for act in catalogue.SECONDED.values())
)
"""The roles with which somebody may be the second of two persons."""
EVERYBODY = AccessView()
"""The view of all readers where log-in is not in force."""


class AccessViews:
    """Finds the views of those who send requests; what an organisation grants is read once."""

    def __init__(
        self,
        authorization: Authorization,
        now: Callable[[], datetime],
        waiting: Callable[[str, datetime], Sequence[Draft]] | None = None,
    ) -> None:
        self._authorization, self._now, self._waiting = authorization, now, waiting
        self._known: dict[str, tuple[Head, Organisation]] = {}

    async def view(self, scope: Scope, ends: Mapping[str, Head]) -> AccessView:
        """The view of the sender of a request, of organisations whose logs end there.

        Raises Unavailable.
        """
        identity = identity_of(scope)
        if identity is None:
            return EVERYBODY
        now, found = self._now(), set()
        for name, head in ends.items():
            settings = await self._settings(name, head)
            for grant in settings.grants_of(identity.principal):
                if grant.holds(now):
                    found.add((name, *grant.particulars[1:]))
        return AccessView(frozenset(found), await self._seen_waiting(found, now))

    async def _seen_waiting(
        self, grants: Iterable[tuple[str, str, str, str]], now: datetime
    ) -> frozenset[tuple[str, datetime]]:
        """What waits where somebody may be the second of two persons; nothing if it is not read."""
        names = {name for name, role, *_ in grants if role in SECOND_PERSONS}
        if self._waiting is None or not names:
            return frozenset()
        return await run_in_threadpool(_waiting_in, self._waiting, names, now)

    async def _settings(self, organisation: str, head: Head) -> Organisation:
        known = self._known.get(organisation)
        if known is None or known[0] != head:
            read = self._authorization.queries.organisations.settings
            known = (head, await run_in_threadpool(read, organisation))
            self._known[organisation] = known
        return known[1]


def _waiting_in(
    waiting: Callable[[str, datetime], Sequence[Draft]], names: Iterable[str], now: datetime
) -> frozenset[tuple[str, datetime]]:
    with suppress(Unavailable):
        return frozenset((row.id, row.changed_at) for name in names for row in waiting(name, now))
    return frozenset()


@dataclass(frozen=True)
class Access:
    """What one reader may see and do, at the moment at which the request came (UTC)."""

    authorization: Authorization
    identity: Identity | None
    at: datetime

    @property
    def organisations(self) -> frozenset[str] | None:
        """The organisations in which the reader has a role; None where log-in is not in force.

        Raises Refused for one who has none.
        """
        if self.identity is None:
            return None
        found = self.authorization.organisations(self.identity, self.at)
        if not found:
            self.authorization.require_view("", ViewKind.STATE, self.identity, self.at)
        return found

    def require_view(self, organisation: str, kind: ViewKind, place: Place = OF_NO_BODY) -> None:
        """Raise Refused for a reader who may not see what is of this kind."""
        self.authorization.require_view(organisation, kind, self.identity, self.at, place)

    def sees(self, organisation: str, kind: ViewKind) -> bool:
        """Whether the reader may see what is of this kind in an organisation."""
        return self.authorization.sees(organisation, kind, self.identity, self.at)

    def offered(self, organisation: str, noun: StreamKind, shown: Any, state: object) -> Offered:
        """The acts that a noun's page offers to the reader, by the function in which they act."""
        found = catalogue.offered(noun, shown)
        if self.identity is None:
            return found
        bodies, kept = bodies_of(state), dict[str, list[AnyAct]]()
        for by, acts in found.items():
            for act in acts:
                if own := self._functions(organisation, act, shown, bodies):
                    kept.setdefault(by if by in own else own[0].value, []).append(act)
        return kept

    def edited(
        self, organisation: str, noun: StreamKind, shown: Any, state: object
    ) -> list[Editing[Any]]:
        """The editing pages that a noun's page offers to the reader, who may do all their acts."""
        return [
            editing
            for editing in editings.offered(noun, shown)
            if all(self.may(organisation, act, shown, state) for act in editing.acts)
        ]

    def may(self, organisation: str, act: AnyAct, shown: Any, state: object | None = None) -> bool:
        """Whether the reader may do an act on what belongs to a noun, or anywhere without one."""
        bodies = bodies_of(state) if state is not None else ANYWHERE
        return bool(self._functions(organisation, act, shown, bodies))

    def may_in(self, organisation: str, act: AnyAct, bodies: Iterable[str]) -> bool:
        """Whether the reader may do an act on what belongs to these bodies."""
        return bool(self._functions(organisation, act, None, frozenset(bodies)))

    def sees_receipts(self, organisation: str, body: str) -> bool:
        """Whether the reader may see the receipts of all seats of a body."""
        of_body = Place(bodies=frozenset({body}))
        return self.authorization.sees(
            organisation, ViewKind.RECEIPT, self.identity, self.at, of_body
        )

    def readable_evidence(self, organisation: str, window: Window) -> frozenset[int]:
        """The responses of a procedure whose papers the reader may read."""
        return self.authorization.readable_evidence(organisation, window, self.identity, self.at)

    def functions(
        self, organisation: str, act: AnyAct, among: Iterable[Role], bodies: frozenset[str] | None
    ) -> tuple[Role, ...]:
        """In which of some functions the reader may do an act."""
        return self.authorization.functions(
            organisation, act, self.identity, self.at, among=among, bodies=bodies
        )

    def require_act(
        self, organisation: str, act: AnyAct, function: Role, bodies: frozenset[str] | None
    ) -> None:
        """Raise Refused, with what is lacking, for a reader who may not do an act."""
        if self.identity is not None:
            self.authorization.require_act(
                organisation, act, function, self.identity, self.at, bodies=bodies
            )

    def seats(self, organisation: str, state: object) -> frozenset[str]:
        """The seats for which the reader may act on a silence procedure; of others none."""
        if self.identity is None or not isinstance(state, Window):
            return frozenset()
        return self.authorization.seats(organisation, state.body, self.identity, self.at)

    def _functions(
        self, organisation: str, act: AnyAct, shown: Any, bodies: frozenset[str] | None
    ) -> tuple[Role, ...]:
        return self.functions(organisation, act, act.roles_in(shown), bodies)
