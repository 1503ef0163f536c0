"""Who reads: in which language, as of which moment, and how links keep both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from domain.access.permissions import ViewKind
from domain.access.roles import Identity
from domain.streams import StreamKind
from web.http import params, urls
from web.http.access_view import Access, Offered
from web.http.cookies import LANGUAGE, cookie
from web.http.standby import Note
from web.i18n import catalogues
from web.i18n.catalogues import NAMES, Catalogue
from web.i18n.clock_granularity import whole_minute
from workflows.acts import catalogue
from workflows.acts.act import AnyAct
from workflows.editing.editing import Editing


@dataclass(frozen=True)
class AboutProgram:
    """What every page tells of the program itself."""

    version: str
    store: str
    virtual: bool = False
    loopback: bool = True
    log_in: Callable[[], bool] = lambda: False
    """Whether everybody has to log in now."""
    takes_acts: bool = False
    """Whether this program has forms, or its pages can only be read."""
    resting: Callable[[], bool] = lambda: False
    """Whether acts are refused now, because the store is a standby."""
    standby: Note = lambda _: None
    """What a page says of the standby that it is read from, if it is read from one."""
    colours: Callable[[str], str] = lambda _: ""
    """The address of the style sheet with the colours of the organisation that a path is about."""
    primary: str = ""
    """Where the pages of the primary are seen, if that was said."""

    @property
    def acting(self) -> bool:
        """Whether acts can be given on the pages now."""
        return self.takes_acts and not self.resting()


class Requested(NamedTuple):
    """What a request says beside its path, as far as pages depend on it."""

    language: str
    requested_language: str = ""
    """The language in the address, if that is the one."""
    at: str = ""
    after: int | None = None
    page: str = ""


def read_request(request: Request) -> Requested:
    """What stands in the query and in the browser's languages. Raises UnclearTime and Refused."""
    query = request.query_params
    in_address = query.get("lang", "")
    accepted = cookie(request.scope, LANGUAGE) or request.headers.get("accept-language", "")
    language = catalogues.choose_language(in_address, accepted)
    return Requested(
        language=language,
        requested_language=in_address if in_address == language else "",
        at=params.parse_moment(query.get("at", "")),
        after=params.parse_after(query.get("after", "")),
        page=params.parse_page(query.get("page", "")),
    )


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One reading of one page.

    `requested_language` is the language in the address, `at` the moment there.
    """

    catalogue: Catalogue
    now: datetime
    path: str = "/"
    requested_language: str = ""
    at: str = ""
    after: int | None = None
    """The position after which a long history is shown."""
    page: str = ""
    """The row beside which a page of a long list begins."""
    kept_here: Mapping[str, str] = field(default_factory=dict)
    """What else stands in the address, and stays when this page is read in another language."""
    form_token: str = ""
    """The token by which the page's forms prove that they were made for this session."""
    shared: bool = False
    """Whether the page may be shown to other readers as well, for a while."""
    access: Access | None = None
    """What the reader may see and do; None for texts without a particular reader."""

    @property
    def identity(self) -> Identity | None:
        """Who reads; None where log-in is not in force."""
        return self.access.identity if self.access else None

    def offered(self, organisation: str, noun: StreamKind, shown: Any, state: object) -> Offered:
        """The acts that the page of a noun offers to this reader, by whom they are for."""
        if self.access is None:
            return {}
        return self.access.offered(organisation, noun, shown, state)

    def not_yet(
        self, organisation: str, noun: StreamKind, shown: Any, state: object
    ) -> list[tuple[AnyAct, tuple[str, ...]]]:
        """The acts that this reader may do, but not now, each with what is missing."""
        return [
            (act, unmet)
            for act, unmet in catalogue.not_yet(noun, shown)
            if self.may(organisation, act, shown, state)
        ]

    def edited(
        self, organisation: str, noun: StreamKind, shown: Any, state: object
    ) -> list[Editing[Any]]:
        """The editing pages that the page of a noun offers to this reader."""
        return self.access.edited(organisation, noun, shown, state) if self.access else []

    def may(self, organisation: str, act: AnyAct, shown: Any, state: object | None = None) -> bool:
        """Whether this reader may do an act on what belongs to a noun, or anywhere without one."""
        return self.access is not None and self.access.may(organisation, act, shown, state)

    def may_in(self, organisation: str, act: AnyAct, bodies: Iterable[str]) -> bool:
        """Whether this reader may do an act on what belongs to these bodies."""
        return self.access is not None and self.access.may_in(organisation, act, bodies)

    def require_view(self, organisation: str, kind: ViewKind) -> None:
        """Raise Refused for a reader who may not see what is of this kind."""
        if self.access is not None:
            self.access.require_view(organisation, kind)

    def sees(self, organisation: str, kind: ViewKind) -> bool:
        """Whether this reader may see what is of a kind in an organisation."""
        return self.access is not None and self.access.sees(organisation, kind)

    @property
    def organisations(self) -> frozenset[str] | None:
        """The organisations in which the reader has a role; None where log-in is not in force.

        Raises Refused for one who has none.
        """
        return self.access.organisations if self.access else None

    @property
    def server_time(self) -> datetime:
        """The present as the page shows it; a shared page shows the minute."""
        return whole_minute(self.now) if self.shared else self.now

    @property
    def language(self) -> str:
        return self.catalogue.language

    def link(
        self,
        path: str,
        at: str | None = None,
        lang: str | None = None,
        after: int | None = None,
        *,
        page: object = "",
    ) -> str:
        """The address of a page of ours; it keeps language and moment unless told otherwise."""
        if at is None and lang is None and after is None and not page:
            return _joined(path, self._kept)
        kept = {
            "lang": self.requested_language if lang is None else lang,
            "at": self.at if at is None else at,
            "after": "" if after is None else str(after),
            "page": str(page),
        }
        return _joined(path, _query(kept))

    @cached_property
    def _kept(self) -> str:
        """What most of the links of a page end with."""
        return _query({"lang": self.requested_language, "at": self.at})

    def here(self, lang: str) -> str:
        """This page in another language."""
        there = self.link(self.path, lang=lang, after=self.after, page=self.page)
        return urls.with_query(there, self.kept_here) if self.kept_here else there

    @property
    def present(self) -> str:
        """This page as it stands now."""
        return self.link(self.path, at="")

    @property
    def json_address(self) -> str:
        """This page as JSON."""
        return self.json_address_of(self.page, self.after)

    def json_address_of(self, page: str = "", after: int | None = None) -> str:
        """Another page of the same list as JSON."""
        path = "/board.json" if self.path == "/" else f"{self.path}.json"
        return self.link(path, page=page, after=after)

    @property
    def languages(self) -> dict[str, str]:
        return NAMES


def _joined(path: str, query: str) -> str:
    """A path, which may have a query of its own, with a further one."""
    return path + (query.replace("?", "&", 1) if "?" in path else query)


def _query(values: Mapping[str, str]) -> str:
    """These values as the end of an address; empty ones are left out."""
    query = urlencode({name: value for name, value in values.items() if value}, safe="/")
    return f"?{query}" if query else ""


def language_headers(reader: RequestContext) -> dict[str, str]:
    """Headers that tell the language of an answer, and that it depends on the browser's."""
    return {
        "Content-Language": reader.language,
        "Vary": "Accept-Language",
        "Cache-Control": "no-store",
    }
