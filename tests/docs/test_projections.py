"""The program of docs/projections.md runs as it stands, on both kinds of store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, Tracking

import run
from adapters.store_factory import open_store
from story import ORGANISATION, Story

PAGE = Path(run.__file__).parent / "docs" / "projections.md"
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
COUNTED = {"window/w": 2}


@pytest.fixture
def responded(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """A silence procedure with two responses; the program finds its store by the environment."""
    monkeypatch.setenv("PLACET_STORE", place)
    monkeypatch.setenv("PLACET_ORGANISATION", ORGANISATION)
    monkeypatch.chdir(tmp_path)
    with open_store(place) as store:
        story = Story(store)
        story.body()
        story.silence()
        story.respond("no objection")
        story.respond("substantive comment", "west", text="A comment.")
        yield story


def program() -> str:
    """The page's code, each line with the number that it has on the page."""
    text, lines, end = PAGE.read_text(encoding="utf-8"), "", 0
    for block in PYTHON.finditer(text):
        lines += "\n" * text.count("\n", end, block.start(1)) + block[1]
        end = block.end(1)
    return lines


def executed() -> dict[str, Any]:
    """What the program defines, after it ran to its end."""
    names: dict[str, Any] = {}
    exec(compile(program(), PAGE, "exec"), names)  # noqa: S102  (the page's own program)
    return names


def test_the_program_counts_each_response_once(
    responded: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    executed()
    executed()
    assert f"{COUNTED}\n{COUNTED}\n" == capsys.readouterr().out

    responded.respond("interpretative statement", text="Understood as before.")
    executed()
    assert "{'window/w': 3}\n" == capsys.readouterr().out


def test_a_running_projection_sees_what_is_recorded_meanwhile(responded: Story) -> None:
    with executed()["runner"]() as running:
        responded.respond("no objection")
        running.wait(len(responded.events()), timeout=10)

        assert {"window/w": 3} == running.view.counts()


def test_an_event_that_was_counted_is_not_counted_again(responded: Story) -> None:
    with executed()["runner"]() as running:
        running.wait(len(responded.events()), timeout=10)
        with pytest.raises(IntegrityError):
            running.view.count("window/w", Tracking("Log", len(responded.events())))

        assert COUNTED == running.view.counts()


def test_a_lost_view_is_made_again_from_the_log(
    responded: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    executed()
    for file in tmp_path.glob("responses.sqlite*"):
        file.unlink()
    executed()

    assert f"{COUNTED}\n{COUNTED}\n" == capsys.readouterr().out
