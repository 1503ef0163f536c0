"""What the log tells the outbox: each event its notices, in order, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

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


class Receipts(Protocol):
    """The receipts of responses. `to_sender` says that the seats named there are its senders."""

    def is_due(self, event: RecordedEvent, *, to_sender: bool) -> bool:
        """Whether a response has a receipt, and a key to sign it; it is not made for that."""

    def is_signed(self, at: datetime) -> bool:
        """Whether a key signs what is recorded at an instant (UTC)."""

    def issued(self, organisation: str, position: int, *, to_sender: bool) -> bytes | None:
        """The receipt; None where there is none, or none can be signed."""


class NotificationEnqueuer:
    """Follows the log for an outbox; a window whose events cannot be read is parked.

    `receipts` are those of responses.
    """

    def __init__(
        self,
        handling: CommandHandler,
        outbox: Outbox,
        receipts: Receipts,
        alarm: Alarm,
    ) -> None:
        self._handling, self._outbox = handling, outbox
        self._receipts, self._alarm = receipts, alarm
        self.again = Backoff()

    def enqueue_new(self, history: History, now: datetime) -> None:
        """Queue what the events since the last time tell. Raises Unavailable, see AHEAD.

        Nothing while the outbox has not begun with this organisation: see `OutboxStart`.
        """
        name = history.organisation
        if self._outbox.position(name) > history.last_position():
            raise Unavailable(AHEAD)
        if not self._outbox.has_begun(name):
            return
        while page := log_pages.read_log_page(
            history.since, start := self._outbox.position(name), PAGE
        ):
            known = self._outbox.parked_streams(name)
            notices, newly_parked = self._notices_of(history, [page], known)
            with suppress(VersionConflict):  # another process was faster: read on from there
                self._outbox.queue(
                    name, notices, now, after=start, position=page.end, parked=newly_parked
                )
                for stream in newly_parked:
                    raise_alarm(self._alarm, "notices", stream)
        self._try_again(history, now)

    def enqueue_windows(
        self, history: History, windows: Iterable[str], now: datetime, *, after: int
    ) -> None:
        """Queue what all events of these windows tell, where the outbox has not begun yet.

        Raises VersionConflict where it does not stand at `after`, and Unavailable.
        """
        name = history.organisation
        pages = [_page_of_window(history, window) for window in windows]
        known = self._outbox.parked_streams(name)
        notices, newly_parked = self._notices_of(history, pages, known)
        self._outbox.queue(name, notices, now, after=after, position=after, parked=newly_parked)
        for stream in newly_parked:
            raise_alarm(self._alarm, "notices", stream)

    def _notices_of(
        self,
        history: History,
        pages: Iterable[LogPage[RecordedEvent]],
        known: Mapping[str, ParkedStream],
    ) -> tuple[list[Notice], list[ParkedStream]]:
        """What the events of pages tell, and the streams that have to be parked at them.

        Nothing is sent about a parked stream before it can be read in order.
        """
        letters, newly_parked = list[Notice](), dict[str, ParkedStream]()
        handling, name = self._handling, history.organisation
        world = handling.lent_context(name, history) or handling.decision_context(history)
        began = self._outbox.start_position(history.organisation)
        before = self._handling.decision_context(HistoryAsOf(history, began))
        for page in pages:
            for event in page.events:
                stream = str(event.stream)
                if stream not in known and stream not in newly_parked:
                    try:
                        letters += self._of_event(
                            event, world, before if event.position <= began else None
                        )
                    except Exception as error:  # noqa: BLE001 (one window must not silence others)
                        newly_parked[stream] = _parked(event, unreadable_reason(error))
            broken = page.unreadable
            if broken and broken.stream not in {*known, *newly_parked} and _is_window(broken):
                newly_parked[broken.stream] = ParkedStream(
                    organisation=history.organisation,
                    stream=broken.stream,
                    position=broken.position,
                    because=str(broken),
                )
        return letters, list(newly_parked.values())

    def _of_event(
        self, event: RecordedEvent, world: DecisionContext, before: DecisionContext | None
    ) -> list[Notice]:
        return list(policy.notices_for(event, world, before, receipts=self._has(event)))

    def _try_again(self, history: History, now: datetime) -> None:
        """Tell what parked streams have to tell, if that is possible by now."""
        name = history.organisation
        known = self._outbox.parked_streams(name)
        if not known:
            self.again.forget(name)
        elif self.again.due(name):
            for parked in known.values():
                self._unpark(history, parked, now)

    def _unpark(self, history: History, parked: ParkedStream, now: datetime) -> None:
        """Tell what a parked stream has to tell, or leave it parked."""
        stands = self._outbox.position(history.organisation)
        try:
            events = [
                event
                for event in history.events_of(Stream.parse(parked.stream))
                if parked.position <= event.position <= stands
            ]
            notices, newly_parked = self._notices_of(history, [LogPage(events)], {})
        except Exception as error:  # noqa: BLE001 (as when it was parked)
            unreadable_reason(error)
            return
        if not newly_parked:
            with suppress(VersionConflict):  # there are later events: it is tried again
                self._outbox.unpark(parked, notices, now, after=stands)
                clear_alarm(self._alarm, "notices", parked)

    def _has(self, event: RecordedEvent) -> bool:
        """Whether there is a receipt for this event."""
        return isinstance(event.fact, policy.RESPONSES) and self._receipts.is_due(
            event, to_sender=_is_of_sender(event)
        )

    def receipt(self, event: RecordedEvent) -> bytes | None:
        """The receipt of a response."""
        return self._receipts.issued(
            event.organisation, event.position, to_sender=_is_of_sender(event)
        )


def _is_of_sender(event: RecordedEvent) -> bool:
    """Whether the seats of a response sent it; one that was refused may name others."""
    return not isinstance(event.fact, ResponseRefused)


def _page_of_window(history: History, window: str) -> LogPage[RecordedEvent]:
    """All events of a window. Of one that cannot be read nothing is told, so not a part of it."""
    stream = Stream(StreamKind.WINDOW, window)
    try:
        return LogPage(history.events_of(stream))
    except Unreadable as error:
        return LogPage((), Unreadable(str(error), stream=str(stream), position=0))


def _parked(event: RecordedEvent, reason: str) -> ParkedStream:
    """The stream of an event that could not be read, parked there."""
    return ParkedStream(
        organisation=event.organisation,
        stream=str(event.stream),
        position=event.position,
        because=reason,
    )


def _is_window(error: Unreadable) -> bool:
    """Whether an event that cannot be read may have had something to tell."""
    return error.stream.startswith(f"{StreamKind.WINDOW}/")
