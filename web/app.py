"""The web application: pages that read the record, and forms that act on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware

from domain.ports.clock import RecordingClock
from domain.ports.codec import Codec
from domain.ports.spreadsheets import TableReader, UnreadableTable
from web.accounts import demo_log_in, log_in_pages
from web.accounts.account_context import AccountContext
from web.accounts.administrators import administers
from web.accounts.demo_person import DemoPerson
from web.accounts.routes import add_account_routes
from web.errors import ErrorResponses
from web.forms.controller import FormController
from web.forms.form_receiver import FormReceiver
from web.forms.response_batcher import ResponseBatcher
from web.forms.uploads import EvidenceBuffer
from web.http import account_urls
from web.http.access_view import AccessViews
from web.http.admission import Admission
from web.http.authentication import Authentication
from web.http.context import AboutProgram
from web.http.forwarded import ForwardedHeaders, TrustedProxies
from web.http.head_requests import HeadRequests
from web.http.host_names import HostNames
from web.http.read_limit import LimitedReading
from web.http.read_log import Log, ReadLog
from web.http.security_headers import SecurityHeaders
from web.http.shared_pages import SharedPages
from web.http.standby import StandbyGate
from web.http.static_assets import StaticAssets
from web.http.view_rules import view_check
from web.page_context import PageContext
from web.presenters.page_colours import style_sheet_address
from web.presenters.present_names import PresentNames
from web.rendering import Templates
from web.routes import add_routes
from workflows.application import Application
from workflows.history import read_limit
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer


def no_table(_: bytes) -> str:
    """Where a server takes no tables as files. Raises UnreadableTable."""
    raise UnreadableTable("this server takes no files; write the lines themselves")


def create_app(
    queries: Queries,
    now: Callable[[], datetime],
    refresh: Callable[[], object],
    about: AboutProgram,
    codec: Codec,
    *,
    receipts: ReceiptIssuer,
    placet: Application | None = None,
    clock: RecordingClock | None = None,
    read_table: TableReader = no_table,
    most_read: int = read_limit.DEFAULT,
    demo_people: Sequence[DemoPerson] = (),
    host_names: Collection[str] = (),
    proxies: TrustedProxies | None = None,
    log: Log | None = None,
) -> FastAPI:
    """The application over one store.

    `now` tells the time in UTC; `refresh` brings the kept rows up to date before the board is
    read, and says whether they could not be; `codec` makes plain values for JSON;
    `receipts` makes receipts. With `placet` and the `clock` by which it records, the pages take
    acts too, and `read_table` reads tables that come as files; without them they can only be
    read. A GET reads at most `most_read` events. `demo_people` are those whom anybody can become,
    in a throw-away store. `host_names` are those under which it answers, any where there are none;
    only what `proxies` forward is believed. `log` is told who read papers and receipts.
    """
    if demo_people and not about.virtual:
        raise ValueError("people of a demonstration belong in a throw-away store")
    about = replace(
        about,
        takes_acts=placet is not None and clock is not None,
        log_in=placet.accounts.asks if placet else about.log_in,
        colours=partial(style_sheet_address, queries),
    )
    templates = Templates(about, PresentNames(queries))
    pages = PageContext(queries, now, refresh, about, codec, templates, receipts)
    if placet:
        pages = replace(
            pages,
            listed=placet.pending.listed,
            people=placet.accounts.directory.all,
            invited=_invited(placet),
        )
    failed = ErrorResponses(pages.templates, now)
    app = FastAPI(
        title="Placet",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(view_check(pages.authorization, now))],
        middleware=[
            *_of_every_request(about, failed, host_names, proxies),
            *_of_people(pages, failed, placet, clock, demo_people),
            *_of_reading(pages, failed, placet, most_read, log),
        ],
    )
    if placet:
        _include_accounts(app, placet, pages, read_table, demo_people)
    acting = (
        FormController(placet, pages, EvidenceBuffer(), clock, read_table)
        if placet and clock
        else None
    )
    add_routes(app.router, pages, acting)
    app.mount("/static", StaticAssets(), name="static")
    failed.handle(app)
    return app


def _include_accounts(
    app: FastAPI,
    placet: Application,
    pages: PageContext,
    read_table: TableReader,
    demo_people: Sequence[DemoPerson],
) -> None:
    """The addresses of accounts and of the log-in, before those of the record."""
    administered_by = partial(administers, pages.queries, pages.now)
    context = AccountContext(placet, pages, administered_by, read_table, demo_people)
    if demo_people:
        demo_log_in.add_routes(app.router, context, demo_people)
    add_account_routes(app.router, context)
    log_in_pages.handle(context, app)


# --- What a request passes on its way to a page, in this order ------------------------------------


def _of_every_request(
    about: AboutProgram,
    failed: ErrorResponses,
    host_names: Collection[str],
    proxies: TrustedProxies | None,
) -> Iterator[Middleware]:
    """From where it comes, under which name, and whether acts are taken here at all."""
    yield Middleware(ForwardedHeaders, proxies=proxies or TrustedProxies())
    yield Middleware(SecurityHeaders)
    if host_names:
        yield Middleware(HostNames, names=host_names, refused=failed)
    yield Middleware(HeadRequests)
    yield Middleware(StandbyGate, resting=about.resting, refused=failed, primary=about.primary)


def _invited(placet: Application) -> Callable[[], Collection[str]]:
    """The principals of invitations that nobody has accepted."""
    pending = placet.accounts.invitations.pending
    return lambda: [invitation.principal for invitation in pending()]


def _of_people(
    pages: PageContext,
    failed: ErrorResponses,
    placet: Application | None,
    clock: RecordingClock | None,
    demo_people: Sequence[DemoPerson],
) -> Iterator[Middleware]:
    """Who sent it; and a form is received in whole, at an instant of the clock."""
    if placet:
        yield Middleware(
            Authentication,
            accounts=placet.accounts,
            refused=failed,
            now=pages.now,
            exempt=(account_urls.BECOME,) if demo_people else (),
        )
    if placet and clock:
        yield Middleware(
            FormReceiver,
            clock=clock,
            refused=failed,
            arrivals=ResponseBatcher(placet.processes.intake),
            permits=pages.authorization.permits_response,
        )


def _of_reading(
    pages: PageContext,
    failed: ErrorResponses,
    placet: Application | None,
    most_read: int,
    log: Log | None,
) -> Iterator[Middleware]:
    """Pages that readers share, how many are made at a time, and what one may read."""
    waiting = placet.pending.store.waiting if placet else None
    views = AccessViews(pages.authorization, pages.now, waiting)
    yield Middleware(SharedPages, heads=pages.queries.record.heads, now=pages.now, views=views)
    yield Middleware(Admission, refused=failed)
    yield Middleware(LimitedReading, most=most_read)
    if log:
        yield Middleware(ReadLog, log=log)
