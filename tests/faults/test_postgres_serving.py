"""Servers and clocks on one database: through its restarts, one follower, everything once."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.postgres.store import PostgresStore
from postgres_server import Server, ask, new_store
from postgres_server import running as database_server
from server_process import running, until
from smtp_server import Server as Mail
from smtp_server import directory, mail_server, sent, service
from story import Story

pytestmark = pytest.mark.heavy

LEADS = "placet_follower_leads"
WAITING = 'placet_letters{organisation="fictional",state="waiting"}'


@pytest.fixture
def server(cluster: Server) -> Iterator[Server]:
    """A server for one test alone, which stops it."""
    with database_server() as made:
        yield made


def serve(url: str) -> tuple[str, ...]:
    return ("serve", "--store", url, "--port", "0")


def lapses(url: str) -> int:
    ((found,),) = ask(url, "SELECT count(*) FROM event WHERE name = 'window.lapsed.v2'")
    return int(str(found))


def followed(url: str) -> tuple[int, int]:
    """Up to where the rows were made, and where the log ends."""
    ((rows, last),) = ask(
        url,
        "SELECT (SELECT max(tracking.position) FROM tracking JOIN live USING (generation)),"
        " (SELECT max(position) FROM counter)",
    )
    return int(str(rows)), int(str(last))


LOOPS = (
    "The silence clock",
    "The follower",
    "The notice service",
    "The mail of accounts",
    "The reader of mailboxes",
)


def test_a_server_outlives_a_restart_of_its_database(server: Server, tmp_path: Path) -> None:
    """It says once that it waits, answers that it cannot read, and goes on by itself."""
    url = new_store(server, virtual=True)
    with PostgresStore.open(url) as store, running(tmp_path, serve(url)) as (process,):
        story = Story(store)
        story.body(parameters={"longest-outage-minutes": "0"})
        assert 200 == process.get("/")[0]
        server.stop()
        until(lambda: process.said().count(" waits: ") == len(LOOPS))
        down = process.get("/")[0], process.measure("placet_store_readable")
        until(lambda: process.measure('placet_loop_failing{loop="silence clock"}'))
        server.start()
        started = time.monotonic()
        store.close()
        story.silence()
        until(lambda: lapses(url) == 1)
        print(f"a lapse was recorded {time.monotonic() - started:.1f} s after the restart")
        until(lambda: process.said().count(" works again.") == len(LOOPS))

        assert (503, 0.0) == down
        assert 200 == process.get("/")[0]
        assert not process.over
        for name in LOOPS:
            assert 1 == process.said().count(f"{name} waits: ")
            assert 1 == process.said().count(f"{name} works again.")


def test_one_process_follows_and_another_takes_over_when_it_is_killed(
    cluster: Server, tmp_path: Path
) -> None:
    """While it only sleeps it keeps the lead, but a page of the other shows all of the log."""
    url = new_store(cluster, virtual=True)
    with (
        PostgresStore.open(url) as store,
        running(tmp_path, serve(url), serve(url)) as processes,
    ):
        story = Story(store)
        story.body()
        until(lambda: sum(process.measure(LEADS) or 0 for process in processes) == 1)
        first, second = sorted(processes, key=lambda entry: -(entry.measure(LEADS) or 0))
        until(lambda: len({*followed(url)}) == 1)
        first.send(signal.SIGSTOP)
        story.silence()
        assert 'windows/fictional/w"' in second.get("/")[1]
        assert 0 == second.measure(LEADS)
        first.kill()
        killed = time.monotonic()
        until(lambda: second.measure(LEADS) == 1)
        print(f"the other process led after {time.monotonic() - killed:.1f} s")
        story.silence(window="v")
        until(lambda: len({*followed(url)}) == 1)


def test_two_servers_and_two_clocks_close_and_tell_everything_once(
    cluster: Server, tmp_path: Path
) -> None:
    """Twelve windows of two seats have fallen due: each outcome is recorded and mailed once."""
    url, home = new_store(cluster, virtual=True), tmp_path / "home"
    home.mkdir()
    with PostgresStore.open(url) as store, mail_server() as server:
        story = Story(store)
        story.body(parameters={"longest-outage-minutes": "0"})
        with pytest.MonkeyPatch.context() as around:
            around.setenv("PLACET_HOME", str(home))
            directory(story, "east", "west")
            service(story, server.transport())
            for number in range(12):
                story.silence(window=f"w{number}")
            sent(story)
            story.placet.notifications.outbox.close()
        sender = ("--mail-from", "placet@example.org")
        mail = ("--smtp", f"127.0.0.1:{server.port}", "--smtp-tls", "none", *sender)
        clock = ("clock", "--store", url)
        every = ((*serve(url), *mail), (*serve(url), *mail), clock, clock)
        with running(tmp_path, *every) as processes:
            until(lambda: lapses(url) == 12)
            until(lambda: approvals(server) >= 24)
            until(lambda: processes[0].measure(WAITING) == processes[1].measure(WAITING) == 0)
            assert [False] * 4 == [process.over for process in processes]

        assert 12 == lapses(url)
        assert 24 == approvals(server)
        assert len({*server.ids()}) == len(server.ids())
        assert () == store.check().faults


def approvals(server: Mail) -> int:
    """How many letters told of an approval."""
    return len([subject for _, subject in server.subjects() if subject == "Approved by silence"])
