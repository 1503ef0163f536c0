"""An old backup in the place of the log is found out, and nothing runs on it before people look."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.files.high_water_marks import HighWaterMarkFile
from adapters.mail.screen import ScreenTransport
from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import SqliteStore
from command_line import Placet
from domain.ports.errors import Unavailable
from postgres_server import Server, ask, new_store
from server_process import running, until
from story import ORGANISATION, Story
from wiring import Placet as Program
from wiring import now
from workflows.projections.rows import WindowRow
from workflows.recovery.rollback_detection import RollbackDetector

SEEN = "the high-water mark knows position"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def story(tmp_path: Path, store: Path, placet: Placet) -> Iterator[Story]:
    """Window `w` runs until tomorrow; then a backup was made; then `east` objected."""
    found = Story(tmp_path)
    found.body(parameters={"longest-outage-minutes": "0"})
    found.now = now() - timedelta(hours=48)
    found.silence()
    found.placet.keys.create(now())
    assert 0 == placet("store", "backup", tmp_path / "backup", "--store", store)[0]
    found.respond("objection", text="No.")
    found.placet.processes.follower.run_once()
    yield found
    found.placet.close()


def restore(story: Story, tmp_path: Path, *without: str) -> None:
    """Put the backup in the place of the log, as a hasty hand does it."""
    story.placet.close()
    for ending in ("", "-wal", "-shm"):
        (tmp_path / "store" / f"log.db{ending}").unlink(missing_ok=True)
    for name in without:
        (tmp_path / "store" / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup" / "log.db", tmp_path / "store" / "log.db")


def test_a_log_that_is_whole_is_served(
    placet: Placet, story: Story, store: Path, tmp_path: Path
) -> None:
    """The control: nothing is found in the log that was not touched."""
    story.placet.close()

    assert 0 == placet("store", "check", "--store", store)[0]
    assert 0 == placet("clock", "--once", "--store", store)[0]
    with running(tmp_path, ("serve", "--store", str(store), "--port", "0")) as (process,):
        assert 200 == process.get("/")[0]


@pytest.mark.parametrize(
    ("without", "reason"),
    [((), SEEN), (("views.db",), SEEN), (("seen.json",), "whoever made the rows knows position 7")],
)
def test_an_old_backup_is_neither_served_nor_closed(
    placet: Placet, story: Story, tmp_path: Path, without: tuple[str, ...], reason: str
) -> None:
    store = tmp_path / "store"
    restore(story, tmp_path, *without)
    served = placet("serve", "--store", store, "--port", "0")
    clock = placet("clock", "--once", "--store", store)
    check = placet("store", "check", "--store", store)
    status = placet("status", "--json", "--store", store)

    assert (1, 1, 3, 3) == (served[0], clock[0], check[0], status[0])
    for said in (served[2], clock[2], check[1], " ".join(json.loads(status[1])["needs"])):
        assert reason in " ".join(said.split())
    assert "placet store restored" in " ".join(served[2].split())


def test_a_backup_that_was_written_to_is_found_out_by_the_hash(
    placet: Placet, story: Story, store: Path, tmp_path: Path
) -> None:
    """Its log is as long as the one that was seen, but for what is in it."""
    restore(story, tmp_path, "views.db")
    with SqliteStore.open(store) as log:
        later = Story(log)
        later.now = story.now
        for seat in ("east", "west"):
            later.respond("no objection", seat=seat, id=seat)
    served = placet("serve", "--store", store, "--port", "0")

    assert 1 == served[0]
    assert "Event 7 of fictional is another one than the high-water mark saw" in " ".join(
        served[2].split()
    )


def test_a_restored_log_is_accepted_by_a_person_and_holds_what_runs(
    placet: Placet, story: Story, store: Path, tmp_path: Path
) -> None:
    """The objection is lost, so silence approves nothing before an officer has looked."""
    story.placet.notifications.outbox.close()
    restore(story, tmp_path)
    requested = placet("store", "restored", "--store", store)
    accepted = placet("store", "restored", "--yes", "--store", store)
    check = placet("store", "check", "--store", store)

    assert (1, 0, 0) == (requested[0], accepted[0], check[0]), accepted[2]
    assert "Held 1 silence procedures" in accepted[2]
    assert [False, True] == [(store / "outbox.db").exists(), any(store.glob("outbox-*.db"))]
    with SqliteStore.open(store) as log:
        assert "window.held.v2" == log.history(ORGANISATION).since(5, 1)[0].name
        rows = Program(log)
        assert all(row.held for row in rows.views.rows(WindowRow, ORGANISATION))
        rows.views.close()
    with running(tmp_path, ("serve", "--store", str(store), "--port", "0")) as (process,):
        assert 200 == process.get("/")[0]


def test_receipts_whose_event_is_not_in_the_log_are_listed(
    placet: Placet, story: Story, store: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "receipts"
    folder.mkdir()
    receipt = story.placet.receipts.issue(ORGANISATION, 6)
    assert receipt
    (folder / "east.txt").write_bytes(receipt)
    words = ("store", "check", "--receipts", folder, "--store", store)
    whole = placet(*words)
    (folder / "forged.txt").write_bytes(receipt.replace(b"objection", b"comment"))
    forged = placet(*words)
    (folder / "forged.txt").unlink()
    restore(story, tmp_path, "views.db", "seen.json")
    lost = placet(*words)

    assert (0, 3, 3) == (whole[0], forged[0], lost[0])
    assert "forged.txt: it is not valid" in forged[1]
    assert "east.txt: response 1 of window w of fictional is not in the log" in lost[1]


def test_the_mark_moves_with_the_log_and_outlives_the_rows(
    story: Story, store: Path, tmp_path: Path
) -> None:
    story.placet.close()
    with running(tmp_path, ("serve", "--store", str(store), "--port", "0")) as (process,):
        process.address()
        story.silence(window="v")
        until(lambda: HighWaterMarkFile(store).marks()[ORGANISATION].position == 8)

    hashed = HighWaterMarkFile(store).marks()[ORGANISATION].hash
    assert story.events()[-1].hash == hashed


def test_a_database_that_goes_back_under_a_running_clock_is_not_closed_on(
    database: str,
) -> None:
    """The objection was there when the clock looked last; without it, silence would approve."""
    ask(database, "UPDATE meta SET value = 'yes' WHERE key = 'virtual'")
    with PostgresStore.open(database) as log:
        found = Story(log)
        found.body(parameters={"longest-outage-minutes": "0"})
        found.silence()
        found.silence(window="v")
        found.respond("objection", text="No.", window="v")
        found.placet.recovery.continuity.require_intact()
        found.placet.processes.follower.run_once()
        last = len(found.events())
        ask(database, "ALTER TABLE event DISABLE TRIGGER USER")
        ask(database, "DELETE FROM event WHERE position > %s", last - 2)
        ask(database, "UPDATE counter SET position = %s", last - 2)
        ask(database, "UPDATE tracking SET position = %s", last - 2)
        with pytest.raises(Unavailable, match="ends at 6, but the high-water mark knows"):
            found.placet.processes.clock.tick()
        assert [] == [name for name in found.names() if name == "window.lapsed"]
        control = Story(log).placet  # a clock that has seen nothing approves both
        control.projections.rebuild()
        control.processes.clock.tick()
        assert 2 == found.names().count("window.lapsed")
        control.close()
        found.placet.close()


def test_a_database_that_nobody_followed_yet_can_be_checked(
    placet: Placet, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check may write nothing, not even empty rows."""
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "home"))
    checked = placet("store", "check", "--store", database)
    status = placet("status", "--store", database)

    assert (0, 0) == (checked[0], status[0]), checked[2] + status[2]
    assert not (tmp_path / "home").exists()


def test_a_restored_database_is_accepted_on_each_host_and_its_outbox_put_aside(
    placet: Placet, cluster: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox is as old as the log: what it says waits may have been sent since."""
    homes = (tmp_path / "one", tmp_path / "two")
    monkeypatch.setenv("PLACET_HOME", str(homes[0]))
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as log:
        found = Story(log)
        found.body()
        found.placet.recovery.continuity.record_marks()
        found.silence()
        found.placet.notifications.configure_mail(ScreenTransport(lambda _: None)).begin()
        found.respond("objection", text="No.")
        for home in homes:
            RollbackDetector(log, HighWaterMarkFile(home), dict).accept()
        assert 2 == len(found.placet.notifications.outbox.all_notices())
        ask(url, "ALTER TABLE event DISABLE TRIGGER USER")
        ask(url, "DELETE FROM event WHERE position > 5")
        ask(url, "UPDATE counter SET position = 5")
        found.placet.close()
    held = placet("store", "restored", "--yes", "--store", url)
    monkeypatch.setenv("PLACET_HOME", str(homes[1]))
    other = placet("clock", "--once", "--store", url)
    again = placet("store", "restored", "--yes", "--store", url)

    assert (0, 1, 0) == (held[0], other[0], again[0])
    assert "Held 1 silence procedures" in held[2]
    assert "Held 0 silence procedures" in again[2]
    assert [1, 0] == [len([*home.glob("outbox-*.db")]) for home in homes]
    assert [(0,)] == ask(url, "SELECT count(*) FROM message")
    for home in homes:
        monkeypatch.setenv("PLACET_HOME", str(home))
        assert 0 == placet("clock", "--once", "--store", url)[0]
