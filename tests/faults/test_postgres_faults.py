"""What a database goes through: nothing that was acknowledged is lost, doubled or out of order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from adapters.postgres.connections import Limits
from adapters.postgres.session import Connection
from adapters.postgres.store import PostgresStore
from domain.ports.errors import Unavailable, VersionConflict
from domain.ports.event_store import Head
from domain.times import When
from event_factory import NO_CONTENTS, append, body, recorded
from postgres_server import Server, new_store
from story import ORGANISATION, Story
from wiring import Placet, Quiet
from workflows.processes import silence_clock

WRITERS = 8


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    with PostgresStore.open(database, limits=Limits(most=WRITERS + 4, timeout=20)) as opened:
        yield opened


def test_eight_writers_who_lock_one_log_are_served_in_turn(store: PostgresStore) -> None:
    """Nobody is sent away: each turn waits for the one before it."""
    history = store.history("un")
    with ThreadPoolExecutor(WRITERS) as pool:
        for name in range(WRITERS):
            pool.submit(lambda name: [append(history, body(f"w{name}")) for _ in range(20)], name)

    assert [*range(1, 161)] == [event.position for event in history.since(0, 1000)]


def test_one_append_is_one_statement_and_one_transaction(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transactions are counted by the server, which numbers those that write."""
    ids = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    said: list[object] = []
    execute = Connection.execute

    def recording_execute(self: Connection, query: Any, *values: Any, **named: Any) -> Any:
        said.append(query)
        return execute(self, query, *values, **named)

    with PostgresStore.open(database) as store:
        history, head = store.history("un"), Head()
        monkeypatch.setattr(Connection, "execute", recording_execute)
        ((before,),) = store._connections.read(ids)
        said.clear()
        for number in range(1, 51):
            ready = history.encode([recorded(body("wg7"), number)], NO_CONTENTS, head)
            history.append_after(head.position, [ready])
            head = Head(number, ready.events[0].recorded_at)
        assert 50 == len(said)
        ((after,),) = store._connections.read(ids)

    assert 50 == after - before


def test_of_two_processes_on_one_window_each_decides_on_what_is_there(cluster: Server) -> None:
    """One seat objects through one process while the clock of the other closes the window."""
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as entry, PostgresStore.open(url) as other:
        story, elsewhere = Story(entry), Placet(other, Quiet())
        story.body()
        story.silence()
        ends = When(story.state("window/w").closes).exact
        story.now = ends - timedelta(minutes=2)
        story.respond("objection", text="No.")
        silence_clock.record_due(
            elsewhere.handling, other.history(ORGANISATION), ["w"], ends + timedelta(hours=1)
        )

        assert "broken" == story.phase()
        assert () == entry.check().faults


def test_the_lock_of_one_organisation_keeps_no_other_waiting(store: PostgresStore) -> None:
    with store.history("un").append_transaction():
        append(store.history("oas"), body("wg7"))

    assert ["oas"] == store.organisations()


@pytest.mark.parametrize(
    ("reads_on", "message"), [(False, "gave the turn up"), (True, "cannot be used now")]
)
def test_who_goes_on_after_an_error_in_a_turn_is_told_that_it_was_given_up(
    store: PostgresStore, reads_on: bool, message: str
) -> None:
    """The database answers such a COMMIT without an error, and keeps nothing."""
    history, first = store.history("un"), [recorded(body("wg7"), 1)]

    def go_on() -> None:
        with history.append_transaction() as transaction:
            transaction.add(history.encode(first, NO_CONTENTS, transaction.head()))
            again = history.encode(first, NO_CONTENTS, transaction.head())
            with pytest.raises(VersionConflict):
                transaction.add(again)
            if reads_on:
                transaction.events_of(body("wg7"))

    with pytest.raises(Unavailable, match=message):
        go_on()
    assert 0 == history.last_position()
