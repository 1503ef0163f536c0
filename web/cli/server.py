"""A server on a store: what it makes sure of first, the pages that it serves, and how."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from domain.ports.mail import MailTransport
from web.accounts.demo_person import DemoPerson
from web.app import create_app
from web.cli.clock import alarms
from web.cli.context import environment
from web.cli.mail_options import MailOptions
from web.cli.output import print_note
from web.cli.server_loops import FOLLOWER, loops
from web.cli.serving_options import ServingOptions
from web.http import connection_limits
from web.http.context import AboutProgram
from web.http.standby import standby_note
from web.metrics import Metrics
from workflows.application import Application
from workflows.history import read_limit
from workflows.processes.supervisor import run_in_threads
from workflows.processes.takeover import Takeover
from workflows.recovery.rollback_detection import UNCONFIRMED

SWITCH_SECONDS: Final = 0.0002
"""After which a thread that computes lets others go on: large pages delay no other request."""

RESTS: Final = (
    "This database is a standby: its pages can only be read. Clock, follower and notice service"
    " rest until it is promoted."
)
READS: Final = (
    "Answers by mail are read. No silence procedure is closed before what its mailbox received in"
    " time was read and dealt with."
)
PROMOTED: Final = (
    "The standby was promoted: acts are taken here now. It may lack what its primary had"
    " acknowledged, so this server closes no silence procedure; the clocks of hosts that saw the"
    " primary do. Where there is none, look whether anything is missing, and start this server"
    " again."
)


def run_server(
    placet: Application,
    serving: ServingOptions,
    mailing: MailOptions,
    metrics: Metrics,
    *,
    primary: str = "",
    most_read: int = read_limit.DEFAULT,
    demo_people: Sequence[DemoPerson] = (),
) -> None:
    """Serve the pages of a store until somebody ends it. Raises Unavailable."""
    transport, sentence = mailing.transport()
    mailing.require_letters_that_lead_here(transport, placet)
    log_in = placet.accounts.in_force
    serving.require_log_in(log_in)
    takeover = Takeover(
        placet.recovery.store.standby,
        lambda: _prepare(placet, transport, mailing, promoted=takeover.was_standby),
    )
    mailing.configure_links(placet)
    work = loops(placet, takeover)
    metrics.watch(placet, work, environment().now)
    sys.setswitchinterval(SWITCH_SECONDS)
    with placet.recovery.store.server_lock(), serving.listen() as listening:
        takes_acts = takeover.begin()
        for warning in _warnings(placet):
            print_note(warning)
        pages = _pages(
            placet,
            metrics,
            takeover,
            serving,
            primary=primary,
            most_read=most_read,
            demo_people=demo_people,
        )
        server = uvicorn.Server(configuration(pages, serving))
        print_note(f"{serving.address_of(listening)} ({serving.readers(log_in)})")
        print_note(sentence if takes_acts else RESTS)
        if placet.processes.mail.is_configured:
            print_note(READS)
        follower = next(loop for loop in work if loop.name == FOLLOWER)
        with run_in_threads(work), placet.processes.follower.woken_by(follower.wake):
            server.run(sockets=[listening])


def _prepare(
    placet: Application, transport: MailTransport, mailing: MailOptions, *, promoted: bool
) -> None:
    """What a server does before its first work on a store that takes acts. Raises Unavailable.

    What it has seen of a standby does not tell what the primary had acknowledged. So after a
    promotion its own clock closes nothing; those of hosts that saw the primary know better.
    """
    placet.recovery.continuity.require_intact()
    if promoted:
        placet.processes.clock.doubt = PROMOTED
        print_note(PROMOTED)
    placet.notifications.configure_mail(transport, mailing.address, mailing.reply_to)
    for warning in placet.processes.prepare_intake():
        print_note(warning)
    placet.processes.record_heartbeat()


def _warnings(placet: Application) -> Iterator[str]:
    """What the person who starts a server should know."""
    if placet.recovery.continuity.unconfirmed():
        yield UNCONFIRMED
    yield from placet.recovery.store.warnings
    yield from alarms(placet)
    if doubt := placet.recovery.store.clock_doubt():
        yield f"Nothing vouches for the clock here: {doubt}. Every deadline is judged by it."
    if not placet.receipts.keys.in_force(environment().now()):
        yield "Responses get no signed receipts: there is no key. Make one by `placet key create`."


def _pages(
    placet: Application,
    metrics: Metrics,
    takeover: Takeover,
    serving: ServingOptions,
    *,
    primary: str,
    most_read: int,
    demo_people: Sequence[DemoPerson],
) -> FastAPI:
    """The pages of a store with the measures of this process."""
    store = placet.recovery.store
    about = AboutProgram(
        version=environment().version,
        store=store.name,
        virtual=store.virtual,
        resting=lambda: takeover.rests,
        standby=standby_note(store, store.standby),
        primary=primary,
    )
    app = create_app(
        placet.queries,
        environment().now,
        placet.projections.catch_up_or_wait,
        about,
        environment().codec,
        receipts=placet.receipts,
        placet=placet,
        clock=placet.processes.clock.recording,
        read_table=environment().files.table,
        most_read=most_read,
        demo_people=demo_people,
        host_names=serving.names,
        proxies=serving.proxies,
        log=environment().log,
    )
    metrics.add_routes(app.router)
    return app


def configuration(app: ASGIApp, serving: ServingOptions | None = None) -> uvicorn.Config:
    """How pages are served."""
    return uvicorn.Config(
        app,
        http=connection_limits.protocol(connection_limits.room()),
        ws="none",
        proxy_headers=False,
        server_header=False,
        log_level="warning",
        timeout_keep_alive=connection_limits.KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=3,
        **(serving.tls() if serving else {}),
    )
