"""What the operating system does for files: locks that end with their process, lasting names."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.ports import Unavailable

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        os.lseek(handle, 2**30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def seized(path: Path) -> int | None:
    """A handle that holds the lock until it is closed; None when another one holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _seize(handle)
    except OSError:
        os.close(handle)
        return None
    return handle


@contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock for a while. Raises Unavailable when it is not free within `patience` s."""
    handle = _patiently_seized(path, patience)
    try:
        yield
    finally:
        os.close(handle)


def _patiently_seized(path: Path, patience: float) -> int:
    until = time.monotonic() + patience
    while (handle := seized(path)) is None:
        if time.monotonic() > until:
            raise Unavailable(f"{path} is held by another process for over {patience:.0f} seconds.")
        time.sleep(0.001)
    return handle


def put(part: Path, path: Path) -> None:
    """Give a finished file its name, in place of any other, so that a power cut keeps it there."""
    part.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
