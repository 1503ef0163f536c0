"""Log-in without a password, in the demonstration only: one button for each role, or its issuer.

No identity is proved by it. Only the wiring of the demonstration includes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from web.accounts.account_context import AccountContext
from web.accounts.demo_person import DemoPerson
from web.accounts.log_in_pages import begun
from web.forms.posted_form import SentByAnybody
from web.http import account_urls
from web.http.context import AboutProgram, RequestContext
from web.i18n.catalogues import choose_language, load_catalogue
from web.presenters.present_names import PresentNames
from web.presenters.role_places import place_of_role
from web.rendering import Templates

METHOD: Final = "demo"
"""The method of authentication that the record names."""
ISSUER_RETURNS: Final = {
    "log_in": f"{account_urls.LOG_IN_WITH}demo/return",
    "log_out": account_urls.LOG_IN,
}
"""The paths to which the issuer of the demonstration leads back."""


def add_routes(router: APIRouter, context: AccountContext, people: Sequence[DemoPerson]) -> None:
    """The address by which a visitor logs in as one of them."""
    known = {person.principal for person in people}

    @router.post(account_urls.BECOME)
    def become(request: Request, sent: SentByAnybody) -> Response:
        principal = sent.values.text("principal")
        if principal not in known:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        client = context.client(request)
        session = context.accounts.sessions.begin(principal, METHOD, client)
        return begun(context, request, session, sent.values.text("next"))


def issuer_page(
    people: Sequence[DemoPerson], names: PresentNames, now: Callable[[], datetime]
) -> Callable[[str, Mapping[str, str]], str]:
    """Makes the page of the demonstration's issuer, in the language that a browser accepts."""
    templates = Templates(AboutProgram(version="", store="", virtual=True))

    def page(accepted: str, known: Mapping[str, str]) -> str:
        catalogue = load_catalogue(choose_language("", accepted))
        shown = [person for person in people if person.principal in known]
        reader = RequestContext(catalogue=catalogue, now=now())
        where = partial(place_of_role, names, reader.language)
        return templates.page("demo_issuer.html", reader, people=shown, place_of_role=where)

    return page
