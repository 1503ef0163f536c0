"""What the log tells the outbox: each event its notices, in order, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.notices import Notice
from domain.ports.errors import ParkedStream, Unavailable, Unreadable, VersionConflict
from domain.ports.event_store import History
from domain.ports.outbox import Outbox
from domain.silence.events import ResponseRefused
from domain.streams import Stream, StreamKind
from workflows.commands.handler import CommandHandler
from workflows.history.as_of import HistoryAsOf
from workflows.notifications import policy
from workflows.projections import log_pages
from workflows.projections.catch_up import PAGE
from workflows.projections.log_pages import LogPage
from workflows.projections.parking import (
    Alarm,
    Backoff,
    clear_alarm,
    raise_alarm,
    unreadable_reason,
)

AHEAD: Final = (
    "The outbox has read further than this log goes: it belongs to another copy of the store."
    " Take outbox.db away; what the record says was told is not told again."
)


class NotificationEnqueuer:
    """Follows the log for an outbox; a window of which nothing can be told is parked.

    `receipts` gives the receipt of a response, see `NotificationDelivery`.
    """

    def __init__(
        self,
        handling: CommandHandler,
        outbox: Outbox,
        receipts: Callable[[str, int, bool], bytes | None],
        alarm: Alarm,
    ) -> None:
        self._handling, self._outbox = handling, outbox
        self._receipts, self._alarm = receipts, alarm
        self.again = Backoff()

    def enqueue_new(self, history: History, now: datetime) -> None:
        """Queue what the events since the last time tell. Raises Unavailable, see AHEAD."""
        name = history.organisation
        if self._outbox.position(name) > history.last_position():
            raise Unavailable(AHEAD)
        while page := log_pages.read_log_page(history, start := self._outbox.position(name), PAGE):
            known = self._outbox.parked_streams(name)
            told, fresh = self._told(history, page, known)
            with suppress(VersionConflict):  # another process was faster: read on from there
                self._outbox.queue(name, told, now, after=start, position=page.end, parked=fresh)
                for one in fresh:
                    raise_alarm(self._alarm, "notices", one)
        self._try_again(history, now)

    def _told(
        self, history: History, page: LogPage, known: Mapping[str, ParkedStream]
    ) -> tuple[list[Notice], list[ParkedStream]]:
        """What the events of a page tell, and the streams that have to be parked at it.

        Of a parked stream nothing is told before it can be told in order.
        """
        letters, fresh, world = (
            list[Notice](),
            dict[str, ParkedStream](),
            self._handling.decision_context(history),
        )
        began = self._outbox.start_position(history.organisation)
        before = self._handling.decision_context(HistoryAsOf(history, began))
        for one in page.events:
            stream = str(one.stream)
            if stream not in known and stream not in fresh:
                try:
                    letters += self._of_event(one, world, before if one.position <= began else None)
                except Exception as error:  # noqa: BLE001 (one window must not silence all others)
                    fresh[stream] = _parked(one, unreadable_reason(error))
        if (
            page.unreadable
            and page.unreadable.stream not in {*known, *fresh}
            and _is_window(page.unreadable)
        ):
            broken = page.unreadable
            fresh[broken.stream] = ParkedStream(
                organisation=history.organisation,
                stream=broken.stream,
                position=broken.position,
                because=str(broken),
            )
        return letters, list(fresh.values())

    def _of_event(
        self, one: RecordedEvent, world: DecisionContext, before: DecisionContext | None
    ) -> list[Notice]:
        return list(policy.notices_for(one, world, before, receipts=self._has(one)))

    def _try_again(self, history: History, now: datetime) -> None:
        """Tell what parked streams have to tell, if that is possible by now."""
        name = history.organisation
        known = self._outbox.parked_streams(name)
        if not known:
            self.again.forget(name)
        elif self.again.due(name):
            for one in known.values():
                self._mend(history, one, now)

    def _mend(self, history: History, parked: ParkedStream, now: datetime) -> None:
        """Tell what a parked stream has to tell, or leave it parked."""
        stands = self._outbox.position(history.organisation)
        try:
            events = [
                one
                for one in history.events_of(Stream.parse(parked.stream))
                if parked.position <= one.position <= stands
            ]
            told, fresh = self._told(history, LogPage(events), {})
        except Exception as error:  # noqa: BLE001 (as when it was parked)
            unreadable_reason(error)
            return
        if not fresh:
            with suppress(VersionConflict):  # there are later events: it is tried again
                self._outbox.unpark(parked, told, now, after=stands)
                clear_alarm(self._alarm, "notices", parked)

    def _has(self, one: RecordedEvent) -> bool:
        """Whether there is a receipt for this event."""
        return isinstance(one.fact, policy.RESPONSES) and self.receipt(one) is not None

    def receipt(self, one: RecordedEvent) -> bytes | None:
        """The receipt of a response. One that was refused may name seats that never sent it."""
        sent = not isinstance(one.fact, ResponseRefused)
        return self._receipts(one.organisation, one.position, sent)


def _parked(one: RecordedEvent, reason: str) -> ParkedStream:
    """The stream of an event that could not be told, parked there."""
    return ParkedStream(
        organisation=one.organisation,
        stream=str(one.stream),
        position=one.position,
        because=reason,
    )


def _is_window(error: Unreadable) -> bool:
    """Whether an event that cannot be read may have had something to tell."""
    return error.stream.startswith(f"{StreamKind.WINDOW}/")
