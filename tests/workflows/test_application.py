"""The facade of the application: how much it offers, and that one module builds orders."""

from __future__ import annotations

import ast
from datetime import datetime
from pathlib import Path

import pytest

from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.clock import ClockReading
from domain.rules import Refused
from domain.silence.commands import SuspendSilence
from story import ORGANISATION, Story
from wiring import Placet
from workflows.application import Application

ROOT = Path(__file__).parents[2]
ORDERS = "workflows/commands/orders.py"
MOST = 15


def public(kind: type) -> set[str]:
    """What a class offers by itself."""
    return {name for name in vars(kind) if not name.startswith("_")}


def test_the_application_has_fifteen_public_members() -> None:
    offered = {
        "execute",
        "preview",
        "queries",
        "projections",
        "receipts",
        "notifications",
        "processes",
        "recovery",
        "scenarios",
        "accounts",
        "account_endings",
        "authorization",
        "pending",
        "drafts",
        "close",
    }

    assert offered == public(Application)
    assert len(offered) <= MOST
    assert {"clock", "views"} <= public(Placet)  # the control: members of a subclass are found


def test_what_an_application_keeps_of_its_own_is_private(story: Story) -> None:
    """Nothing beside the members above can be reached on an instance either."""
    made = Application(story.placet._ports)

    assert [] == [name for name in vars(made) if not name.startswith("_")]


def orders_made(source: str) -> int:
    """How many calls in a module make an order."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return sum(isinstance(call.func, ast.Name) and call.func.id == "Order" for call in calls)


def test_orders_are_built_in_one_module() -> None:
    """Of people, of cases and of the program itself: each gets clock stamp, id and actor there."""
    modules = [
        path
        for folder in ("workflows", "web", "adapters")
        for path in (ROOT / folder).rglob("*.py")
    ]
    making = [
        path.relative_to(ROOT).as_posix()
        for path in modules
        if orders_made(path.read_text(encoding="utf-8"))
    ]

    assert [ORDERS] == making
    assert 1 == orders_made("order = Order(command=command)")  # the control


class FixedClock:
    """A clock that always shows the same moment."""

    def __init__(self, at: datetime) -> None:
        self._stamp = ClockReading(at, 0)

    def read(self) -> ClockReading:
        return self._stamp


@pytest.fixture
def running(story: Story) -> Placet:
    """An application on whose store window `w` runs."""
    story.body()
    story.silence()
    story.placet.clock = FixedClock(story.now)
    return story.placet


def suspension(role: Role) -> Step:
    """Window `w` is suspended by somebody."""
    command = SuspendSilence(window="w", reason="To talk.")
    return Step(line=0, mode="live", verb="suspend", command=command, actor=Actor(role=role))


def test_a_preview_says_what_an_act_would_cause_and_records_nothing(running: Placet) -> None:
    act, log = suspension(Role.PRESIDING_OFFICER), running.store.history(ORGANISATION)
    before = log.last_position()
    previewed = running.preview(ORGANISATION, act, "one")
    after = log.last_position()
    recorded = running.execute(ORGANISATION, act, "one")
    again = running.execute(ORGANISATION, act, "one")

    assert before == after
    assert [entry.fact for entry in previewed] == [event.fact for event in recorded.events]
    assert (False, True) == (recorded.repeated, again.repeated)
    assert before + 1 == log.last_position()


def test_what_is_refused_is_refused_in_a_preview_too(running: Placet) -> None:
    for does in (running.preview, running.execute):
        with pytest.raises(Refused, match="presiding officer"):
            does(ORGANISATION, suspension(Role.CLOCK), "one")
