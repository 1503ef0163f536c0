"""From where answers by mail are read, from options and settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from domain.ports.errors import Unavailable
from domain.ports.incoming_mail import Mailbox
from web.cli.context import environment
from web.cli.mail_options import TLS
from web.cli.secret_files import read_secret
from workflows.application import Application

PASSWORD: Final = "PLACET_IMAP_PASSWORD"  # noqa: S105 (the name of a setting)

ReplyTo = Annotated[
    str,
    typer.Option(
        "--reply-to",
        envvar="PLACET_REPLY_TO",
        help="Where letters ask for answers; {} in it stands for the reference of the letter.",
    ),
]
ReceivingHosts = Annotated[
    str,
    typer.Option(
        "--mail-host",
        envvar="PLACET_MAIL_HOST",
        help="Our own mail servers, by comma: their trace line tells when a file was received.",
    ),
]

AuthenticationServers = Annotated[
    str,
    typer.Option(
        "--authserv-id",
        envvar="PLACET_AUTHSERV_ID",
        help="The names, by comma, under which our own mail servers write Authentication-Results"
        " (RFC 8601): what they found is shown with a message.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class MailboxOptions:
    """The options about mailboxes as they were given."""

    imap: Annotated[
        str,
        typer.Option(
            "--imap", envvar="PLACET_IMAP", help="The server of the mailbox for answers: HOST:PORT."
        ),
    ] = ""
    user: Annotated[
        str, typer.Option("--imap-user", envvar="PLACET_IMAP_USER", help="The account there.")
    ] = ""
    tls: Annotated[
        str, typer.Option("--imap-tls", envvar="PLACET_IMAP_TLS", help=f"One of {', '.join(TLS)}.")
    ] = "tls"
    folder: Annotated[
        str,
        typer.Option("--imap-folder", envvar="PLACET_IMAP_FOLDER", help="Which folder is read."),
    ] = "INBOX"
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--imap-password-file",
            envvar="PLACET_IMAP_PASSWORD_FILE",
            help=f"A file with the password; else it is read from {PASSWORD}.",
        ),
    ] = None
    maildir: Annotated[
        Path | None,
        typer.Option(
            "--maildir", envvar="PLACET_MAILDIR", help="A Maildir that is read for answers."
        ),
    ] = None
    hosts: str = ""
    servers: str = ""

    def configure(self, placet: Application) -> None:
        """Let a store read these mailboxes.

        Raises Unavailable where the options do not say clearly which.
        """
        mailboxes = self.mailboxes()
        placet.processes.mail.configure(mailboxes, _names(self.hosts), _names(self.servers))

    def mailboxes(self) -> Sequence[Mailbox]:
        """The mailboxes. Raises Unavailable where the options do not say clearly which."""
        found: list[Mailbox] = []
        if self.imap:
            found.append(self._on_server())
        elif self.user or self.password_file:
            raise Unavailable("--imap-user and --imap-password-file need --imap, a server.")
        if self.maildir:
            found.append(environment().mail.maildir(self.maildir.absolute()))
        return found

    def _on_server(self) -> Mailbox:
        host, _, port = self.imap.rpartition(":")
        if not host or not port.isdecimal():
            raise Unavailable(f"{self.imap!r} is no mail server: write HOST:PORT.")
        if self.tls not in TLS:
            raise Unavailable(f"{self.tls!r}: write one of {', '.join(TLS)}.")
        if not self.user:
            raise Unavailable("--imap needs --imap-user, the account.")
        return environment().mail.imap(
            host.strip("[]"),
            int(port),
            user=self.user,
            password=self._password(),
            tls=self.tls,
            folder=self.folder,
        )

    def _password(self) -> str:
        if self.password_file is None:
            if PASSWORD not in os.environ:
                raise Unavailable(f"--imap needs a password: set {PASSWORD}, or name a file.")
            return os.environ[PASSWORD]
        return read_secret(self.password_file)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
