"""The answer to an append is lost: the caller learns what became of it, and it is done once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore.event_store import StoredHistory
from adapters.postgres import commit_recovery
from adapters.postgres.errors import ConnectionLost
from adapters.postgres.store import PostgresStore
from domain.ports.errors import Unavailable, UnknownCommitOutcome, VersionConflict
from domain.ports.event_store import Head
from event_factory import NO_CONTENTS, body, recorded
from postgres_server import Server, new_store
from story import NOON, ORGANISATION, Story
from tcp_proxy import Proxy, proxy
from wiring import CODEC
from workflows.receipts.format import verify_receipt

pytestmark = pytest.mark.heavy

MANNERS = ("in one statement", "in a turn")
TIMES = 30


@pytest.fixture
def cutter(cluster: Server) -> Iterator[Proxy]:
    with proxy(cluster.port) as made:
        yield made


@pytest.fixture
def store(cluster: Server, cutter: Proxy) -> Iterator[PostgresStore]:
    """A store that is reached through the proxy."""
    name = new_store(cluster).rpartition("/")[2]
    with PostgresStore.open(cluster.url(name, cutter.port)) as opened:
        yield opened


def append(history: StoredHistory, number: int, manner: str, cutter: Proxy, cut: str) -> None:
    """Append one event as command `c{number}`; the connection is cut at the end of it."""
    head = history.last_position()
    if manner == "in a turn":
        with history.append_transaction() as transaction:
            transaction.add(
                history.encode(
                    [recorded(body("wg7"), number, f"c{number}")], NO_CONTENTS, transaction.head()
                )
            )
            cutter.cut(cut)
        return
    last = history.since(head - 1, 1)[0].recorded_at if head else Head().recorded_at
    event = recorded(body("wg7"), number, f"c{number}")
    prepared = history.encode([event], NO_CONTENTS, Head(head, last))
    cutter.cut(cut)
    history.append_after(head, [prepared])


def cut_each_append(cutter: Proxy, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Lose the answer to each append of the program; what it then looked for, to be counted.

    A decision may read something first, so that the next statement is not always the append.
    """
    looked, resolve, append_after = (
        list[object](),
        commit_recovery.resolve_unknown_commit,
        StoredHistory.append_after,
    )

    def noticed(*values: Any) -> None:
        looked.append(values)
        resolve(*values)

    def cut_off(history: StoredHistory, *values: Any) -> None:
        cutter.cut("answer")
        append_after(history, *values)

    monkeypatch.setattr(commit_recovery, "resolve_unknown_commit", noticed)
    monkeypatch.setattr(StoredHistory, "append_after", cut_off)
    return looked


def commands(history: StoredHistory) -> list[str]:
    return [event.command_id for event in history.since(0, 1000)]


@pytest.mark.parametrize("manner", MANNERS)
def test_what_was_recorded_is_answered_although_the_answer_was_lost(
    store: PostgresStore, cutter: Proxy, manner: str
) -> None:
    history = store.history("un")
    for number in range(1, TIMES + 1):
        append(history, number, manner, cutter, "answer")

    assert TIMES == cutter.cuts
    assert [f"c{number}" for number in range(1, TIMES + 1)] == commands(history)
    assert () == store.check().faults


@pytest.mark.parametrize("manner", MANNERS)
def test_without_looking_somebody_is_told_a_failure_though_it_is_recorded(
    store: PostgresStore, cutter: Proxy, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the plain error would be taken for a failure."""

    def give_up(*values: object) -> None:
        raise next(entry for entry in values if isinstance(entry, ConnectionLost))

    monkeypatch.setattr(commit_recovery, "resolve_unknown_commit", give_up)
    history = store.history("un")
    with pytest.raises(Unavailable):
        append(history, 1, manner, cutter, "answer")

    assert ["c1"] == commands(history)


@pytest.mark.parametrize("manner", MANNERS)
def test_what_never_arrived_is_answered_as_not_recorded(
    store: PostgresStore, cutter: Proxy, manner: str
) -> None:
    history = store.history("un")
    for _ in range(5):
        with pytest.raises(Unavailable, match="Nothing was recorded"):
            append(history, 1, manner, cutter, "question")

    assert [] == commands(history)
    append(history, 1, manner, cutter, "")
    assert ["c1"] == commands(history)


@pytest.mark.parametrize("manner", MANNERS)
def test_what_arrives_after_the_answer_is_not_recorded_any_more(
    store: PostgresStore, cutter: Proxy, manner: str
) -> None:
    """The statement was still on its way when it was said that nothing was recorded."""
    history = store.history("un")
    warm = [recorded(body("wg8"), 1, "warm")]
    history.append_after(0, [history.encode(warm, NO_CONTENTS, Head())])
    with pytest.raises(Unavailable, match="Nothing was recorded"):
        append(history, 1, manner, cutter, "late")
    cutter.deliver()

    assert ["warm"] == commands(history)
    append(history, 1, manner, cutter, "")
    assert ["warm", "c1"] == commands(history)


def test_if_it_were_not_ended_what_arrives_late_would_be_recorded_after_all(
    store: PostgresStore, cutter: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: to look is not enough while the statement may still arrive."""
    monkeypatch.setattr(commit_recovery, "_end", lambda *_: None)
    history = store.history("un")
    warm = [recorded(body("wg8"), 1, "warm")]
    history.append_after(0, [history.encode(warm, NO_CONTENTS, Head())])
    with pytest.raises(Unavailable, match="Nothing was recorded"):
        append(history, 1, "in one statement", cutter, "late")
    cutter.deliver()

    assert ["warm", "c1"] == commands(history)


def test_where_nothing_can_be_found_out_that_is_said(
    store: PostgresStore, cutter: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit_recovery, "RECOVERY_SECONDS", 0.0)
    history = store.history("un")
    append(history, 1, "in one statement", cutter, "")
    port, cutter.server = cutter.server, 1
    with pytest.raises(UnknownCommitOutcome, match="say the same again, under the same id"):
        append(history, 2, "in one statement", cutter, "answer")
    cutter.server = port

    assert ["c1", "c2"] == commands(history)
    with pytest.raises(VersionConflict):
        append(history, 2, "in one statement", cutter, "")


def test_sixty_responses_whose_answers_were_lost_all_get_their_receipts(
    cluster: Server, cutter: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the whole program: each seat is told that it was received, and it is, once."""
    monkeypatch.setenv("PLACET_HOME", str(tmp_path))
    seats = tuple(f"seat-{number}" for number in range(2 * TIMES))
    name = new_store(cluster, virtual=True).rpartition("/")[2]
    with PostgresStore.open(cluster.url(name, cutter.port)) as store:
        story = Story(store)
        story.placet.keys.create(NOON)
        story.body(seats=seats)
        story.silence()
        looked, found = cut_each_append(cutter, monkeypatch), []
        for seat in seats:
            answer = story.respond("no objection", seat, id=seat)
            found.append(story.placet.receipts.issue(ORGANISATION, answer.events[0].position))
        keys = story.placet.keys.public()
        receipts = [verify_receipt(entry, keys, CODEC) for entry in found if entry]
        print(f"{cutter.cuts} answers lost (Handling.do, StoredHistory), {len(receipts)} receipts")

        assert len(seats) == cutter.cuts == len(looked)
        assert [*seats] == [receipt.command_id for receipt in receipts]
        assert len(seats) == story.names().count("window.response_received")
        assert () == store.check().faults


def test_an_objection_whose_answer_was_lost_is_recorded_once(
    cluster: Server, cutter: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said again, under the same id, although it was answered."""
    name = new_store(cluster, virtual=True).rpartition("/")[2]
    with PostgresStore.open(cluster.url(name, cutter.port)) as store:
        story = Story(store)
        story.body()
        story.silence()
        looked = cut_each_append(cutter, monkeypatch)
        first = story.respond("objection", id="mine", text="No.")
        monkeypatch.undo()
        again = story.respond("objection", id="mine", text="No.")

        assert 1 == len(looked)
        assert (first.events, True) == (again.events, again.repeated)
        assert 1 == story.names().count("window.response_received")
        assert "broken" == story.phase()
