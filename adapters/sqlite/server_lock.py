"""One serving process for each store; other processes may read it and, in turn, write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from adapters.files.locks import try_lock, try_lock_folder
from domain.ports.errors import Unavailable

LOCK: Final = "serving.lock"


@contextmanager
def hold_server_lock(folder: Path) -> Iterator[None]:
    """Be the one that serves this store. Raises Unavailable, naming the process that does.

    The operating system ends the claim with the process, however it ends. The folder is locked as
    well as the file that names the process: the file may be deleted meanwhile.
    """
    taken = f"{folder} is served already, by process {_holder(folder / LOCK)}."
    with ExitStack() as stack:
        handle = _claimed(stack, try_lock(folder / LOCK), taken)
        _claimed(stack, try_lock_folder(folder), taken)
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield


def _claimed(stack: ExitStack, handle: int | None, taken: str) -> int:
    """The handle, which is closed at the end. Raises Unavailable when there is none."""
    if handle is None:
        raise Unavailable(taken)
    stack.callback(os.close, handle)
    return handle


class SoleLeader:
    """The lead in a store that one process serves; those beside it follow for themselves."""

    is_leader = True

    def try_lead(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """There is nothing to leave."""


def _holder(path: Path) -> str:
    try:
        return path.read_text().strip() or "unknown"
    except OSError:
        return "unknown"
