"""Loops of a server: restarted after errors, they pause longer and longer, and say things once."""

from __future__ import annotations

import threading

import pytest

from domain.ports.errors import Unavailable
from workflows.processes.supervisor import LONGEST, Loop, run_in_threads


class Said:
    """What people and the log are told."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.lines: list[str] = []

    def info(self, event: str, **_: object) -> None:
        self.lines.append(event)

    def error(self, event: str, **_: object) -> None:
        self.lines.append(event)


class Fault:
    """Something that fails as long as it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.times = error, 0

    def __call__(self) -> None:
        self.times += 1
        if self.error:
            raise self.error


def loop(act: Fault, said: Said, every: float = 1.0) -> Loop:
    return Loop("The follower", act, every=every, say=said.sentences.append, alarm=said)


@pytest.mark.parametrize(
    ("error", "message"),
    [(Unavailable("It is stopped."), "It is stopped."), (KeyError("x"), "a defect: KeyError")],
)
def test_a_fault_is_said_once_and_its_end_once(error: Exception, message: str) -> None:
    said, act = Said(), Fault(error)
    follower = loop(act, said)
    pauses = [follower.run_once() for _ in range(7)]
    because, act.error = follower.because, None
    after = [follower.run_once() for _ in range(2)]

    assert [2.0, 4.0, 8.0, LONGEST, LONGEST, LONGEST, LONGEST] == pauses
    assert [1.0, 1.0] == after
    assert [
        f"The follower waits: {message.rstrip('.')}. It is tried again.",
        "The follower works again.",
    ] == (said.sentences)
    assert ["waits", "works again"] == said.lines
    assert (message, "") == (because, follower.because)


def test_a_loop_goes_on_when_nobody_can_be_told() -> None:
    """Standard error may be closed, and the log on a disk that is full."""
    said, act = Said(), Fault(Unavailable("It is full."))

    def fail(_: str) -> None:
        raise OSError

    follower = Loop("The follower", act, every=0.001, say=fail, alarm=said)
    with run_in_threads([follower]):
        until(lambda: act.times > 3)
        act.error = None
        until(lambda: follower.last is not None)

    assert "" == follower.because


def test_loops_end_with_their_block() -> None:
    act, said = Fault(), Said()
    before = threading.active_count()
    with run_in_threads([loop(act, said, every=0.001)]):
        until(lambda: act.times > 3)

    assert before == threading.active_count()


def test_what_has_more_to_do_goes_on_at_once_and_then_pauses() -> None:
    left = [True, True, False]
    busy = Loop("The follower", lambda: left.pop(0), every=3.0, say=print, alarm=Said())

    assert [0.0, 0.0, 3.0] == [busy.run_once() for _ in range(3)]


def until(holds: object) -> None:
    """Wait for something that happens in its own time."""
    waited = threading.Event()
    for _ in range(3000):
        if callable(holds) and holds():
            return
        waited.wait(0.01)
    pytest.fail("it did not happen in 30 seconds")


def test_a_loop_that_is_woken_does_not_pause() -> None:
    """The test waits for it: by itself it would pause for ten minutes."""
    done = threading.Event()
    follower = Loop("The follower", done.set, every=600, say=print, alarm=Said())
    with run_in_threads([follower]):
        follower.wake()

        assert done.wait(30)


def test_a_loop_that_fails_pauses_also_when_it_is_woken() -> None:
    """Readers who wake it do not make it try a broken disk again and again."""
    follower = loop(Fault(Unavailable("full")), Said(), every=600)
    follower.run_once()
    follower.wake()

    assert not follower._interrupted.is_set()
