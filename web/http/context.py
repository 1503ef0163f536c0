"""Who reads: in which language, as of which moment, and how links keep both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from web.i18n.catalogues import NAMES, Catalogue


@dataclass(frozen=True)
class About:
    """What every page tells of the program itself."""

    version: str
    store: str
    virtual: bool = False
    loopback: bool = True
    acting: bool = False
    """Whether acts can be given on the pages, or they can only be read."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One reading of one page. `asked` is the language in the address, `at` the moment there."""

    catalogue: Catalogue
    now: datetime
    path: str = "/"
    asked: str = ""
    at: str = ""
    after: int | None = None
    """The position after which a long history is shown."""
    page: str = ""
    """The row beside which a page of a long list begins."""

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
        kept = {
            "lang": self.asked if lang is None else lang,
            "at": self.at if at is None else at,
            "after": "" if after is None else str(after),
            "page": str(page),
        }
        query = urlencode({name: value for name, value in kept.items() if value}, safe="/")
        return f"{path}?{query}" if query else path

    def here(self, lang: str) -> str:
        """This page in another language."""
        return self.link(self.path, lang=lang, after=self.after, page=self.page)

    @property
    def present(self) -> str:
        """This page as it stands now."""
        return self.link(self.path, at="")

    @property
    def twin(self) -> str:
        """This page as JSON."""
        return self.twin_of(self.page, self.after)

    def twin_of(self, page: str = "", after: int | None = None) -> str:
        """Another page of the same list as JSON."""
        path = "/board.json" if self.path == "/" else f"{self.path}.json"
        return self.link(path, page=page, after=after)

    @property
    def languages(self) -> dict[str, str]:
        return NAMES


def agenda(organisation: str, name: str) -> str:
    """The path of an agenda's page."""
    return f"/agendas/{quote(organisation, safe='')}/{quote(name)}"


def window(organisation: str, name: str) -> str:
    """The path of a window's page."""
    return f"/windows/{quote(organisation, safe='')}/{quote(name)}"


def act(organisation: str, name: str, slug: str) -> str:
    """The path of the form for an act on a window."""
    return f"{window(organisation, name)}/act/{quote(slug, safe='')}"


def recorded(organisation: str, name: str, position: int) -> str:
    """The path of the page that says what an act on a window has recorded."""
    return f"{window(organisation, name)}/recorded/{position}"


def evidence(organisation: str, name: str, number: int) -> str:
    """The paper that came with a response, as a file."""
    return f"{window(organisation, name)}/evidence/{number}"


def own_receipt(organisation: str, name: str) -> str:
    """Where a sender asks for the own receipt, by the id under which the response was sent."""
    return f"{window(organisation, name)}/receipt"


def opening(organisation: str) -> str:
    """The path of the form that opens a silence procedure."""
    return f"/open/{quote(organisation, safe='')}"


def outstanding(organisation: str) -> str:
    """The path of the list of outcomes that a meeting has yet to note."""
    return f"/outstanding/{quote(organisation, safe='')}"


def event(organisation: str, position: int) -> str:
    """The path of an event's page."""
    return f"/events/{quote(organisation, safe='')}/{position}"


def receipt(organisation: str, position: int) -> str:
    """The path of the page with the receipt of a response."""
    return f"/receipts/{quote(organisation, safe='')}/{position}"


def receipt_file(organisation: str, position: int) -> str:
    """The path of the receipt itself, as a file."""
    return f"{receipt(organisation, position)}.txt"


def history(organisation: str, stream: object = "") -> str:
    """The path of the history of an organisation, or of one of its streams."""
    path = f"/history/{quote(organisation, safe='')}"
    return f"{path}/{quote(str(stream))}" if stream else path


def spoken(reader: Reader) -> dict[str, str]:
    """Headers that tell the language of an answer, and that it depends on the browser's."""
    return {
        "Content-Language": reader.language,
        "Vary": "Accept-Language",
        "Cache-Control": "no-store",
    }
