"""The account that a command is about, by its login name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from web.cli.context import open_application
from workflows.application import Application

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name of the account.")]


@contextmanager
def named_account(store: str, login: str) -> Iterator[tuple[Application, str]]:
    """A store, and the id of the one with this login name. Raises Refused."""
    with open_application(store) as placet:
        yield placet, placet.accounts.directory.named(login).principal
