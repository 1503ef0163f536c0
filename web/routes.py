"""The addresses of all pages, and of what they show as JSON."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.forms.controller import FormController
from web.forms.directory_pages import add_directory_routes
from web.forms.routes import add_form_routes
from web.http import params
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages import agenda as agenda_page
from web.pages import board as board_page
from web.pages import bodies as bodies_page
from web.pages import body as body_page
from web.pages import document as document_page
from web.pages import event as event_page
from web.pages import evidence_file, outcomes_to_note
from web.pages import history as history_page
from web.pages import organisation as organisation_page
from web.pages import receipt as receipt_page
from web.pages import session as session_page
from web.pages import set_up as set_up_page
from web.pages import window as window_page


def add_routes(router: APIRouter, pages: PageContext, acting: FormController | None = None) -> None:
    """The addresses of all pages, also as JSON; with `acting` those of forms too."""

    @router.get("/")
    def board(request: Request) -> Response:
        return pages.html(request, lambda reader: board_page.page(pages, reader))

    @router.get("/board.json")
    def board_as_json(request: Request) -> Response:
        return pages.json(request, lambda reader: board_page.page(pages, reader))

    @router.get("/set-up/{organisation}")
    def set_up(request: Request, organisation: str) -> Response:
        return pages.html(request, lambda reader: set_up_page.page(pages, reader, organisation))

    @router.get("/receipts/{organisation}/{position}.txt")
    def receipt_file(request: Request, organisation: str, position: str) -> Response:
        return receipt_page.download(pages, request, organisation, position)

    @router.get("/receipts/{organisation}/{position}/text")
    def text_proof(request: Request, organisation: str, position: str) -> Response:
        return receipt_page.download_text_proof(pages, request, organisation, position)

    @router.get("/windows/{organisation}/{name:path}/evidence/{number}")
    def evidence(organisation: str, name: str, number: str) -> Response:
        return evidence_file.download(
            pages.queries, organisation, name, params.parse_number(number)
        )

    if acting:
        add_directory_routes(router, acting)
        add_form_routes(router, acting)
    for ending, answer in ((".json", pages.json), ("", pages.html)):
        _bodies_and_sessions(router, pages, ending, answer)
        _nouns(router, pages, ending, answer)
        _histories(router, pages, ending, answer)


Answer = Callable[[Request, Callable[[RequestContext], PageContent]], Response]


def _bodies_and_sessions(
    router: APIRouter, pages: PageContext, ending: str, answer: Answer
) -> None:
    @router.get("/organisations/{organisation}" + ending)
    def organisation(request: Request, organisation: str) -> Response:
        return answer(request, lambda reader: organisation_page.page(pages, reader, organisation))

    @router.get("/bodies/{organisation}" + ending)
    def bodies(request: Request, organisation: str) -> Response:
        return answer(request, lambda reader: bodies_page.page(pages, reader, organisation))

    @router.get("/bodies/{organisation}/{name:path}" + ending)
    def body(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: body_page.page(pages, reader, organisation, name))

    @router.get("/sessions/{organisation}/{name:path}" + ending)
    def session(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: session_page.page(pages, reader, organisation, name))


def _nouns(router: APIRouter, pages: PageContext, ending: str, answer: Answer) -> None:
    @router.get("/agendas/{organisation}/{name:path}" + ending)
    def agenda(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: agenda_page.page(pages, reader, organisation, name))

    @router.get("/documents/{organisation}/{name:path}" + ending)
    def document(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: document_page.page(pages, reader, organisation, name))

    @router.get("/windows/{organisation}/{name:path}" + ending)
    def window(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: window_page.page(pages, reader, organisation, name))

    @router.get("/outstanding/{organisation}" + ending)
    def outstanding(request: Request, organisation: str) -> Response:
        return answer(request, lambda reader: outcomes_to_note.page(pages, reader, organisation))


def _histories(router: APIRouter, pages: PageContext, ending: str, answer: Answer) -> None:
    @router.get("/events/{organisation}/{position}" + ending)
    def event(request: Request, organisation: str, position: str) -> Response:
        number = params.parse_number(position)
        return answer(request, lambda reader: event_page.page(pages, reader, organisation, number))

    @router.get("/receipts/{organisation}/{position}" + ending)
    def receipt(request: Request, organisation: str, position: str) -> Response:
        number = params.parse_number(position)
        return answer(
            request, lambda reader: receipt_page.page(pages, reader, organisation, number)
        )

    @router.get("/history/{organisation}/{kind}/{name:path}" + ending)
    def stream(request: Request, organisation: str, kind: str, name: str) -> Response:
        of = params.parse_stream(kind, name)
        return answer(request, lambda reader: history_page.page(pages, reader, organisation, of))

    @router.get("/history/{organisation}" + ending)
    def history(request: Request, organisation: str) -> Response:
        return answer(request, lambda reader: history_page.page(pages, reader, organisation))
