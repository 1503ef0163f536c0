"""Which events of a page hold a text that its reader may erase."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from domain.messages import RecordedEvent
from domain.streams import Stream
from web.http.context import RequestContext
from web.page_context import PageContext
from workflows.acts.erasure import ERASURE
from workflows.history.redaction import holds_text

ACTS: Final = {act.noun: act for act in ERASURE}
"""The act that erases texts of each kind of stream."""


def erasable_events(
    context: PageContext,
    reader: RequestContext,
    organisation: str,
    events: Iterable[RecordedEvent],
) -> frozenset[int]:
    """The positions of those whose text a form erases for this reader.

    Nothing is erased of what sources tell, nor on a page that shows a moment of the past.
    """
    if reader.at:
        return frozenset()

    @cache
    def may(stream: Stream) -> bool:
        if (act := ACTS.get(stream.kind)) is None:
            return False
        state = context.queries.record.present(organisation).state(stream)
        return reader.may(organisation, act, None, state) and not attested(stream)

    def attested(stream: Stream) -> bool:
        first = context.queries.record.history(organisation).events_of(stream)[0]
        return first.attested

    return frozenset(event.position for event in events if holds_text(event) and may(event.stream))
