"""A standby takes the place of its primary: what was acknowledged is there, and writers go on."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from postgres_body import with_body
from postgres_server import Server, running
from postgres_standby import standby, wait_for_it
from retrying_writers import RetryingWriters, retrying_writers, stored

BOTH = "postgresql://tester@127.0.0.1:{},127.0.0.1:{}/{}?target_session_attrs=read-write"
ANSWERS = 100

pytestmark = pytest.mark.heavy


def failed_over(*, waiting: bool) -> tuple[RetryingWriters, list[str]]:
    """Stop a primary hard under four writers, and promote its standby; what is there then.

    A standby that is not waited for has stopped following some answers before.
    """
    with ExitStack() as stack:
        primary: Server = stack.enter_context(running())
        name = with_body(primary).rpartition("/")[2]
        other = stack.enter_context(standby(primary))
        if waiting:
            wait_for_it(primary)
        both = BOTH.format(primary.port, other.port, name)
        with retrying_writers(both) as said:
            said.wait_for(ANSWERS)
            if not waiting:
                other.stop_following()
                said.wait_for(ANSWERS)
            primary.stop()
            other.promote()
            said.wait_for(ANSWERS)
        return said, stored(both)


def test_a_standby_that_is_waited_for_has_all_that_was_acknowledged(cluster: Server) -> None:
    said, there = failed_over(waiting=True)
    print(
        f"{len(said.answered)} acknowledged over one failover (Handling.do, StoredHistory),"
        f" {len(said.failures)} failures, {said.repeated} found to be recorded"
    )

    assert set() == said.lost(there)
    assert len(there) == len({*said.answered})
    assert len(said.answered) >= 2 * ANSWERS
    assert {True} == {"cannot be used now" in failure for failure in said.failures}


def test_a_standby_that_is_not_waited_for_lacks_what_was_acknowledged(cluster: Server) -> None:
    """The control: the same failover to a standby that had fallen behind."""
    said, there = failed_over(waiting=False)
    print(f"{len(said.lost(there))} of {len(said.answered)} lost")

    assert said.lost(there)
