"""Files that people hand to the program: read whole, if they are ordinary files of some size."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from domain.ports.errors import Unavailable

LARGEST_TEXT: Final = 4 * 2**20
"""The most bytes of a file that people write: a case, a step, a calendar, a directory, a text."""
LARGEST_EVIDENCE: Final = 32 * 2**20
"""The most bytes of a paper or mail that is kept as evidence."""
_ENDLESS: Final = {
    stat.S_ISDIR: "it is a folder",
    stat.S_ISFIFO: "it is a pipe, and only files with an end are read",
    stat.S_ISCHR: "it is a device, and only files with an end are read",
    stat.S_ISBLK: "it is a device, and only files with an end are read",
    stat.S_ISSOCK: "it is a socket, and only files with an end are read",
}


def read_file(path: Path, most: int = LARGEST_TEXT) -> bytes:
    """All bytes of an ordinary file. Raises Unavailable, at once, for anything else.

    Neither what has no end (a device, a pipe) is read nor what has more than `most` bytes.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(handle).st_mode
            for is_kind, what in _ENDLESS.items():
                if is_kind(mode):
                    raise Unavailable(f"{path} cannot be read: {what}.")
            found = file.read(most + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise Unavailable(f"{path} cannot be read: {why}.") from error
    if len(found) > most:
        limit = f"{most // 2**20} MiB" if most >= 2**20 else f"{most} bytes"
        raise Unavailable(f"{path} cannot be read: it has more than {limit}.")
    return found
