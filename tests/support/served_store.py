"""A server process on a store, and its address."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
    assert process.stderr
    for text_line in process.stderr:
        if found := re.search(r"https?://127\.0\.0\.1:\d+", text_line):
            return found[0]
    pytest.fail("the server ended without an address")
