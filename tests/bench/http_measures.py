"""The measures of pages: the board of a server at work, beside a bare server of the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from msgspec import structs

from adapters.sqlite.store import SqliteStore
from domain.messages import Order
from served_store import PLACET, address_of
from tests.bench import agenda_life
from tests.bench.figures import Figure, figure
from tests.bench.http_load import Answers, load
from tests.bench.workload import ORGANISATION
from wiring import Placet, Quiet

CLIENTS = (1, 8, 32)
ROWS = 50
"""How many agendas each group of the board has: as many as are shown at once."""
STEPS = {"finished": 16, "waiting": 2, "running": 5}
"""How many steps of its life an agenda of each group has behind it."""
BEGAN = {"finished": 100, "waiting": 20, "running": 20}
"""How many hours ago it began."""
PATH = "web.http.shared_pages"
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """What one server answered in its turn, and the processor time it took for an answer."""

    answers: Answers
    cpu: float


@dataclass(frozen=True)
class Server:
    """A server process."""

    address: str
    process: int

    def measure(self, clients: int, seconds: float, etag: str = "") -> Measured:
        """Let so many clients ask for the board."""
        before = self._cpu()
        answers = load(f"{self.address}/", clients, seconds, etag)
        return Measured(answers, (self._cpu() - before) / len(answers.taken))

    def _cpu(self) -> float:
        """The seconds of processor time that the process has had."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK


def figures(folder: Path, rounds: int, seconds: float = 3.0) -> list[Figure]:
    """The board, its confirmation (304), and the bare server, alternately within each round."""
    build(folder / "http")
    with _serving(*PLACET, "serve", "--store", str(folder / "http"), "--port", "0") as placet:
        page, etag = _opened(f"{placet.address}/")
        (folder / "page.html").write_bytes(page)
        bare = Path(__file__).with_name("raw_asgi.py")
        with _serving(sys.executable, str(bare), str(folder / "page.html")) as raw:
            found = []
            for clients in CLIENTS:
                measured = [
                    (
                        raw.measure(clients, seconds),
                        placet.measure(clients, seconds),
                        placet.measure(clients, seconds, etag),
                    )
                    for _ in range(rounds)
                ]
                found += _compared(clients, measured)
    return found


def _compared(clients: int, measured: list[tuple[Measured, Measured, Measured]]) -> list[Figure]:
    """The figures of some rounds with so many clients."""
    named = f"{clients} client{'s' if clients > 1 else ''}"
    rounds = [tuple(side.answers for side in sides) for sides in measured]

    def of(name: str, values: list[float], goal: str = "") -> Figure:
        return figure(f"{named}, {name}", values, PATH, goal)

    tail = "<= 1.5" if clients == CLIENTS[-1] else ""
    return [
        of("board, answers/s over raw ASGI", [b.rate / r.rate for r, b, _ in rounds], ">= 0.33"),
        of("304, answers/s over raw ASGI", [k.rate / r.rate for r, _, k in rounds], ">= 0.66"),
        of("board, p99/p50 over raw ASGI's", [b.tail / r.tail for r, b, _ in rounds], tail),
        of("board, CPU of an answer over raw ASGI's", [b.cpu / r.cpu for r, b, _ in measured]),
        of("304, CPU of an answer over raw ASGI's", [k.cpu / r.cpu for r, _, k in measured]),
        *(
            of(f"{what}, {name} in ms", [1000 * getattr(row[n], name) for row in rounds])
            for n, what in enumerate(("raw ASGI", "board", "304"))
            for name in ("p50", "p99")
        ),
    ]


def build(folder: Path) -> None:
    """A store as a busy secretariat has it: finished, waiting and running agendas, as of now."""
    now = datetime.now(UTC)
    placet = Placet(SqliteStore.create(folder), Quiet())

    def carry_out(orders: Iterator[Order], hours: int) -> None:
        moved = now - timedelta(hours=hours) - agenda_life.BEGAN
        for order in orders:
            at, received = order.at + moved, order.received_at + moved
            placet.handling.handle(
                ORGANISATION, structs.replace(order, at=at, received_at=received)
            )

    carry_out(agenda_life.setting(), max(BEGAN.values()))
    for group, steps in STEPS.items():
        for number in range(ROWS):
            name = f"{group}-{number}"
            carry_out(agenda_life.beginning(name), BEGAN[group])
            carry_out(islice(agenda_life.steps(name), steps), BEGAN[group])
    placet.projections.follow()
    placet.close()


def _opened(address: str) -> tuple[bytes, str]:
    """A page and what it is known by."""
    asks = urllib.request.Request(address, headers={"Accept-Language": "en"})  # noqa: S310 (loopback)
    with urllib.request.urlopen(asks) as answer:  # noqa: S310 (loopback)
        return answer.read(), answer.headers["etag"]


@contextmanager
def _serving(*words: str) -> Iterator[Server]:
    """A server process that says its address."""
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Server(address_of(process), process.pid)
        finally:
            process.terminate()
