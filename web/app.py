"""The web application: pages that read the record, and forms that act on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from fastapi import Depends, FastAPI

from domain.ports.clock import RecordingClock
from domain.ports.codec import Codec
from domain.ports.spreadsheets import TableReader, UnreadableTable
from web.accounts import demo_log_in, log_in_pages
from web.accounts.account_context import AccountContext
from web.accounts.administrators import administers
from web.accounts.demo_log_in import DemoPerson
from web.accounts.routes import account_routes
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
from web.rendering import Templates
from web.routes import routes
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
    in a throw-away store. `host_names` are those under which it answers, any where there are
    none; only what `proxies` forward is believed. `log` is told who read papers and receipts.
    """
    accounts = placet.accounts if placet else None
    about = replace(
        about,
        takes_acts=placet is not None and clock is not None,
        log_in=accounts.asks if accounts else about.log_in,
    )
    templates = Templates(about)
    pages = PageContext(queries, now, refresh, about, codec, templates, receipts)
    if placet:
        pages = replace(pages, listed=placet.pending.listed)
    checks = [Depends(view_check(pages.authorization, now))]
    app = FastAPI(
        title="Placet", docs_url=None, redoc_url=None, openapi_url=None, dependencies=checks
    )
    acting = (
        FormController(placet, pages, EvidenceBuffer(), clock, read_table)
        if placet and clock
        else None
    )
    if demo_people and not about.virtual:
        raise ValueError("people of a demonstration belong in a throw-away store")
    if placet:
        administered_by = partial(administers, queries, now)
        context = AccountContext(placet, pages, administered_by, demo_people=demo_people)
        if demo_people:
            app.include_router(demo_log_in.routes(context, demo_people))
        app.include_router(account_routes(context))
        log_in_pages.handle(context, app)
    app.include_router(routes(pages, acting))
    app.mount("/static", StaticAssets(), name="static")
    failed = ErrorResponses(templates, now)
    failed.handle(app)

    if log:
        app.add_middleware(ReadLog, log=log)
    app.add_middleware(LimitedReading, most=most_read)
    app.add_middleware(Admission, refused=failed)
    views = AccessViews(pages.authorization, now, placet.pending.store.waiting if placet else None)
    app.add_middleware(SharedPages, heads=queries.record.heads, now=now, views=views)
    if placet and clock:
        batcher = ResponseBatcher(placet.processes.intake)
        app.add_middleware(
            FormReceiver,
            clock=clock,
            refused=failed,
            arrivals=batcher,
            permits=pages.authorization.permits_response,
        )
    if accounts:
        exempt = (account_urls.BECOME,) if demo_people else ()
        app.add_middleware(
            Authentication, accounts=accounts, refused=failed, now=now, exempt=exempt
        )
    app.add_middleware(StandbyGate, resting=about.resting, refused=failed, primary=about.primary)
    app.add_middleware(HeadRequests)
    if host_names:
        app.add_middleware(HostNames, names=host_names, refused=failed)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(ForwardedHeaders, proxies=proxies or TrustedProxies())
    return app
