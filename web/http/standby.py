"""Pages of a standby: how far they are behind, and where acts are taken instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.ports.errors import Unavailable
from domain.ports.event_store import EventLog
from domain.ports.store import Standby
from web.http import urls
from web.i18n.labels import N_

MOST: Final = 5
"""Of how many organisations a page says where their logs end, if it is about none of them."""
ONLY_READ: Final = (
    N_("These pages can only be read"),
    N_(
        "This server shows a standby, a copy of the record that can only be read. Nothing was"
        " recorded."
    ),
)
ACT_THERE: Final = N_("Act at %(there)s")
"""Where acts are taken instead."""


@dataclass(frozen=True)
class StandbyNote:
    """What a page of a standby says of itself."""

    replayed_at: datetime | None
    positions: Mapping[str, int] = field(default_factory=dict)
    """The last position that is here, by organisation."""

    def age(self, now: datetime) -> int | None:
        """How many seconds before `now` it stood so; None where that is not known."""
        if self.replayed_at is None:
            return None
        return max(now - self.replayed_at, timedelta(0)) // timedelta(seconds=1)


class RefuseAct(Protocol):
    """Makes the page that says why something is not done, by its status."""

    def __call__(
        self,
        request: Request,
        status: int,
        detail: str,
        explained: tuple[str, str],
        values: Mapping[str, object],
    ) -> ASGIApp:
        """The page with a title, a sentence and a detail, translated and filled with values."""


Note = Callable[[str], StandbyNote | None]
"""What the page at a path says of the standby that it is read from; None where it is none."""


def standby_note(log: EventLog, standby: Callable[[], Standby | None]) -> Note:
    """Tells how far a standby is, by the logs of one store. It never fails: pages of errors ask."""

    def note(path: str) -> StandbyNote | None:
        try:
            state = standby()
            return StandbyNote(state.replayed_at, _positions(log, path)) if state else None
        except Unavailable:
            return None

    return note


def _positions(log: EventLog, path: str) -> dict[str, int]:
    """The ends of the logs that a page is about; of none where it is about very many."""
    names, parts = log.organisations(), {unquote(part) for part in path.split("/")}
    about = [name for name in names if name in parts] or names
    return {name: log.history(name).last_position() for name in about[: MOST + 1]}


class StandbyGate:
    """Lets nobody act on a standby: forms lead to the primary, if it is known, and else say so.

    `resting` says at once whether it is one, and reads nothing: it is asked before the time of
    receipt of whatever is posted is taken.
    """

    def __init__(
        self, app: ASGIApp, resting: Callable[[], bool], refused: RefuseAct, primary: str = ""
    ) -> None:
        self._app, self._resting, self._refused = app, resting, refused
        self._primary = primary.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an act, lead to the form on the primary, or let it be read."""
        if scope["type"] == "http" and self._resting() and _acts(scope):
            await self._elsewhere(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _elsewhere(self, request: Request) -> ASGIApp:
        query = request.url.query
        there = self._primary + request.url.path + (f"?{query}" if query else "")
        if self._primary and request.method != "POST":
            return RedirectResponse(there, HTTPStatus.TEMPORARY_REDIRECT)
        detail, values = ACT_THERE if self._primary else "", {"there": there}
        return self._refused(request, HTTPStatus.METHOD_NOT_ALLOWED, detail, ONLY_READ, values)


def _acts(scope: Scope) -> bool:
    """Whether a request acts, or asks for a form by which one would act."""
    path = scope["path"]
    return scope["method"] == "POST" or urls.is_form(path)
