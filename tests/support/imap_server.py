"""A small IMAP server on loopback, enough for a client that only reads (RFC 3501)."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

USER: Final = "answers"
PASSWORD: Final = "a good password"
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass
class Stored:
    """A message in the mailbox."""

    uid: int
    content: bytes
    received: datetime


@dataclass
class ImapServer:
    """A mailbox, what the server answers with, and which commands came."""

    port: int = 0
    validity: int = 7
    messages: list[Stored] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    fails: bool = False
    """Whether it answers that it is not available."""
    next_uid: int = 1

    def deliver(self, content: bytes, received: datetime) -> int:
        """Let a message come in at an instant; its UID."""
        self.messages.append(Stored(self.next_uid, content, received))
        self.next_uid += 1
        return self.next_uid - 1


class _Connection(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        self.mailbox: ImapServer = self.server.mailbox  # type: ignore[attr-defined]
        if self.mailbox.fails:
            self._say("* BYE the disk of this server is full")
            return
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self.mailbox.commands.append(command.partition(" ")[0].upper() + _uid(command))
            if not self._answer(tag, command):
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _answer(self, tag: str, command: str) -> bool:
        word = command.partition(" ")[0].upper()
        if word == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        elif word == "LOGIN" and PASSWORD not in command:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
            return True
        elif word == "LOGOUT":
            self._say("* BYE")
            self._say(f"{tag} OK")
            return False
        elif word == "EXAMINE":
            if "INBOX" not in command:
                self._say(f"{tag} NO there is no such folder")
                return True
            self._say(f"* {len(self.mailbox.messages)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {self.mailbox.validity}] valid")
        elif command.upper().startswith("UID SEARCH"):
            self._search(command)
        elif command.upper().startswith("UID FETCH"):
            self._fetch(command)
        elif word != "LOGIN":
            self._say(f"{tag} BAD unknown command")
            return True
        self._say(f"{tag} OK done")
        return True

    def _search(self, command: str) -> None:
        """`N:*` names the last message even where N lies beyond it (RFC 3501, 6.4.8)."""
        start = int(re.findall(r"(\d+):\*", command)[0])
        uids = [stored.uid for stored in self.mailbox.messages]
        found = [uid for uid in uids if uid >= start] or uids[-1:]
        self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())

    def _fetch(self, command: str) -> None:
        wanted = int(command.split()[2])
        for number, stored in enumerate(self.mailbox.messages, 1):
            if stored.uid != wanted:
                continue
            at, zone = stored.received, stored.received.strftime("%z")
            date = f"{at.day:2}-{MONTHS[at.month - 1]}-{at.year} {at:%H:%M:%S} {zone}"
            if "BODY.PEEK" in command:
                content = stored.content
                if "HEADER" in command:
                    content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                self._say(f"* {number} FETCH (UID {wanted} BODY[] {{{len(content)}}}")
                self.wfile.write(content + b")\r\n")
            else:
                size = len(stored.content)
                about = f'UID {wanted} INTERNALDATE "{date}" RFC822.SIZE {size}'
                self._say(f"* {number} FETCH ({about})")


def _uid(command: str) -> str:
    return " " + command.split()[1].upper() if command.upper().startswith("UID") else ""


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mailbox: ImapServer, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.mailbox = mailbox
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def imap_server(context: ssl.SSLContext | None = None) -> Iterator[ImapServer]:
    """A server at a free port of loopback; with a context, by TLS from the first byte."""
    mailbox = ImapServer()
    listener = _Listener(mailbox, context)
    mailbox.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(5)
