"""What a body's page lists: its seats, its sessions with their agendas, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.body.body import Seat
from web.i18n.labels import N_
from workflows.acts.act import AnyAct
from workflows.acts.agenda_start import START
from workflows.acts.body import ADOPT
from workflows.acts.seats import FILL
from workflows.acts.session import SCHEDULE
from workflows.projections.rows import AgendaRow, SessionRow
from workflows.queries.body import BodyDetails

WHY: Final[Mapping[str, str]] = {
    ADOPT.slug: N_("No rules are in force yet. A rule pack says how long a silence lasts."),
    FILL.slug: N_("No seat is filled yet. Those who hold a seat are asked."),
    SCHEDULE.slug: N_("No session is scheduled yet."),
    START.slug: N_("No agenda has been started yet."),
}
"""Why an act comes next on the way to the first agenda."""


@dataclass(frozen=True)
class NextStep:
    """What leads a new body on to its first agenda, and why."""

    act: AnyAct
    why: str


@dataclass(frozen=True)
class SeatRow:
    """A term in a seat: whether it runs now, and for whom the seat may act."""

    seat: Seat
    held: bool
    acts_for: tuple[str, ...]


@dataclass(frozen=True)
class ListedSession:
    """A session with its agendas."""

    row: SessionRow
    agendas: tuple[AgendaRow, ...]


def next_step(shown: BodyDetails) -> NextStep | None:
    """What comes next, where the body has no agenda yet."""
    if shown.attested or shown.agendas:
        return None
    there = (
        (ADOPT, shown.body.packs),
        (FILL, shown.body.seats),
        (SCHEDULE, shown.sessions),
        (START, shown.agendas),
    )
    return next((NextStep(act, WHY[act.slug]) for act, found in there if not found), None)


def seats(shown: BodyDetails) -> list[SeatRow]:
    """All terms: those that run now first, in the order in which they were filled."""
    now = shown.now
    held = shown.body.roster_at(now)
    rows = [
        SeatRow(
            seat=seat,
            held=seat in held,
            acts_for=tuple(sorted(shown.body.may_act_for(seat.seat, now) - {seat.seat})),
        )
        for seat in shown.body.seats
    ]
    return sorted(rows, key=lambda row: not row.held)


def sessions(shown: BodyDetails) -> list[ListedSession]:
    """Its sessions with their agendas, the one that begins last first."""
    rows = sorted(shown.sessions, key=lambda row: row.starts[-1].earliest, reverse=True)
    return [
        ListedSession(row, tuple(agenda for agenda in shown.agendas if agenda.session == row.id))
        for row in rows
    ]


def agendas_without_session(shown: BodyDetails) -> list[AgendaRow]:
    """The agendas for which no session is fixed."""
    return [agenda for agenda in shown.agendas if not agenda.session]


def instants(shown: BodyDetails) -> list[datetime]:
    """When terms begin and end to the second: what the page compares with the present.

    Days begin with a minute, and no page is shared for longer than the minute that it tells.
    """
    terms = (when for seat in shown.body.seats for when in (seat.since, seat.until))
    return [when.latest for when in terms if when.has_hour]
