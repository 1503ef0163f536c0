"""`placet mail`: how answers come in, as files that are given and from mailboxes that are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import to_builtins

from domain.actors import Role
from domain.ports.errors import Unavailable
from domain.times import When
from web.cli.context import environment, open_application
from web.cli.mail_output import print_messages
from web.cli.mailbox_options import MailboxOptions, ReceivingHosts
from web.cli.option_groups import option_groups
from web.cli.output import AsJson, StoreFolder, print_error, print_json, print_note, print_table
from web.cli.token_identity import name_of_token
from workflows.application import Application

LARGEST_FILE: Final = 40 * 1024 * 1024
"""How many bytes a file may have that is given by hand."""


def register(app: typer.Typer) -> None:
    """Make these commands commands of a group."""
    app.command("take")(take)
    app.command("check")(check)
    app.command("mailboxes")(mailboxes)
    app.command("forget")(forget)


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
            by = name_of_token(placet, str(Role.SECRETARIAT))
            taken = [placet.processes.mail.state_receipt(m.id, at, reason, by) for m in taken]
        print_messages(placet, taken, json=json)


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
        print_messages(placet, found.messages, json=json)
    for failure in found.failures:
        print_error(failure)
    if found.failures:
        raise typer.Exit(1)


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
