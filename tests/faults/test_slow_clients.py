"""Some are slow, to speak or to listen; everybody else is answered meanwhile."""

from __future__ import annotations

import socketserver
import threading
import time
import urllib.request
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psycopg
import pytest

from adapters.postgres import session
from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import SqliteStore
from domain.canonical import digest
from domain.ports.errors import Unavailable
from event_factory import append, body, keep, recorded
from postgres_server import ask
from served_store import served
from slow_clients import fetch, slow_clients
from story import ORGANISATION, Story
from web_visitor import field_values
from wiring import now

EACH = 40
WINDOW = f"/windows/{ORGANISATION}/w"
FORM = f"{WINDOW}/act/respond"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a window that is open now."""
    story = Story(tmp_path)
    story.now = now() - timedelta(minutes=30)
    story.body()
    story.silence()
    story.placet.close()
    return tmp_path / "store"


def test_who_is_quick_is_heard_beside_a_hundred_who_are_slow(store: Path) -> None:
    with served(store) as address, slow_clients(address, EACH, (FORM, "/", WINDOW)) as slow:
        pages = [fetch(f"{address}{path}") for path in ("/", WINDOW, "/static/placet.css")]
        form = field_values(fetch(f"{address}{FORM}"))
        values = {"kind": "objection", "seat": "east", "text": "No."}
        check = fetch(f"{address}{FORM}", form | values)
        fetch(f"{address}{FORM}", field_values(check) | {"confirmed": "yes"})
        spoken = [entry.said for entry in slow if entry.words]
    with SqliteStore.open(store) as opened:
        names = [event.name for event in opened.history(ORGANISATION).since(0, 100)]
    print(f"{len(slow)} slow clients of `placet serve`, which said {min(spoken)} bytes or more")

    assert 3 == len([page for page in pages if page])
    assert "window.response_received.v2" in names
    assert 0 < min(spoken) <= max(spoken) < 10_000


class SequentialHandler(BaseHTTPRequestHandler):
    """Answers one after another, and reads the whole of each before the next."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (its name there)
        """Say nothing."""


def test_a_server_that_takes_one_at_a_time_answers_nobody_else() -> None:
    """The control: one client who speaks slowly is enough to keep everybody waiting."""
    with socketserver.TCPServer(("127.0.0.1", 0), SequentialHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        with slow_clients(address, 1, ("/",)), pytest.raises(TimeoutError):
            urllib.request.urlopen(address, timeout=1)
        server.shutdown()


def test_a_reader_who_stops_in_the_middle_keeps_no_writer_waiting(database: str) -> None:
    """It holds a snapshot and a full connection, and the database waits for it."""
    large = bytes(12 * 1024 * 1024)
    stuck = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite'"
    with PostgresStore.open(database) as store, psycopg.connect(database) as reader:
        history = store.history("un")
        keep(history, [recorded(body("wg7"), 1)], {digest(large): large})
        reader.pgconn.send_query(b"COPY placet.content TO STDOUT")
        until = time.monotonic() + 20
        while ask(database, stuck) == [(0,)] and time.monotonic() < until:
            time.sleep(0.01)
        for number in range(20):
            append(history, body(f"b{number}"))
        assert [(1,)] == ask(database, stuck)
        reader.close()

        assert 21 == history.last_position()


def test_a_reader_who_locks_what_it_reads_does(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same reader, had it locked the end of the log."""
    monkeypatch.setitem(session.SETTINGS, "lock_timeout", "50ms")
    with PostgresStore.open(database) as store, psycopg.connect(database) as reader:
        append(store.history("un"), body("wg7"))
        reader.execute("SELECT * FROM placet.counter FOR UPDATE")
        with pytest.raises(Unavailable, match="kept it locked"):
            append(store.history("un"), body("wg7"))
