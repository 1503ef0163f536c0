"""A crowd before the server: an objection in time is heard in time, whatever else goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.sqlite.store import SqliteStore
from server_process import running
from slow_clients import fetch
from story import ORGANISATION, Story
from wiring import now

TESTS = Path(__file__).parents[1]
PLAN: dict[str, Any] = {
    "page": f"/windows/{ORGANISATION}/large",
    "path": f"/windows/{ORGANISATION}/w/act/respond",
    "seat": "east",
    "readers": 40,
    "senders": 2000,
    "responses": 16_000,
    "idle": 400,
    "warm": 10,
}


def serve(store: Path) -> tuple[str, ...]:
    return ("serve", "--store", str(store), "--port", "0")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a large window, and a quiet one whose deadline is two minutes ahead."""
    story = Story(tmp_path)
    story.now = now() - timedelta(hours=72) + timedelta(minutes=2)
    story.body()
    opened = story.now
    story.silence()
    story.silence(window="large", text={"en": "Another text. " * 500})
    for number in range(1500):
        story.respond("editorial comment", "west", window="large", text=f"Comma {number}. " * 20)
    story.now = opened
    story.placet.close()
    return tmp_path / "store"


@contextmanager
def crowd(address: str, plan: dict[str, Any]) -> Iterator[dict[str, int]]:
    """A crowd that is at work; afterwards what became of it."""
    words = [sys.executable, "process_many_clients.py", address, json.dumps(plan)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    values: dict[str, int] = {}
    with subprocess.Popen(words, cwd=TESTS / "support", **pipes) as process:
        assert process.stdin
        assert process.stdout
        assert "ready" == process.stdout.readline().strip()
        yield values
        process.stdin.write("\n")
        process.stdin.flush()
        values |= json.loads(process.stdout.readline())
        process.kill()


def objection(address: str, seat: str = "west") -> float:
    """Object, and say after how many seconds that was answered."""
    began = time.perf_counter()
    values = {"command_id": str(uuid4()), "seat": seat, "kind": "objection", "confirmed": "yes"}
    fetch(f"{address}{PLAN['path']}", values)
    return time.perf_counter() - began


def events(store: Path, window: str = "w") -> Sequence[Any]:
    with SqliteStore.open(store, read_only=True) as opened:
        found = opened.history(ORGANISATION).since(0, 100_000)
        return [entry for entry in found if str(entry.stream) == f"window/{window}"]


def recorded(store: Path) -> list[Any]:
    """The objections that are in the record."""
    return [
        event
        for event in events(store)
        if "objection" == getattr(getattr(event.fact, "response", None), "kind", "")
    ]


@pytest.mark.heavy
def test_an_objection_is_recorded_in_time_in_spite_of_a_crowd(store: Path, tmp_path: Path) -> None:
    """Forty readers of the largest page, 16,000 responses on 2,000 connections, 400 that idle."""
    with running(tmp_path, serve(store)) as (server,), crowd(server.address(), PLAN) as values:
        seconds = objection(server.address())
        found = recorded(store)
    took = (found[0].recorded_at - found[0].received_at).total_seconds()
    print(
        f"objection answered after {seconds:.2f} s, recorded {took:.2f} s after receipt; {values}"
    )
    names = {event.name.split(".")[1] for event in events(store)}

    assert ["window.response_received.v2"] == [entry.name for entry in found]
    assert {"broken"} == names & {"broken", "lapsed"}


@pytest.mark.heavy
def test_before_a_careless_server_a_crowd_keeps_an_objection_from_the_record(
    store: Path, tmp_path: Path
) -> None:
    """The control: it reads before it keeps anything, lets everybody in, and shares no page."""
    unsafe = [
        sys.executable,
        "-u",
        str(TESTS / "support" / "process_serving_without_admission.py"),
    ]
    with (
        running(tmp_path, serve(store), program=unsafe) as (server,),
        crowd(server.address(), PLAN),
    ):
        with pytest.raises((TimeoutError, urllib.error.URLError)):
            objection(server.address())

        assert [] == recorded(store)
