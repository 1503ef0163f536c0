"""The measures of responding by HTTP: one client beside the durable step, and many clients."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from msgspec import structs

from adapters.sqlite.store import SqliteStore
from adapters.system_clock import utc_now
from server_process import confirmed, until
from tests.bench import agenda_life, child_process, slow_disk
from tests.bench.figures import Figure, figure
from tests.bench.logged_in import log_in
from tests.bench.run import USUAL, Run
from tests.bench.workload import ORGANISATION
from wiring import Placet, Quiet

WINDOWS = 60
OPENED = 3
"""Of the steps of a life: after these its silence runs."""
CLIENTS = 16
SECONDS, WARM_SECONDS = 6, 1
PLACET = [sys.executable, "-u", "-m", "web"]
STEP = "Intake.keep -> Application.execute"
PATH = "POST /windows/../act/respond -> ResponseBatcher -> Application.execute"

Accepted = Sequence[float]
"""Seconds that each of the responses took that were recorded."""


@dataclass(frozen=True)
class Posted:
    """What one round found, in seconds."""

    step: float
    """That a response takes below HTTP, kept and recorded; p50."""
    post: float
    """That one client waits for its answer; p50."""
    rate: float
    """Accepted responses a second of many clients."""
    cpu: float
    """Of processor time of the server for each of these."""
    syncs: float
    """How often each of these waited for the disk, by its share."""


def on_sqlite(run: Run) -> Sequence[Figure]:
    """All of them, each round on copies of one store, of which one asks everybody to log in.

    The third is the control: once more without log-in.
    """
    store = run.folder / "store"
    running_windows(store)
    guarded = shutil.copytree(store, run.folder / "guarded")
    seats = [{"role": "member", "body": "b", "seat": seat} for seat in agenda_life.SEATS]
    sessions = log_in(guarded, seats)
    rounds, logged_in, again = list[Posted](), list[Posted](), list[Posted]()
    for n in range(run.pairs):
        for kind, of, shown in (
            ("without", rounds, ()),
            ("with", logged_in, sessions),
            ("control", again, ()),
        ):
            copy = shutil.copytree(guarded if shown else store, run.folder / f"{kind}-{n}")
            of.append(_round(copy, shown))
    least = (">= 400" if run.disk == USUAL else "",)
    alone, together = "SQLite, one client", f"SQLite, {CLIENTS} clients"
    above = [(found.post - found.step) * 1000 for found in rounds]
    steps = [found.step * 1000 for found in rounds]
    posts, cpu = ([getattr(found, name) * 1000 for found in rounds] for name in ("post", "cpu"))
    rates, syncs = ([getattr(found, name) for found in rounds] for name in ("rate", "syncs"))
    return [
        figure(f"{alone}, POST above its durable step, p50 in ms", above, PATH, "<= 2.5"),
        figure(f"{alone}, POST, p50 in ms", posts, PATH),
        figure(f"{alone}, durable step of a response, p50 in ms", steps, STEP),
        figure(f"{together}, accepted responses/s", rates, PATH, *least),
        figure(f"{together}, processor time of the server for each, ms", cpu, PATH),
        *([figure(f"{together}, fsyncs for each", syncs, PATH)] if run.disk is not None else ()),
        figure(
            f"{alone}, POST with log-in over without, p50", _over(logged_in, rounds, "post"), PATH
        ),
        *(
            figure(f"{together}, {what} {name}", _over(of, rounds, field), PATH)
            for name, of in (
                ("with log-in over without", logged_in),
                ("without log-in over without (control)", again),
            )
            for what, field in (("accepted responses/s", "rate"), ("processor time", "cpu"))
        ),
    ]


def _over(some: Sequence[Posted], others: Sequence[Posted], name: str) -> list[float]:
    """How much one is of the other, round by round."""
    return [getattr(a, name) / getattr(b, name) for a, b in zip(some, others, strict=True)]


def running_windows(folder: Path) -> None:
    """A new store with windows that await responses; beside it, the hashes of their texts."""
    placet = Placet(SqliteStore.create(folder), Quiet())
    history, began = placet.store.history(ORGANISATION), utc_now() - timedelta(hours=20)
    names = [f"w{n:03}" for n in range(WINDOWS)]
    lives = [
        order
        for name in names
        for order in (*agenda_life.beginning(name), *islice(agenda_life.steps(name), OPENED))
    ]
    try:
        for order in (*agenda_life.setting(), *lives):
            at = order.at - agenda_life.BEGAN + began
            placet.handling.handle(ORGANISATION, structs.replace(order, at=at, received_at=at))
        placet.keys.create(began)
        world = placet.handling.decision_context(history)
        texts = [(name, world.window(name).text_hash) for name in names]
    finally:
        placet.close()
    (folder / "texts").write_text(json.dumps(texts))


def _round(folder: Path, sessions: Sequence[str]) -> Posted:
    """The durable step, then one client, then many, in these sessions if there are any."""
    steps = json.loads(child_process.run("durable_responses", str(folder), "300"))
    with serving(folder) as (address, process):
        _respond(address, folder, 1, WARM_SECONDS, sessions)
        single = _respond(address, folder, 1, SECONDS, sessions)
        cpu, syncs = _cpu(process), slow_disk.calls()
        many = _respond(address, folder, CLIENTS, SECONDS, sessions)
        cpu, syncs = _cpu(process) - cpu, slow_disk.calls() - syncs
    number = len(many)
    step, post, rate = median(steps), median(single), number / SECONDS
    return Posted(step, post, rate, cpu / number, syncs / number)


def _respond(
    address: str, folder: Path, clients: int, seconds: int, sessions: Sequence[str]
) -> Accepted:
    """What so many clients send at once. Raises ValueError where not all was accepted."""
    shown = json.dumps([*sessions])
    words = (address, str(folder / "texts"), str(clients), str(seconds), shown)
    found: Mapping[str, Accepted] = json.loads(child_process.run("post_clients", *words))
    if found.keys() != {"303"}:
        raise ValueError(f"not all were accepted: { {s: len(some) for s, some in found.items()} }")
    return found["303"]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, int]]:
    """A server on this store: its address, and the number of its process."""
    said, home = folder / "said", folder / "home"
    home.mkdir()
    confirmed(home)
    words = [*PLACET, "serve", "--store", str(folder), "--port", "0"]
    environment = {**os.environ, "PLACET_HOME": str(home)}
    with (
        said.open("w") as out,
        subprocess.Popen(words, stderr=out, env=environment) as process,
    ):
        try:
            until(lambda: "http://" in said.read_text())
            lines = said.read_text().splitlines()
            yield next(line.split()[0] for line in lines if "http://" in line), process.pid
        finally:
            process.terminate()


def _cpu(process: int) -> float:
    """Seconds of processor time of a process so far; the name of its program may hold blanks."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
