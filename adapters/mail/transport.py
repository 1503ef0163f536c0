"""Ways for letters to leave the program: SMTP, a folder of files, or only the screen."""

from __future__ import annotations

import base64
import quopri
import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from adapters.files.locks import put
from adapters.mail import headers
from domain.notices import UNREACHABLE, Letter, Outcome
from domain.ports.event_store import Unavailable

TIMEOUT: Final = 30.0
"""Seconds that each step of talking to a mail server may take."""
_CODE: Final = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
_OWN: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Smtp:
    """A mail server. One connection serves the letters of one round."""

    reaches = True

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        tls: str = "starttls",
        user: str = "",
        password: str = "",
    ) -> None:
        """`tls` is `starttls`, `tls` from the first byte, or `none`.

        Raises Unavailable where a password would go over the network in the clear.
        """
        if password and tls == "none" and host not in _OWN:
            raise Unavailable("A password goes to a mail server by starttls or tls only.")
        self._host, self._port, self._sender, self._tls = host, port, sender, tls
        self._user, self._password = user, password
        self._server: smtplib.SMTP | None = None

    @property
    def via(self) -> str:
        return f"smtp {self._host}"

    def send(self, letter: Letter) -> Outcome:
        """Try once; what the server refuses for good is refused, all else may be tried again."""
        try:
            server = self._server = self._server or self._connected()
        except (OSError, ValueError) as error:
            return Outcome(state="waiting", reason=UNREACHABLE, answer=str(error))
        try:
            refused = server.sendmail(self._sender, list(letter.to), written(letter, self._sender))
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(error.recipients)
        except smtplib.SMTPResponseException as error:
            self.rest()
            return _answered(error.smtp_code, error.smtp_error)
        except OSError as error:
            self._server = None
            return Outcome(state="waiting", reason="the connection was lost", answer=str(error))
        if not refused:
            return Outcome(state="accepted", taken=tuple(letter.to))
        some = f"{len(refused)} of {len(letter.to)} addresses refused"
        taken = tuple(one for one in letter.to if one not in refused)
        return Outcome(state="accepted", reason=some, answer=_told(refused), taken=taken)

    def rest(self) -> None:
        """End the connection."""
        if self._server is not None:
            with suppress(OSError):
                self._server.quit()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._tls == "starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _refused(self, recipients: Mapping[str, tuple[int, bytes]]) -> Outcome:
        """All addresses were refused: for good, or with one that may be taken later."""
        self.rest()
        code, said = min(recipients.values(), key=lambda told: told[0])
        answer = _answered(code, said)
        return Outcome(state=answer.state, reason=answer.reason, answer=_told(recipients))


class Folder:
    """A folder of .eml files, which somebody else is to bring to their readers."""

    reaches = True
    via = "files"

    def __init__(self, folder: Path, *, sender: str) -> None:
        """Raises Unavailable when the folder cannot be made."""
        self._folder, self._sender = folder, sender
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{folder} cannot take letters: {error.strerror}.") from error

    def send(self, letter: Letter) -> Outcome:
        """Write the file; a letter that is written again takes the place of the first."""
        part = self._folder / f"{letter.key}.part"
        try:
            part.write_bytes(written(letter, self._sender))
            put(part, self._folder / f"{letter.key}.eml")
        except OSError as error:
            return Outcome(state="waiting", reason="no file could be written", answer=str(error))
        return Outcome(state="accepted", taken=tuple(letter.to))

    def rest(self) -> None:
        """Nothing is open between two rounds."""


class Screen:
    """Letters are printed; nobody receives them, and the record says nothing of them."""

    reaches = False
    via = "console"

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show

    def send(self, letter: Letter) -> Outcome:
        to = ", ".join(letter.to) or "nobody"
        attached = "".join(f"\n{text}" for text in letter.attached.values())
        self._show(f"To: {to}\nSubject: {letter.subject}\n\n{letter.text}{attached}")
        return Outcome(state="printed")

    def rest(self) -> None:
        """Nothing is open between two rounds."""


def written(letter: Letter, sender: str) -> bytes:
    """The letter as RFC 5322 has it; the same bytes each time it is sent."""
    return b"".join(
        (
            headers.several("Message-ID", [f"<{letter.key}@{sender.rpartition('@')[2]}>"]),
            headers.several("Date", [format_datetime(letter.at)]),
            headers.listed("From", [sender]),
            headers.listed("To", letter.to) if letter.to else b"",
            headers.listed("Reply-To", letter.reply_to) if letter.reply_to else b"",
            headers.text("Subject", letter.subject),
            headers.several("Auto-Submitted", ["auto-generated"]),
            headers.several("Content-Language", [letter.language]),
            headers.several("MIME-Version", ["1.0"]),
            _content(letter),
        )
    )


def _content(letter: Letter) -> bytes:
    """The text, with what is attached to it."""
    body = _part("quoted-printable", _lines(letter.text))
    if not letter.attached:
        return body
    parts = [body]
    for name, text in letter.attached.items():
        exact = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
        parts.append(headers.attachment(name) + _part("base64", exact))
    mark = f"--{letter.key}".encode()
    kind = headers.several("Content-Type", ["multipart/mixed;", f'boundary="{letter.key}"'])
    return kind + b"\r\n" + b"".join(mark + b"\r\n" + one for one in parts) + mark + b"--\r\n"


def _part(coding: str, lines: bytes) -> bytes:
    """A plain text in UTF-8, in lines of ASCII."""
    kind = headers.several("Content-Type", ['text/plain; charset="utf-8"'])
    how = headers.several("Content-Transfer-Encoding", [coding])
    return b"".join((kind, how, b"\r\n", lines))


def _lines(text: str) -> bytes:
    """A text in quoted-printable; its lines end as lines of mail do."""
    whole = b"\n".join(text.encode().splitlines()) + b"\n"
    return quopri.encodestring(whole).replace(b"\n", b"\r\n")


def _answered(code: int, said: bytes | str) -> Outcome:
    """The server's answer: 4xx asks to come back later, 5xx refuses (RFC 5321, 4.2.1)."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    more = _CODE.match(text)
    number = f"{code} {more[0]}" if more else str(code)
    if 500 <= code < 600:
        return Outcome(state="refused", reason=f"the server refused it: {number}", answer=text)
    return Outcome(state="waiting", reason=f"the server put it off: {number}", answer=text)


def _told(recipients: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(
        f"{address}: {code} {said.decode('utf-8', 'replace')}"
        for address, (code, said) in recipients.items()
    )
