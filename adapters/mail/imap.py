"""A mailbox on a server, read by IMAP4rev1 (RFC 3501). Nothing in it is ever changed.

It is opened by EXAMINE and read by BODY.PEEK, so that not even the mark of having been read is set.
What was read is remembered by UIDVALIDITY and UID (RFC 3501, 2.3.1.1).
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from adapters.mail.message_reader import instant
from domain.incoming_mail import INTERNALDATE, UNKNOWN
from domain.ports.errors import Unavailable
from domain.ports.incoming_mail import FetchedMessage

TIMEOUT: Final = 20.0
"""Seconds that each step of talking to a server may take."""
LARGEST: Final = 40 * 1024 * 1024
"""How many bytes of one message are taken; of a larger one only the headers are."""
LARGEST_HEADERS: Final = 1024 * 1024
_OWN: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')


class ImapMailbox:
    """A folder of an account; `tls` is `tls` from the first byte, `starttls`, or `none`."""

    def __init__(
        self, host: str, port: int, *, user: str, password: str, tls: str, folder: str
    ) -> None:
        """Raises Unavailable where a password would go over the network in the clear."""
        if tls == "none" and host not in _OWN:
            raise Unavailable("A password goes to an IMAP server by tls or starttls only.")
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password, self._folder = user, password, folder
        self.name = f"imap {user}@{host}:{port}/{folder}"

    def unread(self, marker: str, known: Collection[str]) -> Iterator[FetchedMessage]:
        """What came after `marker`, without what is `known`. Raises Unavailable."""
        try:
            with self._connected() as server:
                validity = self._examine(server)
                before, _, last = marker.partition(":")
                after = int(last) if before == validity and last.isdecimal() else 0
                for uid in self._uids(server, after):
                    place = f"{validity}:{uid}"
                    if place not in known and (found := self._fetch(server, uid, place)):
                        yield found
        except imaplib.IMAP4.error as error:
            raise Unavailable(f"{self.name}: {_words(error)}") from error
        except (OSError, EOFError, ValueError) as error:
            raise Unavailable(f"{self.name}: {str(error) or type(error).__name__}") from error

    @contextmanager
    def _connected(self) -> Iterator[imaplib.IMAP4]:
        context = ssl.create_default_context()
        server: imaplib.IMAP4
        if self._tls == "tls":
            server = imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=TIMEOUT)
        else:
            server = imaplib.IMAP4(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._tls == "starttls":
                server.starttls(ssl_context=context)
            server.login(self._user, self._password)
            yield server
        finally:
            try:
                server.logout()
            except (OSError, imaplib.IMAP4.error):
                server.shutdown()

    def _examine(self, server: imaplib.IMAP4) -> str:
        """Open the folder to be read only; its UIDVALIDITY."""
        quoted = self._folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, said = server.select(f'"{quoted}"', readonly=True)
        if answer != "OK":
            raise Unavailable(f"{self.name}: the folder cannot be opened: {_line(said)}")
        _, validity = server.response("UIDVALIDITY")
        if not validity or not isinstance(validity[0], bytes) or not validity[0].isdigit():
            raise Unavailable(f"{self.name}: the server tells no UIDVALIDITY of this folder.")
        return validity[0].decode()

    def _uids(self, server: imaplib.IMAP4, after: int) -> list[int]:
        """The UIDs beyond one, in order; `N:*` names the last message in any case."""
        answer, said = server.uid("SEARCH", f"UID {after + 1}:*")
        if answer != "OK":
            raise Unavailable(f"{self.name}: {_line(said)}")
        found = {int(word) for line in said if isinstance(line, bytes) for word in line.split()}
        return sorted(uid for uid in found if uid > after)

    def _fetch(self, server: imaplib.IMAP4, uid: int, place: str) -> FetchedMessage | None:
        """One message; None where it was removed from the mailbox meanwhile."""
        answer, said = server.uid("FETCH", str(uid), "(UID INTERNALDATE RFC822.SIZE)")
        if answer != "OK":
            raise Unavailable(f"{self.name}: {_line(said)}")
        about = b" ".join(_pieces(said))
        size, date = _SIZE.search(about), _DATE.search(about)
        if size is None:
            return None
        whole = int(size[1]) <= LARGEST
        part = "BODY.PEEK[]" if whole else f"BODY.PEEK[HEADER]<0.{LARGEST_HEADERS}>"
        answer, said = server.uid("FETCH", str(uid), f"(UID {part})")
        if answer != "OK":
            raise Unavailable(f"{self.name}: {_line(said)}")
        content = next((part[1] for part in said if isinstance(part, tuple)), None)
        if content is None:
            return None
        stated = date[1].decode("ascii", "replace").strip() if date else ""
        received = instant(stated.replace("-", " ", 2))
        return FetchedMessage(
            content=content,
            size=int(size[1]),
            place=place,
            received_at=received,
            source=INTERNALDATE if received else UNKNOWN,
            marker=place,
            whole=whole,
        )


def _pieces(said: list[Any]) -> Iterator[bytes]:
    for piece in said:
        if isinstance(piece, tuple):
            yield from piece[:1]
        elif isinstance(piece, bytes):
            yield piece


def _line(said: list[Any]) -> str:
    return b" ".join(_pieces(said)).decode("utf-8", "replace")[:300]


def _words(error: imaplib.IMAP4.error) -> str:
    """What the server answered, which imaplib may give as bytes."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text[:300] or type(error).__name__
