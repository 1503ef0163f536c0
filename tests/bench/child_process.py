"""Modules of the bench as programs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
_PATHS = os.pathsep.join(map(str, (TESTS.parent, TESTS / "support")))


def run(
    module: str,
    *words: str,
    around: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
) -> str:
    """Run a module to its end; what it writes to standard output.

    `around` is its environment where it is not this one, `before` a program that it is run by.
    """
    program = [*before, sys.executable, "-P", "-m", f"tests.bench.{module}", *words]
    environment = {**(os.environ if around is None else around), "PYTHONPATH": _PATHS}
    found = subprocess.run(program, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return found.stdout
