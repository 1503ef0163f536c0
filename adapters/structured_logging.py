"""The program's own log on standard error: lines for people at a terminal, else JSON."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from threading import Lock
from traceback import format_exception
from typing import Any, Final, TextIO

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


class ProgramLog:
    """Writes one line for each event to a stream; of lines that are alike only some.

    What users wrote cannot start a new line nor steer a terminal: JSON and
    `escape_control_characters` escape it.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Without a stream it writes to standard error."""
        self._stream, self.limit = stream, RepetitionLimit()
        self._lock = Lock()

    def info(self, event: str, **values: object) -> None:
        """Say what happened."""
        self._say("info", {**values, "event": event})

    def error(self, event: str, **values: object) -> None:
        """Say what somebody has to look after.

        `exc_info`, if it is an exception, is written with its trace.
        """
        trace = values.pop("exc_info", None)
        if isinstance(trace, BaseException):
            values["exception"] = "".join(format_exception(trace)).rstrip("\n")
        self._say("error", {**values, "event": event})

    def _say(self, level: str, values: Mapping[str, object]) -> None:
        """Write it, unless many others said the same; the next one tells how many."""
        always = values.get("outcome") == "recorded" or values["event"] in ALWAYS
        key = tuple(str(values.get(name)) for name in _REPETITION_KEYS)
        left_out = 0 if always else self.limit.suppressed_count(key)
        if left_out is None:
            return
        counted = {"left_out": left_out} if left_out else {}
        at = datetime.now(UTC).isoformat().removesuffix("+00:00") + "Z"
        said = {**values, **counted, "level": level, "timestamp": at}
        out = self._stream or sys.stderr
        line = _for_people(said) if out.isatty() else json.dumps(said, default=repr)
        with self._lock:
            out.write(line + "\n")
            out.flush()


class _Logs:
    """The log of this process."""

    current = ProgramLog()


def configure(stream: TextIO | None = None) -> None:
    """Log to `stream` (standard error, unless given), also what the web server says of itself."""
    _Logs.current = ProgramLog(stream)
    web = logging.getLogger("uvicorn.error")
    for previous in [previous for previous in web.filters if isinstance(previous, _Seldom)]:
        web.removeFilter(previous)
    web.addFilter(_Seldom(_Logs.current.limit))


def logger() -> ProgramLog:
    """The log of this process, as it was configured last."""
    return _Logs.current


def _for_people(values: Mapping[str, object]) -> str:
    """A line for a terminal."""
    shown = escape_control_characters(values)
    at, level, event = shown.pop("timestamp"), shown.pop("level"), shown.pop("event")
    trace = [shown.pop("exception")] if "exception" in shown else []
    words = [f"{key}={value}" for key, value in sorted(shown.items())]
    return "\n".join([" ".join([f"{at} [{level}] {event}", *words]), *trace])


def escape_control_characters(values: Mapping[str, object]) -> dict[str, Any]:
    """The values without characters that steer a terminal; a trace keeps its lines."""
    return {
        _escaped(key): _trace(value) if key == "exception" else _shown(value)
        for key, value in values.items()
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
