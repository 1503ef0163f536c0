"""Where the outbox of a store is: a file in its home."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from adapters.sqlite.outbox import FILE, Outbox


class OutboxFolder:
    """The port `OutboxPlace`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def exists(self) -> bool:
        """Whether there is an outbox; asking makes none."""
        return (self._home / FILE).is_file()

    def open(self, standing: Mapping[str, int]) -> Outbox:
        """The outbox; a new one begins after the last position of each organisation."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Outbox(self._home / FILE, standing)

    def put_aside(self, now: datetime) -> None:
        """Rename its files, so that the next outbox is a new one."""
        for ending in ("", "-wal", "-shm"):
            file = self._home / (FILE + ending)
            with suppress(FileNotFoundError):
                file.rename(file.with_name(f"outbox-{now:%Y%m%dT%H%M%S}.db{ending}"))
