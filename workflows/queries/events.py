"""Events as readers may see them, and what belongs to them: corrections, rules, cautions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from domain.corrections import FactCorrected, affected
from domain.decision_context import World
from domain.messages import Recorded
from domain.rules import Rule, insist
from domain.silence.cautions import Caution, cautions, unreached
from domain.silence.events import SilenceOpened
from domain.streams import Stream
from workflows.history.as_of import whole
from workflows.history.redaction import Disclosure
from workflows.queries.record import Record


def of_streams(world: World, streams: Iterable[Stream]) -> tuple[Recorded, ...]:
    """The events of some streams in the order of the record, as anybody may see them."""
    shown = Disclosure(world)
    events = [event for stream in streams for event in world.events(stream)]
    return tuple(shown.of(event) for event in sorted(events, key=lambda event: event.position))


class EventQueries(Struct, frozen=True):
    """Reads events; withheld names are always covered."""

    record: Record

    def list(
        self, organisation: str, stream: Stream | None = None, at: str = ""
    ) -> tuple[Recorded, ...]:
        """The events of an organisation or of one stream, in order. Raises Refused."""
        history = self.record.history(organisation, at)
        found = history.of(stream) if stream else whole(history)
        insist("known", stream is None or found, f"{stream} is not in the record")
        return self._redacted(self.record.context_of(history), found)

    def between(self, organisation: str, first: int, last: int) -> tuple[Recorded, ...]:
        """The events of an organisation from one position to another."""
        found = self.record.history(organisation).since(first - 1, last - first + 1)
        return self.redact(organisation, found)

    def redact(self, organisation: str, events: Iterable[Recorded]) -> tuple[Recorded, ...]:
        """Events at hand, as anybody may see them."""
        return self._redacted(self.record.context(organisation), events)

    @staticmethod
    def _redacted(world: World, events: Iterable[Recorded]) -> tuple[Recorded, ...]:
        shown = Disclosure(world)
        return tuple(shown.of(event) for event in events)

    def get(self, organisation: str, position: int) -> tuple[Recorded, tuple[Recorded, ...]]:
        """One event, and the earlier ones that it, being a correction, affects. Raises Refused."""
        history = self.record.history(organisation)
        found = [event for event in history.since(position - 1, 1) if event.position == position]
        insist("known", found, f"{organisation} has no event {position}")
        corrects = isinstance(found[0].fact, FactCorrected)
        earlier: Sequence[Recorded] = affected(found[0], whole(history)) if corrects else []
        event, *others = self._redacted(self.record.context_of(history), [found[0], *earlier])
        return event, tuple(others)

    def cautions(self, organisation: str, events: Iterable[Recorded]) -> tuple[Caution, ...]:
        """What to know before windows are opened, of events that a command would cause."""
        world = self.record.context(organisation)
        directory = self.record.directory()
        found: list[Caution] = []
        for event in events:
            if isinstance(event.fact, SilenceOpened):
                body = world.body(event.fact.body)
                found += cautions(event.fact, event.effective, body)
                if directory is not None and not event.attested:
                    named = directory.named(organisation, body.id)
                    found += unreached(named, event.effective, body)
        return tuple(found)

    def rules_applied(self, event: Recorded) -> Mapping[str, Rule]:
        """The rules of the pack that was applied when an event was decided, as they were then."""
        if not event.pack:
            return {}
        world = self.record.context(event.organisation)
        return world.packs.read(world.content(event.pack)).rules
