"""Orders that wait for one organisation's record: who is served when, with whom, and what each is
told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore.event_store import StoredHistory
from adapters.sqlite.store import SqliteStore
from adapters.store_factory import open_store
from corrupt_events import query_directly, take_out
from domain import state_cache
from domain.canonical import digest
from domain.decide import decide
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.streams import Stream, StreamKind
from postgres_server import new_store
from story import ORGANISATION, Story
from workflows.commands import event_builder
from workflows.commands import queue as waiting
from workflows.commands.command_result import CommandResult
from workflows.commands.queue import CommandQueue, PendingCommand

SOON = 30
"""Seconds that nobody waits for who is woken; who is forgotten waits for ever."""


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def queued(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queue]:
    """A body with two seats, and the line of those who order; nobody looks but who is woken."""
    monkeypatch.setattr(waiting, "POLL_SECONDS", 600)
    if request.param == "SQLite":
        story = Story(tmp_path)
    else:
        url = new_store(request.getfixturevalue("cluster"), virtual=True)
        story = Story(open_store(url))
    story.body()
    yield Queue(story)
    story.placet.close()


@dataclass
class Queue:
    """The line of a story, in which several wait while nobody is served."""

    story: Story
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(16))
    shared: list[int] = field(default_factory=list)
    waiting: list[Future[CommandResult]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line._served = self.shared.append

    @property
    def line(self) -> CommandQueue:
        return self.story.placet.handling._line(self.story.placet.store.history(ORGANISATION))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Here somebody else has the turn; then those who came meanwhile are served."""
        with self.line._lock:
            yield
        self.line._wake_next()
        wait(self.waiting, timeout=SOON)

    def comes(
        self, act: Callable[..., CommandResult], *words: Any, **fields: Any
    ) -> Future[CommandResult]:
        """Somebody orders, and waits behind those who came before."""
        before = self.line.length
        entry = self.pool.submit(act, *words, **fields)
        self.waiting.append(entry)
        while self.line.length == before and not entry.done():
            time.sleep(0.001)
        return entry


def names(answer: Future[CommandResult]) -> list[str]:
    return [event.name.rpartition(".")[0] for event in answer.result(SOON).events]


# --- in order, together, once --------------------------------------------------------------------


def test_who_comes_first_is_served_first(queued: Queue) -> None:
    """The first of two objections breaks the silence; both are in the record, in their order."""
    queued.story.silence()
    with queued.held():
        come = [queued.comes(queued.story.respond, "objection", seat, text=seat)
                for seat in ("west", "east")]  # fmt: skip
    first, second = (response.result(SOON).events[0] for response in come)

    assert first.position < second.position
    assert ["window.response_received", "window.broken"] == names(come[0])


def test_all_who_wait_share_one_transaction(queued: Queue) -> None:
    """And the counter is told how many."""
    queued.story.silence()
    queued.shared.clear()
    with queued.held():
        for number in range(5):
            queued.comes(queued.story.silence, window=f"v{number}")
        assert 5 == queued.story.placet.handling.queue_length

    assert [5] == queued.shared
    assert 0 == queued.story.placet.handling.queue_length


def test_a_transaction_is_shared_by_no_more_than_so_many(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody's answer waits for a whole crowd's."""
    monkeypatch.setattr(waiting, "MOST_PER_TRANSACTION", 2)
    queued.story.silence()
    queued.shared.clear()
    with queued.held():
        come = [queued.comes(queued.story.silence, window=f"v{number}") for number in range(5)]

    assert [2, 2, 1] == queued.shared
    assert all(names(response) == ["window.opened"] for response in come)


def test_what_is_said_twice_at_once_is_done_once(queued: Queue) -> None:
    """The second is answered as the first, when that is in the record."""
    queued.story.silence()
    queued.shared.clear()
    with queued.held():
        come = [queued.comes(queued.story.silence, window="v", id="once") for _ in range(2)]
    first, second = (response.result(SOON) for response in come)

    assert [1, 1] == queued.shared
    assert (False, True) == (first.repeated, second.repeated)
    assert first.events == second.events
    assert 2 == queued.story.names().count("window.opened")


def test_of_two_commands_under_one_id_the_second_is_refused(queued: Queue) -> None:
    """Also when both wait at once."""
    queued.story.silence()
    with queued.held():
        first = queued.comes(queued.story.silence, window="v", id="once")
        second = queued.comes(queued.story.silence, window="x", id="once")

    assert ["window.opened"] == names(first)
    with pytest.raises(Refused, match="used before, for another command"):
        second.result(SOON)
    assert 2 == queued.story.names().count("window.opened")


# --- each sees what those before it caused -------------------------------------------------------


def test_who_answers_sees_the_window_that_was_opened_just_before(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its roster is not in the store yet, and too large to be remembered."""
    monkeypatch.setattr(state_cache, "SMALL", 0)
    queued.story.silence()
    with queued.held():
        queued.comes(queued.story.silence, window="v")
        answer = queued.comes(queued.story.respond, "objection", text="No.", window="v")
        other = queued.comes(queued.story.respond, "objection", text="No.")

    assert ["window.response_received", "window.broken"] == names(answer) == names(other)


def test_what_was_corrected_just_before_is_read_anew(queued: Queue) -> None:
    """The body's events, with the correction of its zone and nobody else's events among them."""
    slip = {"of": "body/b", "version": 1, "now": {"zone": "Asia/Tokyo"}, "reason": "a slip"}
    queued.story.silence(window="u")
    with queued.held():
        queued.comes(queued.story.silence, window="v")
        queued.comes(queued.story.do, "correct fact", **slip, authority="the secretary")
        after = queued.comes(queued.story.silence)
    before = queued.story.state("window/v")

    assert "Asia/Tokyo" in str(after.result(SOON).events[0].fact)
    assert "Asia/Tokyo" not in str(before.deadline)


def test_what_another_process_recorded_meanwhile_counts(queued: Queue) -> None:
    """What was refused by what is remembered is decided again on what is there."""
    store = queued.story.placet.store
    place = store.folder if isinstance(store, SqliteStore) else store._url
    with open_store(place) as other:
        elsewhere = Story(other)
        elsewhere._count = 1_000
        elsewhere.do("establish body", body="c", names={"en": "C"}, zone="UTC")
    answer = queued.story.do("adopt rule pack", body="c", pack="generic", parameters={})

    assert 1 == len(answer.events)
    assert not answer.repeated


def test_what_was_recorded_by_what_is_remembered_is_remembered(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who orders again needs no turn in which the log is read again."""
    queued.story.silence()
    monkeypatch.setattr(queued.line, "_in_turn", None)
    queued.story.respond("no objection")
    queued.story.respond("objection", "west")

    assert "broken" == queued.story.phase()


# --- what goes wrong -----------------------------------------------------------------------------


class Failing:
    """A history that cannot be written for a while; then the error that it raises is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
        self._patched, self._error = monkeypatch, error

    @contextmanager
    def broken(self) -> Iterator[None]:
        def fail(*_: object) -> None:
            raise self._error

        with self._patched.context() as patched:
            for name in ("append_after", "append_transaction"):
                patched.setattr(StoredHistory, name, fail)
            yield


def test_all_who_shared_a_transaction_that_failed_are_told_so(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that it was done; afterwards the same orders are carried out."""
    queued.story.silence()
    disk = Failing(monkeypatch, Unavailable("the disk is full"))
    with disk.broken(), queued.held():
        come = [queued.comes(queued.story.silence, window=f"v{n}", id=f"v{n}") for n in range(3)]

    for response in come:
        with pytest.raises(Unavailable, match="the disk is full"):
            response.result(SOON)
    assert 1 == queued.story.names().count("window.opened")
    assert not queued.story.silence(window="v0", id="v0").repeated


def test_who_served_and_was_broken_off_leaves_nobody_in_doubt(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends as it was ended; the others are told to send theirs again."""
    queued.story.silence()
    with Failing(monkeypatch, KeyboardInterrupt()).broken(), queued.held():
        come = [queued.comes(queued.story.silence, window=f"v{n}") for n in range(3)]

    said = [type(response.exception(SOON)) for response in come]
    assert [KeyboardInterrupt, Unavailable, Unavailable] == said
    assert "send it again" in str(come[1].exception())
    assert 1 == queued.story.names().count("window.opened")


def test_a_refusal_is_its_own_and_harms_nobody_beside_it(queued: Queue) -> None:
    """Those before and behind it in the same transaction are recorded."""
    queued.story.silence()
    queued.shared.clear()
    with queued.held():
        come = [queued.comes(queued.story.silence, window="v", **entry)
                for entry in ({"length": "1 hour"}, {}, {})]  # fmt: skip

    assert [3] == queued.shared
    assert ["window.opened"] == names(come[1])
    for entry, rule in ((come[0], "silence-minimum-length"), (come[2], "new")):
        refusal = entry.exception(SOON)
        assert isinstance(refusal, Refused)
        assert rule == refusal.rule


def test_who_gives_up_is_not_carried_out_behind_its_back(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first in line breaks off; the one behind it is served all the same, and at once."""
    queued.story.silence()
    sleep, given_up = PendingCommand.wait, []

    def sleeps(command: PendingCommand) -> None:
        sleep(command)
        if command.order.command_id == "gives up":
            given_up.append(command)
            raise KeyboardInterrupt

    monkeypatch.setattr(PendingCommand, "wait", sleeps)
    with queued.held():
        first = queued.comes(queued.story.silence, window="v", id="gives up")
        second = queued.comes(queued.story.silence, window="x")

    assert KeyboardInterrupt is type(first.exception(SOON))
    assert given_up
    assert ["window.opened"] == names(second)
    assert "window/v" not in {str(event.stream) for event in queued.story.events()}


@pytest.mark.parametrize("queued", ["SQLite"], indirect=True)
def test_what_was_remembered_of_a_log_that_went_back_is_forgotten(queued: Queue) -> None:
    """As after a failover to a server that lacks the last commit: one is told, then all goes on."""
    queued.story.silence()
    events = queued.story.events()
    store = queued.story.placet.store
    take_out(store, "window/w", 1)
    now = "UPDATE counter SET position = {}, recorded_at = {}"
    at = f"{events[-2].recorded_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    query_directly(store, now, len(events) - 1, at)

    with pytest.raises(Unavailable):
        queued.story.respond("objection", text="No.")
    with pytest.raises(Refused, match="w"):
        queued.story.respond("objection", text="No.")
    assert queued.story.silence().events
    assert 1 == queued.story.names().count("window.opened")


def test_what_failed_within_a_turn_is_no_ones_success(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that fails while a decision reads: the whole turn is given up, and all are told."""
    queued.line._memory = state_cache.StateCache()
    orders: list[Any] = []

    def fails(order: Any, world: Any) -> Any:
        orders.append(order)
        if len(orders) == 2:
            raise Unavailable("the disk failed")
        return decide(order, world)

    monkeypatch.setattr(event_builder, "decide", fails)
    with queued.held():
        come = [queued.comes(queued.story.silence, window=f"v{n}") for n in range(3)]

    assert ["the disk failed"] * 3 == [str(response.exception(SOON)) for response in come]
    assert "window.opened" not in queued.story.names()


# --- sleeping and waking -------------------------------------------------------------------------


@pytest.fixture
def sleeper() -> PendingCommand:
    made: Any = object()
    return PendingCommand(made, "", {})


def test_who_was_woken_before_does_not_fall_asleep(
    sleeper: PendingCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also who was woken twice; who was not, sleeps, and one waking is good for one look."""
    monkeypatch.setattr(waiting, "POLL_SECONDS", 600)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(sleeper.wait)
        _, unwoken = wait([first], timeout=0.2)
        sleeper.notify()
        first.result(SOON)
        sleeper.notify()
        sleeper.notify()
        pool.submit(sleeper.wait).result(SOON)
        again = pool.submit(sleeper.wait)
        _, asleep = wait([again], timeout=0.2)
        sleeper.notify()
        again.result(SOON)

    assert unwoken
    assert asleep


def test_who_sleeps_looks_by_itself_after_a_while(
    sleeper: PendingCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the thread that would wake it may be gone."""
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0.01)
    with ThreadPoolExecutor() as pool:
        pool.submit(sleeper.wait).result(SOON)


# --- what is sealed ------------------------------------------------------------------------------


def test_what_is_foreseen_has_no_place_yet(queued: Queue) -> None:
    """Only what is recorded has a position."""
    decided: Sequence[Any] = ()
    do = queued.story.placet.handling.handle

    def dry_run_first(organisation: str, order: Any, _: object) -> Any:
        nonlocal decided
        decided = queued.story.placet.handling.dry_run(organisation, order)
        return do(organisation, order)

    queued.story.placet.handling.handle = dry_run_first  # type: ignore[method-assign, assignment]
    recorded = queued.story.silence().events

    assert [0] == [entry.position for entry in decided]
    assert [entry.fact for entry in recorded] == [entry.fact for entry in decided]


def test_a_decision_relies_on_what_there_was(queued: Queue) -> None:
    """Streams that it read and that did not exist are not named."""
    event = queued.story.silence().events[0]

    assert {"body/b": 4} == event.reads


def test_silence_approves_as_of_the_deadline(queued: Queue) -> None:
    """Whenever the clock came to it, and for the agenda as well as for the window."""
    queued.story.agenda()
    queued.story.do("submit items", agenda="a")
    queued.story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    ends = queued.story.state("window/w").closes
    queued.story.clock("2026-03-09T12:00:00Z")
    window, agenda = queued.story.events()[-2:]

    assert ["window.lapsed", "agenda.items_approved"] == queued.story.names()[-2:]
    assert ends == window.effective == agenda.effective
    assert ends.exact < window.received_at


def test_papers_are_kept_with_the_event_that_cites_them(queued: Queue) -> None:
    """Also when others wait, by what is remembered and within a turn of its own."""
    queued.story.silence()
    for n, remembered in enumerate((True, False)):
        attachment = f"letter {n}".encode()
        if not remembered:
            queued.line._memory = state_cache.StateCache()
        queued.story.do(
            "respond", window="w", kind="no objection", seats=["east"],
            evidence=digest(attachment), files={digest(attachment): attachment},
        )  # fmt: skip
        assert attachment == queued.story.placet.store.history(ORGANISATION).content(
            digest(attachment)
        )


def test_who_comes_while_a_reader_gives_a_state_back_is_served_after_it(
    queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that has the turn for a moment wakes those who came meanwhile."""
    queued.story.silence()
    lent, body = queued.line.lend(), Stream(StreamKind.BODY, "b")
    assert lent
    come = list[Future[CommandResult]]()
    look = StoredHistory.last_position

    def looks(history: StoredHistory) -> int:
        if not come:
            come.append(queued.comes(queued.story.respond, "no objection"))
        return look(history)

    monkeypatch.setattr(StoredHistory, "last_position", looks)
    lent.stage(body, *(lent.state(body) or (0, None)))

    assert come[0].result(SOON).events
