"""Mail into a folder, one file for each message."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.files.locks import replace_durably
from adapters.mail.message import format_letter
from domain.ports.errors import Unavailable
from domain.ports.mail import Letter
from domain.ports.outbox import DeliveryOutcome


class FolderTransport:
    """A folder of .eml files, which somebody else is to bring to their readers."""

    delivers = True
    via = "files"

    def __init__(self, folder: Path, *, sender: str) -> None:
        """Raises Unavailable when the folder cannot be made."""
        self._folder, self._sender = folder, sender
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{folder} cannot take letters: {error.strerror}.") from error

    def send(self, letter: Letter) -> DeliveryOutcome:
        """Write the file; a letter that is written again takes the place of the first."""
        part = self._folder / f"{letter.key}.part"
        try:
            part.write_bytes(format_letter(letter, self._sender))
            replace_durably(part, self._folder / f"{letter.key}.eml")
        except OSError as error:
            return DeliveryOutcome(
                state="waiting", reason="no file could be written", answer=str(error)
            )
        return DeliveryOutcome(state="accepted", accepted_addresses=tuple(letter.to))

    def obstacle(self) -> str:
        """Why no file can be written there."""
        return "" if os.access(self._folder, os.W_OK | os.X_OK) else "it may not be written to"

    def close(self) -> None:
        """Nothing is open between two rounds."""
