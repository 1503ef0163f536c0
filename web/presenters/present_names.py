"""What organisations, bodies and seats are called now, where a page knows their ids only."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct

from domain.body import Body
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.streams import Stream, StreamKind
from workflows.history.narration import localized_name
from workflows.history.read_limit import ReadLimitExceeded
from workflows.queries.queries import Queries
from workflows.queries.record_names import seats_of_stream


class PresentNames(Struct, frozen=True):
    """Names in a reader's language. What cannot be read, or is not in the record, has its id."""

    queries: Queries | None = None

    def organisation(self, organisation: str, language: str) -> str:
        """What an organisation is called."""
        if self.queries:
            with suppress(Unavailable, Refused, ReadLimitExceeded):
                names = self.queries.organisations.settings(organisation).names
                return localized_name(names, language) or organisation
        return organisation

    def body(self, organisation: str, body: str, language: str) -> str:
        """What a body is called."""
        if self.queries and body:
            with suppress(Unavailable, Refused, ReadLimitExceeded):
                state: Body = self.queries.record.present(organisation).state(
                    Stream(StreamKind.BODY, body)
                )
                return localized_name(state.names, language) or body
        return body

    def seats(self, organisation: str, stream: str, language: str) -> Mapping[str, str]:
        """What the seats of a body or of a silence stand for, by their ids.

        The stream is written as in `body/ID`.
        """
        if self.queries:
            with suppress(Unavailable, Refused, ReadLimitExceeded):
                world = self.queries.record.present(organisation)
                found = seats_of_stream(Stream.parse(stream), world)
                return {seat: localized_name(names, language) for seat, names in found.items()}
        return {}
