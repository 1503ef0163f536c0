"""`placet window extend` to `supersede`: what moves or ends a window before its outcome."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.actors import Actor, Role
from domain.silence.commands import (
    ExtendSilence,
    HoldSilence,
    ReleaseSilence,
    ResumeSilence,
    RuleOnResponse,
    SupersedeSilence,
    SuspendSilence,
)
from domain.silence.holds import ABOUT
from domain.times import UNKNOWN, When
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

Closes = Annotated[
    str, typer.Option("--closes", help="The new deadline: 2026-05-29T17:00[Europe/Vienna].")
]


def extend(
    window: WindowName,
    *,
    closes: Closes,
    reason: Reason,
    store: StoreFolder,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Move the deadline to a later one; the presiding officer does."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = ExtendSilence(window=window, closes=When(closes), reason=reason)
    act(asked, command, Actor(role=Role.PRESIDING_OFFICER))


def suspend(
    window: WindowName,
    *,
    reason: Reason,
    store: StoreFolder,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Stop the clock; the presiding officer does."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = SuspendSilence(window=window, reason=reason)
    act(asked, command, Actor(role=Role.PRESIDING_OFFICER))


def resume(
    window: WindowName,
    *,
    store: StoreFolder,
    length: Annotated[
        str, typer.Option("--length", help="The new length, from now: 72 hours.")
    ] = "",
    closes: Annotated[str, typer.Option("--closes", help="The new end instead.")] = "",
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Let a stopped clock run again; the presiding officer does."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = ResumeSilence(
        window=window, length=length, closes=When(closes) if closes else UNKNOWN
    )
    act(asked, command, Actor(role=Role.PRESIDING_OFFICER))


def rule(
    window: WindowName,
    *,
    number: Annotated[int, typer.Option("--response", help="The number of the response.")],
    breaks: Annotated[bool, typer.Option("--breaks/--does-not-break", help="What the ruling is.")],
    reason: Reason,
    store: StoreFolder,
    second: Annotated[
        str, typer.Option("--second", help="The office of the second person, where two are needed.")
    ] = "",
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Rule on a doubtful response; the presiding officer does.

    Once an approval was recorded, two persons rule. An objection that certainly came in time
    stays one, whatever anybody rules.
    """
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = RuleOnResponse(
        window=window, number=number, breaks=breaks, reason=reason, second=second
    )
    act(asked, command, Actor(role=Role.PRESIDING_OFFICER))


def hold(
    window: WindowName,
    *,
    reason: Reason,
    store: StoreFolder,
    about: Annotated[
        str, typer.Option("--about", help=f"What it is about: {', '.join(ABOUT)}.")
    ] = "",
    response: Annotated[
        int, typer.Option("--response", help="The response on which a ruling ends the hold.")
    ] = 0,
    by: By = Office.SECRETARIAT,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Keep the clock from closing it until people have looked."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = HoldSilence(window=window, reason=reason, about=about, response=response)
    act(asked, command, Actor(role=Role(by)))


def release(
    window: WindowName,
    *,
    reason: Reason,
    store: StoreFolder,
    hold: Annotated[
        int, typer.Option("--hold", help="The number of the hold, where several stand.")
    ] = 0,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """End a hold; the presiding officer does. Once none stands, the clock may close it."""
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = ReleaseSilence(window=window, reason=reason, hold=hold)
    act(asked, command, Actor(role=Role.PRESIDING_OFFICER))


def supersede(
    window: WindowName,
    *,
    reason: Reason,
    store: StoreFolder,
    by_window: Annotated[str, typer.Option("--by-window", help="The procedure that follows.")] = "",
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """End it without outcome; the presiding officer does.

    That is the way when its text or its roster must change.
    """
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    command = SupersedeSilence(window=window, reason=reason, by=by_window)
    act(asked, command, Actor(role=Role.PRESIDING_OFFICER))
