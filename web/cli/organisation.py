"""`placet organisation`: acts on an organisation as a whole, as the catalogue has them."""

from __future__ import annotations

import typer

from domain.streams import StreamKind
from web.cli import act_command

app = typer.Typer(
    help="Name an organisation, and say who has which role in it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
act_command.register(app, StreamKind.ORGANISATION)
