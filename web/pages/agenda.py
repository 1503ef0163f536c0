"""The page of an agenda: its timeline, items, documents, findings and history."""

from __future__ import annotations

from domain.agenda.events import ObjectionNoted
from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import (
    agenda_findings,
    agenda_items,
    agenda_milestones,
    agenda_next_step,
    history,
)


def page(context: PageContext, reader: RequestContext, organisation: str, name: str) -> PageContent:
    """An agenda. Raises Refused for one that is not in the record."""
    behind = context.refresh()
    shown = context.queries.agendas.get(organisation, name, reader.at)
    then = context.then(organisation, reader)
    names = history.in_language(shown.names, reader.language)
    values = {
        "shown": shown,
        "then": then,
        "stream": Stream(StreamKind.AGENDA, name),
        "edited": reader.edited(organisation, StreamKind.AGENDA, shown, shown.agenda),
        "offered": reader.offered(organisation, StreamKind.AGENDA, shown, shown.agenda),
        "not_yet": reader.not_yet(organisation, StreamKind.AGENDA, shown, shown.agenda),
        "awaited": [
            step.permitted(lambda act: reader.may(organisation, act, shown, shown.agenda))
            for step in agenda_next_step.next_step(shown, then)
        ],
        "items": list(agenda_items.items(shown, reader.language)),
        "last_headings": shown.agenda.headings_before(""),
        "own": agenda_items.own_documents(shown),
        "days": agenda_items.slots_by_day(shown.work),
        "noticed": agenda_findings.agenda_findings(shown),
        "lines": agenda_milestones.milestone_rows(shown, then),
        "unknown": agenda_next_step.unknown_facts(shown),
        "objectors": {
            event.fact.number: names.seats_at(event)
            for event in shown.events
            if isinstance(event.fact, ObjectionNoted)
        },
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
        "erasable": erasable_events(context, reader, organisation, shown.events[-history.PAGE :]),
        "versions": agenda_items.VERSIONS,
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.agenda(shown, sentences, context.codec)

    settled = not behind and not context.queries.record.parked(organisation)
    ends = [] if reader.at else [window.closes.latest for window in shown.windows]
    return PageContent("agenda.html", values, representation, ends if settled else None)
