"""`placet mail`: answers that came by mail, looked at and dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from msgspec import to_builtins

from domain.actors import Role
from domain.incoming_mail import IncomingMessage
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.times import When
from web.cli import execute, mail_reading
from web.cli.confirmation import confirm
from web.cli.context import open_application
from web.cli.event import print_events
from web.cli.execute import By, CommandId, Office, Yes
from web.cli.mail_output import plain, print_message, print_messages
from web.cli.names import named, with_ids
from web.cli.organisation_option import resolve_organisation
from web.cli.output import AsJson, Organisation, StoreFolder, print_json, print_note
from web.cli.output_failures import report_recorded
from web.cli.token_identity import execute_here, name_of_token
from workflows.acts.request import InvalidValues, Request, request
from workflows.acts.window_responses import REGISTER
from workflows.application import Application
from workflows.incoming import registration

app = typer.Typer(
    help="Take answers that came by mail, and deal with them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Number = Annotated[int, typer.Argument(metavar="MESSAGE", help="The number of the message.")]
Reason = Annotated[str, typer.Option("--reason", help="In a sentence.")]

mail_reading.register(app)


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
        print_messages(placet, [message for message in found if every or message.waits], json=json)


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
        print_json(plain(found) | {"content": to_builtins(content)})
        return
    print_message(found)
    for attachment in content.attachments:
        print_note(f"attached: {attachment.name} ({attachment.type}, {attachment.size} bytes)")
    print(content.text)


@app.command("dismiss")
def dismiss(number: Number, store: StoreFolder, reason: Reason) -> None:
    """Note that a message is no response, and why; it is kept."""
    with open_application(store) as placet:
        by = name_of_token(placet, str(Role.SECRETARIAT))
        found = placet.processes.mail.dismiss(number, reason, by)
        print_messages(placet, [found], json=False)


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
        by = name_of_token(placet, str(Role.SECRETARIAT))
        found = placet.processes.mail.state_receipt(number, at, reason, by)
        print_messages(placet, [found], json=False)


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
    again: Annotated[
        bool,
        typer.Option("--again", help="Another response, beside what rests on it already."),
    ] = False,
    by: By = Office.SECRETARIAT,
    yes: Yes = False,
    organisation: Organisation = "",
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Register a message as a response of a seat, with the message as evidence.

    It counts from the time of its receipt, which stands with the message. A message that was
    registered in the procedure before is registered there once more with `--again` only.
    """
    given: dict[str, object] = {"seats": tuple(seat), "kind": kind, "items": tuple(item)}
    given |= {path: said for path, said in (("text", text), ("wording", wording)) if said}
    with open_application(store) as placet, report_recorded(placet):
        where, name = resolve_organisation(placet, organisation), id_ or str(uuid4())
        given = with_ids(REGISTER, named(placet, REGISTER, where, window), given)
        message = placet.processes.mail.get(number)
        resting = placet.queries.cited_messages.count(where, window, message.sha256)
        given |= {"order.known": resting if again else 0}
        requested = _request(placet, message, window, Role(by), given)
        with _telling_registered(placet, where, window, message):
            if not (yes or placet.queries.record.was_done(where, name)):
                execute.foretell(placet, where, name, REGISTER, requested)
                confirm()
            answer = execute_here(placet, where, requested.step, name, requested.files)
        first = answer.events[0]
        placet.processes.mail.note_registered(
            number,
            organisation=where,
            window=window,
            position=first.position,
            by=name_of_token(placet, str(by)),
        )
        execute.report(placet, where, answer, json=json)


@contextmanager
def _telling_registered(
    placet: Application, where: str, window: str, message: IncomingMessage
) -> Iterator[None]:
    """Say what rests on a message already, where it is refused because of that."""
    try:
        yield
    except Refused as refused:
        if refused.rule == "registered-once":
            events = placet.queries.cited_messages.events(where, window, message.sha256)
            placet.processes.mail.note_recorded(message.id, events)
            print_events(placet, events, json=False)
            print_note("Look at it; --again registers the message once more, beside it.")
        raise


def _request(
    placet: Application, message: IncomingMessage, window: str, role: Role, given: dict[str, Any]
) -> Request:
    """What is asked for: as the options say, and as the message fixes it."""
    values = {**given, **registration.fixed_values(message), "order.message": message.sha256}
    files = {}
    if registration.has_evidence(message):
        files[message.sha256] = placet.processes.mail.store.content(message.id)
    try:
        return request(REGISTER, None, window, role, values, files)
    except InvalidValues as invalid:
        raise typer.BadParameter(str(invalid)) from invalid


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.") from error
