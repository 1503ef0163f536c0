"""The parts of the bench: what each measures, and on which disks.

A new part is a line of PARTS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench import (
    http_measures,
    instruction_counts,
    post_measures,
    read_measures,
    rebuild_measures,
    start_measures,
    write_measures,
)
from tests.bench.figures import Figure
from tests.bench.run import Run


@dataclass(frozen=True)
class Part:
    """What is measured together, in a process of its own.

    `name` chooses it, `title` stands over its table. Where a disk is waited for, it is measured
    once for each disk of known speed.
    """

    name: str
    title: str
    figures: Callable[[Run], Sequence[Figure]]
    waits: bool = False

    def title_on(self, disk: float | None) -> str:
        """The title of its table; None is the real disk."""
        if not self.waits:
            return self.title
        return f"{self.title}, " + ("real disk" if disk is None else f"fsync {disk:g} ms")


PARTS = (
    Part("http", "Pages", lambda run: http_measures.figures(run.folder, run.pairs)),
    Part(
        "instructions",
        "Instructions of a step",
        lambda run: instruction_counts.figures(run.folder, run.each, peer=run.peer),
    ),
    Part("sqlite", "Writing, SQLite", write_measures.on_sqlite, waits=True),
    Part("postgresql", "Writing, PostgreSQL", write_measures.on_postgres, waits=True),
    Part("post", "Responding by HTTP, SQLite", post_measures.on_sqlite, waits=True),
    Part("start", "Start", lambda run: start_measures.figures(run.folder, run.pairs)),
    Part(
        "reading",
        "Reading",
        lambda run: read_measures.figures(run.folder, run.agendas, run.pairs),
    ),
    Part(
        "rebuild",
        "Rebuild",
        lambda run: rebuild_measures.figures(run.folder, run.agendas, run.pairs),
    ),
)


def named(name: str) -> Part:
    """The part with this name."""
    return next(part for part in PARTS if part.name == name)
