"""A real mail server on loopback that does as it is told, and a notice service that uses it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from adapters.mail.smtp import SmtpTransport
from domain.ports.clock import ClockReading
from domain.ports.mail import MailTransport
from domain.silence.events import NoticesRecorded
from story import ORGANISATION, Story
from workflows.notifications.delivery import NotificationDelivery

SENDER = "placet@example.org"


@dataclass
class Server:
    """What came to the server, and what it answers: by recipient, and to whole letters."""

    letters: list[EmailMessage] = field(default_factory=list)
    reached: list[tuple[str, ...]] = field(default_factory=list)
    of_recipients: dict[str, str] = field(default_factory=dict)
    of_letters: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it so)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.of_recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it so)
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        answer = self.of_letters.pop(0) if self.of_letters else "250 OK"
        if answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.reached.append(tuple(envelope.rcpt_tos))
        return answer

    def transport(self) -> MailTransport:
        """The transport that delivers to this server."""
        return SmtpTransport("127.0.0.1", self.port, sender=SENDER, tls="none")

    def subjects(self) -> list[tuple[str, str]]:
        """To whom each letter went, and how its subject begins."""
        return [
            (str(letter["To"]), str(letter["Subject"]).partition(":")[0]) for letter in self.letters
        ]

    def ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]

    def texts(self) -> list[str]:
        return [encode_texts(letter) for letter in self.letters]


def encode_texts(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text.replace("\r\n", "\n")


class AnyPort(Controller):
    """Listens at a free port, which it knows as soon as it listens."""

    async def _listening(self) -> Any:
        server: Any = await Controller._create_server(self)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def _create_server(self) -> Any:
        return self._listening()


@contextmanager
def mail_server() -> Iterator[Server]:
    """A server that takes letters at a free port of loopback."""
    server = Server()
    controller = AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()


def closed_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def service(story: Story, manner: MailTransport, address: str = "") -> NotificationDelivery:
    """The notice service of a story, by the story's clock."""
    posting = story.placet.notifications.configure_mail(manner, address)
    posting._clock = lambda: ClockReading(story.now, 0)
    return posting


def directory(story: Story, *seats: str, more: str = "") -> None:
    """A directory in which these seats have an address, and the officers too."""
    lines = [f"{ORGANISATION}:", "  b:", "    presiding officer: {addresses: [chair@example.org]}"]
    lines.append("    secretariat: {addresses: [office@example.org]}")
    lines += [f"    {seat}: {{addresses: [{seat}@example.org]}}" for seat in seats]
    lines += [f"    {more}"] if more else []
    story.placet.store.address_book().put(("\n".join(lines) + "\n").encode())


def sent(story: Story) -> None:
    """Send everything that may be sent at the story's moment."""
    while story.placet.notifications.send().sent:
        pass


def recorded(story: Story) -> list[tuple[str, str, tuple[str, ...]]]:
    """What the record says of notices: about what, which result, to which seats."""
    return [
        (event.fact.about, event.fact.result, event.fact.seats)
        for event in story.events()
        if isinstance(event.fact, NoticesRecorded)
    ]
