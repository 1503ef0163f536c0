"""What a silence procedure belongs to: the agenda of its items, and the session."""

from __future__ import annotations

from msgspec import Struct

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.session import Session
from domain.silence import Window


class AgendaOfWindow(Struct, frozen=True):
    """The agenda whose items are under silence, and whose it is."""

    id: str
    body: Body
    part: int
    """The part of its session that it is for, from 1."""


def agenda_of(window: Window, world: DecisionContext) -> AgendaOfWindow | None:
    """The agenda whose items are under silence; None for any other text.

    Raises Refused for one that is not in the record.
    """
    if not window.subject.agenda:
        return None
    agenda = world.agenda(window.subject.agenda)
    return AgendaOfWindow(agenda.id, world.body(agenda.body), agenda.part)


def session_of(window: Window, world: DecisionContext) -> Session | None:
    """The session whose dates, or whose agenda's items, are under silence; None for other texts.

    Raises Refused for one that is not in the record.
    """
    subject = window.subject
    agenda = subject.agenda
    name = subject.session or (world.agenda(agenda).session if agenda else "")
    return world.session(name) if name else None
