"""One serving process for each store; other processes may read it and, in turn, write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from adapters.filelocks import seized
from domain.ports import Unavailable

LOCK: Final = "serving.lock"


@contextmanager
def serving(folder: Path) -> Iterator[None]:
    """Be the one that serves this store. Raises Unavailable, naming the process that does.

    The operating system ends the claim with the process, however it ends.
    """
    handle = seized(folder / LOCK)
    if handle is None:
        raise Unavailable(f"{folder} is served already, by process {_holder(folder / LOCK)}.")
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


class Alone:
    """The lead in a store that one process serves; those beside it follow for themselves."""

    leads = True

    def held(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """There is nothing to leave."""


def _holder(path: Path) -> str:
    try:
        return path.read_text().strip() or "unknown"
    except OSError:
        return "unknown"
