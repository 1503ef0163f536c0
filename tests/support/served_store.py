"""A server process on a store, and its address."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STARTED_WITHIN = 60.0
"""Seconds after which a server that says no address is killed."""
PLACET = [sys.executable, "-m", "web"]


@contextmanager
def served(store: Path, *options: str) -> Iterator[str]:
    """A server process on this store; its address."""
    words = [*PLACET, "serve", "--store", str(store), "--port", "0", *options]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield address_of(process)
        finally:
            process.terminate()
            process.wait(timeout=10)


def address_of(process: subprocess.Popen[str]) -> str:
    """The address that a server says; what it said instead, where it ends or takes too long."""
    assert process.stderr
    lines: list[str] = []
    too_late = threading.Timer(STARTED_WITHIN, process.kill)
    too_late.start()
    try:
        for text_line in process.stderr:
            if found := re.search(r"https?://127\.0\.0\.1:\d+", text_line):
                return found[0]
            lines.append(text_line)
    finally:
        too_late.cancel()
    pytest.fail(f"the server ended without an address, and said: {''.join(lines)}")
