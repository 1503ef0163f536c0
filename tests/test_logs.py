"""A log line is one line, whatever users wrote."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from adapters import logs

EVIL = "x\r\n2026-01-01 [info] forged\x1b[2J\x9b31m\u2028\u202e"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def told(out: io.StringIO, *, failing: bool = False) -> str:
    """What the log says of a command by an evil user, perhaps one that failed."""
    logs.configure(out)
    log = logs.logger().bind(user=EVIL)
    try:
        if failing:
            raise ValueError(EVIL)
        log.info(EVIL, title=EVIL, seats=[EVIL], number=3, error=ValueError(EVIL))
    except ValueError:
        log.exception(EVIL)
    return out.getvalue()


def control_characters(text: str) -> set[str]:
    return {sign for sign in text if not sign.isprintable()}


def test_a_machine_reads_one_line_of_json_for_each_event() -> None:
    text = told(io.StringIO())

    assert control_characters(text) == {"\n"}
    (line,) = text.splitlines()
    said = json.loads(line)
    assert (said["event"], said["title"], said["user"]) == (EVIL, EVIL, EVIL)
    assert (said["level"], said["number"]) == ("info", 3)


def test_a_failure_is_one_line_of_json_too() -> None:
    (line,) = told(io.StringIO(), failing=True).splitlines()

    assert "ValueError" in json.loads(line)["exception"]


def test_a_person_reads_one_line_without_foreign_control_characters() -> None:
    text = told(Terminal())

    assert len(text.splitlines()) == 1
    assert "\\x1b[2J" in text
    for sign in ("\x1b[2J", "\r", "\x9b", "\u2028", "\u202e"):
        assert sign not in text


def test_a_trace_for_people_cannot_forge_a_line() -> None:
    first, *trace = told(Terminal(), failing=True).splitlines()

    assert "\\x1b[2J" in first
    for line in trace:
        assert line.startswith("    | ")
        assert control_characters(line) == set()


def test_readable_is_what_protects() -> None:
    """Without it, the console would print what users wrote as it is."""
    out = Terminal()
    logs.configure(out)
    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[one for one in processors if one is not logs.readable])
    logs.logger().info(EVIL)

    assert "\x1b[2J" in out.getvalue()
