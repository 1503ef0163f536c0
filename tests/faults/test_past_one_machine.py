"""Two servers and two clocks on one primary, a standby for readers, and a failover under load."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.postgres.store import PostgresStore
from page_tree import parsed
from postgres_server import Server, ask, new_store
from postgres_server import running as database_server
from postgres_standby import Standby, standby, wait_for_it
from retrying_writers import retrying_writers
from server_process import Process, running, until
from story import Story
from web.cli.server import PROMOTED

BOTH = "postgresql://tester@127.0.0.1:{},127.0.0.1:{}/{}?target_session_attrs=read-write"
WINDOWS = 6
ANSWERS = 60
LAPSES = "SELECT stream FROM event WHERE name = 'window.lapsed.v2'"
RESPOND = "/windows/fictional/w0/act/respond"

pytestmark = pytest.mark.heavy


@dataclass
class Deployment:
    """A primary with its standby; two servers and two clocks that find whichever takes writes,
    each on a host of its own, and a server that reads the standby."""

    primary: Server
    standby: Standby
    address: str
    servers: tuple[Process, Process]
    reader: Process

    @property
    def copy(self) -> str:
        """The address of the database on the standby alone."""
        return self.standby.url(self.address.rpartition("/")[2].partition("?")[0])

    def fall_due(self, name: str) -> None:
        """Open windows that nobody objects to; by the clocks of today they are due at once."""
        with PostgresStore.open(self.address) as store:
            story = Story(store)
            if story.events():
                story.now += timedelta(days=1)
            else:
                story.body(parameters={"longest-outage-minutes": "0"})
            for number in range(WINDOWS):
                story.silence(window=f"{name}{number}", id=f"open-{name}{number}")
            story.placet.close()

    def lapsed(self, url: str) -> list[str]:
        """The windows that lapsed, each as often as that is recorded."""
        return sorted(str(stream) for (stream,) in ask(url, LAPSES))


@contextmanager
def deployed(folder: Path, *, waiting: bool) -> Iterator[Deployment]:
    """Everything at work. A primary that does not wait for its standby answers before it."""
    with ExitStack() as stack:
        primary = stack.enter_context(database_server())
        name = new_store(primary, virtual=True).rpartition("/")[2]
        other = stack.enter_context(standby(primary))
        if waiting:
            wait_for_it(primary)
        address = BOTH.format(primary.port, other.port, name)
        serve = ("serve", "--port", "0", "--store")
        clock = ("clock", "--store", address)
        every = ((*serve, address), (*serve, address), (*serve, other.url(name)), clock, clock)
        first, second, reader, *_ = stack.enter_context(running(folder, *every, apart=True))
        yield Deployment(primary, other, address, (first, second), reader)


def said_of_standby(page: str) -> str:
    """What a page says of the standby that it is read from; empty where it is from none."""
    found = parsed(page).xpath("//p[contains(@class, 'standby')]")
    return " ".join(found[0].text_content().split()) if found else ""


def post(server: Process, path: str) -> tuple[int, str]:
    """The answer to an empty form."""
    address = server.address()
    request = urllib.request.Request(address + path, b"seats=east", {"Origin": address})  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (loopback)
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


LAST = 'placet_loop_last_success_timestamp_seconds{{loop="{}"}}'
FAILS = 'placet_loop_failing{loop="silence clock"}'


def until_it_answers(server: Process) -> None:
    until(lambda: server.get("/")[0] == 200)


def until_done(server: Process, loop: str) -> None:
    """Until a loop has done its work at least once, in whole, after this moment."""
    since = time.time()
    for _ in range(2):
        until_later(server, loop, since)
        since = server.measure(LAST.format(loop)) or 0


def until_later(server: Process, loop: str, moment: float) -> None:
    until(lambda: (server.measure(LAST.format(loop)) or 0) > moment)


def test_a_failover_under_load_loses_nothing_and_records_each_deadline_once(
    cluster: Server, tmp_path: Path
) -> None:
    with deployed(tmp_path, waiting=True) as deployment:
        deployment.fall_due("w")
        until(lambda: len(deployment.lapsed(deployment.address)) == WINDOWS)
        reader = deployment.reader
        board, window = reader.get("/")[1], reader.get("/windows/fictional/w0")[1]
        refused = post(reader, RESPOND)
        with retrying_writers(deployment.address) as said:
            said.wait_for(ANSWERS)
            deployment.primary.stop()
            deployment.standby.promote()
            said.wait_for(ANSWERS)
            until(lambda: not said_of_standby(reader.get("/")[1]))
        deployment.fall_due("v")
        until(lambda: len(deployment.lapsed(deployment.copy)) == 2 * WINDOWS)
        for server in deployment.servers:
            until_it_answers(server)
        events = {event for (event,) in ask(deployment.copy, LAPSES)}
        print(f"{len(said.answered)} acknowledged, {len(said.failures)} failures")

        assert re.search(
            r"up to event \d+\. It shows what was recorded until", said_of_standby(board)
        )
        assert said_of_standby(window)
        assert "/act/" not in window
        assert 405 == refused[0]
        assert "Nothing was recorded" in refused[1]
        assert set() == said.lost(stored_documents(deployment.copy))
        assert len(said.answered) >= 2 * ANSWERS
        assert 2 * WINDOWS == len(events)
        assert 200 == reader.get(RESPOND.replace("w0", "v0"))[0]
        with PostgresStore.open(deployment.copy) as store:
            assert () == store.check().faults


def stored_documents(url: str) -> list[str]:
    """The orders of the writers that are there."""
    names = ask(url, "SELECT stream FROM event WHERE name LIKE 'document.registered%'")
    return [str(stream).partition("/")[2] for (stream,) in names]


def test_a_standby_that_is_not_waited_for_loses_some_and_its_hosts_close_nothing(
    cluster: Server, tmp_path: Path
) -> None:
    """The control; each host that saw more of the log than is left waits for a person.

    So does the server of the standby, which cannot know what the primary had acknowledged.
    """
    with deployed(tmp_path, waiting=False) as deployment:
        deployment.fall_due("w")
        until(lambda: len(deployment.lapsed(deployment.address)) == WINDOWS)
        with retrying_writers(deployment.address) as said:
            said.wait_for(ANSWERS)
            deployment.standby.stop_following()
            said.wait_for(ANSWERS)
        for server in deployment.servers:
            until_done(server, "follower")
        deployment.primary.stop()
        deployment.standby.promote()
        until(lambda: PROMOTED in deployment.reader.said().replace("\n", " "))
        deployment.fall_due("v")
        until_done(deployment.reader, "silence clock")
        for server in deployment.servers:
            until_it_answers(server)
            assert 1 == server.measure(FAILS)

        assert said.lost(stored_documents(deployment.copy))
        assert WINDOWS == len(deployment.lapsed(deployment.copy))
