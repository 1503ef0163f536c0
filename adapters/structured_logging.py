"""The program's own log on standard error: lines for people at a terminal, else JSON."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Hashable, MutableMapping
from threading import Lock
from typing import Any, Final, TextIO

import structlog

MOST: Final = 20
"""How many similar lines are written within a minute; what was recorded is always written."""
ALWAYS: Final = frozenset({"read"})
"""Lines of which each one counts, however many are alike: who read what."""
_MINUTE: Final = 60.0
_REPETITION_KEYS: Final = (
    "event",
    "organisation",
    "command",
    "stream",
    "window",
    "outcome",
    "rule",
    "loop",
    "because",
    "principal",
    "address",
)
_KEPT: Final = 10_000
"""How many kinds of lines are remembered."""
_NUMBERS: Final = (bool, int, float, type(None))


def configure(stream: TextIO | None = None) -> None:
    """Log to `stream` (standard error, unless given): one line for each event.

    What users wrote cannot start a new line nor steer a terminal: JSON and `readable` escape
    control characters.
    """
    out, often = stream or sys.stderr, RepetitionLimit()
    web = logging.getLogger("uvicorn.error")
    for previous in [previous for previous in web.filters if isinstance(previous, _Seldom)]:
        web.removeFilter(previous)
    web.addFilter(_Seldom(often))

    def seldom(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Drop a line that says what many others said; the next one tells how many."""
        if event.get("outcome") == "recorded" or event.get("event") in ALWAYS:
            return event
        left_out = often.suppressed_count(tuple(str(event.get(name)) for name in _REPETITION_KEYS))
        if left_out is None:
            raise structlog.DropEvent
        return {**event, "left_out": left_out} if left_out else event

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            seldom,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *(_for_people() if out.isatty() else _for_machines()),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


class RepetitionLimit:
    """Counts lines that are alike, so that nobody fills a disk with them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Hashable, tuple[float, int]] = {}
        self._lock = Lock()

    def suppressed_count(self, key: Hashable) -> int | None:
        """How many like it were left out before it; None when this one is to be, too."""
        with self._lock:
            now = self._clock()
            since, number = self._seen.get(key, (now, 0))
            if now - since < _MINUTE:
                self._seen[key] = (since, number + 1)
                return 0 if number < MOST else None
            if len(self._seen) > _KEPT:
                self._seen.clear()
            self._seen[key] = (now, 1)
            return max(0, number - MOST)


class _Seldom(logging.Filter):
    """The same for what the web server says of itself."""

    def __init__(self, often: RepetitionLimit) -> None:
        super().__init__()
        self._often = often

    def filter(self, record: logging.LogRecord) -> bool:
        return self._often.suppressed_count(str(record.msg)) is not None


def logger() -> Any:
    """A logger; bind to it what all its lines should carry."""
    return structlog.get_logger()


def _for_people() -> list[structlog.types.Processor]:
    return [escape_control_characters, structlog.dev.ConsoleRenderer(colors=True)]


def _for_machines() -> list[structlog.types.Processor]:
    return [structlog.processors.JSONRenderer(default=repr)]


def escape_control_characters(
    _: Any, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
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


class SilentLog:
    """A log that says nothing: thousands of simulated commands are nobody's news."""

    def info(self, event: str, **values: object) -> None:
        """Say nothing."""

    def error(self, event: str, **values: object) -> None:
        """Say nothing."""
