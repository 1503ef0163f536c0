"""The addresses of forms, and of what they recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.streams import Stream, StreamKind
from web.forms import recorded_page
from web.forms.controller import FormController
from web.forms.form_subject import FormPlace
from web.forms.posted_form import Sent
from web.http import params, urls


def form_routes(acting: FormController) -> APIRouter:
    """The forms. They stand before the pages of nouns, whose names may hold anything."""
    router = APIRouter()
    for kind, at in (
        (StreamKind.BODY, acting.at_body),
        (StreamKind.SESSION, acting.at_session),
        (StreamKind.AGENDA, acting.at_agenda),
        (StreamKind.DOCUMENT, acting.at_document),
        (StreamKind.WINDOW, acting.at_window),
    ):
        _acts_on(router, acting, kind, at)

    @router.post("/windows/{organisation}/{name:path}/receipt")
    def own_receipt(organisation: str, name: str, sent: Sent) -> Response:
        return recorded_page.file(acting.pages, organisation, name, sent.values.text("command_id"))

    @router.get(urls.BEGINNING)
    def beginning(request: Request, organisation: str = "") -> Response:
        name = organisation.strip()
        page = urls.establishing(name) if name else "/"
        return RedirectResponse(acting.reader(request).link(page), 303)

    @router.get(urls.BEGINNING + "/{organisation}")
    def establishing(request: Request, organisation: str) -> Response:
        return acting.show(acting.at_establishing(request, organisation))

    @router.post(urls.BEGINNING + "/{organisation}")
    def establish(request: Request, organisation: str, sent: Sent) -> Response:
        return acting.send(acting.at_establishing(request, organisation), sent)

    @router.get("/open/{organisation}")
    def opening(request: Request, organisation: str) -> Response:
        return acting.show(acting.at_opening(request, organisation))

    @router.post("/open/{organisation}")
    def open_(request: Request, organisation: str, sent: Sent) -> Response:
        return acting.send(acting.at_opening(request, organisation), sent)

    @router.get("/open/{organisation}/{name:path}")
    def opening_of(request: Request, organisation: str, name: str) -> Response:
        return acting.show(acting.at_opening(request, organisation, name))

    @router.post("/open/{organisation}/{name:path}")
    def open_of(request: Request, organisation: str, name: str, sent: Sent) -> Response:
        return acting.send(acting.at_opening(request, organisation, name), sent)

    return router


Place = Callable[[Request, str, str, str], FormPlace]


NOUNS: Final[Mapping[StreamKind, str]] = {StreamKind.BODY: "bodies"}
"""How addresses name several of a kind, where an s at its end does not."""


def _acts_on(router: APIRouter, acting: FormController, kind: StreamKind, at: Place) -> None:
    """The forms of one kind of noun, and the page that says what one of them recorded."""
    noun = f"/{NOUNS.get(kind, f'{kind}s')}/{{organisation}}/{{name:path}}"

    @router.get(f"{noun}/act/{{slug}}")
    def form(request: Request, organisation: str, name: str, slug: str) -> Response:
        return acting.show(at(request, organisation, name, slug))

    @router.post(f"{noun}/act/{{slug}}")
    def act(request: Request, organisation: str, name: str, slug: str, sent: Sent) -> Response:
        return acting.send(at(request, organisation, name, slug), sent)

    @router.get(f"{noun}/recorded/{{position}}")
    def done(request: Request, organisation: str, name: str, position: str) -> Response:
        again = bool(request.query_params.get("again"))
        number, who = params.parse_number(position), acting.reader(request)
        stream = Stream(kind, name)
        return recorded_page.page(acting.pages, who, organisation, stream, number, again=again)
