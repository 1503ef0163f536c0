"""The process that keeps the rows up to the end of the log, if it is this one that does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from domain.ports.store import Lead
from workflows.projections.runner import ProjectionRunner


class LogFollower:
    """Follows the log where this process leads. `followed` is told after each round, of all."""

    def __init__(
        self, projections: ProjectionRunner, lead: Callable[[], Lead], followed: Callable[[], None]
    ) -> None:
        self._projections, self._lead, self._followed = projections, lead, followed

    @cached_property
    def lead(self) -> Lead:
        """Whether this process is the one that follows the log."""
        return self._lead()

    def round(self) -> None:
        """Follow the log, if it is this process that does. Raises Unavailable."""
        self._projections.lead = self.lead
        if self.lead.try_lead():
            self._projections.follow()
        self._followed()

    def close(self) -> None:
        """Let another process lead."""
        if "lead" in vars(self):
            self.lead.close()
