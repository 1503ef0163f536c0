"""Runs the projection of one store: by the process that leads, and by a reader that waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property

from domain.decision_context import DecisionContext
from domain.ports.errors import ParkedStream, Unavailable
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import Views
from domain.ports.slice_workers import LogSlice, SliceWorkers
from domain.ports.store import LeaderElection
from domain.streams import StreamKind
from workflows.projections import due_windows, lag, parallel_rebuild, parking, verification
from workflows.projections.catch_up import (
    FOLLOWER,
    ProgressCallback,
    ViewsAheadOfLog,
    catch_up,
    parked_ids,
)
from workflows.projections.parallel_rebuild import no_workers
from workflows.projections.parking import Alarm, Backoff
from workflows.projections.state_fold import StateFold, without_cycle_collection
from workflows.projections.verification import Comparison


class ProjectionRunner:
    """The rows of one store, which one thread of this process brings up to date at a time."""

    def __init__(
        self,
        log: EventLog,
        views: Callable[[], Views],
        world_of: Callable[[History], DecisionContext],
        alarm: Alarm,
        *,
        workers: SliceWorkers = no_workers,
        can_write: Callable[[], bool] = lambda: True,
    ) -> None:
        self._log, self._open, self._world_of, self._alarm = log, views, world_of, alarm
        self._workers, self._can_write = workers, can_write
        self._lock, self._folded, self.again = threading.Lock(), StateFold(), Backoff()
        self.leader_election: LeaderElection | None = None
        """Who follows, where that is settled among processes."""
        self.wake: Callable[[], object] | None = None
        """Wakes the thread of this process that follows, while there is one."""
        self._followed = threading.Condition()

    @cached_property
    def views(self) -> Views:
        """The rows; not opened before they are needed. Raises Unavailable."""
        return self._open()

    def close(self) -> None:
        """Close the rows, if they are open."""
        if "views" in vars(self):
            self.views.close()

    def follow(self, on_progress: ProgressCallback | None = None) -> int:
        """Bring the rows up to the end of the log; the number of events read."""
        with self._lock:
            count = self._catch_up(on_progress)
        with self._followed:
            self._followed.notify_all()
        return count

    def fill_empty(self) -> None:
        """Make the rows where there are none, as when an upgrade has changed their format.

        Rows that only lack the newest events, or that cannot be written, are left as they are.
        """
        ends = lag.log_ends(self._log)
        empty = not any(self.views.position(FOLLOWER, name) for name in ends)
        if ends and empty and self._can_write():
            with suppress(Unavailable):
                self.follow()

    def catch_up_or_wait(self, waits: float = lag.LEADER_WAIT_SECONDS) -> int:
        """Let the rows reach the end that the log has now; how many events they still lack.

        The thread or process that follows is waited for, `waits` seconds at most; then the
        caller takes the work over, for a while.
        """
        goal = lag.log_ends(self._log)
        if not self._can_write():  # the rows of a standby come with its log
            lag.wait_until_reached(goal, self.views, FOLLOWER, waits)
            return lag.events_behind(goal, self.views, FOLLOWER)
        if self._wait_for_follower(goal, waits):
            return 0
        until = time.monotonic() + lag.CATCH_UP_SECONDS
        if self._lock.acquire(timeout=lag.CATCH_UP_SECONDS):
            try:
                self._catch_up(enough=lambda: time.monotonic() > until)
            except ViewsAheadOfLog:
                raise
            except Unavailable:  # the rows cannot be written; what they hold may still be read
                pass
            finally:
                self._lock.release()
        return lag.events_behind(goal, self.views, FOLLOWER)

    def _wait_for_follower(self, goal: Mapping[str, int], waits: float) -> bool:
        """Whether another thread or process brings the rows to these positions in time."""
        if self.leader_election and not self.leader_election.is_leader:
            return lag.wait_until_reached(goal, self.views, FOLLOWER, waits)
        if self.wake is None or lag.is_ahead(self._log, self.views, FOLLOWER):
            return False
        self.wake()
        with self._followed:
            return self._followed.wait_for(
                lambda: not lag.events_behind(goal, self.views, FOLLOWER), waits
            )

    def rebuild(self, on_progress: ProgressCallback | None = None) -> int:
        """Rebuild the rows beside the old ones, and put them in their place."""
        with self._lock, without_cycle_collection(), self.views.rebuild() as rebuilt:
            return parallel_rebuild.rebuild(
                self._log,
                rebuilt,
                self._world_of,
                workers=self._workers,
                on_progress=on_progress,
                alarm=self._alarm,
            )

    def follow_slice(self, part: str, of: LogSlice, enough: Callable[[], bool]) -> Collection[str]:
        """Make the rows of a slice in the part of this name, for a process that rebuilds."""
        with self._lock, without_cycle_collection(), self.views.open_part(part) as rows:
            return parallel_rebuild.follow_slice(self._log, rows, self._world_of, of, enough)

    def verify(self, on_progress: ProgressCallback | None = None) -> Comparison:
        """Compare the rows with what the log says; neither is changed. Raises Unavailable."""
        with self._lock, without_cycle_collection():
            return verification.compare_views(self._log, self.views, self._world_of, on_progress)

    def parked_streams(self, organisation: str) -> list[ParkedStream]:
        """The streams of which the rows could not be made."""
        return list(parking.parked_streams(self.views, organisation).values())

    def windows_with_stale_rows(self, organisation: str) -> list[str]:
        """The windows of an organisation whose rows may lack something, so that none is missed."""
        return parked_ids(self.parked_streams(organisation), StreamKind.WINDOW)

    def unfinished_windows(self, organisation: str) -> list[str]:
        """The windows of an organisation that have no outcome; also those without good rows."""
        return sorted({*self._unended(organisation), *self.windows_with_stale_rows(organisation)})

    def _unended(self, organisation: str) -> Iterator[str]:
        return (
            name
            for where, name in due_windows.unfinished_windows(self.views)
            if where == organisation
        )

    def _catch_up(
        self,
        on_progress: ProgressCallback | None = None,
        enough: Callable[[], bool] = lambda: False,
    ) -> int:
        return catch_up(
            self._log,
            self.views,
            self._world_of,
            folded=self._folded,
            on_progress=on_progress,
            alarm=self._alarm,
            again=self.again,
            enough=enough,
        )
