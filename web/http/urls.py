"""Addresses of pages within the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, unquote, urlencode

from domain.streams import Stream, StreamKind


def with_query(address: str, values: Mapping[str, str]) -> str:
    """An address, which may have a query, that says these values too."""
    return address + ("&" if "?" in address else "?") + urlencode(values, safe="/")


def agenda(organisation: str, name: str) -> str:
    """The path of an agenda's page."""
    return f"/agendas/{quote(organisation, safe='')}/{quote(name)}"


def window(organisation: str, name: str) -> str:
    """The path of a window's page."""
    return f"/windows/{quote(organisation, safe='')}/{quote(name)}"


def bodies(organisation: str) -> str:
    """The path of the list of an organisation's bodies."""
    return f"/bodies/{quote(organisation, safe='')}"


def body(organisation: str, name: str) -> str:
    """The path of a body's page."""
    return f"{bodies(organisation)}/{quote(name)}"


def session(organisation: str, name: str) -> str:
    """The path of a session's page."""
    return f"/sessions/{quote(organisation, safe='')}/{quote(name)}"


def document(organisation: str, name: str) -> str:
    """The path of a document's page."""
    return f"/documents/{quote(organisation, safe='')}/{quote(name)}"


def organisation(organisation: str, _: str = "") -> str:
    """The path of an organisation's page; it has one stream, whose id stands in no address."""
    return f"/organisations/{quote(organisation, safe='')}"


def page_of(organisation: str, stream: Stream) -> str:
    """The path of the page of a noun that has one."""
    return PAGES[stream.kind](organisation, stream.id)


PAGES: Final[Mapping[StreamKind, Callable[[str, str], str]]] = {
    StreamKind.BODY: body,
    StreamKind.SESSION: session,
    StreamKind.AGENDA: agenda,
    StreamKind.DOCUMENT: document,
    StreamKind.WINDOW: window,
    StreamKind.ORGANISATION: organisation,
}
"""The nouns that have pages of their own."""


def stream_of(page: str) -> tuple[str, Stream] | None:
    """The organisation and the stream whose page has this path; None where no noun has it."""
    _, _, rest = page.partition("/")
    folder, _, names = rest.partition("/")
    organisation_, _, name = names.partition("/")
    for kind, path in PAGES.items():
        here, stream = unquote(organisation_), Stream(kind, unquote(name))
        if folder and organisation_ and path(here, stream.id) == page:
            return here, stream
    return None


BEGINNING: Final = "/establish"
"""Where somebody names an organisation, to enter its first body."""
WAITING: Final = "/waiting/"
"""How the paths begin of what waits for the second of two persons."""
FORMS: Final = ("/open/", BEGINNING, WAITING)
"""How the paths of forms begin that stand on the page of no noun."""


def is_form(path: str) -> bool:
    """Whether somebody acts at this path, or edits."""
    return path.startswith(FORMS) or "/act/" in path or "/edit/" in path


def act(organisation: str, stream: Stream, slug: str, **suggested: str) -> str:
    """The path of the form for an act on a noun, or for one that is offered on its page.

    `suggested` are answers with which it begins.
    """
    path = f"{page_of(organisation, stream)}/act/{quote(slug, safe='')}"
    return f"{path}?{urlencode(suggested)}" if suggested else path


def erasure(organisation: str, stream: Stream, version: int) -> str:
    """The path of the form that erases the text of an event."""
    return act(organisation, stream, "erase-text", version=str(version))


def editing(organisation: str, stream: Stream, slug: str, of: str = "", choice: str = "") -> str:
    """The path of an editing page of a noun; of one thing, such as an item, where it is chosen."""
    path = f"{page_of(organisation, stream)}/edit/{quote(slug, safe='')}"
    return f"{path}/{quote(of, safe='')}/{quote(choice, safe='')}" if of else path


def recorded(organisation: str, stream: Stream, position: int) -> str:
    """The path of the page that says what an act on a noun has recorded."""
    return f"{page_of(organisation, stream)}/recorded/{position}"


def evidence(organisation: str, name: str, number: int) -> str:
    """The evidence that came with a response, as a file."""
    return f"{window(organisation, name)}/evidence/{number}"


def own_receipt(organisation: str, name: str) -> str:
    """Where a sender asks for the own receipt, by the id under which the response was sent."""
    return f"{window(organisation, name)}/receipt"


def opening(organisation: str, of_agenda: str = "") -> str:
    """The path of the form that opens a silence procedure, also of an agenda's submitted items."""
    path = f"/open/{quote(organisation, safe='')}"
    return f"{path}/{quote(of_agenda)}" if of_agenda else path


def establishing(organisation: str) -> str:
    """The path of the form that enters a body in the record."""
    return f"{BEGINNING}/{quote(organisation, safe='')}"


def drafts(organisation: str) -> str:
    """The path of the list of saved forms."""
    return f"/drafts/{quote(organisation, safe='')}"


def waiting(organisation: str, draft: str) -> str:
    """The path of an act that waits for the second of two persons."""
    return f"{WAITING}{quote(organisation, safe='')}/{quote(draft, safe='')}"


def set_up(organisation: str) -> str:
    """The path of the page that leads to the first agenda of an organisation."""
    return f"/set-up/{quote(organisation, safe='')}"


def mail(organisation: str, number: int = 0) -> str:
    """The path of the list of messages that came by mail, or of one of them."""
    path = f"/mail/{quote(organisation, safe='')}"
    return f"{path}/{number}" if number else path


def mail_file(organisation: str, number: int) -> str:
    """A message as it came, as a file."""
    return f"{mail(organisation, number)}/file"


def mail_registration(organisation: str, number: int, window: str) -> str:
    """The path of the form that registers a message as a response to a silence procedure."""
    return f"{mail(organisation, number)}/register/{quote(window)}"


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


def text_proof(organisation: str, position: int) -> str:
    """The path of the proof of a response's text, as a file."""
    return f"{receipt(organisation, position)}/text"


def directory(organisation: str) -> str:
    """The path of the directory of an organisation's seats and officers."""
    return f"/directory/{quote(organisation, safe='')}"


def directory_entry(organisation: str, body: str, who: str) -> str:
    """The path of the form of one entry of it."""
    return f"{directory(organisation)}/entry?{urlencode({'body': body, 'who': who})}"


def history(organisation: str, stream: object = "") -> str:
    """The path of the history of an organisation, or of one of its streams."""
    path = f"/history/{quote(organisation, safe='')}"
    return f"{path}/{quote(str(stream))}" if stream else path
