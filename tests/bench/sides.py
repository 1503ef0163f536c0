"""Floor, Placet and peer, measured by turns: what they took, as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench import slow_disk
from tests.bench.figures import NOTHING, Figure, figure
from tests.bench.run import USUAL
from tests.bench.workload import Taken

MANY = (16, 64)
"""How many clients there are references the one."""
PEER = "Repository.get -> Application.save"


@dataclass(frozen=True)
class Sides:
    """What floor, Placet and peer took, by turns, and Placet with many clients."""

    floor: list[Taken] = field(default_factory=list)
    placet: list[Taken] = field(default_factory=list)
    peer: list[Taken] = field(default_factory=list)
    many: Mapping[int, list[Taken]] = field(default_factory=lambda: {n: [] for n in MANY})


def goals_on(disk: float, goals: Sequence[str]) -> Sequence[str]:
    """A goal is set for one disk; on others, figures are only reported."""
    return goals if disk == USUAL else [""] * len(goals)


def waiting(store: str, path: str, sides: Sides, goals: Sequence[str]) -> list[Figure]:
    """Rates on a slow disk, over those of a floor with one client, and fsyncs."""
    floor, peer = sides.floor, sides.peer
    for run in (*floor, *sides.placet):
        if run.syncs < run.steps:
            raise slow_disk.NotInEffectError(f"{run.syncs} fsyncs of {run.steps} steps")
    found = []
    by_clients = {1: sides.placet, **sides.many}
    for (clients, taken), goal in zip(by_clients.items(), goals, strict=True):
        name = f"{store}, {_clients(clients)}, steps/s over the one-client floor"
        references = ([1.0], _over(peer, floor)) if clients == 1 else NOTHING
        found.append(figure(name, _over(taken, floor), path, goal, references))
    for clients, taken in by_clients.items():
        name = f"{store}, {_clients(clients)}, steps/s"
        references = (_rates(floor), _rates(peer)) if clients == 1 else NOTHING
        found.append(figure(name, _rates(taken), path, references=references))
    for clients, taken in by_clients.items():
        name = f"{store}, {_clients(clients)}, fsyncs per step"
        references = (_syncs(floor), _syncs(peer)) if clients == 1 else NOTHING
        found.append(figure(name, _syncs(taken), path, references=references))
    return found


def working(store: str, path: str, sides: Sides, goal: str, peer_goal: str) -> list[Figure]:
    """Processor time of one client, where no disk is waited for."""
    floor, placet, peer = sides.floor, sides.placet, sides.peer
    name, cpu = f"{store}, one client", "client CPU per step"
    over = _cpu_over(placet, floor)
    references = ([1.0], _cpu_over(peer, floor))
    micro = (_micro(floor), _micro(peer))
    rates = (_rates(floor), _rates(peer))
    found = [
        figure(f"{name}, {cpu} over the floor's", over, path, goal, references),
        figure(f"{name}, {cpu}, microseconds", _micro(placet), path, references=micro),
        figure(f"{name}, steps/s", _rates(placet), path, references=rates),
    ]
    if peer:
        text = f"{name}, steps/s over eventsourcing + cache"
        found.append(figure(text, _over(placet, peer), f"{path} / {PEER}", peer_goal))
    return found


def _clients(number: int) -> str:
    return "one client" if number == 1 else f"{number} clients"


def _rates(some: Sequence[Taken]) -> list[float]:
    return [taken.rate for taken in some]


def _syncs(some: Sequence[Taken]) -> list[float]:
    return [taken.syncs_per_step for taken in some]


def _micro(some: Sequence[Taken]) -> list[float]:
    return [taken.cpu_per_step * 1e6 for taken in some]


def _over(ours: Sequence[Taken], others: Sequence[Taken]) -> list[float]:
    return [own.rate / other.rate for own, other in zip(ours, others, strict=False)]


def _cpu_over(ours: Sequence[Taken], others: Sequence[Taken]) -> list[float]:
    both = zip(ours, others, strict=False)
    return [own.cpu_per_step / other.cpu_per_step for own, other in both]
