"""A disk of which each fsync takes a known time, for a process and all that it starts.

A real disk on a shared machine takes between 0.2 and 4 ms from minute to minute, and a ratio of two
rates that wait for it says little. Files opened with O_DSYNC are not slowed: SQLite opens none, and
PostgreSQL none where wal_sync_method is fdatasync.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import psycopg

SOURCE = Path(__file__).with_name("slow_disk.c")
CALLS = "SLOW_CALLS"
DELAY = "SLOW_US"
CONTROLS = 20
"""How many fsyncs are made to see whether the disk is in its place."""
_PAGE = 4096


class NotInEffectError(Exception):
    """The disk is not in its place, or cannot be put there; a figure would be worth nothing."""


def present() -> bool:
    """Whether such a disk can be made on this machine."""
    return _compiler() is not None


def compiled(folder: Path) -> Path:
    """The library that is loaded before a program, and beside it the file in which it counts.

    Any user may read and count there: PostgreSQL's server may run as another one.
    """
    compiler = _compiler()
    if compiler is None:
        raise NotInEffectError("a disk of known speed needs Linux and a C compiler, such as gcc")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    library = folder / "slow_disk.so"
    options = ("-shared", "-fPIC", "-O2", "-Wall", "-Werror")
    subprocess.run([compiler, *options, "-o", str(library), str(SOURCE)], check=True)
    library.chmod(0o755)
    calls = _calls_of(library)
    calls.write_bytes(bytes(_PAGE))
    calls.chmod(0o666)
    return library


def environment(library: Path, microseconds: float) -> Mapping[str, str]:
    """The environment of a process of which each fsync takes so long."""
    return {
        **os.environ,
        "LD_PRELOAD": str(library),
        DELAY: f"{microseconds:.0f}",
        CALLS: str(_calls_of(library)),
    }


def calls() -> int:
    """How many fsyncs there were so far, of this process and all others; 0 on a real disk."""
    name = os.environ.get(CALLS)
    if name is None:
        return 0
    with Path(name).open("rb") as file:
        return int.from_bytes(file.read(8), sys.byteorder)


def check(folder: Path) -> None:
    """See by some fsyncs, and by some commits of SQLite, that the disk is in its place."""
    with (folder / "control").open("wb") as file:
        _check("fsync", lambda: os.fsync(file.fileno()))
    with closing(sqlite3.connect(folder / "control.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE control (number INTEGER)")
        _check("SQLite", lambda: connection.execute("INSERT INTO control VALUES (1)"))


def check_server(url: str) -> None:
    """See by some commits that it is in its place for this server of PostgreSQL too."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SHOW wal_sync_method").fetchall()
        if found != [("fdatasync",)]:
            raise NotInEffectError(f"wal_sync_method is {found[0][0]}, which may sync by no call")
        connection.execute("CREATE TABLE control (number INTEGER)")
        _check("PostgreSQL", lambda: connection.execute("INSERT INTO control VALUES (1)"))


def _check(what: str, commit: Callable[[], object]) -> None:
    before, began = calls(), time.monotonic()
    for _ in range(CONTROLS):
        commit()
    taken, counted = time.monotonic() - began, calls() - before
    least = CONTROLS * int(os.environ.get(DELAY, "0")) / 1e6
    if counted < CONTROLS or taken < least:
        raise NotInEffectError(
            f"the disk of known speed is not in effect: {CONTROLS} commits by {what} took"
            f" {taken:.4f} s instead of {least:.4f} or more, and it counted {counted} of them"
        )


def _compiler() -> str | None:
    if sys.platform != "linux":
        return None
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def _calls_of(library: Path) -> Path:
    return library.with_suffix(".calls")
