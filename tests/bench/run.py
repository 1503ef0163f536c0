"""How a part of the bench is measured."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FAST, USUAL = 0.0, 2.0
"""Milliseconds of an fsync: on a disk that takes no time, and on one as people have it."""


@dataclass(frozen=True)
class Run:
    """In which empty folder something is measured, how often, and on which disk.

    `each` is how many lives one client carries out. `disk` is how many milliseconds an fsync takes;
    None is the real disk.
    """

    folder: Path
    pairs: int
    each: int
    agendas: int
    peer: bool
    disk: float | None = None

    def encode(self) -> str:
        """The same as text, for another process."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def decode(cls, text: str) -> Run:
        """What was encoded."""
        run = cls(**json.loads(text))
        return replace(run, folder=Path(run.folder))
