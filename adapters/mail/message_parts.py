"""A message taken apart: its headers as text, and its parts, whatever strangers put into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes as parse_message
from email._policybase import Compat32
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final

LONGEST_LINE: Final = 1_000
"""How many characters of a header are shown."""
LISTED: Final = 200
"""How many attachments, references or reports are listed."""

LONGEST_HEADER: Final = 20_000
"""How many characters of a header are read: the library takes quadratic time for some of them."""

CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
"""Characters that no line of text has."""
_ID: Final = re.compile(r"<[^<>\s]{1,500}>")
TOO_DEEP: Final = "its parts cannot be taken apart"


class _ShortHeaders(Compat32):
    """Reads no more of a header than `LONGEST_HEADER`."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


_POLICY: Final = _ShortHeaders()


def parse(content: bytes, faults: list[str]) -> Message:
    try:
        message = message_of(content)
        faults += [f"{type(defect).__name__}" for part in message.walk() for defect in part.defects]
    except Exception:  # noqa: BLE001 (a message is made by strangers; it may fail in any way)
        faults.append(TOO_DEEP)
        return message_of(headers_of(content))
    del faults[LISTED:]
    return message


def message_of(content: bytes) -> Message:
    return parse_message(content, policy=_POLICY)


def headers_of(content: bytes) -> bytes:
    """The headers of a message, with the empty line that ends them."""
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := content.find(mark)) >= 0]
    return content[: min(ends, default=len(content))]


def all_headers(message: Message, *names: str) -> list[str]:
    """All headers with these names, as text; bytes beyond ASCII are taken as UTF-8 (RFC 6532)."""
    wanted = [name.casefold() for name in names]
    found = sorted(
        (wanted.index(name.casefold()), number, str(value))
        for number, (name, value) in enumerate(message.raw_items())
        if name.casefold() in wanted
    )
    return [
        value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for *_, value in found
    ]


def header(message: Message, name: str) -> str:
    """The first header with this name, decoded, on one line."""
    return next((decoded(value) for value in all_headers(message, name)), "")


def decoded(value: str) -> str:
    """A header as people read it (RFC 2047); as it stands where that fails."""
    try:
        pieces = [
            piece if isinstance(piece, str) else as_text(piece, charset or "ascii")
            for piece, charset in decode_header(value)
        ]
        text = "".join(pieces)
    except (HeaderParseError, ValueError):
        text = value
    shown = CONTROL.sub(" ", " ".join(text.split()))
    shown = shown.encode("utf-8", "replace").decode("utf-8")
    return shown if len(shown) <= LONGEST_LINE else shown[:LONGEST_LINE] + "…"


def as_text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def addresses_in(message: Message, *names: str) -> list[tuple[str, str]]:
    """Names and addresses in these headers."""
    try:
        found = getaddresses(all_headers(message, *names))
    except Exception:  # noqa: BLE001 (as above)
        return []
    return [
        (decoded(name), CONTROL.sub("", address)[:320])
        for name, address in found[:LISTED]
        if "@" in address
    ]


def ids_in(values: Sequence[str]) -> list[str]:
    return [found for value in values for found in _ID.findall(value)]


def parts_of(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if _is_list(payload) else []


def _is_list(payload: Any) -> bool:
    return isinstance(payload, list)


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a message within the message counts as one."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and parts_of(part):
            waiting += reversed(parts_of(part))
        else:
            yield part


def payload_of(part: Message) -> bytes:
    """The bytes of a part."""
    try:
        if part.is_multipart():
            return b"\r\n".join(inner.as_bytes() for inner in parts_of(part))
        payload = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 (as above)
        payload = None
    return payload if isinstance(payload, bytes) else b""
