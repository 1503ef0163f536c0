"""What a run of the command line works in, for each of its commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from web.cli.token_rules import require_allowed
from web.cli_ports import Environment
from workflows.application import Application
from workflows.projections.parking import Alarm

_CURRENT: ContextVar[Environment] = ContextVar("environment")


@contextmanager
def use_environment(environment: Environment) -> Iterator[None]:
    """Let the commands within use this environment."""
    token = _CURRENT.set(environment)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def environment() -> Environment:
    """What this command works in. Raises LookupError outside of `use_environment`."""
    return _CURRENT.get()


@contextmanager
def open_application(
    place: str | Path, *, read_only: bool = False, log: Alarm | None = None
) -> Iterator[Application]:
    """The application on a store that is there, for the command that runs.

    Raises Unavailable with one clear sentence, and Refused where a token stands in the environment
    by whose owner this command is not allowed.
    """
    opened = environment().open_application(place, read_only=read_only, log=log)
    with opened as application:
        require_allowed(application)
        yield application
