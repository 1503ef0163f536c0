"""`placet post`: sending notices, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any
from uuid import uuid4

import typer

from domain.actors import Actor, Role
from domain.messages import Command
from domain.notices import RECEIPT, REMINDER, Notice
from domain.ports.outbox import QueuedNotice
from domain.silence.commands import RecordNotices, RepeatNotices
from domain.silence.notice_repetition import TELLING
from web.cli.context import environment, open_application
from web.cli.event import print_events
from web.cli.execute import By, CommandId, Office
from web.cli.mail_options import MailOptions
from web.cli.option_groups import option_groups
from web.cli.organisation_option import resolve_organisation
from web.cli.output import (
    AsJson,
    Organisation,
    StoreFolder,
    print_json,
    print_note,
    print_rows,
    print_table,
)
from web.cli.output_failures import report_recorded
from web.cli.token_identity import execute_here, identity_of_token
from workflows.acts.request import Request
from workflows.acts.stated_circumstances import Circumstances
from workflows.application import Application
from workflows.history.redaction import WITHHELD

app = typer.Typer(
    help="Send notices, and see what became of them.", no_args_is_help=True, rich_markup_mode=None
)

Window = Annotated[str, typer.Option("--window", help="The window's id.")]
Seat = Annotated[str, typer.Option("--seat", help="The seat's id.")]
About = Annotated[
    str, typer.Option("--about", help="What it was about, such as opening; all when left out.")
]
Reason = Annotated[str, typer.Option("--reason", help="In a sentence.")]


@app.command("send")
@option_groups
def send(
    store: StoreFolder,
    *,
    mailing: MailOptions,
    json: AsJson = False,
) -> None:
    """Send what is due now, once; what became of notices is recorded.

    Letters with links to accounts are sent, too.
    """
    transport, sentence = mailing.transport()
    print_note(sentence)
    with open_application(store) as placet:
        mailing.require_letters_that_lead_here(transport, placet)
        placet.notifications.configure_mail(transport, mailing.address)
        rows: list[tuple[str, ...]] = []
        while (done := placet.notifications.send()).sent:
            rows += [
                (n.window, n.about, _addressee(placet, n), outcome.state, outcome.reason)
                for n, outcome in done.sent
            ]
        mailing.configure_links(placet)
        while links := placet.accounts.link_delivery.run_round():
            rows += [
                ("", link.purpose, link.address, outcome.state, outcome.reason)
                for link, outcome in links
            ]
    print_rows(("window", "about", "to", "state", "reason"), rows, json=json)


@app.command("status")
def status(store: StoreFolder, json: AsJson = False) -> None:
    """Show for each window how many notices wait, were accepted, refused or given up."""
    with open_application(store) as placet:
        every = placet.notifications.outbox.all_notices()
        if json:
            print_json([_plain(placet, queued) for queued in every])
            return
    counts = Counter((_place(queued), queued.notice.about, queued.state) for queued in every)
    rows = [(*place, number) for place, number in sorted(counts.items())]
    print_table(("window", "about", "state", "letters"), rows)


@app.command("bounced")
def bounced(
    message: Annotated[str, typer.Argument(help="The Message-ID of the letter.")],
    store: StoreFolder,
    reason: Reason,
    address: Annotated[
        str,
        typer.Option("--address", help="From which address, where the letter went to several."),
    ] = "",
) -> None:
    """Record that a letter came back after its server had accepted it.

    Its seat counts as notified as long as another address took it.
    """
    key = message.strip("<>").partition("@")[0]
    with open_application(store) as placet, report_recorded(placet):
        delivery = placet.notifications.configure_mail(environment().mail.screen(print_note))
        by = _secretariat(placet)
        answer = delivery.record_bounce(key, reason, by=by, address=address)
        if answer is None:
            print_note("Noted. It went to no seat of a procedure, so nothing is on record.")
            return
        if answer.repeated:
            print_note("This had been done before; nothing was recorded again.")
        found = placet.queries.events.redact(answer.events[0].organisation, answer.events)
        print_events(placet, found)


@app.command("resolve")
def resolve(
    store: StoreFolder,
    *,
    window: Window,
    seat: Seat,
    reason: Reason,
    about: About = "",
    organisation: Organisation = "",
) -> None:
    """Record that a seat was notified after all, by other means."""
    _record(store, organisation, "resolved", window=window, seat=seat, reason=reason, about=about)


@app.command("again")
def again(
    store: StoreFolder,
    *,
    window: Window,
    seat: Annotated[
        list[str], typer.Option("--seat", metavar="SEAT", help="To which seat; may be repeated.")
    ],
    reason: Reason,
    about: Annotated[
        str, typer.Option("--about", help=f"What it is about: {', '.join(TELLING)}.")
    ] = "opening",
    address: Annotated[
        list[str],
        typer.Option(
            "--address",
            metavar="ADDRESS",
            help="Only to this address of the directory; may be repeated.",
        ),
    ] = [],  # noqa: B006 (Typer reads it)
    by: By = Office.SECRETARIAT,
    organisation: Organisation = "",
    id_: CommandId = "",
) -> None:
    """Order that seats are sent again what they were notified of, with what holds by now."""
    with open_application(store) as placet, report_recorded(placet):
        where = resolve_organisation(placet, organisation)
        marks = placet.notifications.addresses.marks(where, window, seat, address)
        command = RepeatNotices(
            window=window, seats=tuple(seat), reason=reason, about=about, addresses=marks
        )
        _execute(placet, where, command, role=Role(by), id_=id_)


@app.command("waive")
def waive(
    store: StoreFolder,
    *,
    window: Window,
    seat: Seat,
    reason: Reason,
    about: About = "",
    organisation: Organisation = "",
) -> None:
    """Waive the failure to notify a seat, with the reason."""
    _record(store, organisation, "waived", window=window, seat=seat, reason=reason, about=about)


def _record(
    store: str, organisation: str, result: str, *, window: str, seat: str, reason: str, about: str
) -> None:
    """Record what became of the notices of one seat."""
    command = RecordNotices(window=window, seats=(seat,), result=result, reason=reason, about=about)
    with open_application(store) as placet, report_recorded(placet):
        where = resolve_organisation(placet, organisation)
        _execute(placet, where, command, role=Role.SECRETARIAT)


def _execute(
    placet: Application, where: str, command: Command, *, role: Role, id_: str = ""
) -> None:
    """Do it now, and print what was recorded."""
    requested = Request(command=command, circumstances=Circumstances(role=role))
    answer = execute_here(placet, where, requested.step, id_ or str(uuid4()))
    print_events(placet, placet.queries.events.redact(where, answer.events))


def _secretariat(placet: Application) -> Actor:
    """The secretariat, with the person of the token if there is one."""
    if (identity := identity_of_token(placet)) is None:
        return Actor(role=Role.SECRETARIAT)
    return Actor(
        role=Role.SECRETARIAT,
        principal=identity.principal,
        authenticated_by=identity.authenticated_by,
    )


def _place(queued: QueuedNotice) -> str:
    return f"{queued.notice.organisation}/{queued.notice.window}"


def _addressee(placet: Application, notice: Notice) -> str:
    """To whom a letter goes; withheld where only those get one who answered, or did not."""
    if notice.about not in {RECEIPT, REMINDER}:
        return notice.to
    window = placet.queries.record.present(notice.organisation).window(notice.window)
    return WITHHELD if window.policy.names_withheld else notice.to


def _plain(placet: Application, queued: QueuedNotice) -> dict[str, Any]:
    to = _addressee(placet, queued.notice)
    return {
        "message": queued.notice.key if to == queued.notice.to else WITHHELD,
        "organisation": queued.notice.organisation,
        "window": queued.notice.window,
        "about": queued.notice.about,
        "to": to,
        "state": queued.state,
        "attempts": queued.attempts,
        "next": queued.next_at.isoformat() if queued.state == "waiting" else "",
        "via": queued.via,
        "reason": queued.reason,
        "answer": queued.answer if to == queued.notice.to else WITHHELD,
    }
