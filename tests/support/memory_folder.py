"""Temporary folders in memory: a test that commits a thousand times need not wait for a disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 (a folder is made in it, under a name of its own)
ROOM: Final = 6 * 2**30
"""Bytes that have to be free there; the databases of the tests take two thirds of it."""


def use_memory() -> None:
    """Let this process, and all that it starts, make temporary folders in memory.

    Nothing changes where the system has no such place, too small a one, or one from which no
    program runs, and where `TMPDIR` says which to take. No test looks at what outlives the
    machine: power is cut by simulation.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if runs_programs and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
