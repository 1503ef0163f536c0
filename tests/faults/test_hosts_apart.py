"""Servers on one database share no folder: each letter once, though the leader is killed."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.postgres.store import PostgresStore
from adapters.sqlite.outbox import Outbox
from command_line import Placet
from old_outbox import FixedOutbox
from postgres_server import Server as Database
from postgres_server import ask, new_store
from server_process import PLACET, Process, running, until
from smtp_server import Server, directory, mail_server, sent, service
from story import Story

pytestmark = pytest.mark.heavy

LEADS = "placet_follower_leads"
WINDOWS = 12
UNDER_WAY = "SELECT count(*) FROM message WHERE state = 'being sent'"


@pytest.fixture
def mail() -> Iterator[Server]:
    with mail_server() as found:
        yield found


def lapses(url: str) -> int:
    ((found,),) = ask(url, "SELECT count(*) FROM event WHERE name = 'window.lapsed.v2'")
    return int(str(found))


def approvals(mail: Server) -> list[str]:
    """The ids of the letters that told of an approval."""
    return [
        str(letter["Message-ID"])
        for letter in mail.letters
        if str(letter["Subject"]).startswith("Approved by silence")
    ]


def due(store: PostgresStore, mail: Server) -> Story:
    """Windows of two seats that were told, and whose end is long past."""
    story = Story(store)
    story.body(parameters={"longest-outage-minutes": "0"})
    directory(story, "east", "west")
    service(story, mail.transport())
    for number in range(WINDOWS):
        story.silence(window=f"w{number}")
    sent(story)
    return story


def serve(url: str, mail: Server) -> tuple[str, ...]:
    sender = ("--mail-from", "placet@example.org")
    manner = ("--smtp", f"127.0.0.1:{mail.port}", "--smtp-tls", "none", *sender)
    return ("serve", "--store", url, "--port", "0", *manner)


def killed_between_letters(leader: Process, url: str) -> None:
    """Kill it while nothing is under way: of a letter that is, nobody could know what became."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        leader.send(signal.SIGSTOP)
        if ask(url, UNDER_WAY) == [(0,)]:
            leader.kill()
            return
        leader.send(signal.SIGCONT)
        time.sleep(0.05)
    pytest.fail("letters were under way all the time")


def test_two_hosts_tell_everything_once_though_the_leader_is_killed(
    cluster: Database, mail: Server, tmp_path: Path
) -> None:
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as store:
        due(store, mail)
        both = (serve(url, mail), serve(url, mail))
        with running(tmp_path, *both, apart=True) as processes:
            until(lambda: sum(process.measure(LEADS) or 0 for process in processes) == 1)
            leader, other = sorted(processes, key=lambda entry: -(entry.measure(LEADS) or 0))
            until(lambda: approvals(mail))
            killed_between_letters(leader, url)
            until(lambda: lapses(url) == WINDOWS)
            until(lambda: len({*approvals(mail)}) == 2 * WINDOWS)
            until(lambda: other.measure(LEADS) == 1)

        assert WINDOWS == lapses(url)
        assert 2 * WINDOWS == len(approvals(mail))
        assert len({*mail.ids()}) == len(mail.ids())
        assert () == store.check().faults
    homes = [{path.name for path in folder.iterdir()} for folder in tmp_path.glob("home-of-*")]
    assert 2 == len(homes)
    for held in homes:
        assert held <= {"home", "seen.json", "intake.aside"}


def test_hosts_with_an_outbox_each_would_tell_everything_twice(
    cluster: Database, mail: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same with two outboxes in two folders."""
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as store, PostgresStore.open(url) as elsewhere:
        for number, place in enumerate((store, elsewhere)):
            made = FixedOutbox(Outbox(tmp_path / f"outbox-{number}.db"))
            monkeypatch.setattr(place, "outbox_place", lambda made=made: made)
        story, other = Story(store), Story(elsewhere)
        story.body()
        directory(story, "east", "west")
        story.silence()
        other.now = story.now
        for entry in (story, other):
            service(entry, mail.transport()).record_pending()
        sent(story)
        sent(other)

        assert 4 == len(mail.ids())
        assert 2 == len({*mail.ids()})


def test_a_host_that_has_not_seen_the_log_closes_nothing_before_somebody_confirms_it(
    cluster: Database,
    mail: Server,
    tmp_path: Path,
    placet: Placet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, home = new_store(cluster, virtual=True), tmp_path / "new-host"
    with PostgresStore.open(url) as store:
        due(store, mail)
    home.mkdir()
    monkeypatch.setenv("PLACET_HOME", str(home))
    process = Process(tmp_path / "said", home, *serve(url, mail), program=PLACET)
    try:
        assert 200 == process.get("/")[0]
        until(lambda: process.measure(LEADS) == 1)
        until(lambda: process.measure('placet_loop_failing{loop="silence clock"}') == 0)
        once = placet("clock", "--once", "--store", url)
        status = placet("status", "--store", url)
        assert 0 == lapses(url)
        assert 1 == once[0]
        for said in (process.said(), once[2], status[1] + status[2]):
            assert "This host has not seen this log before" in " ".join(said.split())
        assert not (home / "seen.json").exists()

        requested = placet("store", "accept", "--store", url)
        assert (1, 0) == (requested[0], lapses(url))
        accepted = placet("store", "accept", "--yes", "--store", url)
        assert 0 == accepted[0], accepted[2]
        assert "fictional" in accepted[1]
        until(lambda: lapses(url) == WINDOWS)
        again = placet("store", "accept", "--store", url)
        assert (0, True) == (again[0], "nothing to confirm" in " ".join(again[2].split()))
    finally:
        process.kill()


def test_a_host_that_saw_the_log_from_its_beginning_is_not_asked(
    cluster: Database, mail: Server, placet: Placet
) -> None:
    """The control: the host that made the store."""
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as store:
        due(store, mail)
    once = placet("clock", "--once", "--store", url)

    assert 0 == once[0], once[2]
    assert WINDOWS == lapses(url)


def test_an_old_log_is_not_confirmed_as_one_that_was_never_seen(
    cluster: Database, mail: Server, placet: Placet
) -> None:
    """A host that has marks of a later log is told of `placet store restored`."""
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as store:
        story = due(store, mail)
        story.placet.recovery.continuity.record_marks()
        ask(url, "ALTER TABLE event DISABLE TRIGGER USER")
        ask(url, "DELETE FROM event WHERE position > 5")
        ask(url, "UPDATE counter SET position = 5")
    code, _, found = placet("store", "accept", "--yes", "--store", url)

    assert (1, True) == (code, "placet store restored" in " ".join(found.split()))
