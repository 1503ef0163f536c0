"""The record that queries read: the log and its kept rows, now or as of a moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.ports.address_book import Directory
from domain.ports.errors import ParkedStream
from domain.ports.event_store import Head, History
from domain.ports.read_models import RowReader
from domain.rules import require
from domain.silence.objection_tally import Voices
from domain.streams import Stream
from domain.times import UNKNOWN, When
from workflows.history.as_of import HistoryAsOf, LoadedHistory
from workflows.history.read_limit import ReadableLog
from workflows.projections import parking, stream_rows
from workflows.projections.in_memory import InMemoryRows


def _no_directory() -> Directory | None:
    return None


def _nothing_lent(_: str) -> DecisionContext | None:
    return None


def _nothing_returned() -> Collection[str]:
    return ()


class Record(Struct, frozen=True):
    """One log with the rows kept from it; queries read it now, or as of a moment.

    A moment is written as a position (`41`) or as a time with hour and zone; empty is now.
    `directory` gives how seats are reached, or None where no addresses were loaded, `returning` the
    addresses, case-folded, from which the last letter came back. `lent` gives the states of an
    organisation as they stand now, where they are in memory.
    """

    log: ReadableLog
    kept: RowReader
    context_of: Callable[[History], DecisionContext]
    directory: Callable[[], Directory | None] = _no_directory
    lent: Callable[[str], DecisionContext | None] = _nothing_lent
    returning: Callable[[], Collection[str]] = _nothing_returned

    def organisations(self) -> list[str]:
        """The organisations that have events, in order of their names."""
        return sorted(self.log.organisations())

    def history(self, organisation: str, at: str = "") -> History:
        """The history of an organisation, whole or as of a moment.

        Raises Refused for an unknown organisation, and UnclearTime for a moment that is none.
        """
        known = organisation in self.log.organisations()
        require("known", known, f"no organisation {organisation}")
        history = self.log.history(organisation)
        if not at:
            return history
        if at.isdecimal():
            return HistoryAsOf(history, int(at))
        return HistoryAsOf(history, history.position_at(When(at).exact))

    def context(self, organisation: str, at: str = "") -> DecisionContext:
        """The states of an organisation's streams, now or as of a moment. Raises like `history`."""
        return self.context_of(self.history(organisation, at))

    def present(self, organisation: str) -> DecisionContext:
        """The states as they stand now, for a form or an answer, which need no events.

        Those that are in memory are not read. Raises like `history`.
        """
        return self.lent(organisation) or self.context(organisation)

    def version(self, organisation: str, stream: Stream) -> int:
        """How many events a stream has now. Raises like `history`."""
        return self.present(organisation).version(stream)

    def changes_since(
        self, organisation: str, stream: Stream, version: int
    ) -> Sequence[RecordedEvent]:
        """What was recorded in a stream after a version: what somebody has not seen who read it.

        Nothing is read where the stream has not moved. Raises like `history`.
        """
        if self.version(organisation, stream) <= version:
            return ()
        return self.history(organisation).events_of(stream)[version:]

    def was_done(self, organisation: str, command_id: str) -> bool:
        """Whether a command with this id was carried out before."""
        return bool(self.done(organisation, command_id))

    def done(self, organisation: str, command_id: str) -> Sequence[RecordedEvent]:
        """What a command with this id recorded before; empty where it was not carried out."""
        return self.log.history(organisation).events_of_command(command_id)

    def event(self, organisation: str, position: int) -> RecordedEvent:
        """The event at a position, as it was recorded. Raises Refused when there is none."""
        found = self.history(organisation).since(position - 1, 1)
        there = found and found[0].position == position
        require("known", there, f"{organisation} has no event {position}")
        return found[0]

    def moment(self, organisation: str, at: str, now: datetime) -> datetime:
        """The moment that is looked at (UTC): now, an instant, or when a position was recorded."""
        if not at:
            return now
        if not at.isdecimal():
            return When(at).exact
        last = self.history(organisation, at).last_position()
        found = self.log.history(organisation).since(last - 1, 1) if last else ()
        return found[0].recorded_at if found else now

    def rows(self, organisation: str, at: str = "") -> RowReader:
        """The rows of an organisation: those that are kept, or rows made as of a moment."""
        if not at:
            return self.kept
        made = InMemoryRows()
        made.add(organisation, self.rows_as_of(organisation, at))
        return made

    def rows_as_of(self, organisation: str, at: str) -> stream_rows.StatusRows:
        """The rows of an organisation as they stood, made from its events."""
        history = LoadedHistory(self.history(organisation, at))
        world = self.context_of(history)
        return stream_rows.status_rows(
            stream_rows.changed_streams(history.events),
            world.state,
            lambda body: world.pack_of(body, UNKNOWN),
            lambda _: (),  # every agenda is among the streams
            objecting=lambda window: len(Voices.of_window(window, world).objecting_members()),
        )

    def heads(self, organisation: str = "") -> Mapping[str, Head]:
        """Where each organisation's log ends, or that of one; without events there is none."""
        return self.log.heads(organisation)

    def parked(self, organisation: str = "") -> tuple[ParkedStream, ...]:
        """The streams whose kept rows could not be made, of one organisation or of all."""
        return tuple(
            stream
            for organisation in ([organisation] if organisation else self.organisations())
            for stream in parking.parked_streams(self.kept, organisation).values()
        )
