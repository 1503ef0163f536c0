"""Checks of the host on which a store is kept: files, space, time zones."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from web.cli.doctor_findings import Finding, failed, ok, warning

PRIVATE: Final = ("keys/*.pem", "directory.*", "accounts*", "outbox*", "intake.db*")
"""Files that hold secrets or personal data."""
NO_SPACE: Final = 200 * 1024 * 1024
LITTLE_SPACE: Final = 2 * 1024 * 1024 * 1024
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH


def permissions(home: Path) -> Iterator[Finding]:
    """Whether only the account that serves the store reads and writes its files."""
    check = "permissions"
    if sys.platform == "win32" or not home.exists():
        return
    mode = home.stat().st_mode
    if home.stat().st_uid != os.geteuid():
        yield warning(
            check,
            f"{home} belongs to another account than the one that looks.",
            "Run `placet doctor` under the account that serves the store.",
        )
    closed = not mode & (stat.S_IRWXG | stat.S_IRWXO)
    writable = [home] if mode & OTHERS_WRITE else []
    writable += [file for file in _files(home) if not closed and file.stat().st_mode & OTHERS_WRITE]
    secret = {file for pattern in PRIVATE for file in home.glob(pattern)}
    open_secrets = [file for file in secret if file.suffix == ".pem" or not closed]
    readable = sorted(file for file in open_secrets if file.stat().st_mode & OTHERS_READ)
    if writable:
        yield failed(
            check,
            f"Others may write {_named(writable, home)}: they can change the record.",
            f"chmod -R go-w {home}",
        )
    if readable:
        yield failed(
            check,
            f"Others may read {_named(readable, home)}, which holds secrets or personal data.",
            f"chmod 700 {home} && chmod -R go= {home}",
        )
    if not closed and not writable and not readable:
        yield warning(check, f"Others may look into {home}.", f"chmod 700 {home}")
    if closed and not writable and not readable:
        yield ok(check, f"Only its owner may read and write {home}.")


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if not path.is_symlink()]


def _named(files: list[Path], home: Path) -> str:
    shown = [str(file.relative_to(home.parent)) for file in files[:3]]
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(shown) + more


def disk_space(home: Path) -> Iterator[Finding]:
    """Whether there is room where the store or what belongs to it is kept. Raises OSError."""
    there = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / 1024**3:.1f} GB are free at {there}."
    if free < NO_SPACE:
        yield failed("disk space", said, "Free some space: acts are refused on a full disk.")
    elif free < LITTLE_SPACE:
        yield warning("disk space", said, "Free some space.")
    else:
        yield ok("disk space", said)


def time_zones(now: datetime) -> Iterator[Finding]:
    """Whether the time zones that deadlines are computed by are of this year or the last."""
    release = metadata.version("tzdata")
    if int(release.partition(".")[0]) < now.year - 1:
        yield warning(
            "time zones",
            f"They are of release {release}: changes of summer time since then are not known.",
            "Install a newer version of Placet.",
        )
    else:
        yield ok("time zones", f"They are of release {release}.")
