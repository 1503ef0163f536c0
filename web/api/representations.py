"""The twins of pages in JSON: what a page shows, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from domain.body import Body
from domain.ports.codec import Codec
from domain.ports.errors import ParkedStream
from web.http.context import RequestContext
from web.presenters.history import NarratedEvent
from workflows.queries.board import Group
from workflows.queries.queries import AgendaDetails, WindowDetails
from workflows.queries.unnoted_outcomes import UnnotedOutcomes

APART = {"events", "window", "windows", "current", "pack", "body", "approver"}


def agenda(shown: AgendaDetails, told: Iterable[NarratedEvent], codec: Codec) -> dict[str, Any]:
    """An agenda with its windows."""
    every = structs.asdict(shown)
    return {
        **{name: codec.to_plain(value) for name, value in every.items() if name not in APART},
        "body": _body(shown.body),
        "approver": _body(shown.approver) if shown.approver else None,
        "windows": [codec.to_plain(one) for one in shown.windows],
        "current": [one.id for one in shown.current],
        "rule_pack": {"id": shown.pack.id, "version": shown.pack.version},
        "events": events(told, codec),
    }


def window(shown: WindowDetails, told: Iterable[NarratedEvent], codec: Codec) -> dict[str, Any]:
    """A silence procedure."""
    return {
        "organisation": shown.organisation,
        "window": codec.to_plain(shown.window),
        "body": _body(shown.body),
        "phase": str(shown.phase),
        "outcome": {part or "whole": shown.window.outcome(part) for part in shown.window.parts},
        "seats": codec.to_plain(shown.seats),
        "tally": dict(shown.tally),
        "text": dict(shown.text),
        "items": codec.to_plain(shown.items),
        "changed": codec.to_plain(shown.changed),
        "deadline_again": codec.to_plain(shown.again),
        "names_withheld": shown.window.policy.names_withheld,
        "rule_pack": {"id": shown.pack.id, "version": shown.pack.version},
        "events": events(told, codec),
    }


def outstanding(found: UnnotedOutcomes, reader: RequestContext, codec: Codec) -> dict[str, Any]:
    """Outcomes that a meeting has yet to note."""
    return {
        "count": found.count,
        **_pages(found, reader),
        "outstanding": [
            {
                "window": one.window.id,
                "titles": dict(one.window.subject.titles),
                "outcome": {part or "whole": one.window.outcome(part) for part in one.window.parts},
                "late": codec.to_plain(one.late),
                "cannot_count": codec.to_plain(one.unconsidered),
            }
            for one in found.outcomes
        ],
    }


def events(told: Iterable[NarratedEvent], codec: Codec) -> list[dict[str, Any]]:
    """Events, each with its sentence."""
    return [_event(one, codec) for one in told]


def board(
    groups: Iterable[Group], parked: Iterable[ParkedStream], reader: RequestContext, codec: Codec
) -> dict[str, Any]:
    """The rows of the status board that its page shows, and how many there are in each group.

    `parked` are the streams of which no rows could be made.
    """
    return {
        "groups": [
            {"group": one.name, "count": one.count, **_pages(one, reader)} for one in groups
        ],
        "rows": [codec.to_plain(row) for one in groups for row in one.rows],
        "parked": [
            {"organisation": one.organisation, "stream": one.stream, "position": one.position}
            for one in parked
        ],
    }


def _pages(shown: Group | UnnotedOutcomes, reader: RequestContext) -> dict[str, str | None]:
    """The addresses of the twins of the pages before and after; none where there is no such."""
    pages = {"earlier": shown.earlier, "later": shown.later}
    return {name: reader.json_path_of(str(one)) if one else None for name, one in pages.items()}


def _event(one: NarratedEvent, codec: Codec) -> dict[str, Any]:
    values: Any = codec.to_plain(one.event)
    return {
        **values,
        "event_id": str(one.event.event_id),
        "basis": one.basis,
        "sentence": one.sentence,
        "later": one.later,
    }


def _body(body: Body) -> dict[str, Any]:
    """A body without its roster, which has a history of its own."""
    names = dict(body.names)
    return {"id": body.id, "names": names, "zone": body.zone, "fictional": body.fictional}
