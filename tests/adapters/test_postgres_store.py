"""A store on PostgreSQL is made, upgraded and opened, or refused in one clear sentence."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.eventstore import statements
from adapters.postgres import clock as clocks
from adapters.postgres import migrations, schema, session
from adapters.postgres.connections import Limits
from adapters.postgres.dialect import native
from adapters.postgres.errors import ConnectionsExhausted
from adapters.postgres.store import PostgresStore
from adapters.store_factory import open_store
from adapters.system_clock import Anchor
from command_line import Placet
from domain.ports.errors import Unavailable
from event_factory import append, body
from postgres_server import Server, ask, new_store
from workflows.projections.rows import BoardEntryRow


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    with PostgresStore.open(database) as opened:
        yield opened


# --- making, upgrading, refusing -----------------------------------------------------------------


def test_a_store_is_made_once_beside_whatever_else_the_database_holds(cluster: Server) -> None:
    url = cluster.database()
    ask(url, "CREATE TABLE public.event (mine text)")
    with pytest.raises(Unavailable, match="holds no store of Placet: `placet store init`"):
        open_store(url)

    with PostgresStore.create(url, virtual=True, durable=False) as store:
        assert (store.virtual, store.name, store.organisations()) == (
            True,
            url[-len(store.name) :],
            [],
        )
        with pytest.raises(Unavailable, match="holds a store already"):
            PostgresStore.create(url, durable=False)


def test_half_a_store_is_never_left_behind(
    cluster: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cluster.database()
    monkeypatch.setattr(schema, "MIGRATIONS", (*migrations.MIGRATIONS, "CREATE TABLE event ()"))
    with pytest.raises(Unavailable, match='"event" already exists'):
        PostgresStore.create(url, durable=False)

    assert not PostgresStore.exists(url)


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_an_older_store_is_upgraded_and_keeps_its_events(
    cluster: Server, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    """Its rows go, whatever they were: they are rebuilt."""
    now = schema.VERSION
    with monkeypatch.context() as old:
        old.setattr(schema, "MIGRATIONS", migrations.MIGRATIONS[:version])
        old.setattr(schema, "VERSION", version)
        url = new_store(cluster)
        with PostgresStore.open(url) as store:
            event = append(store.history("un"), body("wg7"))
    if version == 2:
        ask(url, "INSERT INTO live VALUES (true, 1, 2)")
        ask(url, "INSERT INTO row VALUES (1, 'board', 'un', 'a', '{}')")
        ask(url, "INSERT INTO tracking VALUES (1, 'status', 'un', 1)")
    with pytest.raises(Unavailable, match=f"of version {version}, this program's of {now}: run"):
        PostgresStore.open(url)

    assert PostgresStore.upgrade(url) == (version, now)
    assert PostgresStore.upgrade(url) == (now, now)
    with PostgresStore.open(url) as store:
        assert store.history("un").since(0, 9) == (event,)
        assert list(store.views().rows(BoardEntryRow)) == []
        assert store.views().position("status", "un") == 0


def test_a_newer_store_is_left_alone(database: str) -> None:
    ask(database, "UPDATE meta SET value = '99' WHERE key = 'schema'")
    ask(database, "UPDATE meta SET value = '8.0' WHERE key = 'program'")

    for use in (PostgresStore.open, PostgresStore.upgrade):
        with pytest.raises(Unavailable, match=r"newer version of Placet, 8.0: its format is 99"):
            use(database)


def test_a_store_that_could_lose_events_is_refused(
    cluster: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of these tests has fsync off, which only stores for tests allow."""
    with pytest.raises(Unavailable, match="fsync = off: after a crash it could lack"):
        PostgresStore.create(cluster.database())
    ask(database, "UPDATE meta SET value = 'yes' WHERE key = 'durable'")
    with pytest.raises(Unavailable, match="fsync = off"):
        PostgresStore.open(database)
    name = database.rpartition("/")[2]
    ask(database, f"ALTER DATABASE {name} SET synchronous_commit = off")
    with pytest.raises(Unavailable, match="synchronous_commit = off"):
        PostgresStore.open(database)


def test_the_mode_of_the_library_that_loses_events_is_refused(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")
    with pytest.raises(Unavailable, match="lets followers miss events"):
        PostgresStore.open(database)


def test_an_older_server_is_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "LEAST_SERVER", 99)
    with pytest.raises(Unavailable, match=r"is PostgreSQL \d+\..*; it must be 99 or newer"):
        PostgresStore.open(database)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("postgresql://tester:secret@127.0.0.1:1/placet", "cannot be used now"),
        ("postgresql://tester:secret@[::1/placet", "no address of a PostgreSQL database"),
        ("{server}/none", 'database "none" does not exist'),
    ],
)
def test_what_cannot_be_reached_is_said_without_the_password(
    cluster: Server, place: str, reason: str
) -> None:
    with pytest.raises(Unavailable, match=reason) as refused:
        open_store(place.format(server=cluster.url("")[:-1]))

    assert "secret" not in str(refused.value)


# --- the tables guard themselves -----------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET name = 'other'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE content SET bytes = ''",
        "DELETE FROM content",
        "TRUNCATE content",
        "INSERT INTO event SELECT organisation, 3, 'body/x', 1, name, '', '', state, '' FROM event",
        "INSERT INTO event SELECT organisation, 2, stream, 3, name, '', '', state, '' FROM event",
    ],
)
def test_nobody_changes_deletes_or_skips_an_event(database: str, statement: str) -> None:
    with PostgresStore.open(database) as store:
        append(store.history("un"), body("wg7"))
        with pytest.raises(psycopg.Error, match=r"never changed and never deleted|without a gap"):
            ask(database, statement)

        assert store.check().faults == ()
        assert store.history("un").last_position() == 1


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE event SET state = 'x' WHERE position = 2", "Position 2: .*was changed on disk"),
        ("UPDATE event SET command_id = 'x' WHERE position = 2", "columns that differ"),
        ("DELETE FROM event WHERE position = 2", "missing between positions 1 and 3"),
        ("DELETE FROM event WHERE position = 3", "should be"),
        ("UPDATE counter SET position = 9", "should be"),
        ("DROP TRIGGER event_follows ON event", "triggers .* are gone"),
        ("ALTER TABLE content DISABLE TRIGGER content_stays", "triggers .* are gone"),
    ],
)
def test_what_was_changed_past_the_triggers_is_found(
    database: str, tampering: str, fault: str
) -> None:
    with PostgresStore.open(database) as store:
        for _ in range(3):
            append(store.history("un"), body("wg7"))
        assert store.check().sound
        ask(database, "SET session_replication_role = replica; " + tampering)

        (found,) = {fault for fault in store.check().faults if "follows upon" not in fault}

    assert re.search(fault, found)


# --- connections ---------------------------------------------------------------------------------


def test_who_finds_no_free_connection_is_told_soon(database: str) -> None:
    with PostgresStore.open(database, limits=Limits(most=1, timeout=0.05)) as store:
        history = store.history("un")
        with (
            history.append_transaction(),
            pytest.raises(ConnectionsExhausted, match=r"All 1 connections .* were in use"),
        ):
            history.last_position()

        assert history.last_position() == 0


def test_connections_are_used_again_and_none_is_lost(database: str) -> None:
    with PostgresStore.open(database, limits=Limits(most=2)) as store:
        history = store.history("un")
        for _ in range(5):
            append(history, body("wg7"))
            with pytest.raises(ZeroDivisionError), history.append_transaction():
                raise ZeroDivisionError

        assert history.last_position() == 5
        assert store._connections._pool is not None
        assert store._connections._pool.get_stats()["pool_available"] <= 2


def test_a_log_that_somebody_keeps_locked_is_said_to_be(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(session.SETTINGS, "lock_timeout", "50ms")
    with PostgresStore.open(database) as store, PostgresStore.open(database) as other:
        append(store.history("un"), body("wg7"))
        with (
            store.history("un").append_transaction(),
            pytest.raises(Unavailable, match="kept it locked"),
        ):
            append(other.history("un"), body("wg8"))
        with store.history("un").append_transaction():
            append(other.history("oas"), body("wg8"))

        assert store.history("un").last_position() == 1


def test_what_is_opened_to_be_read_is_not_written(database: str) -> None:
    with (
        PostgresStore.open(database, read_only=True) as store,
        pytest.raises(Unavailable, match="may not be written to"),
    ):
        append(store.history("un"), body("wg7"))


def test_no_question_reads_the_whole_log_on_postgresql(database: str) -> None:
    """Each finds its rows by an index, whatever the planner made of the empty tables."""
    questions = (
        statements.OF_STREAM,
        statements.OF_COMMAND,
        statements.SINCE,
        statements.OF_STREAM_BETWEEN + " ORDER BY version",
        statements.LAST_RECORDED_BY,
    )
    with PostgresStore.open(database) as store:
        append(store.history("un"), body("wg7"))
        for sql in questions:
            values = ("un", *("1" for _ in range(sql.count("?") - 1)))
            plan = str(store._connections.read(native(f"EXPLAIN {sql}"), values))

            assert "Seq Scan" not in plan
            assert "Sort" not in plan
            assert "Index Cond" in plan


# --- clocks and service --------------------------------------------------------------------------


def test_the_clock_is_compared_with_the_servers(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both run on this machine, so that they agree; a server two seconds ahead is seen."""
    assert abs(store.clock().read().offset_ms) < 1000

    monkeypatch.setattr(clocks, "_NOW", "SELECT clock_timestamp() + interval '2 s'")
    clock = store.clock()
    assert -3000 < clock.read().offset_ms < -1000
    monkeypatch.undo()
    assert -3000 < clock.read().offset_ms < -1000
    monkeypatch.setattr(clocks, "AGAIN", 0.0)
    assert abs(clock.read().offset_ms) < 1000


def test_the_store_was_served_while_any_process_served_it(database: str) -> None:
    began = datetime.now(UTC)
    with PostgresStore.open(database) as store, PostgresStore.open(database) as other:
        assert store.heartbeat().longest_gap(began - timedelta(hours=1), began) == timedelta(
            hours=1
        )
        for watch in (store.heartbeat(), other.heartbeat()):
            watch.beat(Anchor.now(), began)
            watch.beat(Anchor.now(), began)
        assert ask(database, "SELECT count(*) FROM served") == [(2,)]
        ask(database, "UPDATE served SET begun = begun - interval '1 hour'")

        watch = other.heartbeat()
        assert watch.longest_gap(began - timedelta(minutes=50), began) == timedelta(0)
        gap = watch.longest_gap(began - timedelta(minutes=90), began)
        assert timedelta(minutes=29) < gap < timedelta(minutes=31)


def test_hosts_that_serve_a_store_share_no_folder(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Letters and addresses are in the database; a home must be writable for keys and marks."""
    with PostgresStore.open(database) as store, PostgresStore.open(database) as other:
        monkeypatch.setenv("PLACET_HOME", str(tmp_path / "one"))
        store.address_book().put(b"{}")
        with store.server_lock():
            monkeypatch.setenv("PLACET_HOME", str(tmp_path / "two"))
            with other.server_lock():
                assert other.address_book().content() == b"{}"
                assert other.address_book().key() == store.address_book().key()
        assert [path.name for path in (tmp_path / "one").iterdir()] == ["home"]
        assert [path.name for path in (tmp_path / "two").iterdir()] == ["home"]
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("PLACET_HOME", str(tmp_path / "file"))
        with pytest.raises(Unavailable, match="cannot be written"):
            other.server_lock().__enter__()


def test_a_home_is_found_without_being_told(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PLACET_HOME", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with PostgresStore.open(database) as store:
        assert store.home == tmp_path / "placet" / store.name


def test_a_service_that_stopped_begins_anew_and_old_ones_are_forgotten(database: str) -> None:
    with PostgresStore.open(database) as store:
        watch, now = store.heartbeat(), datetime.now(UTC)
        watch.beat(Anchor.now(), now)
        ask(
            database,
            "UPDATE served SET begun = begun - interval '1 hour',"
            " ended = ended - interval '20 minutes'",
        )
        watch.beat(Anchor.now(), now)
        assert ask(database, "SELECT count(*) FROM served") == [(2,)]
        gap = watch.longest_gap(now - timedelta(minutes=40), datetime.now(UTC))
        assert timedelta(minutes=19) < gap < timedelta(minutes=21)

        ask(database, "UPDATE served SET ended = begun - interval '4 days'")
        watch.beat(Anchor.now(), now)
        assert ask(database, "SELECT count(*) FROM served") == [(1,)]


# --- the command line ----------------------------------------------------------------------------


def test_an_address_goes_wherever_a_folder_goes(
    database: str, placet: Placet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "home"))
    with open_store(database) as store:
        append(store.history("un"), body("wg7"))

    assert placet("store", "check", "--store", database)[1].startswith("sound: 1 events")
    assert placet("rebuild", "--store", database)[::2] == (
        0,
        "Made the views anew from 1 events.\n",
    )
    assert placet("window", "list", "--store", database)[0] == 0
    assert placet("clock", "--once", "--store", database)[0] == 0
    assert placet("key", "create", "--store", database)[0] == 0
    assert (tmp_path / "home" / "keys" / "public-keys.json").is_file()
    code, _, found = placet("store", "backup", tmp_path / "copy", "--store", database)
    assert (code, "pg_basebackup" in found) == (1, True)
    assert placet("store", "upgrade", database)[2].endswith(
        f"of version {schema.VERSION} already.\n"
    )


@pytest.fixture
def flushing(cluster: Server) -> Iterator[str]:
    """The address of an empty database of a server that writes to the disk, as a real one does."""
    url = cluster.database()
    _set_fsync(url, "on")
    yield url
    _set_fsync(url, "off")


def _set_fsync(url: str, value: str) -> None:
    ask(url, f"ALTER SYSTEM SET fsync = {value}")
    ask(url, "SELECT pg_reload_conf()")
    until = time.monotonic() + 10
    while ask(url, "SHOW fsync") != [(value,)] and time.monotonic() < until:
        time.sleep(0.01)


def test_a_database_is_prepared_by_a_command(
    flushing: str, placet: Placet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is said holds no password."""
    url = flushing.replace("tester@", "tester:secret@")

    assert placet("store", "init", url)[::2] == (
        0,
        f"Made an empty store in {flushing.replace('tester@', '')}.\n",
    )
    code, _, found = placet("store", "init", url)
    assert (code, "holds a store already" in found, "secret" in found) == (1, True, False)
    assert placet("store", "check", "--store", url)[1].startswith("sound: 0 events")
    addresses = tmp_path / "directory.yaml"
    addresses.write_text("{}\n")
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "home"))
    code, shown, found = placet("directory", "load", addresses, "--store", url)
    assert (code, "secret" in shown + found) == (0, False)


def test_the_demonstration_is_played_into_a_database(
    flushing: str, placet: Placet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And copied into a folder, where it is the same."""
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "home"))
    code, shown, _ = placet("demo", "--no-serve", "--store", flushing)
    assert (code, "untoc" in shown or "Smuggling" in shown) == (0, True)
    assert placet("store", "copy", flushing, tmp_path / "copy")[0] == 0

    found = [
        placet("agenda", "history", "wg7-10", "-o", "un", "--json", "--store", place)[:2]
        for place in (flushing, tmp_path / "copy")
    ]
    assert found[0] == found[1]
    assert found[0][0] == 0


def test_two_threads_write_while_a_third_reads(store: PostgresStore) -> None:
    """No reader waits for a writer that holds the log."""
    history = store.history("un")
    append(history, body("wg7"))
    seen: list[int] = []
    with history.append_transaction():
        reader = threading.Thread(target=lambda: seen.append(history.last_position()))
        reader.start()
        reader.join(10)

        assert seen == [1]


def test_each_connection_is_looked_at_when_it_opens(flushing: str, database: str) -> None:
    """A setting that is changed under a running program lets no further connection write."""
    with PostgresStore.create(flushing) as store, store._connections.borrow():
        assert 1 == append(store.history("un"), body("wg7")).position
        name = flushing.rpartition("/")[2]
        ask(flushing, f"ALTER DATABASE {name} SET synchronous_commit = off")
        store._connections.close()
        for _ in range(3):
            with pytest.raises(Unavailable, match="synchronous_commit = off: after a crash"):
                append(store.history("un"), body("wg7"))
        ask(flushing, f"ALTER DATABASE {name} SET synchronous_commit = on")
        assert 2 == append(store.history("un"), body("wg7")).position


def test_a_store_for_tests_may_forget(database: str) -> None:
    """The control: one that was made so is used all the same."""
    name = database.rpartition("/")[2]
    ask(database, f"ALTER DATABASE {name} SET synchronous_commit = off")
    with PostgresStore.open(database) as store:
        assert 1 == append(store.history("un"), body("wg7")).position
