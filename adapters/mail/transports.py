"""The ways by which letters can leave the program, and answers come back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.mail.folder import FolderTransport
from adapters.mail.imap import ImapMailbox
from adapters.mail.maildir import Maildir
from adapters.mail.screen import ScreenTransport
from adapters.mail.smtp import SmtpTransport
from domain.ports.incoming_mail import Mailbox
from domain.ports.mail import MailTransport


class Transports:
    """The ports `MailTransports` and `Mailboxes`."""

    def smtp(
        self, host: str, port: int, *, sender: str, tls: str, user: str = "", password: str = ""
    ) -> MailTransport:
        """To a mail server. Raises Unavailable for a password that would go in clear."""
        return SmtpTransport(host, port, sender=sender, tls=tls, user=user, password=password)

    def folder(self, folder: Path, *, sender: str) -> MailTransport:
        """Into files. Raises Unavailable when the folder cannot be made."""
        return FolderTransport(folder, sender=sender)

    def screen(self, show: Callable[[str], None]) -> MailTransport:
        """Letters are only shown."""
        return ScreenTransport(show)

    def imap(
        self, host: str, port: int, *, user: str, password: str, tls: str, folder: str
    ) -> Mailbox:
        """A mailbox on a server. Raises Unavailable for a password that would go in clear."""
        return ImapMailbox(host, port, user=user, password=password, tls=tls, folder=folder)

    def maildir(self, folder: Path) -> Mailbox:
        """A Maildir on this machine."""
        return Maildir(folder)
