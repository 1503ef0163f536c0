"""Measures of a store and of the loops of this process, taken each time that they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from domain.ports.errors import Unavailable
from workflows.application import Application
from workflows.processes.supervisor import Loop
from workflows.recovery.health import Health


class StoreMetrics:
    """Measures that are taken each time that somebody reads them."""

    def __init__(
        self, placet: Application, loops: Sequence[Loop], now: Callable[[], datetime]
    ) -> None:
        self._placet, self._loops, self._now = placet, loops, now

    def collect(self) -> Iterator[Metric]:
        """The measures; of a store that cannot be read now only those of this process."""
        yield from self._of_process()
        try:
            health = self._placet.recovery.health(self._now())
        except Unavailable:
            yield _gauge("placet_store_readable", "Whether the store can be read now.", 0)
            return
        yield _gauge("placet_store_readable", "Whether the store can be read now.", 1)
        yield from _of_store(health)
        yield from _of_followers(health)
        yield from _of_organisations(health)

    def _of_process(self) -> Iterator[Metric]:
        last = GaugeMetricFamily(
            "placet_loop_last_success_timestamp_seconds",
            "When a loop of this process last did its work; 0 for never.",
            labels=["loop"],
        )
        failing = GaugeMetricFamily(
            "placet_loop_failing", "Whether a loop does not get its work done now.", labels=["loop"]
        )
        for loop in self._loops:
            name = loop.name.removeprefix("The ")
            last.add_metric([name], loop.last.timestamp() if loop.last else 0)
            failing.add_metric([name], int(bool(loop.because)))
        yield last
        yield failing
        waiting = self._placet.processes.commands.queue_length
        yield _gauge("placet_orders_waiting", "Orders that wait to be served.", waiting)
        leads = int(self._placet.processes.follower.leader_election.is_leader)
        yield _gauge("placet_follower_leads", "Whether this process follows the log.", leads)
        unread = len(self._placet.processes.clock.unreadable_windows)
        yield _gauge("placet_windows_unread", "Windows that the clock cannot read.", unread)
        if used := self._placet.recovery.store.connections:
            yield _gauge("placet_connections_in_use", "Connections lent out now.", used[0])
            yield _gauge("placet_connections_most", "Connections there may be.", used[1])


def _of_store(health: Health) -> Iterator[Metric]:
    offset = health.offset_ms / 1000
    yield _gauge("placet_clock_offset_seconds", "By how much the clock here is off.", offset)
    lost = len(health.losses)
    yield _gauge("placet_log_losses", "What was seen of the logs and is not there.", lost)


def _of_followers(health: Health) -> Iterator[Metric]:
    labels = ["organisation", "follower"]
    position = GaugeMetricFamily(
        "placet_follower_position", "Up to where a follower has read.", labels=labels
    )
    events = GaugeMetricFamily(
        "placet_follower_lag_events", "How many events it has not read.", labels=labels
    )
    seconds = GaugeMetricFamily(
        "placet_follower_lag_seconds", "How long the first of them has waited.", labels=labels
    )
    parked = GaugeMetricFamily(
        "placet_parked_streams", "How many streams it cannot read.", labels=labels
    )
    for org in health.organisations:
        for follower in org.followers:
            name = [org.name, follower.name]
            position.add_metric(name, follower.position)
            events.add_metric(name, follower.events)
            seconds.add_metric(name, follower.seconds)
            parked.add_metric(name, len(follower.parked))
    yield from (position, events, seconds, parked)


def _of_organisations(health: Health) -> Iterator[Metric]:
    last = GaugeMetricFamily(
        "placet_last_position", "The last position of the log.", labels=["organisation"]
    )
    windows = GaugeMetricFamily(
        "placet_windows",
        "Windows without an outcome: running, due (grace), overdue, held.",
        labels=["organisation", "state"],
    )
    late = GaugeMetricFamily(
        "placet_window_overdue_seconds",
        "How long the window has been overdue that waits longest; 0 for none.",
        labels=["organisation"],
    )
    letters = GaugeMetricFamily(
        "placet_letters",
        "Letters that wait, or that failed for windows without an outcome.",
        labels=["organisation", "state"],
    )
    for org in health.organisations:
        last.add_metric([org.name], org.last)
        for state in ("running", "due", "overdue", "held"):
            windows.add_metric([org.name, state], len(getattr(org.windows, state)))
        longest = max((late.total_seconds() for late in org.windows.overdue.values()), default=0)
        late.add_metric([org.name], longest)
        letters.add_metric([org.name, "waiting"], org.waiting)
        letters.add_metric([org.name, "failed"], org.failed)
    yield from (last, windows, late, letters)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value)
