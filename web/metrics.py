"""What a server tells a program that watches it, in the text format of Prometheus.

It holds numbers, and names of organisations, followers, commands and outcomes, but of no person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from domain.ports.errors import Unavailable
from workflows.application import Application
from workflows.processes.supervisor import Loop
from workflows.projections.parking import Alarm
from workflows.recovery.health import Health

SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SIZES: Final = (1, 2, 4, 8, 16, 32, 64)
OUTCOMES: Final = ("recorded", "repeated", "refused", "unavailable")


class CountingLogger:
    """A logger that counts the commands of which it is told, and hands every line on."""

    def __init__(self, logger: Alarm, metrics: Metrics) -> None:
        self._logger, self._metrics = logger, metrics

    def info(self, event: str, **values: object) -> None:
        """Hand the line on; count it where it tells of a command."""
        if event == "command":
            self._metrics.count(values)
        self._logger.info(event, **values)

    def error(self, event: str, **values: object) -> None:
        """Hand the line on."""
        self._logger.error(event, **values)


class Metrics:
    """The measures of one server process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library names no types
        self._registry = CollectorRegistry()
        self._commands = Counter(
            "placet_commands",
            "Commands by their name and by what became of them, since the start.",
            ("command", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "placet_command_seconds",
            "How long commands took, waiting and commit included.",
            ("outcome",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._group = Histogram(
            "placet_group_size",
            "How many orders shared a transaction.",
            buckets=SIZES,
            registry=self._registry,
        )
        for outcome in OUTCOMES:
            self._seconds.labels(outcome)

    def count(self, values: dict[str, object]) -> None:
        """Count a command by the values of its line in the log."""
        outcome, milliseconds = str(values["outcome"]), values["milliseconds"]
        self._commands.labels(str(values["command"]), outcome).inc()
        if isinstance(milliseconds, float):
            self._seconds.labels(outcome).observe(milliseconds / 1000)

    def watch(
        self, placet: Application, loops: Sequence[Loop], now: Callable[[], datetime]
    ) -> None:
        """Tell of this store, and of these loops."""
        placet.processes.commands.served = self._group.observe
        self._registry.register(_OfStore(placet, loops, now))

    def text(self) -> bytes:
        """All of it in the text format."""
        return generate_latest(self._registry)

    def routes(self) -> APIRouter:
        """The address at which it is read."""
        router = APIRouter()

        @router.get("/metrics")
        def metrics() -> Response:
            return Response(self.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

        return router


class _OfStore:
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
