"""How a store is doing, on the command line and for a program that watches it."""

from __future__ import annotations

import json
import re
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.readmodels.encoded_rows import FORMAT
from adapters.sqlite.heartbeat import Heartbeat
from adapters.system_clock import Anchor
from command_line import Placet
from corrupt_events import damage
from domain.notices import Notice
from domain.ports.outbox import DeliveryOutcome
from server_process import running, until
from story import ORGANISATION, Story
from wiring import now


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def served(story: Story, store: Path) -> Story:
    """A story whose store is served just now, with a window `w` that runs until tomorrow."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.now = now() - timedelta(hours=48)
    story.silence()
    story.placet.projections.follow()
    Heartbeat(store).beat(Anchor.now(), now())
    return story


def status(placet: Placet, store: Path) -> tuple[int, Any]:
    code, out, _ = placet("status", "--json", "--store", store)
    return code, json.loads(out)


def needs(placet: Placet, store: Path) -> tuple[int, str]:
    """The exit code, and the one thing that needs a person."""
    code, found = status(placet, store)
    return code, "; ".join(found["needs"])


def test_all_is_well(placet: Placet, served: Story, store: Path) -> None:
    code, found = status(placet, store)
    table = placet("status", "--store", store)
    (organisation,) = found["organisations"]

    assert (0, []) == (code, found["needs"])
    assert (0, True) == (table[0], "Nothing needs a person." in table[1])
    assert (5, 0) == (organisation["last_position"], organisation["followers"][0]["events"])
    assert {"running": ["w"], "due": [], "overdue": {}, "held": []} == organisation["windows"]
    assert (2, True) == (found["format"], abs(found["clock_offset_ms"]) < 1000)


def test_a_lag_is_shown_as_it_is(placet: Placet, served: Story, store: Path) -> None:
    """To look does not follow the log."""
    served.respond("no objection")
    for _ in range(2):
        follower = status(placet, store)[1]["organisations"][0]["followers"][0]

        assert (5, 1) == (follower["position"], follower["events"])
        assert 47 * 3600 < follower["seconds"] < 49 * 3600
    code, found = needs(placet, store)
    assert (3, True) == (code, "rows are 1 events behind" in found)


def test_after_an_upgrade_that_changed_the_rows_nothing_is_missed(
    placet: Placet, served: Story, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of another format are thrown away when they are opened; `status` makes them again."""
    monkeypatch.setattr("adapters.sqlite.read_models.FORMAT", FORMAT + 1)
    code, found = status(placet, store)
    (organisation,) = found["organisations"]

    assert (0, []) == (code, found["needs"])
    assert (5, 0) == (organisation["last_position"], organisation["followers"][0]["events"])
    assert ["w"] == organisation["windows"]["running"]


def test_after_an_upgrade_nobody_who_serves_is_missed_as_well(
    placet: Placet, served: Story, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store / "served.json").unlink()
    monkeypatch.setattr("adapters.sqlite.read_models.FORMAT", FORMAT + 1)
    code, found = needs(placet, store)

    assert (3, True) == (code, found.startswith("Nobody serves this store"))


def test_a_parked_stream_needs_a_person(placet: Placet, served: Story, store: Path) -> None:
    repair = damage(served.placet.store, "window/w", 1)
    served.placet.projections.rebuild()
    broken = needs(placet, store)
    repair()
    served.placet.projections.rebuild()

    assert 3 == broken[0]
    assert "window/w is parked in the rows since event 5" in broken[1]
    assert (0, "") == needs(placet, store)


def test_a_window_that_is_overdue_or_held_needs_a_person(
    placet: Placet, served: Story, store: Path
) -> None:
    served.now = now() - timedelta(hours=80)
    served.silence(window="v")
    served.placet.projections.follow()
    late = needs(placet, store)
    served.do("hold silence", window="v", reason="R.")
    served.placet.projections.follow()
    held = needs(placet, store)

    assert (3, "fictional: window v is overdue, and no outcome is recorded.") == late
    assert (3, "fictional: window v is held for review by the presiding officer.") == held


def test_letters_that_failed_need_a_person_while_the_window_runs(
    placet: Placet, served: Story, store: Path
) -> None:
    notice = Notice(
        organisation=ORGANISATION, window="w", about="opening", occasion="5", to="east", position=5
    )
    outbox = served.placet.notifications.outbox
    outbox.add([notice], now())
    waits = status(placet, store)[1]["organisations"][0]["letters"]
    outbox.finish_attempt(notice.key, DeliveryOutcome(state="refused"), now(), before="waiting")

    assert {"waiting": 1, "failed": 0} == waits
    code, found = needs(placet, store)
    assert (3, True) == (code, "fictional: 1 letters did not arrive" in found)


def test_that_nobody_serves_needs_a_person_while_something_runs(
    placet: Placet, served: Story, store: Path
) -> None:
    (store / "served.json").unlink()

    assert (3, True) == (needs(placet, store)[0], "Nobody serves" in needs(placet, store)[1])


def test_a_server_tells_its_measures(tmp_path: Path, served: Story, store: Path) -> None:
    """Numbers, and nobody's name: no seat, no holder, no text."""
    with running(tmp_path, ("serve", "--store", str(store), "--port", "0")) as (process,):
        worked = 'placet_loop_last_success_timestamp_seconds{loop="follower"}'
        until(lambda: process.measure(worked))
        where = f'organisation="{ORGANISATION}"'
        notices = f'placet_follower_position{{follower="notices",{where}}}'
        until(lambda: process.measure(notices))  # they are begun by a thread of their own
        code, found = process.get("/metrics")

        assert 200 == code
        assert 1 == process.measure("placet_store_readable")
        assert 1 == process.measure("placet_follower_leads")
        assert 5 == process.measure(f"placet_last_position{{{where}}}")
        assert 5 == process.measure(notices)
        assert 1 == process.measure(f'placet_windows{{{where},state="running"}}')
        assert 0 == process.measure("placet_orders_waiting")
        assert not re.search("east|west|decides", found, re.IGNORECASE)


def test_commands_are_counted_by_what_became_of_them(tmp_path: Path, store: Path) -> None:
    """The clock of the server records a lapse; the order shared its transaction with none."""
    story = Story(tmp_path)
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.placet.close()
    lapse = 'placet_commands_total{command="record lapse",outcome="recorded"}'
    with running(tmp_path, ("serve", "--store", str(store), "--port", "0")) as (process,):
        until(lambda: process.measure(lapse))

        assert 1 == process.measure(lapse)
        assert 1 == process.measure('placet_command_seconds_count{outcome="recorded"}')
        assert 1 == process.measure('placet_group_size_bucket{le="1.0"}')
        assert 0 == process.measure('placet_loop_failing{loop="silence clock"}')


def test_a_passing_fault_of_a_file_is_outlived(tmp_path: Path, served: Story, store: Path) -> None:
    """A server that cannot write says so once, approves nothing meanwhile, and goes on."""
    served.now = now() - timedelta(hours=80)
    served.silence(window="v")
    served.placet.close()
    names = served.names
    (store / "served.json").unlink()
    with running(tmp_path, ("serve", "--store", str(store), "--port", "0")) as (process,):
        process.address()
        (store / "served.json").unlink(missing_ok=True)
        (store / "served.json").mkdir()
        until(lambda: "The silence clock waits: " in process.said())
        until(lambda: process.measure('placet_loop_failing{loop="silence clock"}') == 1)
        (store / "served.json").rmdir()
        until(lambda: "The silence clock works again." in process.said())
        until(lambda: "window.lapsed" in names())
        process.send(signal.SIGINT)

        assert 1 == process.said().count("The silence clock waits: ")
        assert 1 == process.said().count("The silence clock works again.")
