"""The port of mail: letters, and what carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from domain.ports.outbox import DeliveryOutcome


class Letter(Struct, frozen=True, kw_only=True):
    """A letter as it is sent: plain text in one language to all addresses of one addressee."""

    key: str
    to: Sequence[str]
    subject: str
    text: str
    language: str
    at: datetime
    reply_to: Sequence[str] = ()
    attached: Mapping[str, str] = field(default_factory=dict)
    """Texts that go with it, by their file names."""


class MailTransport(Protocol):
    """How letters leave the program."""

    @property
    def via(self) -> str:
        """What the record calls it, such as `smtp mail.example.org`."""

    @property
    def delivers(self) -> bool:
        """Whether anybody receives what goes this way."""

    def send(self, letter: Letter) -> DeliveryOutcome:
        """Try once. The state is `accepted`, `refused`, `printed`, or `waiting` to try again."""

    def obstacle(self) -> str:
        """What keeps letters from going this way now; empty where nothing does. It sends none."""

    def close(self) -> None:
        """End what is open between two rounds."""


class MailTransports(Protocol):
    """The ways by which letters can leave the program."""

    def smtp(
        self, host: str, port: int, *, sender: str, tls: str, user: str = "", password: str = ""
    ) -> MailTransport:
        """To a mail server. Raises Unavailable for a password that would go in clear."""

    def folder(self, folder: Path, *, sender: str) -> MailTransport:
        """Into files. Raises Unavailable when the folder cannot be made."""

    def screen(self, show: Callable[[str], None]) -> MailTransport:
        """Letters are only shown."""
