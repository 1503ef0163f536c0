"""What every page and form is made with: who reads, the record, the templates; HTML and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from domain.messages import RecordedEvent
from domain.ports.codec import Codec
from domain.streams import Stream, StreamKind
from web.http import params
from web.http.context import AboutProgram, RequestContext, language_headers
from web.i18n import catalogues
from web.presenters import history as histories
from web.rendering import Templates
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer


@dataclass(frozen=True)
class PageContent:
    """What a page and its twin are made of."""

    template: str
    values: Mapping[str, object]
    to_json: Callable[[], object]


@dataclass(frozen=True)
class PageContext:
    """What pages and forms are made with. Nothing here changes the record."""

    reading: Queries
    now: Callable[[], datetime]
    refresh: Callable[[], object]
    about: AboutProgram
    codec: Codec
    templates: Templates
    receipts: ReceiptIssuer

    def reader(self, request: Request, *, twin: bool = False) -> RequestContext:
        """Who reads, from the address and the browser's languages. Raises UnclearTime."""
        asked = request.query_params.get("lang", "")
        language = catalogues.choose_language(asked, request.headers.get("accept-language", ""))
        path = request.scope["path"]
        return RequestContext(
            catalogue=self.templates.catalogues[language],
            now=self.now(),
            path=params.without_secrets(path) if twin else path,
            asked=asked if asked == language else "",
            at=params.parse_moment(request.query_params.get("at", "")),
            after=params.parse_after(request.query_params.get("after", "")),
            page=params.parse_page(request.query_params.get("page", "")),
        )

    def answer(self, request: Request, make: Callable[[RequestContext], PageContent]) -> Response:
        """The page as HTML."""
        reader = self.reader(request)
        shown = make(reader)
        page = self.templates.page(shown.template, reader, **shown.values)
        return HTMLResponse(page, headers=language_headers(reader))

    def json_answer(
        self, request: Request, make: Callable[[RequestContext], PageContent]
    ) -> Response:
        """The page as JSON."""
        reader = self.reader(request, twin=True)
        made: Any = {
            "as_of": reader.at or "now",
            "server_time": self.codec.to_plain(reader.now),
            "language": reader.language,
            "simulated": self.about.virtual,
        }
        told: Any = make(reader).to_json()
        return JSONResponse(made | told, headers=language_headers(reader))

    def names(
        self, organisation: str, events: Sequence[RecordedEvent], reader: RequestContext
    ) -> dict[str, str]:
        """What the bodies that these events speak of are called."""
        history = self.reading.history(organisation)
        streams = (Stream(StreamKind.BODY, name) for name in histories.body_ids(events))
        told = (one for stream in streams for one in history.events_of(stream))
        return histories.body_names(told, reader.language)
