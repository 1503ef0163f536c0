"""The process that keeps the rows up to the end of the log, if it is this one that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from domain.ports.store import LeaderElection
from workflows.projections.runner import ProjectionRunner


class LogFollower:
    """Follows the log where this process leads. `followed` is told after each round, of all."""

    def __init__(
        self,
        projections: ProjectionRunner,
        lead: Callable[[], LeaderElection],
        followed: Callable[[], None],
    ) -> None:
        self._projections, self._lead, self._followed = projections, lead, followed

    @cached_property
    def leader_election(self) -> LeaderElection:
        """Whether this process is the one that follows the log."""
        return self._lead()

    @contextmanager
    def woken_by(self, wake: Callable[[], object]) -> Iterator[None]:
        """Here a thread of this process follows the log, and does so at once when it is woken."""
        self._projections.wake = wake
        try:
            yield
        finally:
            self._projections.wake = None

    def run_once(self) -> None:
        """Follow the log, if it is this process that does. Raises Unavailable."""
        self._projections.leader_election = self.leader_election
        if self.leader_election.try_lead():
            self._projections.follow()
        self._followed()

    def close(self) -> None:
        """Let another process lead."""
        if "leader_election" in vars(self):
            self.leader_election.close()
