"""`placet document`: acts on documents, as the catalogue has them."""

from __future__ import annotations

import typer

from domain.streams import StreamKind
from web.cli import act_command

app = typer.Typer(
    help="Register, issue and publish documents.", no_args_is_help=True, rich_markup_mode=None
)
act_command.register(app, StreamKind.DOCUMENT)
