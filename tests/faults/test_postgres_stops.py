"""A database server is stopped hard, or restarted: nothing that was acknowledged is lost."""

from __future__ import annotations

import pytest

from adapters.postgres.store import PostgresStore
from domain.ports.errors import Unavailable
from postgres_body import with_body
from postgres_server import Server, ask, new_store
from retrying_writers import RetryingWriters, retrying_writers, stored
from story import Story
from workflows.projections.rows import WindowRow

pytestmark = pytest.mark.heavy

STOPS = 12


def stopped_hard(cluster: Server, url: str, stops: int, answers: int) -> RetryingWriters:
    """Stop the server so often under four writers, each time after so many answers."""
    with retrying_writers(url) as said:
        for _ in range(stops):
            said.wait_for(answers)
            cluster.stop()
            cluster.start()
        said.wait_for(answers)
    return said


def test_a_server_that_is_stopped_hard_loses_nothing_acknowledged(cluster: Server) -> None:
    """Who is told nothing, or a failure, says the same again, and it is recorded once."""
    url = with_body(cluster)
    said = stopped_hard(cluster, url, STOPS, 100)
    there = stored(url)
    print(
        f"{STOPS} stops under four writers (Handling.do, PostgresHistory): {len(said.answered)}"
        f" acknowledged, {len(said.failures)} failures, {said.repeated} found to be recorded"
    )

    assert len(said.answered) >= STOPS * 100
    assert set() == said.lost(there)
    assert len(there) == len({*said.answered})
    assert {True} == {"cannot be used now" in failure for failure in said.failures}


def test_a_server_that_answers_before_the_disk_does_loses_what_was_acknowledged(
    cluster: Server,
) -> None:
    """The control: the same stops with synchronous_commit = off, which real stores refuse."""
    url = with_body(cluster)
    name = url.rpartition("/")[2]
    ask(url, f"ALTER DATABASE {name} SET synchronous_commit = off")
    said = stopped_hard(cluster, url, 3, 50)
    print(f"{len(said.lost(stored(url)))} of {len(said.answered)} lost in 3 stops")

    assert said.lost(stored(url))


def test_a_follower_goes_on_after_a_restart(cluster: Server) -> None:
    """Its connections are gone; what it had kept is not, and nothing is read twice."""
    with PostgresStore.open(new_store(cluster, virtual=True)) as store:
        story = Story(store)
        story.body()
        assert story.placet.projections.follow() > 0
        cluster.stop("fast")
        with pytest.raises(Unavailable, match="cannot be used now"):
            story.placet.projections.follow()
        cluster.start()
        story.silence()

        assert story.placet.projections.follow() > 0
        assert 0 == story.placet.projections.follow()
        kept = list(story.placet.views.rows(WindowRow))
        story.placet.projections.rebuild()
        assert kept == list(story.placet.views.rows(WindowRow))
