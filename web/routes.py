"""The addresses of all pages and of their twins."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.forms.controller import FormController
from web.forms.routes import form_routes
from web.http import params
from web.http.context import RequestContext
from web.page_context import PageContent
from web.pages import evidence as papers
from web.pages.pages import Pages
from web.presenters import receipt as receipts


def routes(pages: Pages, acting: FormController | None = None) -> APIRouter:
    """The addresses of all pages and their twins; with `acting` also those of forms."""
    router = APIRouter()

    @router.get("/")
    def board(request: Request) -> Response:
        return pages.answer(request, pages.board)

    @router.get("/board.json")
    def board_twin(request: Request) -> Response:
        return pages.json_answer(request, pages.board)

    @router.get("/receipts/{organisation}/{position}.txt")
    def receipt_file(organisation: str, position: str) -> Response:
        return receipts.receipt_download(
            pages.receipts, organisation, params.parse_number(position)
        )

    @router.get("/windows/{organisation}/{name:path}/evidence/{number}")
    def evidence(organisation: str, name: str, number: str) -> Response:
        return papers.evidence_file(pages.reading, organisation, name, params.parse_number(number))

    if acting:
        router.include_router(form_routes(acting))
    for ending, answer in ((".json", pages.json_answer), ("", pages.answer)):
        _agendas_and_windows(router, pages, ending, answer)
        _histories(router, pages, ending, answer)
    return router


Answer = Callable[[Request, Callable[[RequestContext], PageContent]], Response]


def _agendas_and_windows(router: APIRouter, pages: Pages, ending: str, answer: Answer) -> None:
    @router.get("/agendas/{organisation}/{name:path}" + ending)
    def agenda(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: pages.agenda(reader, organisation, name))

    @router.get("/windows/{organisation}/{name:path}" + ending)
    def window(request: Request, organisation: str, name: str) -> Response:
        return answer(request, lambda reader: pages.window(reader, organisation, name))

    @router.get("/outstanding/{organisation}" + ending)
    def outstanding(request: Request, organisation: str) -> Response:
        return answer(request, lambda reader: pages.outstanding(reader, organisation))


def _histories(router: APIRouter, pages: Pages, ending: str, answer: Answer) -> None:
    @router.get("/events/{organisation}/{position}" + ending)
    def event(request: Request, organisation: str, position: str) -> Response:
        number = params.parse_number(position)
        return answer(request, lambda reader: pages.event(reader, organisation, number))

    @router.get("/receipts/{organisation}/{position}" + ending)
    def receipt(request: Request, organisation: str, position: str) -> Response:
        number = params.parse_number(position)
        return answer(request, lambda _: pages.receipt(organisation, number))

    @router.get("/history/{organisation}/{kind}/{name:path}" + ending)
    def stream(request: Request, organisation: str, kind: str, name: str) -> Response:
        of = params.parse_stream(kind, name)
        return answer(request, lambda reader: pages.history(reader, organisation, of))

    @router.get("/history/{organisation}" + ending)
    def history(request: Request, organisation: str) -> Response:
        return answer(request, lambda reader: pages.history(reader, organisation))
