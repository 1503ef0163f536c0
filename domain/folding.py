"""States folded from events, and kept between decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Final

from domain.access.organisation import Organisation
from domain.agenda import Agenda
from domain.body import Body
from domain.corrections import apply_corrections
from domain.documents import Document
from domain.messages import RecordedEvent
from domain.session import Session
from domain.silence import Window
from domain.streams import StreamKind
from domain.symbols import Reservation

STATES: Final[Mapping[StreamKind, Callable[[], Any]]] = {
    StreamKind.BODY: Body,
    StreamKind.SESSION: Session,
    StreamKind.AGENDA: Agenda,
    StreamKind.WINDOW: Window,
    StreamKind.DOCUMENT: Document,
    StreamKind.SYMBOL: Reservation,
    StreamKind.ORGANISATION: Organisation,
}

PAGE: Final = 1_000
"""How many events a cache of states follows; one that is farther behind starts empty at the end."""


def fold(kind: StreamKind, history: Sequence[RecordedEvent]) -> Any:
    """The state that a history makes, read with its corrections."""
    state = STATES[kind]()
    return reduce(lambda so_far, event: so_far.evolve(event), apply_corrections(history), state)
