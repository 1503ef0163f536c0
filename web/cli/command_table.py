"""The commands of `placet`: where each one is, and what it does in a line.

The module of a command is imported when the command is called. All of them import nearly the
whole program, which takes a second; `placet --help` is there in a tenth of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Final = {
    "demo": (
        "web.cli.demo:demo",
        "Play a real case and two fictional ones into a store, then show them on pages.",
    ),
    "serve": (
        "web.cli.serve:serve",
        "Serve a store; let the silence clock run, and send notices.",
    ),
    "clock": (
        "web.cli.clock:clock",
        "Run the silence clock without serving pages: once, or every second until Ctrl-C.",
    ),
    "status": (
        "web.cli.status:status",
        "Show how a store is doing. Ends with 3 when something needs a person.",
    ),
    "doctor": (
        "web.cli.doctor:doctor",
        "Check a store, its host and the settings of its server. Ends with 3 when a check failed.",
    ),
    "rules": (
        "web.cli.event:rules",
        "List the rules of every rule pack that ships with the program.",
    ),
    "rebuild": (
        "web.cli.store:rebuild",
        "Rebuild the views from the log, or compare them with it.",
    ),
    "case": ("web.cli.case:app", "Play case files."),
    "agenda": ("web.cli.agenda:app", "See agendas, and act on them."),
    "body": ("web.cli.body:app", "Keep the rosters of bodies."),
    "window": ("web.cli.window:app", "See silence procedures, and act on them."),
    "document": ("web.cli.document:app", "Register, issue and publish documents."),
    "organisation": (
        "web.cli.organisation:app",
        "Name an organisation, and say who has which role in it.",
    ),
    "calendar": ("web.cli.calendar:app", "Keep the working days of duty stations."),
    "event": ("web.cli.event:app", "See single events."),
    "receipt": ("web.cli.receipt:app", "Make receipts of responses, and check them."),
    "key": ("web.cli.key:app", "Keep the keys that sign receipts."),
    "store": ("web.cli.store:app", "Keep stores."),
    "post": ("web.cli.post:app", "Send notices, and see what became of them."),
    "mail": ("web.cli.mail:app", "Take answers that came by mail, and deal with them."),
    "user": ("web.cli.user:app", "Keep the accounts of those who log in."),
    "directory": ("web.cli.directory:app", "Keep the addresses of seats and officers."),
}
"""The place of each command, and its help; a test compares the help with the command's own."""


def load_command(name: str) -> Any:
    """A command as it can be called, from its module; under a token it runs by its rule only."""
    from web.cli.token_rules import guard  # noqa: PLC0415 (it needs nearly the whole program)

    module, attribute = COMMANDS[name][0].split(":")
    found = getattr(import_module(module), attribute)
    holder = typer.Typer(rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    command = typer.main.get_group(holder).commands[name]
    guard(command, (name,))
    return command


class CommandTable(TyperGroup):
    """`placet`: it lists its commands by the table, and imports the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, (_, line) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that these words call."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else found, rest
