"""The program's own log on standard error: lines for people at a terminal, else JSON."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

_NUMBERS: Final = (bool, int, float, type(None))


def configure(stream: TextIO | None = None) -> None:
    """Log to `stream` (standard error, unless given): one line for each event.

    What users wrote cannot start a new line nor steer a terminal: JSON and `readable` escape
    control characters.
    """
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *(_for_people() if out.isatty() else _for_machines()),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


def logger() -> Any:
    """A logger; bind to it what all its lines should carry."""
    return structlog.get_logger()


def _for_people() -> list[structlog.types.Processor]:
    return [readable, structlog.dev.ConsoleRenderer(colors=True)]


def _for_machines() -> list[structlog.types.Processor]:
    return [structlog.processors.JSONRenderer(default=repr)]


def readable(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor that escapes control characters in every value; a trace keeps its lines."""
    return {
        _escaped(key): _trace(value) if key == "exception" else _shown(value)
        for key, value in event.items()
    }


def _shown(value: Any) -> Any:
    if type(value) in _NUMBERS:
        return value
    return _escaped(value if isinstance(value, str) else repr(value))


def _trace(value: Any) -> str:
    return "\n".join("    | " + _escaped(line) for line in str(value).splitlines())


def _escaped(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]
