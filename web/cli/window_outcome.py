"""`placet window announce`, `refer` and `notices`: what people did about a window."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.actors import Actor, Role
from domain.silence.commands import AnnounceOutcome, RecordNotices, ReferMatter
from domain.silence.notification import ABOUT
from domain.silence.outcome import DESTINATIONS
from web.cli.execute import (
    ActOptions,
    Authority,
    By,
    CommandId,
    Office,
    Reason,
    WindowName,
    Yes,
    act,
)
from web.cli.output import AsJson, Organisation, StoreFolder


def announce(
    window: WindowName,
    *,
    manner: Annotated[
        str,
        typer.Option(
            "--manner", help="Such as letter, announced at a meeting, noted at a meeting."
        ),
    ],
    store: StoreFolder,
    note: Annotated[str, typer.Option("--note", help="Of which letter or which meeting.")] = "",
    by: By = Office.SECRETARIAT,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Record how the outcome was announced."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = AnnounceOutcome(window=window, manner=manner, note=note)
    act(asked, command, Actor(role=Role(by)))


def refer(
    window: WindowName,
    *,
    to: Annotated[str, typer.Option("--to", help=f"One of: {', '.join(DESTINATIONS)}.")],
    store: StoreFolder,
    reason: Reason = "",
    by: By = Office.SECRETARIAT,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Record where the matter went on after it was not approved."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = ReferMatter(window=window, to=to, reason=reason)
    act(asked, command, Actor(role=Role(by)))


def notices(
    window: WindowName,
    *,
    seat: Annotated[list[str], typer.Option("--seat", help="A seat that the notice was for.")],
    result: Annotated[str, typer.Option("--result", help="delivered, failed, resolved or waived.")],
    store: StoreFolder,
    about: Annotated[
        str,
        typer.Option(
            "--about",
            help=f"What it told: {', '.join(filter(None, ABOUT))}; not said, it is the opening,"
            " or all that failed.",
        ),
    ] = "",
    via: Annotated[
        str, typer.Option("--via", help="How it went, such as a letter by courier.")
    ] = "",
    reason: Reason = "",
    by: By = Office.SECRETARIAT,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Record what became of notices.

    Such as a mail that came back, or a letter that was handed over. While one failed, the text is
    not approved: it must be resolved, or waived with a reason.
    """
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = RecordNotices(
        window=window, seats=tuple(seat), result=result, reason=reason, about=about, via=via
    )
    act(asked, command, Actor(role=Role(by)))
