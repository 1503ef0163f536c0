"""The addresses of forms, and of what they recorded."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.forms import confirmation
from web.forms.controller import FormController
from web.forms.parsing import Sent
from web.http import params


def form_routes(acting: FormController) -> APIRouter:
    """The forms. They stand before the pages of windows, whose names may hold anything."""
    router = APIRouter()

    @router.get("/windows/{organisation}/{name:path}/act/{slug}")
    def form(request: Request, organisation: str, name: str, slug: str) -> Response:
        return acting.show(acting.at_window(request, organisation, name, slug))

    @router.post("/windows/{organisation}/{name:path}/act/{slug}")
    def act(request: Request, organisation: str, name: str, slug: str, sent: Sent) -> Response:
        return acting.send(acting.at_window(request, organisation, name, slug), sent)

    @router.get("/windows/{organisation}/{name:path}/recorded/{position}")
    def done(request: Request, organisation: str, name: str, position: str) -> Response:
        again = bool(request.query_params.get("again"))
        at, who = params.parse_number(position), acting.reader(request)
        return confirmation.page(acting.pages, who, organisation, name, at, again=again)

    @router.post("/windows/{organisation}/{name:path}/receipt")
    def own_receipt(organisation: str, name: str, sent: Sent) -> Response:
        return confirmation.file(acting.pages, organisation, name, sent.values.text("command_id"))

    @router.get("/open/{organisation}")
    def opening(request: Request, organisation: str) -> Response:
        return acting.show(acting.at_opening(request, organisation))

    @router.post("/open/{organisation}")
    def open_(request: Request, organisation: str, sent: Sent) -> Response:
        return acting.send(acting.at_opening(request, organisation), sent)

    return router
