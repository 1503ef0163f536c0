"""`placet window respond`, `register` and `withdraw`: what seats answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.actors import Actor, Role
from domain.canonical import digest
from domain.silence.commands import Respond, WithdrawObjection
from domain.silence.responses import KINDS
from domain.times import When
from web.cli.context import environment
from web.cli.execute import (
    ActOptions,
    Authority,
    By,
    CommandId,
    Office,
    OnBehalfOf,
    Reason,
    WindowName,
    Yes,
    act,
)
from web.cli.output import AsJson, Organisation, StoreFolder
from web.cli.receipt_output import ReceiptFile

Kind = Annotated[str, typer.Option("--kind", help=f"One of: {', '.join(sorted(KINDS))}.")]
Items = Annotated[
    list[str] | None, typer.Option("--item", help="The item that it concerns; else the whole.")
]
Text = Annotated[str, typer.Option("--text", help="Reasons, or what is to be stated.")]
Wording = Annotated[str, typer.Option("--wording", help="The wording that is asked for.")]
TextHash = Annotated[
    str, typer.Option("--text-hash", help="The hash of the text that was read and is answered.")
]
Evidence = Annotated[
    Path | None,
    typer.Option("--evidence", exists=True, dir_okay=False, help="The paper or mail, a file."),
]
Channel = Annotated[str, typer.Option("--channel", help="How it came, such as letter or mail.")]


def respond(
    window: WindowName,
    *,
    seat: Annotated[str, typer.Option("--as", metavar="SEAT", help="The seat that answers.")],
    kind: Kind,
    store: StoreFolder,
    on_behalf_of: OnBehalfOf = None,
    item: Items = None,
    text: Text = "",
    wording: Wording = "",
    text_hash: TextHash = "",
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    receipt: ReceiptFile = None,
    json: AsJson = False,
) -> None:
    """Answer for a seat.

    An objection or an amendment breaks the silence; statements do not. Whatever is answered is
    kept. It ends with 1 when the answer does not count.
    """
    command = Respond(
        window=window,
        kind=kind,
        seats=(seat,),
        on_behalf_of=tuple(on_behalf_of or ()),
        items=tuple(item or ()),
        text=text,
        wording=wording,
        text_hash=text_hash,
        channel="command line",
    )
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    act(asked, command, Actor(role=Role.SEAT, seat=seat), receipt=receipt)


def register(
    window: WindowName,
    *,
    kind: Kind,
    received: Annotated[
        str,
        typer.Option("--received", help="When it came in: 2026-05-29T16:59[Europe/Vienna]."),
    ],
    seat: Annotated[list[str], typer.Option("--seat", help="A seat that signed it.")],
    channel: Channel,
    store: StoreFolder,
    evidence: Evidence = None,
    on_behalf_of: OnBehalfOf = None,
    item: Items = None,
    text: Text = "",
    wording: Wording = "",
    text_hash: TextHash = "",
    by: By = Office.SECRETARIAT,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    receipt: ReceiptFile = None,
    json: AsJson = False,
) -> None:
    """Enter a response that came on paper or by mail.

    It counts from the time when it came in. One that came in time is never lost: found after the
    close, it suspends the approval.
    """
    came = When.from_instant(When(received).exact)
    content = environment().files.paper(evidence) if evidence else b""
    command = Respond(
        window=window,
        kind=kind,
        seats=tuple(seat),
        on_behalf_of=tuple(on_behalf_of or ()),
        items=tuple(item or ()),
        text=text,
        wording=wording,
        text_hash=text_hash,
        channel=channel,
        evidence=digest(content) if evidence else "",
    )
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    files = {command.evidence: content} if evidence else {}
    act(asked, command, Actor(role=Role(by)), received=came, files=files, receipt=receipt)


def withdraw(
    window: WindowName,
    *,
    number: Annotated[int, typer.Option("--response", help="The number of the objection.")],
    store: StoreFolder,
    seat: Annotated[
        str,
        typer.Option("--as", metavar="SEAT", help="The seat; else the secretariat enters it."),
    ] = "",
    withdrawn_for: Annotated[
        list[str] | None,
        typer.Option("--for", help="A seat or member for which it is withdrawn, where not all."),
    ] = None,
    evidence: Evidence = None,
    reason: Reason = "",
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Withdraw an objection. It stays on record, and a broken silence stays broken.

    A seat withdraws for itself; the secretariat for a seat, with the paper that asks for it.
    """
    actor = Actor(role=Role.SEAT, seat=seat) if seat else Actor(role=Role.SECRETARIAT)
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    content = evidence.read_bytes() if evidence else b""
    command = WithdrawObjection(
        window=window,
        number=number,
        reason=reason,
        seats=tuple(withdrawn_for or ()),
        evidence=digest(content) if evidence else "",
    )
    act(asked, command, actor, files={command.evidence: content} if evidence else {})
