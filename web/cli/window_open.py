"""`placet window open`: putting a text under silence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.actors import Actor, Role
from domain.ports.errors import Unavailable
from domain.silence.commands import OpenSilence
from domain.silence.events import Subject
from domain.times import UNKNOWN, When
from web.cli.context import environment
from web.cli.execute import (
    ActOptions,
    Authority,
    By,
    CommandId,
    Office,
    Waive,
    WindowName,
    Yes,
    act,
    parse_pairs,
)
from web.cli.output import AsJson, Organisation, StoreFolder


def open_(
    window: WindowName,
    *,
    body: Annotated[str, typer.Option("--body", help="The body whose seats are asked.")],
    store: StoreFolder,
    subject: Annotated[
        str,
        typer.Option(
            "--subject",
            help="What is under silence: decision text, session dates, list of entries, other;"
            " with --agenda: agenda items.",
        ),
    ] = "",
    agenda: Annotated[
        str, typer.Option("--agenda", help="The agenda whose submitted items are the text.")
    ] = "",
    session: Annotated[str, typer.Option("--session", help="The session that it concerns.")] = "",
    document: Annotated[str, typer.Option("--document", help="The document of the text.")] = "",
    title: Annotated[
        list[str] | None, typer.Option("--title", metavar="LANGUAGE=TITLE", help="Its title.")
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", metavar="LANGUAGE=TEXT", help="The text.")
    ] = None,
    text_file: Annotated[
        list[str] | None,
        typer.Option("--text-file", metavar="LANGUAGE=FILE", help="The text, in a file (UTF-8)."),
    ] = None,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="A part that can be answered by itself.")
    ] = None,
    length: Annotated[
        str, typer.Option("--length", help="72 hours, 14 days or 10 working days.")
    ] = "",
    closes: Annotated[
        str, typer.Option("--closes", help="The end instead: 2026-05-29T17:00[Europe/Vienna].")
    ] = "",
    threshold: Annotated[
        int | None, typer.Option("--threshold", min=1, help="How many objections break it.")
    ] = None,
    by_item: Annotated[
        bool | None, typer.Option("--by-item/--as-a-whole", help="What an objection breaks.")
    ] = None,
    names_withheld: Annotated[
        bool | None, typer.Option("--names-withheld/--names-shown", help="Of those who answer.")
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="How the text is circulated.")] = "",
    mandate: Annotated[str, typer.Option("--mandate", help="What authorises silence.")] = "",
    relaunch_of: Annotated[
        str, typer.Option("--relaunch-of", help="The ended procedure that this one takes up.")
    ] = "",
    by: By = Office.SECRETARIAT,
    waive: Waive = None,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Put a text under silence.

    It is approved unless somebody entitled objects in time. What the options leave open is as the
    rules of the body have it. Before it is opened, the deadline is told with each step of its
    computation.
    """
    command = OpenSilence(
        window=window,
        body=body,
        subject=Subject(
            type=subject or ("agenda items" if agenda else "decision text"),
            titles=parse_pairs(title, "--title"),
            agenda=agenda,
            session=session,
            document=document,
            items=tuple(item or ()),
        ),
        length=length,
        closes=When(closes) if closes else UNKNOWN,
        text=_texts(text, text_file),
        threshold=threshold,
        by_item=by_item,
        names_withheld=names_withheld,
        channel=channel,
        mandate=mandate,
        relaunch_of=relaunch_of,
    )
    asked = ActOptions(
        store=store, organisation=organisation, authority=authority, yes=yes, id=id_, json=json
    )
    act(asked, command, Actor(role=Role(by)), waivers=parse_pairs(waive, "--waive"))


def _texts(told: list[str] | None, named: list[str] | None) -> dict[str, str]:
    """The text by language, from the command line and from files without their last line end."""
    texts = parse_pairs(told, "--text")
    for language, name in parse_pairs(named, "--text-file").items():
        if language in texts:
            raise typer.BadParameter(f"the text in {language} is given twice")
        try:
            texts[language] = environment().files.text(Path(name))
        except Unavailable as error:
            raise typer.BadParameter(str(error)) from error
    return texts
