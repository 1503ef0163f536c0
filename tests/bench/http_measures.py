"""The measures of pages: the board of a server at work, beside a bare server of the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
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
from tests.bench.logged_in import log_in
from tests.bench.workload import ORGANISATION
from web.http.authentication import COOKIE
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

    def measure(
        self, clients: int, seconds: float, etag: str = "", sessions: Sequence[str] = ()
    ) -> Measured:
        """Let so many clients ask for the board, in these sessions if there are any."""
        before = self._cpu()
        answers = load(f"{self.address}/", clients, seconds, etag, sessions)
        return Measured(answers, (self._cpu() - before) / len(answers.taken))

    def _cpu(self) -> float:
        """The seconds of processor time that the process has had."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK


@dataclass(frozen=True)
class Round:
    """What was measured by turns: without log-in, with it, and once more without."""

    raw: Measured
    board: Measured
    known: Measured
    board_logged_in: Measured
    known_logged_in: Measured
    control: Measured
    """The board without log-in again: how far two turns of the same differ."""


def figures(folder: Path, rounds: int, seconds: float = 3.0) -> list[Figure]:
    """The board, its confirmation (304), and the bare server, alternately within each round.

    A second server has the same record, and asks its readers to log in: as many as there are
    clients, all of one role.
    """
    build(folder / "http")
    guarded = shutil.copytree(folder / "http", folder / "guarded")
    sessions = log_in(guarded, [{"role": "auditor"}] * max(CLIENTS))
    bare = Path(__file__).with_name("raw_asgi.py")
    with (
        _serving(*PLACET, "serve", "--store", str(folder / "http"), "--port", "0") as placet,
        _serving(*PLACET, "serve", "--store", str(guarded), "--port", "0") as asking,
    ):
        page, etag = _opened(f"{placet.address}/")
        _, etag_logged_in = _opened(f"{asking.address}/", sessions[0])
        (folder / "page.html").write_bytes(page)
        with _serving(sys.executable, str(bare), str(folder / "page.html")) as raw:
            found = []
            for clients in CLIENTS:
                measured = [
                    Round(
                        raw.measure(clients, seconds),
                        placet.measure(clients, seconds),
                        placet.measure(clients, seconds, etag),
                        asking.measure(clients, seconds, sessions=sessions),
                        asking.measure(clients, seconds, etag_logged_in, sessions),
                        placet.measure(clients, seconds),
                    )
                    for _ in range(rounds)
                ]
                found += _compared(clients, measured)
    return found


def _compared(clients: int, rounds: list[Round]) -> list[Figure]:
    """The figures of some rounds with so many clients."""
    named = f"{clients} client{'s' if clients > 1 else ''}"

    def of(name: str, values: list[float], goal: str = "") -> Figure:
        return figure(f"{named}, {name}", values, PATH, goal)

    def rates(side: str, base: str) -> list[float]:
        return [_side(r, side).answers.rate / _side(r, base).answers.rate for r in rounds]

    def cpu(side: str, base: str) -> list[float]:
        return [_side(r, side).cpu / _side(r, base).cpu for r in rounds]

    tails = [r.board.answers.tail / r.raw.answers.tail for r in rounds]
    tail = "<= 1.5" if clients == CLIENTS[-1] else ""
    return [
        of("board, answers/s over raw ASGI", rates("board", "raw"), ">= 0.33"),
        of("304, answers/s over raw ASGI", rates("known", "raw"), ">= 0.66"),
        of("board, p99/p50 over raw ASGI's", tails, tail),
        of("board, CPU of an answer over raw ASGI's", cpu("board", "raw")),
        of("304, CPU of an answer over raw ASGI's", cpu("known", "raw")),
        of("board with log-in, answers/s over raw ASGI", rates("board_logged_in", "raw")),
        of("304 with log-in, answers/s over raw ASGI", rates("known_logged_in", "raw")),
        of("board, CPU with log-in over without", cpu("board_logged_in", "board")),
        of("304, CPU with log-in over without", cpu("known_logged_in", "known")),
        of("board, CPU without log-in over without (control)", cpu("control", "board")),
        *(
            of(
                f"{what}, {name} in ms",
                [1000 * getattr(_side(r, side).answers, name) for r in rounds],
            )
            for what, side in (("raw ASGI", "raw"), ("board", "board"), ("304", "known"))
            for name in ("p50", "p99")
        ),
    ]


def _side(of: Round, name: str) -> Measured:
    found: Measured = getattr(of, name)
    return found


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


def _opened(address: str, session: str = "") -> tuple[bytes, str]:
    """A page and what it is known by, in a session if there is one."""
    headers = {"Accept-Language": "en", "Cookie": f"{COOKIE}={session}"}
    asks = urllib.request.Request(address, headers=headers)  # noqa: S310 (loopback)
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
