"""Messages that came by mail and were registered: which events of the record rest on them."""

from __future__ import annotations

from msgspec import Struct

from domain.messages import RecordedEvent
from domain.silence.cited_messages import rests_on
from domain.silence.events import Response
from domain.streams import Stream, StreamKind
from workflows.history.redaction import Redaction
from workflows.queries.record_reader import Record


class CitedMessageQueries(Struct, frozen=True):
    """Reads what rests on messages."""

    record: Record

    def count(self, organisation: str, window: str, sha256: str) -> int:
        """How many responses of a silence procedure rest on the message with this SHA-256.

        Raises Refused where there is no such procedure.
        """
        responses = self.record.present(organisation).window(window).responses
        return sum(rests_on(each.response, sha256) for each in responses)

    def events(self, organisation: str, window: str, sha256: str) -> tuple[RecordedEvent, ...]:
        """The events of those responses, in order, as anybody may see them.

        Nothing is read where there are none. Raises Refused where there is no such procedure.
        """
        if not self.count(organisation, window, sha256):
            return ()
        world = self.record.context(organisation)
        shown = Redaction(world)
        return tuple(
            shown.redact_event(event)
            for event in world.events(Stream(StreamKind.WINDOW, window))
            if isinstance(response := getattr(event.fact, "response", None), Response)
            and rests_on(response, sha256)
        )
