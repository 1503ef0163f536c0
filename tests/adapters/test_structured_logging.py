"""A log line is one line, whatever users wrote."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from adapters import structured_logging

EVIL = "x\r\n2026-01-01 [info] forged\x1b[2J\x9b31m\u2028\u202e"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def log_output(out: io.StringIO, *, failing: bool = False) -> str:
    """What the log says of a command by an evil user, perhaps one that failed."""
    structured_logging.configure(out)
    log = structured_logging.logger().bind(user=EVIL)
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
    text = log_output(io.StringIO())

    assert control_characters(text) == {"\n"}
    (text_line,) = text.splitlines()
    said = json.loads(text_line)
    assert (said["event"], said["title"], said["user"]) == (EVIL, EVIL, EVIL)
    assert (said["level"], said["number"]) == ("info", 3)


def test_a_failure_is_one_line_of_json_too() -> None:
    (text_line,) = log_output(io.StringIO(), failing=True).splitlines()

    assert "ValueError" in json.loads(text_line)["exception"]


def test_a_person_reads_one_line_without_foreign_control_characters() -> None:
    text = log_output(Terminal())

    assert len(text.splitlines()) == 1
    assert "\\x1b[2J" in text
    for sign in ("\x1b[2J", "\r", "\x9b", "\u2028", "\u202e"):
        assert sign not in text


def test_a_trace_for_people_cannot_forge_a_line() -> None:
    first, *trace = log_output(Terminal(), failing=True).splitlines()

    assert "\\x1b[2J" in first
    for text_line in trace:
        assert text_line.startswith("    | ")
        assert control_characters(text_line) == set()


def test_readable_is_what_protects() -> None:
    """Without it, the console would print what users wrote as it is."""
    out = Terminal()
    structured_logging.configure(out)
    processors = structlog.get_config()["processors"]
    structlog.configure(
        processors=[
            processor
            for processor in processors
            if processor is not structured_logging.escape_control_characters
        ]
    )
    structured_logging.logger().info(EVIL)

    assert "\x1b[2J" in out.getvalue()


def test_lines_that_are_alike_are_bounded_and_counted() -> None:
    """What was recorded is always written; others are as soon as they differ."""
    out = io.StringIO()
    structured_logging.configure(out)
    log = structured_logging.logger()
    for number in range(100):
        log.info("command", outcome="refused", rule="stage", command_id=str(number))
        log.info("command", outcome="recorded", command_id=str(number))
    log.info("command", outcome="refused", rule="known")
    lines = [json.loads(text_line) for text_line in out.getvalue().splitlines()]
    rules = [text_line.get("rule") for text_line in lines if text_line["outcome"] == "refused"]

    assert ["stage"] * structured_logging.MOST + ["known"] == rules
    assert 100 == len([text_line for text_line in lines if text_line["outcome"] == "recorded"])


def test_after_a_minute_it_is_told_how_many_were_left_out() -> None:
    now = [0.0]
    often = structured_logging.RepetitionLimit(lambda: now[0])
    first = [often.suppressed_count("a line") for _ in range(structured_logging.MOST + 7)]
    now[0] = 61.0

    assert [0] * structured_logging.MOST + [None] * 7 == first
    assert [7, 0, 0] == [
        often.suppressed_count(text_line) for text_line in ("a line", "a line", "another")
    ]


def test_what_the_web_server_says_again_and_again_is_bounded_too() -> None:
    structured_logging.configure(io.StringIO())
    web = logging.getLogger("uvicorn.error")
    record = web.makeRecord("uvicorn.error", 30, "", 0, "Invalid HTTP request.", (), None)

    assert structured_logging.MOST == len([1 for _ in range(100) if web.filter(record)])
