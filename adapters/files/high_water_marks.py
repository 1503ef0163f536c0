"""The high-water marks: how far each log was seen to reach, kept apart from the log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from adapters.files.locks import replace_durably
from domain.ports.errors import Unavailable
from domain.ports.high_water_marks import HighWaterMark, MarkStore

FILE: Final = "seen.json"


class HighWaterMarkFile(MarkStore):
    """The file with the marks, in the home of a store. No backup of the log takes it along."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def begun(self) -> bool:
        """Whether this host keeps marks of the log, be it since the log was empty."""
        return self._path.is_file()

    def marks(self) -> dict[str, HighWaterMark]:
        """The mark of each organisation; none when the file is not there.

        Raises Unavailable for a file that cannot be read.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, HighWaterMark])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            raise Unavailable(f"{self._path} cannot be read: {error}.") from error

    def put(self, marks: Mapping[str, HighWaterMark]) -> None:
        """Keep these marks, in place of all others. Raises Unavailable."""
        part = self._path.with_name(f"{FILE}.{os.getpid()}.part")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_bytes(msgspec.json.encode(dict(marks)))
            replace_durably(part, self._path)
        except OSError as error:
            raise Unavailable(f"{self._path} cannot be written: {error.strerror}.") from error
