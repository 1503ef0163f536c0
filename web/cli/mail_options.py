"""How mail goes out, from options and settings; said plainly before anything is sent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from domain.ports.errors import Unavailable
from domain.ports.mail import MailTransport
from web.accounts.letters_with_links import link_writer
from web.cli.context import environment
from web.cli.output import print_note
from web.cli.secret_files import read_secret
from web.http.context import AboutProgram
from web.http.external_address import parse_external_address
from workflows.application import Application

TLS: Final = ("starttls", "tls", "none")
PASSWORD: Final = "PLACET_SMTP_PASSWORD"  # noqa: S105 (the name of a setting)


@dataclass(frozen=True, kw_only=True)
class MailOptions:
    """The options about mail as they were given."""

    server: Annotated[
        str, typer.Option("--smtp", envvar="PLACET_SMTP", help="A mail server, as HOST:PORT.")
    ] = ""
    user: Annotated[
        str,
        typer.Option(
            "--smtp-user",
            envvar="PLACET_SMTP_USER",
            help=f"The account there; its password is read from {PASSWORD}, or from a file.",
        ),
    ] = ""
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--smtp-password-file",
            envvar="PLACET_SMTP_PASSWORD_FILE",
            help="A file that holds the password of the account there.",
        ),
    ] = None
    tls: Annotated[
        str, typer.Option("--smtp-tls", envvar="PLACET_SMTP_TLS", help=f"One of {', '.join(TLS)}.")
    ] = "starttls"
    sender: Annotated[
        str, typer.Option("--mail-from", envvar="PLACET_MAIL_FROM", help="The sender's address.")
    ] = ""
    files: Annotated[
        Path | None,
        typer.Option("--mail-dir", envvar="PLACET_MAIL_DIR", help="Write letters to this folder."),
    ] = None
    address: Annotated[
        str,
        typer.Option(
            "--external-address",
            "--base-url",
            envvar=["PLACET_EXTERNAL_ADDRESS", "PLACET_URL"],
            help="Where people find the pages, such as https://placet.example.org; letters lead"
            " there.",
        ),
    ] = ""
    reply_to: str = ""
    """Where answers are read; `{}` in it stands for the letter's reference."""

    def transport(self) -> tuple[MailTransport, str]:
        """The way that letters go, and a sentence that says so.

        Raises Unavailable where the options do not say it clearly.
        """
        if self.address:
            parse_external_address(self.address)
        if self.server and self.files:
            raise Unavailable("Say either --smtp or --mail-dir: letters go one way.")
        if self.server:
            host, _, port = self.server.rpartition(":")
            if not host or not port.isdecimal():
                raise Unavailable(f"{self.server!r} is no mail server: write HOST:PORT.")
            if self.tls not in TLS:
                raise Unavailable(f"{self.tls!r}: write one of {', '.join(TLS)}.")
            if "@" not in self.sender:
                raise Unavailable("A mail server needs --mail-from, the sender's address.")
            transport = environment().mail.smtp(
                host.strip("[]"),
                int(port),
                sender=self.sender,
                tls=self.tls,
                user=self.user,
                password=read_secret(self.password_file) or os.environ.get(PASSWORD, ""),
            )
            return transport, f"Notices go by SMTP via {self.server} ({self.tls})."
        if self.files:
            transport = environment().mail.folder(
                self.files, sender=self.sender or "placet@localhost"
            )
            sentence = f"Notices are written to {self.files}; Placet itself brings them to nobody."
            return transport, sentence
        none = "No mail is configured: notices are printed here, nobody receives them."
        return environment().mail.screen(print_note), none

    def configure_links(self, placet: Application) -> None:
        """Let letters with links to accounts go the same way, by a connection of their own.

        Raises Unavailable as `transport` does.
        """
        transport, _ = self.transport()
        if not (transport.delivers and self.address):
            return
        store = placet.recovery.store
        about = AboutProgram(version=environment().version, store=store.name, virtual=store.virtual)
        writer = link_writer(about, self.address, environment().now)
        placet.accounts.link_delivery.configure(transport, writer)

    def require_letters_that_lead_here(self, transport: MailTransport, placet: Application) -> None:
        """Raises Unavailable where letters would reach people and not say where the pages are."""
        if transport.delivers and not self.address and not placet.recovery.store.virtual:
            raise Unavailable(
                "Letters that reach people must say where the pages are: give --external-address,"
                " such as https://placet.example.org."
            )
