"""A Maildir on this machine: each message a file in `new` or `cur`. Nothing in it is changed.

What is in `tmp` is still being delivered. The name of a message is that of its file up to the
colon, behind which mail programs keep their marks.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from adapters.mail.imap import LARGEST
from adapters.mail.message_parts import headers_of
from domain.incoming_mail import MAILDIR_TIME
from domain.ports.errors import Unavailable
from domain.ports.incoming_mail import FetchedMessage


class Maildir:
    """A Maildir, of which the time of a file is the time at which it was delivered."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.name = folder, f"maildir {folder}"

    def unread(self, marker: str, known: Collection[str]) -> Iterator[FetchedMessage]:
        """What is not known, the oldest first. Raises Unavailable."""
        del marker  # every file is looked at: a Maildir has no order of its own
        try:
            files = self._files()
            for name in sorted(files.keys() - known):
                if found := self._read(name, files[name]):
                    yield found
        except OSError as error:
            raise Unavailable(f"{self.name} cannot be read: {error.strerror}.") from error

    def _files(self) -> dict[str, Path]:
        found = {}
        for part in ("cur", "new"):
            with os.scandir(self._folder / part) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        name = entry.name.partition(":")[0]
                        shown = name.encode("utf-8", "backslashreplace").decode()
                        found[shown] = Path(entry.path)
        return found

    def _read(self, name: str, path: Path) -> FetchedMessage | None:
        """One message; a program that has read it may have moved it, or taken it away."""
        try:
            return _fetched(name, path)
        except FileNotFoundError:
            moved = self._files().get(name)
            return _fetched(name, moved) if moved else None


def _fetched(name: str, path: Path) -> FetchedMessage | None:
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            return None
        whole = about.st_size <= LARGEST
        content = file.read(LARGEST)
    return FetchedMessage(
        content=content if whole else headers_of(content),
        size=about.st_size,
        place=name,
        received_at=datetime.fromtimestamp(about.st_mtime, UTC),
        source=MAILDIR_TIME,
        whole=whole,
    )
