"""Who may do and see what in an organisation, by the roles that are granted in its record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import Struct, structs

from domain.access.permissions import (
    ActRequest,
    Place,
    ViewKind,
    ViewRequest,
    authorise,
)
from domain.access.roles import AccessRole, Grant, Identity
from domain.actors import Role
from domain.agenda import Agenda
from domain.body import Body
from domain.cases import Step
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.intake_entry import IntakeEntry
from domain.messages import Command, RecordedEvent
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.session import Session
from domain.silence import Window
from domain.silence.commands import Respond
from domain.streams import Stream, StreamKind
from domain.type_registry import VERBS
from workflows.acts import catalogue
from workflows.acts.act import AnyAct
from workflows.queries.queries import Queries

OF_NO_BODY: Final = Place()
ANYWHERE: Final = None
"""In place of bodies: in whichever body somebody has a role."""


def bodies_of(state: object) -> frozenset[str]:
    """The bodies whose noun this is; none for a noun that is not there yet."""
    match state:
        case Body():
            found: tuple[str, ...] = (state.id,)
        case Session() | Window():
            found = (state.body, *state.shared)
        case Agenda():
            found = (state.body, state.approved_by, *state.shared)
        case Document():
            found = (state.body,)
        case _:
            found = ()
    return frozenset(filter(None, found))


class Authorization(Struct, frozen=True):
    """Asks the record of an organisation who may do and see what.

    Somebody without an identity comes where log-in is not in force, and may do and see everything.
    Each method takes the instant (UTC) at which the server received what somebody wants, and
    raises Refused by the rule `role-granted`, where it is not said otherwise.
    """

    queries: Queries

    def grants(self, organisation: str, identity: Identity) -> tuple[Grant, ...]:
        """All that somebody was ever granted in an organisation."""
        return self.queries.organisations.settings(organisation).grants_of(identity.principal)

    def organisations(self, identity: Identity, at: datetime) -> frozenset[str]:
        """The organisations in which somebody has a role. Never refuses."""
        names = self.queries.record.organisations()
        return frozenset(
            name for name in names if any(g.holds(at) for g in self.grants(name, identity))
        )

    # --- Acts -------------------------------------------------------------------------------------

    def authorised(self, organisation: str, act: Step, identity: Identity, at: datetime) -> Step:
        """The act with the account by which it is done. Raises Refused if that is not allowed.

        What a source reports is entered by the secretariat, in whatever function it was done.
        """
        if act.command is None:
            return act
        able, function = catalogue.FUNCTIONS[type(act.command)], act.actor.role
        if act.mode == "attested":
            able, function = frozenset({Role.SECRETARIAT}), Role.SECRETARIAT
        wanted = ActRequest(
            act=act.verb,
            functions=able,
            function=function,
            place=self._place(organisation, act.command, function, act.actor.seat),
        )
        authorise(self.grants(organisation, identity), wanted, at)
        return structs.replace(
            act,
            actor=structs.replace(
                act.actor,
                principal=identity.principal,
                authenticated_by=identity.authenticated_by,
            ),
        )

    def functions(
        self,
        organisation: str,
        act: AnyAct,
        identity: Identity | None,
        at: datetime,
        *,
        among: Iterable[Role],
        bodies: frozenset[str] | None,
    ) -> tuple[Role, ...]:
        """In which of some functions somebody may do an act on what belongs to these bodies.

        A seat may where it is one of them; which seat it is, the act itself says. Never refuses.
        """
        roles = tuple(among)
        if identity is None:
            return roles
        grants = self.grants(organisation, identity)
        where = bodies if bodies is not ANYWHERE else frozenset(grant.body for grant in grants)
        seats = {grant.seat for grant in grants if grant.role is AccessRole.MEMBER} | {""}
        return tuple(
            role
            for role in roles
            if any(self._may(act, role, Place(bodies=where, seat=s), grants, at) for s in seats)
        )

    def require_act(
        self,
        organisation: str,
        act: AnyAct,
        function: Role,
        identity: Identity,
        at: datetime,
        *,
        bodies: frozenset[str] | None,
    ) -> None:
        """Raise Refused, with what is lacking, for somebody who may not do an act."""
        wanted = ActRequest(
            act=VERBS[act.command],
            functions=frozenset(act.roles),
            function=function,
            place=Place(bodies=bodies or frozenset()),
        )
        authorise(self.grants(organisation, identity), wanted, at)

    @staticmethod
    def _may(
        act: AnyAct, role: Role, place: Place, grants: tuple[Grant, ...], at: datetime
    ) -> bool:
        wanted = ActRequest(
            act=act.title, functions=frozenset(act.roles), function=role, place=place
        )
        try:
            authorise(grants, wanted, at)
        except Refused:
            return False
        return True

    def permits_response(self, entry: IntakeEntry) -> bool:
        """Whether the sender of a response has its seat.

        So it is also where that cannot be found out now: then it is asked again when the response
        is decided.
        """
        if entry.identity is None:
            return True
        window = Stream(StreamKind.WINDOW, entry.window)
        try:
            place = self._place_of_seat(entry.organisation, window, entry.seat)
            wanted = ActRequest(
                act=VERBS[Respond],
                functions=catalogue.FUNCTIONS[Respond],
                function=Role.SEAT,
                place=place,
            )
            authorise(self.grants(entry.organisation, entry.identity), wanted, entry.received_at)
        except Refused:
            return False
        except Unavailable:
            return True
        return True

    def seats(
        self, organisation: str, body: str, identity: Identity, at: datetime
    ) -> frozenset[str]:
        """The seats of a body for which somebody may act."""
        return frozenset(
            grant.seat
            for grant in self.grants(organisation, identity)
            if grant.role is AccessRole.MEMBER and grant.body == body and grant.holds(at)
        )

    def _place(self, organisation: str, command: Command, function: Role, seat: str) -> Place:
        """Of what an act is done: a seat answers on a procedure of its own body only."""
        if function is Role.SEAT:
            return self._place_of_seat(organisation, command.stream, seat)
        if organisation not in self.queries.record.organisations():
            return OF_NO_BODY
        world = self.queries.record.present(organisation)
        return Place(bodies=bodies_of(world.state(command.stream)) or _named(command, world))

    def _place_of_seat(self, organisation: str, stream: Stream, seat: str) -> Place:
        """A seat of the body on whose procedure it answers; of none where there is none."""
        if organisation not in self.queries.record.organisations():
            return Place(seat=seat)
        state = self.queries.record.present(organisation).state(stream)
        body = state.body if isinstance(state, Window) else ""
        return Place(bodies=frozenset(filter(None, (body,))), seat=seat)

    # --- Views ------------------------------------------------------------------------------------

    def require_view(
        self,
        organisation: str,
        kind: ViewKind,
        identity: Identity | None,
        at: datetime,
        place: Place = OF_NO_BODY,
    ) -> None:
        """Raise Refused for somebody who may not see what is of this kind."""
        if identity is not None:
            wanted = ViewRequest(kind=kind, place=place)
            authorise(self.grants(organisation, identity), wanted, at)

    def sees(
        self,
        organisation: str,
        kind: ViewKind,
        identity: Identity | None,
        at: datetime,
        place: Place = OF_NO_BODY,
    ) -> bool:
        """Whether somebody may see what is of this kind. Never refuses."""
        try:
            self.require_view(organisation, kind, identity, at, place)
        except Refused:
            return False
        return True

    def readable_evidence(
        self, organisation: str, window: Window, identity: Identity | None, at: datetime
    ) -> frozenset[int]:
        """The responses of a procedure whose papers somebody may read. Never refuses.

        A paper or message may name persons and hold their addresses: it is for the seats that
        answered, for those who register and rule, and for auditors.
        """
        there = [each for each in window.responses if each.response.evidence]
        of_body = Place(bodies=bodies_of(window))
        if identity is None or self.sees(organisation, ViewKind.EVIDENCE, identity, at, of_body):
            return frozenset(each.number for each in there)
        here, kind = frozenset({window.body}), ViewKind.EVIDENCE
        seen = {
            seat
            for seat in self.seats(organisation, window.body, identity, at)
            if self.sees(organisation, kind, identity, at, Place(bodies=here, seat=seat))
        }
        return frozenset(
            each.number
            for each in there
            if seen & {*each.response.seats, *each.response.on_behalf_of}
        )

    def require_evidence(
        self, organisation: str, name: str, number: int, identity: Identity | None, at: datetime
    ) -> None:
        """Raise Refused for somebody who may not read the paper of a response of a procedure."""
        window = self.queries.record.present(organisation).window(name)
        window.received(number)
        if number not in self.readable_evidence(organisation, window, identity, at):
            of_body = Place(bodies=bodies_of(window))
            self.require_view(organisation, ViewKind.EVIDENCE, identity, at, of_body)

    def require_receipt(
        self, event: RecordedEvent, identity: Identity | None, at: datetime, *, own: bool = False
    ) -> None:
        """Raise Refused for somebody who may not have the receipt of a response.

        What is `own` is for the account that sent it, and for those who have one of its seats; it
        is withheld from all others.
        """
        if identity is None or event.actor.principal == identity.principal:
            return
        window = self.queries.record.present(event.organisation).state(event.stream)
        if not isinstance(window, Window):  # it has no receipt, as its page says
            self.require_view(event.organisation, ViewKind.RECORD, identity, at)
            return
        bodies = frozenset({window.body})
        seats = {event.actor.seat, *getattr(getattr(event.fact, "response", None), "seats", ())}
        held = self.seats(event.organisation, window.body, identity, at)
        place = Place(bodies=bodies, seat=min(seats & held, default=min(seats)))
        kind = ViewKind.OWN_RECEIPT if own else ViewKind.RECEIPT
        self.require_view(event.organisation, kind, identity, at, place)

    def is_sender(self, event: RecordedEvent, identity: Identity | None, at: datetime) -> bool:
        """Whether somebody who has logged in may have a receipt that is withheld from all others.

        Never refuses.
        """
        if identity is None:
            return False
        try:
            self.require_receipt(event, identity, at, own=True)
        except Refused:
            return False
        return True


def _named(command: Command, world: DecisionContext) -> frozenset[str]:
    """The bodies that a command names for a noun which is to begin.

    A new body is of none. What begins for an agenda is of a body of that agenda, or of none.
    """
    if command.stream.kind is StreamKind.BODY:
        return frozenset()
    of = getattr(command, "agenda", "") or getattr(getattr(command, "subject", None), "agenda", "")
    named = frozenset(filter(None, (getattr(command, "body", ""),)))
    if not of or command.stream.kind is StreamKind.AGENDA:
        return named
    of_agenda = bodies_of(world.state(Stream(StreamKind.AGENDA, of)))
    return named & of_agenda if named else of_agenda
