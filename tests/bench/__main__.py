"""Measure Placet beside its floors on this machine: python tests/bench --help."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:1] = [str(TESTS.parent), str(TESTS / "support")]

if __name__ == "__main__":
    from tests.bench.command_line import main

    main()
