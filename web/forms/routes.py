"""The addresses of forms, and of what they recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.commands import ORGANISATION
from domain.streams import Stream, StreamKind
from web.forms import draft_list, editing_places, form_places, pending_acts, recorded_page
from web.forms.controller import FormController
from web.forms.editing_controller import EditingController
from web.forms.form_places import FormPlace
from web.forms.incoming_mail import add_mail_routes
from web.forms.posted_form import Sent
from web.http import params, urls


def add_form_routes(router: APIRouter, acting: FormController) -> None:
    """The forms. They stand before the pages of nouns, whose names may hold anything."""
    add_mail_routes(router, acting)
    for kind in EDITED:
        _acts_on(router, acting, kind, _address_of(kind))
    _acts_on(router, acting, StreamKind.WINDOW, _address_of(StreamKind.WINDOW))
    _acts_on(router, acting, StreamKind.ORGANISATION, "/organisations/{organisation}")

    _editing(router, acting)
    _own_receipts(router, acting)
    _drafts(router, acting)
    _waiting(router, acting)
    _beginnings(router, acting)


Place = Callable[..., FormPlace]
"""Makes the place of a form from the request and what its address names."""

NOUNS: Final[Mapping[StreamKind, str]] = {StreamKind.BODY: "bodies"}
"""How addresses name several of a kind, where an s at its end does not."""
EDITED: Final = (StreamKind.BODY, StreamKind.SESSION, StreamKind.AGENDA, StreamKind.DOCUMENT)
"""The kinds of nouns that have editing pages."""


def _address_of(kind: StreamKind) -> str:
    """The address of the pages of one kind of noun."""
    return f"/{NOUNS.get(kind, f'{kind}s')}/{{organisation}}/{{name:path}}"


def _acts_on(router: APIRouter, acting: FormController, kind: StreamKind, noun: str) -> None:
    """The forms of one kind of noun, and the page that says what one of them recorded."""
    place = partial(acting.places.of_noun, kind)
    _form_at(router, acting, f"{noun}/act/{{slug}}", place)

    @router.get(f"{noun}/recorded/{{position}}")
    def done(
        request: Request, organisation: str, position: str, name: str = ORGANISATION.id
    ) -> Response:
        again = bool(request.query_params.get("again"))
        number, who = params.parse_number(position), acting.places.reader(request)
        stream = Stream(kind, name)
        return recorded_page.page(acting.pages, who, organisation, stream, number, again=again)


def _editing(router: APIRouter, acting: FormController) -> None:
    """The editing pages of nouns, also of one thing of a noun, such as one item of an agenda."""
    pages = EditingController(acting)
    for kind in EDITED:
        _editing_of(router, pages, kind)


def _editing_of(router: APIRouter, pages: EditingController, kind: StreamKind) -> None:
    noun = f"{_address_of(kind)}/edit/{{slug}}"

    for path in (noun, f"{noun}/{{of}}/{{choice:path}}"):

        @router.get(path)
        def page(request: Request) -> Response:
            place = pages.places.find(request, kind, **request.path_params)
            query = request.query_params
            check, wrong = bool(query.get("check")), bool(query.get("wrong"))
            return pages.show(editing_places.permitted(place), check=check, wrong=wrong)

        @router.post(path)
        def edit(request: Request, sent: Sent) -> Response:
            place = pages.places.find(request, kind, **request.path_params)
            return pages.send(editing_places.permitted(place), sent)


def _form_at(router: APIRouter, acting: FormController, path: str, place: Place) -> None:
    """A form at an address: GET shows it, and POST takes what was filled in."""

    @router.get(path)
    def form(request: Request) -> Response:
        here = form_places.opened(place(request, **request.path_params), request)
        return acting.show(here, check=bool(request.query_params.get("check")))

    @router.post(path)
    def act(request: Request, sent: Sent) -> Response:
        here = form_places.opened(place(request, **request.path_params), request)
        return acting.send(here, sent)


def _own_receipts(router: APIRouter, acting: FormController) -> None:
    """The receipts that a sender alone can open."""

    @router.post("/windows/{organisation}/{name:path}/receipt")
    def own_receipt(request: Request, organisation: str, name: str, sent: Sent) -> Response:
        who, command_id = acting.places.reader(request), sent.values.text("command_id")
        text = bool(sent.values.text("text"))
        return recorded_page.file(acting.pages, who, organisation, name, command_id, text=text)


def _drafts(router: APIRouter, acting: FormController) -> None:
    """The forms that somebody has saved."""

    @router.get("/drafts/{organisation}")
    def drafts(request: Request, organisation: str) -> Response:
        return draft_list.page(acting, request, organisation)

    @router.post("/drafts/{organisation}")
    def delete_draft(request: Request, organisation: str, sent: Sent) -> Response:
        return draft_list.delete(acting, request, organisation, sent.values)


def _waiting(router: APIRouter, acting: FormController) -> None:
    """What waits for the second of two persons."""

    @router.get("/waiting/{organisation}/{draft}")
    def waiting(request: Request, organisation: str, draft: str) -> Response:
        return pending_acts.page(acting, request, organisation, draft)

    @router.post("/waiting/{organisation}/{draft}")
    def settle(request: Request, organisation: str, draft: str, sent: Sent) -> Response:
        return pending_acts.settle(acting, request, organisation, draft, sent)


def _beginnings(router: APIRouter, acting: FormController) -> None:
    """The forms that begin a body or a silence procedure, which no page of theirs can offer yet."""

    @router.get(urls.BEGINNING)
    def beginning(request: Request, organisation: str = "") -> Response:
        name = organisation.strip()
        page = urls.set_up(name) if name else "/"
        return RedirectResponse(acting.places.reader(request).link(page), 303)

    _form_at(router, acting, urls.BEGINNING + "/{organisation}", acting.places.of_establishing)
    _form_at(router, acting, "/open/{organisation}", acting.places.of_opening)
    _form_at(router, acting, "/open/{organisation}/{name:path}", acting.places.of_opening)
