"""`placet serve`: Placet on pages, on this machine only or for others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from domain.ports.errors import CaseError
from domain.ports.mail import MailTransport
from web.accounts.demo_people import DemoPerson
from web.app import create_app
from web.cli.clock import alarms
from web.cli.context import environment
from web.cli.issuer_options import Issuers, offer_issuers
from web.cli.mail_options import MailOptions
from web.cli.mailbox_options import MailboxOptions, ReceivingHosts, ReplyTo
from web.cli.option_groups import option_groups
from web.cli.output import StoreFolder, print_note
from web.cli.serving_options import Port, ServingOptions
from web.cli.session_options import IDLE, LONGEST, Idle, Longest, session_limits
from web.http import connection_limits
from web.http.context import AboutProgram
from web.http.standby import standby_note
from web.metrics import CountingLogger, Metrics
from workflows.application import Application
from workflows.history import read_limit
from workflows.processes.supervisor import EXPECTED_ERRORS, Loop, run_in_threads
from workflows.processes.takeover import Takeover
from workflows.recovery.rollback_detection import UNCONFIRMED

TICK_SECONDS = 1.0
POST_SECONDS = 3.0
MAIL_SECONDS = 1.0
SWITCH_SECONDS = 0.0002
"""After which a thread that computes lets others go on: large pages delay no other request."""
FOLLOWER = "The follower"

MostRead = Annotated[
    int,
    typer.Option(
        "--read-limit",
        envvar="PLACET_READ_LIMIT",
        min=1_000,
        help="How many events the server reads for one page.",
    ),
]
Primary = Annotated[
    str,
    typer.Option(
        "--primary",
        envvar="PLACET_PRIMARY",
        help="Where the pages of the primary are; the forms of a standby lead there.",
    ),
]
RESTS = (
    "This database is a standby: its pages can only be read. Clock, follower and notice service"
    " rest until it is promoted."
)

READS = (
    "Answers by mail are read. No silence procedure is closed before what its mailbox received in"
    " time was read and dealt with."
)

PROMOTED = (
    "The standby was promoted: acts are taken here now. It may lack what its primary had"
    " acknowledged, so this server closes no silence procedure; the clocks of hosts that saw the"
    " primary do. Where there is none, look whether anything is missing, and start this server"
    " again."
)


@option_groups
def serve(
    store: StoreFolder,
    port: Port = 8000,
    *,
    serving: ServingOptions,
    most_read: MostRead = read_limit.DEFAULT,
    mailing: MailOptions,
    primary: Primary = "",
    reply_to: ReplyTo = "",
    answers: MailboxOptions,
    hosts: ReceivingHosts = "",
    issuers: Issuers = None,
    session_idle: Idle = IDLE,
    session_longest: Longest = LONGEST,
) -> None:
    """Serve a store; let the silence clock run, and send notices.

    Without other options it serves this machine only. For others it needs TLS: by a proxy that
    is named by --trusted-proxy, or by --certificate and --key.

    A standby of PostgreSQL is only read, and says how far it is behind, until it is promoted.
    """
    serving = replace(serving, port=port, external_address=mailing.address)
    serving.check()
    metrics = Metrics()
    with environment().open_application(
        store, log=CountingLogger(environment().log, metrics)
    ) as placet:
        replace(answers, hosts=hosts).configure(placet)
        offer_issuers(placet, issuers)
        placet.accounts.limits = session_limits(session_idle, session_longest)
        run_server(
            placet,
            serving,
            replace(mailing, reply_to=reply_to),
            metrics,
            primary=primary,
            most_read=most_read,
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
        loopback=not serving.for_others or placet.accounts.in_force,
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
    app.include_router(metrics.routes())
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
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
        **(serving.tls() if serving else {}),
    )


def loops(placet: Application, takeover: Takeover) -> list[Loop]:
    """What a server does by itself: the silence clock, following the log, sending notices.

    On a standby all of it rests, until the standby takes over.
    """

    def tick() -> None:
        placet.processes.record_heartbeat()
        placet.processes.clock.tick()

    read_mail = placet.processes.mail.look_when_due

    def post() -> bool:
        return bool(placet.notifications.send().sent)

    tasks = (
        ("The silence clock", takeover.duty(tick), TICK_SECONDS),
        (FOLLOWER, takeover.duty(placet.processes.follower.run_once), TICK_SECONDS),
        ("The notice service", takeover.duty(post), POST_SECONDS),
        (
            "The reader of mailboxes",
            takeover.duty(read_mail),
            MAIL_SECONDS,
        ),
    )
    alarm = environment().log
    return [
        Loop(
            name,
            act,
            every=every,
            say=print_note,
            alarm=alarm,
            expected=(*EXPECTED_ERRORS, CaseError),
        )
        for name, act, every in tasks
    ]
