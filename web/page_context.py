"""What every page and form is made with: who reads, the record, the templates; HTML and JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from msgspec import structs

from domain.access.roles import Identity
from domain.messages import RecordedEvent
from domain.ports.accounts import Account
from domain.ports.codec import Codec
from domain.ports.drafts import Draft
from domain.ports.errors import Unavailable
from domain.streams import StreamKind
from web.http import params
from web.http.access_view import Access, identity_of
from web.http.authentication import FORM_TOKEN
from web.http.context import AboutProgram, RequestContext, language_headers, read_request
from web.http.shared_pages import Validity, share
from web.i18n import catalogues
from web.i18n.clock_granularity import holds_until
from web.presenters.history import NarratedEvent, in_language, with_sentences
from web.rendering import Templates
from workflows.acts import preview
from workflows.acts.act import AnyAct
from workflows.acts.authorization import Authorization
from workflows.acts.effect import Effect
from workflows.acts.organisation import SETTINGS
from workflows.history.erasure_placeholders import say_erasures
from workflows.history.narration import SpokenNames
from workflows.queries.organisation import named_people
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer


@dataclass(frozen=True)
class PageContent:
    """What a page and its JSON representation are made of."""

    template: str
    values: Mapping[str, object]
    representation: Callable[[], object]
    clock_instants: Sequence[datetime] | None = None
    """The instants that its words compare with the present, where readers may share the page.

    None where it is for one reader, or where the rows it shows are not up to date.
    """


@dataclass(frozen=True)
class PageContext:
    """What pages and forms are made with. Nothing here changes the record."""

    queries: Queries
    now: Callable[[], datetime]
    refresh: Callable[[], object]
    about: AboutProgram
    codec: Codec
    templates: Templates
    receipts: ReceiptIssuer
    listed: Callable[[str, Identity | None], Sequence[Draft]] = lambda *_: ()
    """What waits in an organisation for this person to confirm it."""

    people: Callable[[], Sequence[Account]] = tuple
    """Those who have an account, whom pages name to administrators only. Raises Unavailable."""

    invited: Callable[[], Collection[str]] = tuple
    """The principals of invitations that nobody has accepted. Raises Unavailable."""

    def waiting(self, organisation: str, reader: RequestContext) -> Sequence[Draft]:
        """What waits here for the second of two persons, and the reader may do; now only.

        Nothing where log-in is not in force, and where it cannot be read.
        """
        if reader.identity is None or reader.at:
            return ()
        with suppress(Unavailable):
            return self.listed(organisation, reader.identity)
        return ()

    def reader(self, request: Request, *, json: bool = False) -> RequestContext:
        """Who reads, from the address and the browser's languages. Raises UnclearTime."""
        requested, path, now = read_request(request), request.scope["path"], self.now()
        identity = identity_of(request.scope)
        return RequestContext(
            catalogue=catalogues.load_catalogue(requested.language),
            now=now,
            path=params.without_secrets(path) if json else path,
            requested_language=requested.requested_language,
            at=requested.at,
            after=requested.after,
            page=requested.page,
            access=Access(self.authorization, identity, now),
            form_token=getattr(request.state, FORM_TOKEN, ""),
        )

    @cached_property
    def authorization(self) -> Authorization:
        """Who may do and see what."""
        return Authorization(self.queries)

    def then(self, organisation: str, reader: RequestContext) -> datetime:
        """The moment that is looked at (UTC)."""
        return self.queries.record.moment(organisation, reader.at, reader.now)

    def is_sender(self, reader: RequestContext, organisation: str, position: int) -> bool:
        """Whether a reader who has logged in sent a response, or has one of its seats.

        Raises Refused for an event that is not there.
        """
        event = self.queries.record.event(organisation, position)
        return self.authorization.is_sender(event, reader.identity, reader.now)

    def html(self, request: Request, make: Callable[[RequestContext], PageContent]) -> Response:
        """The page as HTML, which others may be shown too where it says so.

        Each page of a standby is made for itself: it says how far that is behind by now.
        """
        reader = self.reader(request)
        shown = make(reader)
        if shown.clock_instants is not None and not self.about.resting():
            reader = replace(reader, shared=True)
            until = holds_until(reader.now, shown.clock_instants)
            share(request, Validity(reader.now, until))
        page = self.templates.page(shown.template, reader, **shown.values)
        return HTMLResponse(page, headers=language_headers(reader))

    def json(self, request: Request, make: Callable[[RequestContext], PageContent]) -> Response:
        """The page as JSON."""
        reader = self.reader(request, json=True)
        common: Any = {
            "as_of": reader.at or "now",
            "server_time": self.codec.to_plain(reader.now),
            "language": reader.language,
            "simulated": self.about.virtual,
        }
        if behind := self.about.standby(reader.path):
            common["standby"] = {
                "replayed_at": self.codec.to_plain(behind.replayed_at),
                "positions": behind.positions,
            }
        own: Any = make(reader).representation()
        return _Json(common | own, headers=language_headers(reader))

    def names(
        self, organisation: str, events: Sequence[RecordedEvent], reader: RequestContext
    ) -> SpokenNames:
        """What the bodies and seats that these events speak of are called.

        Nothing is read for events that speak of none, such as the first of an organisation.
        """
        return in_language(self.queries.events.names(organisation, events), reader.language)

    def narrated(
        self, organisation: str, events: Sequence[RecordedEvent], reader: RequestContext
    ) -> Sequence[NarratedEvent]:
        """These events with their sentences, for one reader only."""
        return with_sentences(events, reader, self._own_names(organisation, events, reader))

    def _own_names(
        self, organisation: str, events: Sequence[RecordedEvent], reader: RequestContext
    ) -> SpokenNames:
        """Names for a page that nobody else is shown: administrators read those of persons too."""
        names = self.names(organisation, events, reader)
        about_people = any(event.stream.kind is StreamKind.ORGANISATION for event in events)
        if not (about_people and reader.identity and reader.may(organisation, SETTINGS, None)):
            return names
        return structs.replace(names, people=named_people(self.people()))

    def effects(
        self,
        organisation: str,
        act: AnyAct,
        events: Sequence[RecordedEvent],
        before: object,
        reader: RequestContext,
    ) -> Sequence[Effect]:
        """What an act will do, by the events of its preview, on a noun as it was before."""
        say, names = reader.catalogue.texts.gettext, self._own_names(organisation, events, reader)
        return preview.effects(act, events, before, say, reader.language, names)


class _Json(JSONResponse):
    """JSON in which words stand in the place of each text that was erased."""

    def render(self, content: Any) -> bytes:
        written: bytes = super().render(content)
        return say_erasures(written.decode(), str).encode()
