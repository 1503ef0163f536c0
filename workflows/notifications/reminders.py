"""Reminders of a deadline that are due: to seats that are silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.decision_context import DecisionContext
from domain.notices import REMINDER, Notice
from domain.ports.event_store import History
from domain.silence import Phase
from domain.streams import Stream, StreamKind
from workflows.notifications.answered_seats import answered_seats
from workflows.notifications.policy import DEADLINES, seats_known
from workflows.queries.window_seats import roster_of


def due_reminders(
    history: History, world: DecisionContext, windows: Iterable[str], now: datetime
) -> Iterator[Notice]:
    """Reminders that are due at `now`: to seats that are silent, once for each deadline.

    A seat that was told of the deadline later than that needs none.
    """
    for name in windows:
        events = world.events(Stream(StreamKind.WINDOW, name))
        window = world.window(name)
        wanted = window.policy.reminder_hours and window.closes.has_hour
        last = max(
            (event for event in events if isinstance(event.fact, DEADLINES)),
            key=lambda event: event.position,
        )
        notified_at = last.recorded_at
        near = wanted and notified_at < window.reminder_due_from <= now
        simulated = any(event.virtual for event in events)
        if not near or simulated or window.attested or window.phase(now) is not Phase.OPEN:
            continue
        asked = roster_of(window, world)
        known = seats_known(last, REMINDER, world)
        silent = {seat.seat for seat in asked} - answered_seats(events, asked) - known
        for seat in asked:
            if seat.seat in silent:
                yield Notice(
                    organisation=history.organisation,
                    window=name,
                    about=REMINDER,
                    occasion=str(window.closes),
                    to=seat.seat,
                    position=history.last_position(),
                )
