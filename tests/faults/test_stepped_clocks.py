"""The clock of a process is set while it works: it takes answers, and refuses all the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from adapters.store_factory import open_store
from domain.actors import Role
from domain.cases import Step
from domain.rules import Refused
from domain.times import When
from domain.type_registry import COMMANDS
from postgres_server import new_store
from story import Story, actor
from wiring import CODEC, Placet, now
from workflows.commands import order_checks

STEPS = {"back by five minutes": timedelta(minutes=-5), "on by an hour": timedelta(hours=1)}
ORGANISATION = "fictional"


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A window that is open now, and due in half an hour, on a store that is served."""
    if request.param == "PostgreSQL":
        where = new_store(request.getfixturevalue("cluster"), virtual=True)
    else:
        Story(tmp_path).placet.close()
        where = str(tmp_path / "store")
    with open_store(where) as store:
        found = Story(store)
        found.now = now() - timedelta(hours=71, minutes=40)
        found.body(parameters={"longest-outage-minutes": "0"})
        found.silence()
        found.placet.processes.record_heartbeat()
        found.placet.clock.read()
        yield found


def act(placet: Placet, verb: str, who: str, **fields: Any) -> None:
    """Do something now, by the clock of this process."""
    command = CODEC.from_plain(CODEC.to_plain(fields), COMMANDS[verb])
    step = Step(line=1, mode="live", verb=verb, command=command, actor=actor(who))
    placet.execute(ORGANISATION, step, f"{verb} {fields}")


def set_by(step: timedelta) -> Any:
    """The system clock of this process, set by so much; it runs on."""
    return time_machine.travel(datetime.now(now().tzinfo) + step, tick=True)


@pytest.mark.parametrize("step", STEPS)
def test_a_process_whose_clock_was_set_takes_answers_and_nothing_else(
    story: Story, step: str
) -> None:
    """At once: it does not lapse what is not due, and what it records stands in order."""
    placet = story.placet
    objection = {"window": "w", "kind": "objection", "seats": ["east"], "text": "No."}
    with set_by(STEPS[step]):
        closed = placet.processes.clock.tick()
        with pytest.raises(Refused, match="only responses are taken") as refused:
            act(placet, "suspend silence", "presiding officer", window="w", reason="So.")
        act(placet, "respond", "seat east", **objection)
    recorded = [event.recorded_at for event in story.events()]
    response = story.events()[-1]

    assert "one-clock" == refused.value.rule
    assert [] == closed
    assert STEPS[step] // timedelta(milliseconds=1) == pytest.approx(response.offset_ms, abs=1000)
    assert sorted(recorded) == recorded


def test_without_a_look_at_the_offset_a_window_lapses_before_its_time(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same clock, an hour ahead, where nobody asks by how much it is off."""
    monkeypatch.setattr(order_checks, "CLOCK_TOLERANCE", timedelta(days=1))
    with set_by(STEPS["on by an hour"]):
        story.placet.processes.clock.tick()
    lapse = story.events()[-1]

    assert ("window.lapsed.v2", Role.CLOCK) == (lapse.name, lapse.actor.role)
    assert now() < When(story.state("window/w").closes).exact
