"""Where the outbox of a store is: a file in its home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from adapters.files.locks import archive_file
from adapters.sqlite.outbox import FILE, Outbox
from domain.ports.outbox import OutboxPlace


class OutboxFolder(OutboxPlace):
    """The port `OutboxPlace` in a folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def exists(self) -> bool:
        """Whether there is an outbox; asking makes none."""
        return (self._home / FILE).is_file()

    def open(self, standing: Mapping[str, int]) -> Outbox:
        """The outbox; a new one begins after the last position of each organisation."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Outbox(self._home / FILE, standing)

    def archive(self, now: datetime) -> None:
        """Rename its files, so that the next outbox is a new one."""
        archive_file(self._home / FILE, now)
