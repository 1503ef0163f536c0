"""How many instructions a step takes, counted by callgrind of valgrind, only while steps run.

They repeat to a tenth of a percent whatever else the machine does, so that two versions of the
program are compared by them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from adapters.sqlite.store import SqliteStore
from domain.canonical import digest
from tests.bench.workload import ORGANISATION, STEPS, lives

TESTS = Path(__file__).resolve().parents[1]
WARM, LIVES = 2, 20
"""Lives before the count begins, and those that are counted."""


def has_valgrind() -> bool:
    """Whether this machine can count."""
    return shutil.which("valgrind") is not None


def instructions_per_step(folder: Path, *, extra_hashes: int = 0) -> float:
    """What one client's step on SQLite takes, in instructions, the system's kernel left out.

    `extra_hashes` are made beside each step, to see that they are counted.
    """
    out = folder / "callgrind.out"
    subprocess.run(
        [
            *("valgrind", "--tool=callgrind", "--instr-atstart=no"),
            *(f"--callgrind-out-file={out}", sys.executable, __file__),
            *(str(folder / "store"), str(extra_hashes)),
        ],
        env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(_PATH)},
        capture_output=True,
        check=True,
    )
    found = re.findall(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)
    return int(found[-1]) / (STEPS * LIVES)


_PATH = (str(TESTS.parent), str(TESTS / "support"))


def _carry_out(folder: Path, extra_hashes: int) -> None:
    """Carry lives out, and have those after the first few counted."""
    with lives(SqliteStore.create(folder), each=WARM + LIVES) as made:
        orders, handle = made.clients[0], made.placet.handling.handle
        for number, order in enumerate(orders):
            if number == WARM * STEPS:
                _count("on")
            handle(ORGANISATION, order)
            for _ in range(extra_hashes):
                digest(b"")
        _count("off")
        made.check()


def _count(what: str) -> None:
    command = ["callgrind_control", "-i", what, str(os.getpid())]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    _carry_out(Path(sys.argv[1]), int(sys.argv[2]))
