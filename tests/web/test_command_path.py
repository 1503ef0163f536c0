"""The way of a command from a page to the INSERT: through how many packages of ours it goes.

A room is a package of ours that holds a module on the call stack: `web.forms`, `workflows`,
`workflows.commands` and so on. The stack is taken where the driver is told to insert an event, in
a real store, under a form that is sent to the application by HTTP.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
import pytest

from adapters.store_factory import open_store
from domain.actors import Actor, Role
from domain.cases import Case, Step
from domain.silence.commands import ResumeSilence
from story import ORGANISATION, Story
from web_visitor import WINDOW, Visitor, field_values

ROOT = Path(__file__).parents[2]
OURS = ("domain", "adapters", "workflows", "web")
MOST = 5
INSERTS = {
    "INSERT INTO event ": "event",
    "SELECT append_after(": "event",  # the function of the database that inserts them
    "INSERT INTO entry ": "intake",
    "INSERT INTO intake ": "intake",
}
"""How statements begin that insert, and what they insert: an event, or a response to be decided."""

Frame = tuple[str, str]
"""A module of ours, and the name of the function in it that was called."""


def frames(innermost: FrameType | None) -> list[Frame]:
    """The calls of functions of ours that have not ended, outermost first."""
    found = []
    while innermost:
        path = Path(innermost.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.append((module, innermost.f_code.co_name))
        innermost = innermost.f_back
    return found[::-1]


def rooms(stack: list[Frame]) -> list[str]:
    """The packages that hold these modules, in the order in which they were entered."""
    return list(dict.fromkeys(module.rpartition(".")[0] for module, _ in stack))


class Inserts:
    """The stacks at which rows were inserted, by what they are."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[list[Frame]]] = {}

    def note(self, statement: str) -> None:
        """Keep the stack, if it is an INSERT into one of the tables."""
        for beginning, what in INSERTS.items():
            if statement.startswith(beginning):
                self.stacks.setdefault(what, []).append(frames(sys._getframe(1)))


@pytest.fixture
def inserts(monkeypatch: pytest.MonkeyPatch) -> Inserts:
    """Hears of every statement, of SQLite by its trace, of PostgreSQL at the cursor."""
    noted = Inserts()
    connect, execute = sqlite3.connect, psycopg.Cursor.execute
    executemany, copy = psycopg.Cursor.executemany, psycopg.Cursor.copy

    def connected(*values: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*values, **more)
        connection.set_trace_callback(noted.note)
        return connection

    def noting(does: Any) -> Any:
        def run(self: Any, query: Any, *values: Any, **more: Any) -> Any:
            noted.note(query.decode() if isinstance(query, bytes) else str(query))
            return does(self, query, *values, **more)

        return run

    monkeypatch.setattr(sqlite3, "connect", connected)
    for name, does in (("execute", execute), ("executemany", executemany), ("copy", copy)):
        monkeypatch.setattr(psycopg.Cursor, name, noting(does))
    return noted


@pytest.fixture
def visitor(
    place: str, inserts: Inserts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visitor]:
    """Somebody with a browser, on each kind of store, in which window `w` runs."""
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "store"))
    with open_store(place) as store:
        story = Story(store)
        story.body()
        story.silence()
        yield Visitor(story)
        story.placet.close()


def confirmed(visitor: Visitor, slug: str, **values: str) -> None:
    """Fill in a form, check and confirm it."""
    path = f"{WINDOW}/act/{slug}"
    check = visitor.checks(path, **values)
    answer = visitor.sends(path, field_values(check.text) | {"confirmed": "yes"})
    assert answer.status_code in {200, 303}, answer.text


def test_an_act_passes_at_most_five_rooms(visitor: Visitor, inserts: Inserts) -> None:
    """From the route that takes the form to the statement that inserts its event."""
    inserts.stacks.clear()
    confirmed(visitor, "suspend", reason="To talk.")
    stack = inserts.stacks["event"][-1]
    functions = [function for _, function in stack]

    assert len(rooms(stack)) <= MOST, rooms(stack)
    assert ["web.forms", "workflows", "workflows.commands"] == rooms(stack)[:3]
    assert functions.index("act") < functions.index("execute") < functions.index("submit")


def test_a_response_is_kept_first_and_then_passes_the_same_rooms(
    visitor: Visitor, inserts: Inserts
) -> None:
    """The intake keeps it durably in two rooms, before anything of the record is read."""
    inserts.stacks.clear()
    confirmed(visitor, "respond", seat="east", kind="no objection")
    kept, stack = inserts.stacks["intake"][-1], inserts.stacks["event"][-1]

    assert 2 == len(rooms(kept)), rooms(kept)
    assert "workflows.processes" == rooms(kept)[0]
    assert ["intake", "event"] == [*inserts.stacks]  # in this order
    assert len(rooms(stack)) <= MOST, rooms(stack)


def test_the_walk_is_the_one_that_is_written_down(visitor: Visitor, inserts: Inserts) -> None:
    """Each function that the document names by its file is on the stack, in this order."""
    inserts.stacks.clear()
    confirmed(visitor, "suspend", reason="To talk.")
    stack = [f"{'/'.join(module.split('.'))}.py: {name}" for module, name in walked(inserts)]
    steps = STEP.findall(story_of_the_walk())
    here = [
        step
        for step in steps
        if "sqlite" not in step or "adapters.sqlite" in rooms(walked(inserts))
    ]

    assert 12 == len(steps)
    assert here == [entry for entry in stack if entry in here]


STEP = re.compile(r"`([\w/]+\.py: \w+)`")


def walked(inserts: Inserts) -> list[Frame]:
    """The calls at the last INSERT of an event."""
    return inserts.stacks["event"][-1]


def story_of_the_walk() -> str:
    """The section of the document that tells it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return text.partition("## From a page to the INSERT\n")[2].partition("\n## ")[0]


def test_a_detour_is_counted(visitor: Visitor, inserts: Inserts) -> None:
    """The control: played as a case, the same act passes a further room."""
    inserts.stacks.clear()
    confirmed(visitor, "suspend", reason="To talk.")
    direct = rooms(inserts.stacks["event"][-1])
    player = visitor.placet.scenarios.player(ORGANISATION, visitor.clock.at)
    assert 1 == player.play(resumption()).events
    detour = rooms(inserts.stacks["event"][-1])

    assert "workflows.scenarios" in {*detour} - {*direct}
    assert len(rooms([("web.pages.pages", "f"), *inserts.stacks["event"][0]])) == len(direct) + 1


def resumption() -> Case:
    """A case in which window `w` goes on."""
    command = ResumeSilence(window="w", length="72 hours")
    actor = Actor(role=Role.PRESIDING_OFFICER)
    step = Step(line=1, mode="live", verb="resume silence", command=command, actor=actor)
    return Case(
        name="resumption",
        title="A resumption",
        organisation=ORGANISATION,
        source="fictional",
        fictional=True,
        steps=(step,),
    )
