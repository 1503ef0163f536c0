"""Log-in without a password, in the demonstration only: one button for each role.

No identity is proved by it. Only the wiring of the demonstration includes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final, NamedTuple

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from web.accounts.account_context import AccountContext
from web.accounts.log_in_pages import begun
from web.forms.posted_form import SentByAnybody
from web.http import account_urls

METHOD: Final = "demo"
"""The method of authentication that the record names."""


class DemoPerson(NamedTuple):
    """A person as whom every visitor of the demonstration can log in."""

    principal: str
    role: str
    detail: str
    """For which organisation, body and seat."""


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
