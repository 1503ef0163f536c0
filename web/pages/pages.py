"""The pages: each reads what it shows, as of now or of a moment, and has a twin in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import agenda_findings, agenda_items, agenda_milestones, agenda_next_step
from web.presenters import history as histories
from web.presenters import receipt as receipts
from web.presenters import window as windows
from workflows.acts import catalogue, window_state
from workflows.projections.pagination import Cursor
from workflows.queries.queries import WindowDetails


class Pages(PageContext):
    """Makes pages from the record. Nothing here changes it."""

    # --- Board ----------------------------------------------------------------------------------

    def board(self, reader: RequestContext) -> PageContent:
        """The status board of all organisations."""
        behind = self.refresh()
        start = Cursor.parse(reader.page) if reader.page else None
        groups = self.reading.board(reader.now, reader.at).groups(start)
        parked = () if reader.at else self.reading.parked_streams()
        values = {
            "behind": behind,
            "parked": parked,
            "stale": {(one.organisation, one.stream) for one in parked},
            "groups": [one for one in groups if one.rows],
            "organisations": self.reading.organisations(),
            "then": self._then_anywhere(reader),
        }
        return PageContent(
            "board.html", values, lambda: representations.board(groups, parked, reader, self.codec)
        )

    def _then_anywhere(self, reader: RequestContext) -> datetime:
        moments = [self.moment_values(name, reader) for name in self.reading.organisations()]
        return max(moments, default=reader.now) if reader.at else reader.now

    def moment_values(self, organisation: str, reader: RequestContext) -> datetime:
        """The moment that is looked at."""
        return self.reading.moment(organisation, reader.at, reader.now)

    # --- Agenda and window ----------------------------------------------------------------------

    def agenda(self, reader: RequestContext, organisation: str, name: str) -> PageContent:
        """An agenda with its life, items, documents, findings and history."""
        self.refresh()
        shown = self.reading.agenda(organisation, name, reader.at)
        then = self.moment_values(organisation, reader)
        events = shown.events
        names = self.names(organisation, events, reader)
        values = {
            "shown": shown,
            "then": then,
            "stream": Stream(StreamKind.AGENDA, name),
            "offered": catalogue.offered(StreamKind.AGENDA, shown),
            "awaited": agenda_next_step.next_step(shown, then),
            "items": list(agenda_items.items(shown, reader.language)),
            "own": agenda_items.own_documents(shown),
            "days": agenda_items.slots_by_day(shown.work),
            "noticed": agenda_findings.agenda_findings(shown),
            "lines": agenda_milestones.milestone_rows(shown, then),
            "unknown": agenda_next_step.unknown_facts(shown),
            "told": histories.with_sentences(events[-histories.PAGE :], reader, names),
            "versions": agenda_items.VERSIONS,
        }

        def twin() -> object:
            return representations.agenda(
                shown, histories.with_sentences(events, reader, names), self.codec
            )

        return PageContent("agenda.html", values, twin)

    def window(self, reader: RequestContext, organisation: str, name: str) -> PageContent:
        """A silence procedure: its deadline, seats, responses and outcome."""
        shown = self._window(organisation, name, reader)
        then = self.moment_values(organisation, reader)
        window = shown.window
        subject = window.subject.agenda
        agenda = self.reading.agenda(organisation, subject, reader.at) if subject else None
        titles = shown.items
        events = shown.events
        names = self.names(organisation, events, reader)
        values = {
            "shown": shown,
            "window": window,
            "agenda": agenda,
            "titles": titles,
            "stream": Stream(StreamKind.WINDOW, name),
            "offered": catalogue.offered(StreamKind.WINDOW, shown),
            "flagged": windows.flagged_responses(window),
            "unheard": () if window.attested else window.unconsidered_responses,
            "off_ms": windows.OFF_MS,
            "waiting": len(window_state.unruled_responses(window)),
            "changed": windows.changed_parts(shown),
            "parts_of": windows.window_parts(window, titles),
            "tally": windows.tally(shown),
            "running": windows.is_running(shown),
            "ends": windows.deadline_instant(window),
            "cut": windows.early_end(shown),
            "zone": windows.deadline_zone(window),
            "passed": windows.percent_passed(window, then),
            "objections": shown.objecting,
            "uncounted": len(window.uncounted),
            "receipts": receipts.positions(shown),
            "then": then,
            "responses": windows.listed_responses(window.responses),
            "told": histories.with_sentences(events[-histories.PAGE :], reader, names),
        }

        def twin() -> object:
            return representations.window(
                shown, histories.with_sentences(events, reader, names), self.codec
            )

        return PageContent("window.html", values, twin)

    def receipt(self, organisation: str, position: int) -> PageContent:
        """The receipt of a response, or why none can be signed now."""
        values = receipts.receipt_values(self.reading, self.receipts, organisation, position)
        return PageContent("receipt.html", values, lambda: dict(values))

    def outstanding(self, reader: RequestContext, organisation: str) -> PageContent:
        """Outcomes that the next meeting must note or announce."""
        self.refresh()
        start = Cursor.parse(reader.page) if reader.page else None
        found = self.reading.unnoted_outcomes(organisation, reader.at, start)
        values = {
            "organisation": organisation,
            "found": found,
            "then": self.moment_values(organisation, reader),
        }
        return PageContent(
            "outstanding.html",
            values,
            lambda: representations.outstanding(found, reader, self.codec),
        )

    def _window(self, organisation: str, name: str, reader: RequestContext) -> WindowDetails:
        return self.reading.window(organisation, name, reader.now, reader.at)

    # --- History and events ---------------------------------------------------------------------

    def history(
        self, reader: RequestContext, organisation: str, of: Stream | None = None
    ) -> PageContent:
        """Everything that happened, with what is later than the moment greyed."""
        events = self.reading.events(organisation, of) if of else ()
        positions: Sequence[int] = [one.position for one in events]
        if of is None:
            positions = range(1, self.reading.history(organisation).last_position() + 1)
        position = None
        if reader.at:
            position = self.reading.history(organisation, reader.at).last_position()
        moment = positions[-1] + 1 if position is None else position
        before, after = histories.neighbours(positions, moment)
        pages = histories.paginate(positions, position, reader.after)
        page = next(page for page in pages if page.current)
        here = [one for one in events if page.first <= one.position <= page.last]
        if of is None:
            here = [*self.reading.events_between(organisation, page.first, page.last)]
        told = histories.with_sentences(
            here, reader, self.names(organisation, here, reader), position
        )
        later = page.last if page.last < positions[-1] else None
        values = {
            "organisation": organisation,
            "stream": of,
            "told": told,
            "pages": pages if len(pages) > 1 else (),
            "position": position,
            "begun": position is not None and positions[0] <= position,
            "before": before,
            "after": after,
            "then": self.moment_values(organisation, reader),
        }
        return PageContent(
            "history.html",
            values,
            lambda: {
                "organisation": organisation,
                "stream": str(of or ""),
                "later": reader.json_path_of(after=later) if later else None,
                "events": representations.events(told, self.codec),
            },
        )

    def event(self, reader: RequestContext, organisation: str, position: int) -> PageContent:
        """One event in full."""
        one, follows = self.reading.event(organisation, position)
        names = self.names(organisation, (one, *follows), reader)
        shown, affected = one, follows
        last = self.reading.history(organisation).last_position()
        told, *others = histories.with_sentences([shown, *affected], reader, names)
        values = {
            "organisation": organisation,
            "event": shown,
            "told": told,
            "fact": self.codec.to_plain(shown.fact),
            "affected": others,
            "last": last,
            "citations": self.reading.rules_applied(shown),
        }
        return PageContent(
            "event.html",
            values,
            lambda: {
                "event": representations.events([told], self.codec)[0],
                "affected": representations.events(others, self.codec),
            },
        )
