"""Serving a store: one server at a time, others read and write in turn, the clock records once."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from adapters.sqlite.server_lock import LOCK
from adapters.sqlite.store import SqliteStore
from domain.times import When
from served_store import PLACET, served
from story import NOON, Story
from wiring import now

pytestmark = pytest.mark.heavy


def get(address: str) -> str:
    """The body of a page."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (loopback)
        text: str = answer.read().decode()
        return text


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Another process on the command line."""
    return subprocess.run(
        [*PLACET, *map(str, words)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with body `b` of two seats, made long ago."""
    story = Story(tmp_path)
    story.body()
    story.placet.close()
    return tmp_path / "store"


def test_a_second_server_is_refused_while_others_read_and_write(
    store: Path, tmp_path: Path
) -> None:
    """The sentence names the process that serves; reading and writing go on beside it."""
    step = tmp_path / "step.yaml"
    step.write_text(
        "live: open silence\nwindow: w\nbody: b\n"
        "subject: {type: decision text}\ntext: {en: A text.}\n"
    )
    with served(store) as address:
        second = run("serve", "--store", store, "--port", "0")
        written = run("agenda", "do", step, "--store", store)
        page = get(f"{address}/windows/fictional/w")
        listed = json.loads(run("agenda", "list", "--store", store, "--json").stdout)

    assert (1, 0) == (second.returncode, written.returncode), written.stderr
    assert "is served already, by process" in second.stderr
    assert "open" in page
    assert ["open"] == [row["stands"] for row in listed]


def test_a_second_server_is_refused_also_when_the_file_of_the_lock_is_deleted(store: Path) -> None:
    """The folder itself is locked. The control: once the first has ended, another one serves."""
    with served(store):
        (store / LOCK).unlink()
        second = run("serve", "--store", store, "--port", "0")
    with served(store) as address:
        page = get(address)

    assert 1 == second.returncode
    assert "is served already" in second.stderr
    assert page


def test_the_clock_of_a_server_records_what_fell_due(tmp_path: Path) -> None:
    """A window that ended while nothing ran is recorded once, with effect at its deadline."""
    story = Story(tmp_path)
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    closes = story.state("window/w").closes
    story.placet.close()
    assert now() > closes.exact > NOON
    with served(tmp_path / "store") as address:
        deadline = time.monotonic() + 30
        while "window.lapsed" not in get(f"{address}/windows/fictional/w.json"):
            assert time.monotonic() < deadline, "the clock recorded nothing"
            time.sleep(0.2)
        time.sleep(2.5)
    with SqliteStore.open(tmp_path / "store") as store:
        events = store.history("fictional").since(0, 100)
    lapses = [event for event in events if event.name == "window.lapsed.v2"]

    assert [When.from_instant(closes.exact)] == [lapse.effective for lapse in lapses]
    assert lapses[0].recorded_at > closes.exact


def test_the_server_listens_on_this_machine_only(store: Path) -> None:
    """It says so, and a request that names another host is turned away."""
    with served(store) as address:
        request = urllib.request.Request(  # noqa: S310 (loopback)
            f"{address}/", headers={"Host": "evil.example"}
        )
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request, timeout=10)  # noqa: S310 (loopback)

    refusal.value.close()

    assert 421 == refusal.value.code


def test_a_port_that_is_taken_is_said(store: Path) -> None:
    """One sentence and exit code 1, for the second that asks for it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--store", store, "--port", str(port))

    assert 1 == ended.returncode
    assert f"port {port} cannot be used" in ended.stderr


@pytest.mark.parametrize("key", [False, True])
def test_a_server_says_at_its_start_when_it_cannot_sign_receipts(store: Path, key: bool) -> None:
    """It serves all the same, and is silent about it when there is a key."""
    if key:
        run("key", "create", "--store", store)
    words = [*PLACET, "serve", "--store", str(store), "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = []
        for text_line in process.stderr:
            said.append(text_line)
            if "http://" in text_line:
                break
        process.terminate()

    assert "http://" in said[-1]
    assert key != any("no signed receipts" in text_line for text_line in said)
