"""`placet mail`: answers that came by mail, taken, looked at and dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer
from msgspec import to_builtins

from domain.actors import Role
from domain.incoming_mail import BOUNCE, STATED, IncomingMessage, Receipt
from domain.ports.errors import Unavailable
from domain.times import When
from web.cli import execute
from web.cli.confirmation import confirm
from web.cli.context import environment, open_application
from web.cli.execute import By, CommandId, Office, Yes
from web.cli.mailbox_options import MailboxOptions, ReceivingHosts
from web.cli.option_groups import option_groups
from web.cli.organisation_option import resolve_organisation
from web.cli.output import (
    AsJson,
    Organisation,
    StoreFolder,
    print_error,
    print_json,
    print_note,
    print_table,
)
from web.cli.output_failures import report_recorded
from web.cli.token_identity import execute_here
from workflows.acts.request import InvalidValues, Request, request
from workflows.acts.window_responses import REGISTER
from workflows.application import Application
from workflows.incoming import registration
from workflows.incoming.service import MatchedMessage

app = typer.Typer(
    help="Take answers that came by mail, and deal with them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

LARGEST_FILE: Final = 40 * 1024 * 1024
"""How many bytes a file may have that is given by hand."""
HEADS: Final = ("message", "received", "from", "subject", "what it is", "stands")

Number = Annotated[int, typer.Argument(metavar="MESSAGE", help="The number of the message.")]
Reason = Annotated[str, typer.Option("--reason", help="In a sentence.")]


@app.command("take")
def take(
    files: Annotated[list[Path], typer.Argument(help="Messages, each a file such as mail.eml.")],
    *,
    store: StoreFolder,
    hosts: ReceivingHosts = "",
    received: Annotated[
        str, typer.Option("--received", help="When it was received; needs --reason.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="How that is known.")] = "",
    json: AsJson = False,
) -> None:
    """Keep messages that are given as files, whole; nothing in them acts by itself.

    When one was received is known from the uppermost trace line, if one of our servers wrote it
    (--mail-host); else it is to be stated, for the file itself does not tell.
    """
    if received and not reason.strip():
        raise typer.BadParameter("--received needs --reason: how that is known")
    with open_application(store) as placet:
        _take_reports(placet)
        MailboxOptions(hosts=hosts).configure(placet)
        taken = [placet.processes.mail.take(_file(path), path.name) for path in files]
        if received:
            at = When(received).exact
            by = str(Role.SECRETARIAT)
            taken = [placet.processes.mail.state_receipt(m.id, at, reason, by) for m in taken]
        _print(placet, taken, json=json)


@app.command("check")
@option_groups
def check(
    store: StoreFolder,
    *,
    answers: MailboxOptions,
    json: AsJson = False,
) -> None:
    """Read the mailboxes once, and show what is new. Ends with 1 where one cannot be read.

    From then on no silence procedure of the store lapses before they were read.
    """
    with open_application(store) as placet:
        answers.configure(placet)
        if not placet.processes.mail.is_configured:
            raise typer.BadParameter("name a mailbox: --imap or --maildir")
        _take_reports(placet)
        found = placet.processes.mail.look()
        _print(placet, found.messages, json=json)
    for failure in found.failures:
        print_error(failure)
    if found.failures:
        raise typer.Exit(1)


@app.command("mailboxes")
def mailboxes(store: StoreFolder, json: AsJson = False) -> None:
    """Show which mailboxes are read for a store, and how they do."""
    with open_application(store) as placet:
        boxes = placet.processes.mail.store.mailboxes()
    if json:
        print_json([to_builtins(box) for box in boxes])
        return
    heads = ("mailbox", "read at", "fails since", "because")
    rows = [(box.name, box.looked_at, box.failed_since, box.because) for box in boxes]
    print_table(heads, [[cell or "" for cell in row] for row in rows])


@app.command("forget")
def forget(
    mailbox: Annotated[str, typer.Argument(help="Its name, as `placet mail mailboxes` says it.")],
    store: StoreFolder,
) -> None:
    """Read a mailbox no longer, so that no procedure waits for it. What it had given stays."""
    with open_application(store) as placet:
        known = placet.processes.mail.store.forget_mailbox(mailbox)
    if not known:
        print_error(f"No mailbox {mailbox} is read for this store.")
        raise typer.Exit(1)
    print_note(f"{mailbox} is not waited for any more, unless a process goes on reading it.")


@app.command("list")
def list_(
    store: StoreFolder,
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that were dealt with, too.")] = False,
    json: AsJson = False,
) -> None:
    """List the messages with which nobody has dealt, newest first."""
    with open_application(store) as placet:
        found = placet.processes.mail.store.messages(waiting=not every)
        _print(placet, [message for message in found if every or message.waits], json=json)


@app.command("show")
def show(
    number: Number,
    store: StoreFolder,
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Write the message, as it came, to this new file."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show one: its text, what is attached, to what it may belong, and what is in doubt."""
    with open_application(store) as placet:
        found = placet.processes.mail.matched(number)
        content = placet.processes.mail.store.read_message(number)
        whole = placet.processes.mail.store.content(number) if to else b""
    if to:
        _write(to, whole)
    if json:
        print_json(_plain(found) | {"content": to_builtins(content)})
        return
    print_table(HEADS, [_row(found.message)])
    for line in _account(found):
        print_note(line)
    for attachment in content.attachments:
        print_note(f"attached: {attachment.name} ({attachment.type}, {attachment.size} bytes)")
    print(content.text)


@app.command("dismiss")
def dismiss(number: Number, store: StoreFolder, reason: Reason) -> None:
    """Note that a message is no response, and why; it is kept."""
    with open_application(store) as placet:
        found = placet.processes.mail.dismiss(number, reason, str(Role.SECRETARIAT))
        _print(placet, [found], json=False)


@app.command("receipt")
def receipt(
    number: Number,
    store: StoreFolder,
    reason: Reason,
    received: Annotated[str, typer.Option("--received", help="When: 2026-05-29T16:59[UTC].")],
) -> None:
    """State when a message was received, and how that is known."""
    with open_application(store) as placet:
        at = When(received).exact
        found = placet.processes.mail.state_receipt(number, at, reason, str(Role.SECRETARIAT))
        _print(placet, [found], json=False)


@app.command("register")
def register(
    number: Number,
    window: Annotated[str, typer.Option("--window", help="The id of the silence procedure.")],
    seat: Annotated[list[str], typer.Option("--seat", help="A seat that signed it.")],
    kind: Annotated[str, typer.Option("--kind", help="Such as objection or no objection.")],
    *,
    store: StoreFolder,
    item: Annotated[
        list[str], typer.Option("--item", help="The item that it concerns; else the whole.")
    ] = [],  # noqa: B006 (Typer reads it)
    text: Annotated[str, typer.Option("--text", help="Reasons, or what is to be stated.")] = "",
    wording: Annotated[str, typer.Option("--wording", help="The wording that is asked for.")] = "",
    by: By = Office.SECRETARIAT,
    yes: Yes = False,
    organisation: Organisation = "",
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Register a message as a response of a seat, with the message as evidence.

    It counts from the time of its receipt, which stands with the message.
    """
    given = {"seats": tuple(seat), "kind": kind, "items": tuple(item)}
    given |= {path: said for path, said in (("text", text), ("wording", wording)) if said}
    with open_application(store) as placet, report_recorded(placet):
        where, name = resolve_organisation(placet, organisation), id_ or str(uuid4())
        requested = _request(placet, number, window, Role(by), given)
        if not yes:
            execute.foretell(placet, where, name, REGISTER, requested)
            confirm()
        answer = execute_here(placet, where, requested.step, name, requested.files)
        first = answer.events[0]
        placet.processes.mail.note_registered(
            number, organisation=where, window=window, position=first.position, by=str(by)
        )
        execute.report(placet, where, answer, json=json)


def _request(
    placet: Application, number: int, window: str, role: Role, given: dict[str, Any]
) -> Request:
    """What is asked for: as the options say, and as the message fixes it."""
    message = placet.processes.mail.get(number)
    values = {**given, **registration.fixed_values(message)}
    files = {}
    if registration.has_evidence(message):
        files[message.sha256] = placet.processes.mail.store.content(number)
    try:
        return request(REGISTER, None, window, role, values, files)
    except InvalidValues as invalid:
        raise typer.BadParameter(str(invalid)) from invalid


def _take_reports(placet: Application) -> None:
    """Let delivery reports be recorded, where letters were ever sent from this store."""
    if placet.notifications.has_outbox:
        placet.notifications.configure_mail(environment().mail.screen(print_note))


def _file(path: Path) -> bytes:
    """The bytes of a message. Raises Unavailable for one that is too large or not there."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}.") from error
    if not content or len(content) > LARGEST_FILE:
        because = "it is empty" if not content else f"it has more than {LARGEST_FILE} bytes"
        raise Unavailable(f"{path} cannot be taken: {because}.")
    return content


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.") from error


def _print(placet: Application, messages: Sequence[IncomingMessage], *, json: bool) -> None:
    if json:
        print_json([_plain(placet.processes.mail.matched(message.id)) for message in messages])
        return
    print_table(HEADS, [_row(message) for message in messages])


def _row(message: IncomingMessage) -> tuple[object, ...]:
    summary = message.summary
    return (
        message.id,
        _received(message.receipt),
        summary.sender,
        summary.subject,
        summary.kind,
        message.state,
    )


def _received(receipt: Receipt) -> str:
    return f"{receipt.at:%Y-%m-%d %H:%M:%S} UTC" if receipt.at else "not known"


def _account(found: MatchedMessage) -> list[str]:
    """To what a message may belong, and what is in doubt about it."""
    message, match = found.message, found.match
    lines = [f"time of receipt: {message.receipt.source}"]
    if message.receipt.source == STATED:
        lines[0] += f" ({message.receipt.by}): {message.receipt.reason}"
    if match.letter:
        letter = match.letter
        lines.append(
            f"it answers a letter to {letter.to} about {letter.organisation}/{letter.window}"
        )
    lines += [
        f"its address is that of {who.organisation}/{who.body}: {who.name}" for who in match.senders
    ]
    lines += [f"! {doubt}" for doubt in match.doubts]
    if message.summary.automatic:
        lines.append(f"! an automatic answer: {message.summary.automatic}")
    if message.summary.kind == BOUNCE:
        lines += [
            f"! report: {report.action} {report.status} {report.address}"
            for report in message.summary.reports
        ]
    if message.reason:
        lines.append(f"{message.state}: {message.reason}")
    if message.position:
        lines.append(f"{message.state}: event {message.position} of {message.organisation}")
    lines.append("Nothing proves who sent it: a sender's address can be forged.")
    return lines


def _plain(found: MatchedMessage) -> dict[str, Any]:
    """A message with what it may belong to, as JSON."""
    return {**to_builtins(found.message), "match": to_builtins(found.match)}
