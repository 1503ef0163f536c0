"""Events as readers may see them, and what belongs to them: corrections, rules, cautions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from domain.access.commands import ORGANISATION
from domain.corrections import FactCorrected, affected_events, apply_corrections
from domain.decision_context import DecisionContext
from domain.erasure_decisions import events_to_erase
from domain.messages import RecordedEvent
from domain.ports.address_book import Directory
from domain.ports.event_store import History
from domain.rules import Rule, require
from domain.silence.events import SilenceOpened, SilenceSuperseded
from domain.silence.opening_cautions import (
    Caution,
    UnknownSuccessor,
    address_cautions,
    cautions,
)
from domain.streams import Stream, StreamKind
from workflows.history.as_of import HistoryAsOf, all_events
from workflows.history.redaction import Redaction
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record
from workflows.queries.time_zones import zone_of


def of_streams(world: DecisionContext, streams: Iterable[Stream]) -> tuple[RecordedEvent, ...]:
    """The events of some streams in the order of the record, as anybody may see them."""
    shown = Redaction(world)
    events = [event for stream in streams for event in world.events(stream)]
    return tuple(
        shown.redact_event(event) for event in sorted(events, key=lambda event: event.position)
    )


class EventQueries(Struct, frozen=True):
    """Reads events; withheld names are always covered."""

    record: Record

    def list(
        self, organisation: str, stream: Stream | None = None, at: str = ""
    ) -> tuple[RecordedEvent, ...]:
        """The events of an organisation or of one stream, in order. Raises Refused."""
        history = self.record.history(organisation, at)
        found = history.events_of(stream) if stream else all_events(history)
        require("known", stream is None or found, f"{stream} is not in the record")
        return self._redacted(self.record.context_of(history), found)

    def zone(self, organisation: str, stream: Stream = ORGANISATION) -> str:
        """The time zone in which times of a stream, or of the organisation, are shown."""
        return zone_of(self.record.present(organisation), stream)

    def names(self, organisation: str, events: Sequence[RecordedEvent]) -> RecordNames:
        """What the bodies and seats that these events speak of are called now."""
        if organisation not in self.record.organisations():
            return RecordNames()
        return names_in(events, self.record.present(organisation))

    def after(self, organisation: str, stream: Stream, version: int) -> tuple[RecordedEvent, ...]:
        """The events of a stream behind one of its versions, in order."""
        return self.redact(
            organisation, self.record.history(organisation).events_of(stream)[version:]
        )

    def correctable(self, organisation: str, stream: Stream) -> tuple[RecordedEvent, ...]:
        """The events of a stream as they are read now that a correction may name, in order."""
        read = apply_corrections(self.record.history(organisation).events_of(stream))
        open_ = [event for event in read if not isinstance(event.fact, FactCorrected)]
        free = [e for e in open_ if e.attested or not getattr(e.fact, "window", "")]
        return self.redact(organisation, free)

    def erasable(
        self, organisation: str, stream: Stream, version: int
    ) -> tuple[RecordedEvent, ...]:
        """The events whose texts are lost with those of one of them, in order; it comes first.

        None where it holds no text that can be erased.
        """
        history = self.record.history(organisation).events_of(stream)
        return self.redact(organisation, events_to_erase(history, version))

    def between(self, organisation: str, first: int, last: int) -> tuple[RecordedEvent, ...]:
        """The events of an organisation from one position to another."""
        history = self.record.history(organisation)
        found = history.since(first - 1, last - first + 1)
        return self._redacted(self.record.context_of(history), found)

    def redact(
        self, organisation: str, events: Iterable[RecordedEvent]
    ) -> tuple[RecordedEvent, ...]:
        """Events at hand, as anybody may see them."""
        return self._redacted(self.record.context(organisation), events)

    @staticmethod
    def _redacted(
        world: DecisionContext, events: Iterable[RecordedEvent]
    ) -> tuple[RecordedEvent, ...]:
        """Events as anybody may see them."""
        shown = Redaction(world)
        return tuple(shown.redact_event(event) for event in events)

    def get(self, organisation: str, position: int) -> RecordedEvent:
        """One event. Raises Refused."""
        history = self.record.history(organisation)
        shown, event = Redaction(self.record.context_of(history)), _event_at(history, position)
        return shown.redact_event(event)

    def affected(self, correction: RecordedEvent) -> tuple[RecordedEvent, ...]:
        """The earlier events that an event, being a correction, affects; none of any other.

        Only what was recorded between the corrected event and its correction is read. Raises
        ReadLimitExceeded before it reads too much of that.
        """
        if not isinstance(correction.fact, FactCorrected):
            return ()
        history = self.record.history(correction.organisation)
        corrected = history.events_of(correction.stream)[correction.fact.version - 1]
        before = HistoryAsOf(history, correction.position - 1)
        relying = affected_events(correction, all_events(before, corrected.position))
        return self._redacted(self.record.context_of(history), relying)

    def with_caused(self, organisation: str, position: int) -> tuple[RecordedEvent, ...]:
        """One event, and those of its stream that it has caused. Raises Refused."""
        history = self.record.history(organisation)
        first = _event_at(history, position)
        caused = [
            event
            for event in history.events_of_command(first.command_id)
            if event.stream == first.stream and event.caused_by == str(first.event_id)
        ]
        return self._redacted(self.record.present(organisation), [first, *caused])

    def cautions(self, organisation: str, events: Iterable[RecordedEvent]) -> tuple[Caution, ...]:
        """What to know before windows are opened or superseded, of events that would be caused."""
        found: list[Caution] = []
        for event in events:
            if isinstance(event.fact, SilenceOpened):
                body = self.record.present(organisation).body(event.fact.body)
                found += cautions(event.fact, event.effective, body)
                if not event.attested:
                    directory = self.record.directory() or Directory()
                    named = directory.entries_of(organisation, body.id)
                    returning = self.record.returning()
                    found += address_cautions(named, event.effective, body, returning)
            if isinstance(event.fact, SilenceSuperseded):
                found += _unknown_successor(event.fact.by, self.record.present(organisation))
        return tuple(found)

    def rules_applied(self, event: RecordedEvent) -> Mapping[str, Rule]:
        """The rules of the pack that was applied when an event was decided, as they were then."""
        if not event.pack:
            return {}
        world = self.record.context(event.organisation)
        return world.packs.read(world.content(event.pack)).rules


def _unknown_successor(name: str, world: DecisionContext) -> Iterator[Caution]:
    """A successor may well be opened only later; then this says that it is not there yet."""
    if name and not world.version(Stream(StreamKind.WINDOW, name)):
        yield UnknownSuccessor(window=name)


def _event_at(history: History, position: int) -> RecordedEvent:
    """The event at a position, as it was recorded. Raises Refused when there is none."""
    found = [event for event in history.since(position - 1, 1) if event.position == position]
    require("known", found, f"{history.organisation} has no event {position}")
    return found[0]
