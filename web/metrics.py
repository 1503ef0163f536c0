"""What a server tells a program that watches it, in the text format of Prometheus.

It holds numbers, and names of organisations, followers, commands and outcomes, but of no person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from web.http.host_names import is_from_this_machine
from web.store_metrics import StoreMetrics
from workflows.application import Application
from workflows.processes.supervisor import Loop
from workflows.projections.parking import Alarm

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
        self._registry.register(StoreMetrics(placet, loops, now))

    def text(self) -> bytes:
        """All of it in the text format."""
        return generate_latest(self._registry)

    def add_routes(self, router: APIRouter) -> None:
        """The address at which it is read, on this machine only."""

        @router.get("/metrics")
        def metrics(request: Request) -> Response:
            if not is_from_this_machine(request.scope):
                raise HTTPException(HTTPStatus.NOT_FOUND)
            return Response(self.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
