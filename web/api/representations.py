"""What pages show as JSON, in plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from domain.body import Body
from domain.ports.codec import Codec
from domain.ports.errors import ParkedStream
from domain.streams import Stream
from web.http.context import RequestContext
from web.presenters.history import NarratedEvent
from workflows.queries.agenda import AgendaDetails
from workflows.queries.board import Group
from workflows.queries.body import BodiesOfOrganisation, BodyDetails
from workflows.queries.document import DocumentDetails
from workflows.queries.organisation import OrganisationDetails
from workflows.queries.outcomes_to_note import UnnotedOutcomes
from workflows.queries.session import SessionDetails
from workflows.queries.window import ListedWindow, WindowDetails

UNPUBLISHED = {"names", "of_agenda", "of_session"}
"""What only pages need of details."""
APART = {"events", "window", "windows", "current", "pack", "body", "approver"}


def details(shown: AgendaDetails | WindowDetails, codec: Codec) -> dict[str, Any]:
    """Details field by field, as the command line prints them."""
    fields = structs.asdict(shown)
    return {
        name: codec.to_plain(value) for name, value in fields.items() if name not in UNPUBLISHED
    }


def listed_window(listed: ListedWindow) -> dict[str, Any]:
    """A silence procedure of a list, as the command line prints it."""
    return {
        "organisation": listed.organisation,
        **structs.asdict(listed.row),
        "phase": str(listed.phase),
    }


def agenda(
    shown: AgendaDetails, sentences: Iterable[NarratedEvent], codec: Codec
) -> dict[str, Any]:
    """An agenda with its windows."""
    fields = structs.asdict(shown)
    unchanged = fields.keys() - APART - UNPUBLISHED
    return {
        **{name: codec.to_plain(value) for name, value in fields.items() if name in unchanged},
        "body": _body(shown.body),
        "approver": _body(shown.approver) if shown.approver else None,
        "windows": [codec.to_plain(window) for window in shown.windows],
        "current": [window.id for window in shown.current],
        "rule_pack": {"id": shown.pack.id, "version": shown.pack.version},
        "events": events(sentences, codec),
    }


def bodies(shown: BodiesOfOrganisation, codec: Codec) -> dict[str, Any]:
    """The bodies of an organisation."""
    return {
        "organisation": shown.organisation,
        "bodies": [codec.to_plain(row) for row in shown.bodies],
    }


def body(shown: BodyDetails, sentences: Iterable[NarratedEvent], codec: Codec) -> dict[str, Any]:
    """A body with its seats, rules, sessions and agendas."""
    return {
        "organisation": shown.organisation,
        "body": codec.to_plain(shown.body),
        "rule_pack": {"id": shown.pack.id, "version": shown.pack.version},
        "sessions": [codec.to_plain(row) for row in shown.sessions],
        "agendas": [codec.to_plain(row) for row in shown.agendas],
        "events": events(sentences, codec),
    }


def organisation(
    shown: OrganisationDetails, sentences: Iterable[NarratedEvent], codec: Codec
) -> dict[str, Any]:
    """An organisation as a whole, with all grants of roles."""
    return {
        "organisation": shown.organisation,
        "settings": {
            "names": dict(shown.settings.names),
            "zone": shown.settings.zone,
            "head_colour": shown.settings.head_colour,
            "link_colour": shown.settings.link_colour,
        },
        "grants": [
            {"grant": codec.to_plain(grant), "holds": grant.holds(shown.at)}
            for grant in shown.settings.grants
        ],
        "events": events(sentences, codec),
    }


def session(
    shown: SessionDetails, sentences: Iterable[NarratedEvent], codec: Codec
) -> dict[str, Any]:
    """A session with its agendas."""
    return {
        "organisation": shown.organisation,
        "session": codec.to_plain(shown.session),
        "body": _body(shown.body),
        "agendas": [codec.to_plain(row) for row in shown.agendas],
        "events": events(sentences, codec),
    }


def window(
    shown: WindowDetails, sentences: Iterable[NarratedEvent], codec: Codec
) -> dict[str, Any]:
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
        "headings": codec.to_plain(shown.headings),
        "changed": codec.to_plain(shown.changed),
        "not_compared": codec.to_plain(shown.not_compared),
        "deadline_again": codec.to_plain(shown.again),
        "names_withheld": shown.window.policy.names_withheld,
        "rule_pack": {"id": shown.pack.id, "version": shown.pack.version},
        "events": events(sentences, codec),
    }


def document(
    shown: DocumentDetails, sentences: Iterable[NarratedEvent], codec: Codec
) -> dict[str, Any]:
    """A document with its language versions."""
    return {
        "organisation": shown.organisation,
        "document": codec.to_plain(shown.document),
        "missing": list(shown.document.missing),
        "body": _body(shown.body),
        "agenda": shown.agenda.id if shown.agenda else None,
        "attested": shown.attested,
        "rule_pack": {"id": shown.pack.id, "version": shown.pack.version},
        "events": events(sentences, codec),
    }


def outstanding(found: UnnotedOutcomes, reader: RequestContext, codec: Codec) -> dict[str, Any]:
    """Outcomes that a meeting has yet to note."""
    return {
        "count": found.count,
        **_pages(found, reader),
        "outstanding": [
            {
                "window": outcome.window.id,
                "titles": dict(outcome.window.subject.titles),
                "outcome": {
                    part or "whole": outcome.window.outcome(part) for part in outcome.window.parts
                },
                "late": codec.to_plain(outcome.late),
                "cannot_count": codec.to_plain(outcome.unconsidered),
            }
            for outcome in found.outcomes
        ],
    }


def history(
    organisation: str,
    stream: Stream | None,
    sentences: Iterable[NarratedEvent],
    later: str | None,
    codec: Codec,
) -> dict[str, Any]:
    """A page of a history; `later` is the address of the next one."""
    return {
        "organisation": organisation,
        "stream": str(stream or ""),
        "later": later,
        "events": events(sentences, codec),
    }


def events(sentences: Iterable[NarratedEvent], codec: Codec) -> list[dict[str, Any]]:
    """Events, each with its sentence."""
    return [_event(sentence, codec) for sentence in sentences]


def board(
    groups: Iterable[Group], parked: Iterable[ParkedStream], reader: RequestContext, codec: Codec
) -> dict[str, Any]:
    """The rows of the status board that its page shows, and how many there are in each group.

    `parked` are the streams of which no rows could be made.
    """
    return {
        "groups": [
            {"group": group.name, "count": group.count, **_pages(group, reader)} for group in groups
        ],
        "rows": [codec.to_plain(row) for group in groups for row in group.rows],
        "parked": [
            {
                "organisation": stream.organisation,
                "stream": stream.stream,
                "position": stream.position,
            }
            for stream in parked
        ],
    }


def _pages(shown: Group | UnnotedOutcomes, reader: RequestContext) -> dict[str, str | None]:
    """The addresses in JSON of the pages before and after; None where there is no such page."""
    pages = {"earlier": shown.earlier, "later": shown.later}
    return {
        name: reader.json_address_of(str(cursor)) if cursor else None
        for name, cursor in pages.items()
    }


def _event(narrated: NarratedEvent, codec: Codec) -> dict[str, Any]:
    values: Any = codec.to_plain(narrated.event)
    return {
        **values,
        "event_id": str(narrated.event.event_id),
        "basis": narrated.basis,
        "sentence": narrated.sentence,
        "later": narrated.later,
    }


def _body(body: Body) -> dict[str, Any]:
    """A body without its roster, which has a history of its own."""
    names = dict(body.names)
    return {"id": body.id, "names": names, "zone": body.zone, "fictional": body.fictional}
