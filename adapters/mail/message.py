"""A letter as a message of RFC 5322."""

from __future__ import annotations

import base64
import quopri
from email.utils import format_datetime

from adapters.mail import headers
from domain.ports.mail import Letter


def format_letter(letter: Letter, sender: str) -> bytes:
    """The letter as RFC 5322 has it; the same bytes each time it is sent."""
    return b"".join(
        (
            headers.folded_header("Message-ID", [f"<{letter.key}@{sender.rpartition('@')[2]}>"]),
            headers.folded_header("Date", [format_datetime(letter.at)]),
            headers.list_header("From", [sender]),
            headers.list_header("To", letter.to) if letter.to else b"",
            headers.list_header("Reply-To", letter.reply_to) if letter.reply_to else b"",
            headers.text_header("Subject", letter.subject),
            headers.folded_header("Auto-Submitted", ["auto-generated"]),
            headers.folded_header("Content-Language", [letter.language]),
            headers.folded_header("MIME-Version", ["1.0"]),
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
        parts.append(headers.attachment_header(name) + _part("base64", exact))
    mark = f"--{letter.key}".encode()
    kind = headers.folded_header("Content-Type", ["multipart/mixed;", f'boundary="{letter.key}"'])
    return kind + b"\r\n" + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"


def _part(coding: str, lines: bytes) -> bytes:
    """A plain text in UTF-8, in lines of ASCII."""
    kind = headers.folded_header("Content-Type", ['text/plain; charset="utf-8"'])
    how = headers.folded_header("Content-Transfer-Encoding", [coding])
    return b"".join((kind, how, b"\r\n", lines))


def _lines(text: str) -> bytes:
    """A text in quoted-printable; its lines end as lines of mail do."""
    whole = b"\n".join(text.encode().splitlines()) + b"\n"
    return quopri.encodestring(whole).replace(b"\n", b"\r\n")
