"""`placet serve`: Placet on pages, on this machine only or for others."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from web.cli.context import environment, open_application
from web.cli.issuer_options import Issuers, offer_issuers
from web.cli.mail_options import MailOptions
from web.cli.mailbox_options import AuthenticationServers, MailboxOptions, ReceivingHosts, ReplyTo
from web.cli.option_groups import option_groups
from web.cli.output import StoreFolder
from web.cli.server import run_server
from web.cli.serving_options import Port, ServingOptions
from web.cli.session_options import IDLE, LONGEST, Idle, Longest, session_limits
from web.metrics import CountingLogger, Metrics
from workflows.history import read_limit

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
    authentication: AuthenticationServers = "",
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
    with open_application(store, log=CountingLogger(environment().log, metrics)) as placet:
        replace(answers, hosts=hosts, servers=authentication).configure(placet)
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
