"""What a store does when the disk, another process or somebody's hand fails it."""

import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore.event_store import StoredHistory
from adapters.files.locks import FileLock, hold_lock
from adapters.sqlite import connections, schema
from adapters.sqlite.connections import Connections, assert_durable, wal_reset_defect
from adapters.sqlite.server_lock import hold_server_lock
from adapters.sqlite.store import SqliteStore
from domain.body.events import BodyEstablished
from domain.canonical import digest
from domain.ports.errors import Unavailable, VersionConflict
from domain.ports.event_store import Head
from event_factory import append, body, keep, recorded

TESTS = Path(__file__).parents[1]
TEXT = b'{"text":"bound"}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.create(tmp_path / "store") as made:
        yield made


@pytest.fixture
def history(store: SqliteStore) -> StoredHistory:
    return store.history("un")


def started(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=TESTS / "support",
        stdout=subprocess.PIPE,
        text=True,
    )


def by_hand(store: SqliteStore, *statements: str, without_triggers: bool = True) -> None:
    """Change the file behind the program's back, as an insider could."""
    store.close()
    with sqlite3.connect(store.folder / "log.db", isolation_level=None) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers if without_triggers else ():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers if without_triggers else ():
            connection.execute(sql)
    connection.close()


# --- what a commit is worth ----------------------------------------------------------------------


def test_every_connection_to_the_log_is_fully_synchronous(store: SqliteStore) -> None:
    with store._connections.transaction() as writer:
        assert_durable(writer)
    assert_durable(store._connections.reader)


def test_a_connection_that_may_lose_commits_is_refused(store: SqliteStore) -> None:
    """The control: the same assertion, on a connection set to NORMAL."""
    loose = Connections(store.folder / "log.db", durable=False)

    with pytest.raises(Unavailable, match="the log needs FULL"):
        assert_durable(loose.reader)
    loose.close()


class UnsafeConnection(connections.Connection):
    """A connection that stays as fast as it is told not to be."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), *values)


@pytest.mark.parametrize("reads", [True, False])
def test_no_connection_opens_that_may_lose_commits(
    store: SqliteStore, history: StoredHistory, monkeypatch: pytest.MonkeyPatch, reads: bool
) -> None:
    """Each is looked at when it opens, whether it is to read or to write."""
    store.close()
    monkeypatch.setattr(connections, "Connection", UnsafeConnection)

    with pytest.raises(Unavailable, match="the log needs FULL"):
        history.last_position() if reads else append(history, body("wg7"))
    monkeypatch.undo()
    assert 1 == append(history, body("wg7")).position


def test_what_is_written_is_flushed_through_the_disk_where_the_system_can(
    store: SqliteStore,
) -> None:
    """Also for views, which may be lost but must not be torn."""
    loose = Connections(store.folder / "log.db", durable=False)
    with store._connections.transaction() as writer:
        for entry in (writer, store._connections.reader, loose.reader):
            assert (1,) == entry.execute("PRAGMA fullfsync").fetchone()
    loose.close()


def test_a_store_that_is_closed_while_others_read_lets_them_finish(
    store: SqliteStore, history: StoredHistory
) -> None:
    """To close a connection with which another thread reads would crash the process."""
    for _ in range(20):
        append(history, body("wg7"))
    over = threading.Event()

    def read() -> int:
        times = 0
        while not over.is_set():
            assert len(history.since(0, 100)) == 20
            times += 1
        return times

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for _ in range(200):
            store.close()
            over.wait(0.001)
        over.set()

    assert all(reader.result() > 0 for reader in readers)


def test_a_lost_answer_is_found_again_after_a_kill(
    store: SqliteStore, history: StoredHistory
) -> None:
    """The process dies after its commit and before its answer; the same command is sent again."""
    code = (
        "import os, sys; from pathlib import Path; from event_factory import append, body\n"
        "from adapters.sqlite.store import SqliteStore\n"
        "store = SqliteStore.open(Path(sys.argv[1]))\n"
        "append(store.history('un'), body('wg7'), 'c1'); os.kill(os.getpid(), 9)"
    )
    writer = started(code, str(store.folder))
    writer.communicate()

    assert writer.returncode == -signal.SIGKILL
    repeated = history.encode([recorded(body("wg7"), 1, "c1")], {}, Head())
    with pytest.raises(VersionConflict):
        history.append_after(0, [repeated])
    assert history.events_of_command("c1") == history.since(0, 9)
    assert history.last_position() == 1


# --- a full disk, a lock -------------------------------------------------------------------------


def test_a_full_disk_refuses_cleanly_and_goes_on_when_there_is_space(
    store: SqliteStore, history: StoredHistory
) -> None:
    append(history, body("wg7"))
    with store._connections._thread_lock:
        writer = store._connections._ready()
        writer.execute("PRAGMA max_page_count=1")
    large = recorded(body("wg8"), 1, fact=BodyEstablished(names={"en": "x" * 50_000}))

    with pytest.raises(Unavailable, match="the disk is full; free some space"):
        keep(history, [large])

    assert history.last_position() == 1
    assert append(history, body("wg7")).position == 2
    assert store.check().faults == ()


def _full_disk(folder: str, unsafe: str) -> None:
    """Run in a process of its own: no file may grow over a limit, and then it may again.

    An unsafe store counts as kept what was not answered yet.
    """
    with SqliteStore.open(Path(folder)) as store:
        history, refusals, kept = store.history("un"), 0, 0
        for limit in (200_000, 400_000, resource.RLIM_INFINITY):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            for number in range(30):
                fact = BodyEstablished(names={"en": "x" * 20_000})
                event = recorded(body(f"b{limit}-{number}"), 1, fact=fact)
                kept += unsafe == "yes"
                try:
                    keep(history, [event])
                    kept += unsafe == "no"
                except Unavailable as error:
                    clear = re.search("no space left|disk is full", str(error))
                    refusals += 1 if clear else 1000
                history.since(0, 1000)
        stored = len(history.since(0, 1000))
        sys.stdout.write(f"{refusals} {kept} {stored} {store.check().faults}")


def full_disk(store: SqliteStore, unsafe: str) -> tuple[int, int, int, str]:
    """How many of ninety appends were refused, kept and stored, and what a check finds."""
    code = (
        "import sys; from tests.faults.test_store_faults import _full_disk;"
        " _full_disk(*sys.argv[1:])"
    )
    said, _ = started(code, str(store.folder), unsafe).communicate()
    refusals, kept, stored, faults = said.split(" ", 3)
    print(f"90 appends (StoredHistory.turn): {refusals} refused, {kept} kept, {stored} stored")
    return int(refusals), int(kept), int(stored), faults


def test_files_that_cannot_grow_refuse_and_lose_nothing(store: SqliteStore) -> None:
    """Each refusal says why, the log can be read after each, and with space it goes on."""
    refusals, kept, stored, faults = full_disk(store, "no")

    assert refusals > 30
    assert 90 == refusals + kept
    assert (kept, "()") == (stored, faults)
    assert stored + 1 == append(store.history("un"), body("later")).position


def test_who_counts_before_the_answer_counts_what_a_full_disk_refused(store: SqliteStore) -> None:
    """The control: the same appends, counted too early."""
    _, kept, stored, _ = full_disk(store, "yes")

    assert kept > stored


def test_a_lock_of_another_process_is_waited_for_and_then_told(
    store: SqliteStore, history: StoredHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TIMEOUT", 0.2)
    append(history, body("wg7"))
    store.close()
    other = sqlite3.connect(store.folder / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="another process kept it locked"):
        append(history, body("wg7"))
    assert history.last_position() == 1

    other.execute("ROLLBACK")
    other.close()
    assert append(history, body("wg7")).position == 2


def test_no_writer_blocks_a_reader(store: SqliteStore, history: StoredHistory) -> None:
    """One writer is in its transaction, another waits for its turn; a third thread reads."""
    append(history, body("wg7"))
    inside, go_on, read = threading.Event(), threading.Event(), []

    def hold() -> None:
        with store._connections.transaction():
            inside.set()
            go_on.wait(5)

    threads = [
        threading.Thread(target=hold),
        threading.Thread(target=append, args=(history, body("wg8"))),
        threading.Thread(target=lambda: read.append(history.last_position())),
    ]
    threads[0].start()
    inside.wait(5)
    threads[1].start()
    threads[2].start()
    threads[2].join(2)

    assert read == [1]
    go_on.set()
    for thread in threads:
        thread.join()
    assert history.last_position() == 2


def test_an_error_inside_a_transaction_undoes_it(
    store: SqliteStore, history: StoredHistory
) -> None:
    def interrupted() -> None:
        with history.recorder.transaction() as transaction:
            transaction.keep(digest(TEXT), TEXT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    with pytest.raises(KeyError):
        history.content(digest(TEXT))
    assert append(history, body("wg7")).position == 1


# --- folders that are no store, or too new -------------------------------------------------------


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"is no store of Placet: it has no log\.db"):
        SqliteStore.open(tmp_path)
    sqlite3.connect(tmp_path / "log.db").execute("CREATE TABLE other (x)").connection.close()
    with pytest.raises(Unavailable, match="is not a log of Placet"):
        SqliteStore.open(tmp_path)
    with pytest.raises(Unavailable, match="holds a store already"):
        SqliteStore.create(tmp_path)
    (tmp_path / "log.db").write_bytes(b"something else altogether" * 100)
    with pytest.raises(Unavailable, match="it is damaged, or not a database at all"):
        SqliteStore.open(tmp_path)
    (tmp_path / "log.db").write_bytes(b"")
    with pytest.raises(Unavailable, match="is not a log of Placet"):
        SqliteStore.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot hold a store"):
        SqliteStore.create(tmp_path / "file")


def test_a_newer_store_is_refused_in_one_sentence(store: SqliteStore) -> None:
    assert schema.SCHEMA == 2
    by_hand(store, "UPDATE meta SET value = '3' WHERE key = 'schema'")

    with pytest.raises(Unavailable, match="was written by a newer version of Placet") as refusal:
        SqliteStore.open(store.folder)
    assert "\n" not in str(refusal.value)


# --- damage and tampering ------------------------------------------------------------------------


def test_events_and_contents_are_never_changed_or_deleted(
    store: SqliteStore, history: StoredHistory
) -> None:
    keep(history, [recorded(body("wg7"), 1)], {digest(TEXT): TEXT})
    again = "INSERT OR REPLACE INTO event SELECT * FROM event"
    with pytest.raises(sqlite3.IntegrityError, match="without a gap"):
        by_hand(store, again, without_triggers=False)
    for statement in (
        "UPDATE event SET name = 'x'",
        "DELETE FROM event",
        "UPDATE content SET bytes = x''",
        "DELETE FROM content",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            by_hand(store, statement, without_triggers=False)
        by_hand(store, statement)
    assert history.last_position() == 1
    assert history.since(0, 9) == ()


def test_an_overwritten_file_gives_a_clear_error(
    store: SqliteStore, history: StoredHistory
) -> None:
    for _ in range(100):
        append(history, body("wg7"))
    store.close()
    log = store.folder / "log.db"
    content = bytearray(log.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 8192] = os.urandom(8192)
    log.write_bytes(content)

    faults = SqliteStore.open(store.folder).check().faults
    assert faults
    assert all(fault.endswith(".") for fault in faults)
    with pytest.raises(Unavailable, match="damaged"):
        history.since(0, 1000)


TAMPERING: list[tuple[str, str]] = [
    ("UPDATE event SET state = replace(state, 'wg7 2', 'wg7 9') WHERE position = 2",
     r"Position 2: Event 2 of un is damaged or was changed on disk: its hash"),
    ("UPDATE event SET command_id = 'other' WHERE position = 2",
     "Event 2 of un has columns that differ from its bytes"),
    ("UPDATE event SET recorded_at = '2020' WHERE position = 2",
     "Event 2 of un was recorded before the one that it follows"),
    ("DELETE FROM event WHERE position = 2",
     "Events of un are missing between positions 1 and 3"),
    ("DELETE FROM event WHERE position = 3",
     r"The last event of un should be \(3, .*\), but it is \(2, "),
    ("UPDATE event SET stream = 'body/wg8' WHERE position = 2",
     "Event 2 of un is version 2 of body/wg8 and follows upon version 0"),
    ("UPDATE content SET bytes = x'00'", "Content .* of un is not what its hash says"),
    ("DELETE FROM content", "Event 3 of un refers to content .*, which is not in the store"),
    ("DROP TRIGGER IF EXISTS event_stays", "The triggers .* are gone"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), TAMPERING)
def test_a_check_names_what_was_tampered_with(
    store: SqliteStore, history: StoredHistory, statement: str, fault: str
) -> None:
    keep(history, [recorded(body("wg7"), 1)])
    keep(history, [recorded(body("wg7"), 2)])
    event = recorded(body("wg7"), 3, pack=digest(TEXT))
    keep(history, [event], {digest(TEXT): TEXT})
    assert store.check().faults == ()

    by_hand(store, statement, without_triggers="TRIGGER" not in statement)

    assert any(re.search(fault, said) for said in store.check().faults)


def test_what_was_changed_on_disk_is_never_shown(
    store: SqliteStore, history: StoredHistory
) -> None:
    keep(history, [recorded(body("wg7"), 1)], {digest(TEXT): TEXT})
    change = "UPDATE event SET state = replace(state, 'wg7 1', 'wg7 9')"
    by_hand(store, change, "UPDATE content SET bytes = x'00'")

    for reading in (lambda: history.since(0, 9), lambda: history.content(digest(TEXT))):
        with pytest.raises(Unavailable, match="was changed on disk"):
            reading()


def test_a_sound_store_is_counted(store: SqliteStore, history: StoredHistory) -> None:
    keep(history, [recorded(body("wg7"), 1)], {digest(TEXT): TEXT})
    append(store.history("oas"), body("wg7"))
    report = store.check()

    assert report.sound
    assert (report.organisations, report.events, report.contents) == (2, 2, 1)


# --- backup, serving, SQLite's own defect --------------------------------------------------------


def test_a_backup_is_made_while_others_write(store: SqliteStore, tmp_path: Path) -> None:
    code = "import sys; from event_factory import write; write(sys.argv[1], sys.argv[2], 10_000)"
    writer = started(code, str(store.folder), "w")
    assert writer.stdout
    writer.stdout.readline()
    store.backup(tmp_path / "one")
    store.backup(tmp_path / "two")
    writer.kill()
    writer.communicate()

    with pytest.raises(Unavailable, match="cannot take a backup: File exists"):
        store.backup(tmp_path / "two")
    counts = []
    for name in ("one", "two"):
        with SqliteStore.open(tmp_path / name) as copy:
            assert copy.check().faults == ()
            counts.append(copy.history("un").last_position())
            assert append(copy.history("un"), body("later")).position == counts[-1] + 1
    assert 1 <= counts[0] <= counts[1] <= store.history("un").last_position()


def test_a_backup_that_fails_leaves_nothing(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("adapters.sqlite.store._copy", fail)
    with pytest.raises(Unavailable):
        store.backup(tmp_path / "backup")

    assert not (tmp_path / "backup").exists()


def test_only_one_process_serves_a_store(store: SqliteStore) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from adapters.sqlite.server_lock import hold_server_lock\n"
        "with hold_server_lock(Path(sys.argv[1])): print('serving', flush=True); time.sleep(60)"
    )
    first = started(code, str(store.folder))
    assert first.stdout
    first.stdout.readline()

    with pytest.raises(Unavailable, match=f"served already, by process {first.pid}"):
        hold_server_lock(store.folder).__enter__()
    first.kill()
    first.communicate()
    with hold_server_lock(store.folder):
        assert append(store.history("un"), body("wg7")).position == 1


def test_a_file_lock_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with hold_lock(lock, 0.05), pytest.raises(Unavailable, match="held by another process"):
        hold_lock(lock, 0.05).__enter__()

    hold_lock(lock, 0.05).__enter__()


def test_a_lock_whose_file_was_deleted_is_held_on_the_new_one(tmp_path: Path) -> None:
    """Its file stays open in between, so that it would keep nobody out any more."""
    lock = FileLock(tmp_path / "lock")
    with lock.hold(0.05):
        (tmp_path / "lock").unlink()

    with lock.hold(0.05), pytest.raises(Unavailable, match="held by another process"):
        hold_lock(tmp_path / "lock", 0.05).__enter__()
    hold_lock(tmp_path / "lock", 0.05).__enter__()


@pytest.mark.parametrize(
    ("version", "defective"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_the_wal_reset_defect_is_known_by_version(
    version: tuple[int, int, int], defective: bool
) -> None:
    assert wal_reset_defect(version) is defective


@pytest.mark.parametrize("defective", [True, False])
def test_with_the_defect_writers_take_turns_by_a_file_lock(
    store: SqliteStore, history: StoredHistory, monkeypatch: pytest.MonkeyPatch, defective: bool
) -> None:
    """The control is a repaired SQLite, which needs no such lock, and no warning."""
    monkeypatch.setattr(connections, "wal_reset_defect", lambda: defective)
    monkeypatch.setattr("adapters.sqlite.store.wal_reset_defect", lambda: defective)
    monkeypatch.setattr(connections, "TIMEOUT", 0.05)
    refusal = pytest.raises(Unavailable, match="held by another process")

    with hold_lock(store.folder / "log.db-turn", 1), refusal if defective else nullcontext():
        append(history, body("wg7"))

    assert bool(store.warnings) is defective


def test_threads_take_turns_on_a_repaired_sqlite(
    store: SqliteStore, history: StoredHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, no file lock stands in for the lock between threads."""
    monkeypatch.setattr(connections, "wal_reset_defect", lambda: False)
    with ThreadPoolExecutor(4) as pool:
        wanted = [
            pool.submit(append, history, body(f"t{number % 4}-{number}")) for number in range(120)
        ]
        given = sorted(entry.result().position for entry in wanted)

    assert given == list(range(1, 121))
    assert store.check().faults == ()
