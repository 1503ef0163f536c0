"""Reads messages of RFC 5322 as senders write them: broken ones too, and without believing them.

Whatever cannot be read is named among the faults of a message; its bytes are kept all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes as parse_message
from email._policybase import Compat32
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, Final

from adapters.mail.html_words import words_of
from domain.incoming_mail import (
    AUTOMATIC,
    BOUNCE,
    Attachment,
    DeliveryReport,
    MessageContent,
    MessageSummary,
    TraceLine,
)

LONGEST_TEXT: Final = 200_000
"""How many characters of a text are shown."""
LONGEST_LINE: Final = 1_000
"""How many characters of a header are shown."""
LISTED: Final = 200
"""How many attachments, references or reports are listed."""

LONGEST_HEADER: Final = 20_000
"""How many characters of a header are read: the library takes quadratic time for some of them."""

_ID: Final = re.compile(r"<[^<>\s]{1,500}>")
_BY: Final = re.compile(r"\bby\s+([A-Za-z0-9._:\[\]-]{1,255})")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_FIELD: Final = re.compile(r"^(?:[^;]*;)?\s*(.*)$", re.DOTALL)
TOO_DEEP: Final = "its parts cannot be taken apart"
AUTOREPLY_HEADERS: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")


class _ShortHeaders(Compat32):
    """Reads no more of a header than `LONGEST_HEADER`."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


_POLICY: Final = _ShortHeaders()


def summarize(content: bytes) -> MessageSummary:
    """What a message says of itself. It never raises: what cannot be read is said in `faults`."""
    faults: list[str] = []
    message = _parsed(content, faults)
    senders = _addresses(message, "From")
    name, sender = senders[0] if senders else ("", "")
    if not sender:
        faults.append("it has no sender that can be read")
    reports, reported = _reports(message, faults)
    automatic = _automatic(message)
    kind = BOUNCE if reports else AUTOMATIC if automatic else "message"
    answered = _ids(_all(message, "In-Reply-To", "References"))
    return MessageSummary(
        kind=kind,
        sender=sender.casefold(),
        sender_name=name,
        subject=_header(message, "Subject"),
        message_id=next(iter(_ids(_all(message, "Message-ID"))), ""),
        references=tuple(dict.fromkeys((*reported, *answered)))[:LISTED],
        recipients=_recipients(message),
        date=_header(message, "Date"),
        automatic=automatic,
        reports=reports,
        trace=tuple(_trace(message)),
        faults=tuple(dict.fromkeys(faults)),
    )


def read(content: bytes) -> MessageContent:
    """The text of a message and its attachments, for people. It never raises."""
    message = _parsed(content, [])
    plain: list[str] = []
    pages: list[str] = []
    attachments: list[Attachment] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        is_file = bool(part.get_filename()) or part.get_content_disposition() == "attachment"
        if kind in {"text/plain", "text/html"} and not is_file:
            (plain if kind == "text/plain" else pages).append(_text(part))
        else:
            attachments.append(_attachment(part, kind))
    text = "\n\n".join(plain).strip()
    from_html = not text and bool(pages)
    if from_html:
        text = "\n\n".join(map(words_of, pages)).strip()
    text = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return MessageContent(
        text=text[:LONGEST_TEXT],
        from_html=from_html,
        shortened=len(text) > LONGEST_TEXT,
        attachments=tuple(attachments[:LISTED]),
        attachment_count=len(attachments),
    )


def headers_of(content: bytes) -> bytes:
    """The headers of a message, with the empty line that ends them."""
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := content.find(mark)) >= 0]
    return content[: min(ends, default=len(content))]


def _message(content: bytes) -> Message:
    return parse_message(content, policy=_POLICY)


def _parsed(content: bytes, faults: list[str]) -> Message:
    try:
        message = _message(content)
        faults += [f"{type(defect).__name__}" for part in message.walk() for defect in part.defects]
    except Exception:  # noqa: BLE001 (a message is made by strangers; it may fail in any way)
        faults.append(TOO_DEEP)
        return _message(headers_of(content))
    del faults[LISTED:]
    return message


def _all(message: Message, *names: str) -> list[str]:
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


def _header(message: Message, name: str) -> str:
    """The first header with this name, decoded, on one line."""
    return next((_decoded(value) for value in _all(message, name)), "")


def _decoded(value: str) -> str:
    """A header as people read it (RFC 2047); as it stands where that fails."""
    try:
        pieces = [
            piece if isinstance(piece, str) else _as_text(piece, charset or "ascii")
            for piece, charset in decode_header(value)
        ]
        text = "".join(pieces)
    except (HeaderParseError, ValueError):
        text = value
    shown = _CONTROL.sub(" ", " ".join(text.split()))
    shown = shown.encode("utf-8", "replace").decode("utf-8")
    return shown if len(shown) <= LONGEST_LINE else shown[:LONGEST_LINE] + "…"


def _as_text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Names and addresses in these headers."""
    try:
        found = getaddresses(_all(message, *names))
    except Exception:  # noqa: BLE001 (as above)
        return []
    return [
        (_decoded(name), _CONTROL.sub("", address)[:320])
        for name, address in found[:LISTED]
        if "@" in address
    ]


def _recipients(message: Message) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    found = (address.casefold() for _, address in _addresses(message, *names))
    return tuple(dict.fromkeys(found))[:LISTED]


def _ids(values: Sequence[str]) -> list[str]:
    return [found for value in values for found in _ID.findall(value)]


def _automatic(message: Message) -> str:
    """By which header an answer is known to come from a program (RFC 3834, 5); else empty."""
    stated = _header(message, "Auto-Submitted")
    if stated and stated.partition(";")[0].strip().casefold() != "no":
        return f"Auto-Submitted: {stated}"
    for name in AUTOREPLY_HEADERS:
        if _all(message, name):
            return f"{name}: {_header(message, name)}"
    if _header(message, "Precedence").casefold() == "auto_reply":
        return "Precedence: auto_reply"
    return "Return-Path: <>" if _header(message, "Return-Path") == "<>" else ""


def _reports(
    message: Message, faults: list[str]
) -> tuple[tuple[DeliveryReport, ...], tuple[str, ...]]:
    """What a delivery report says, and the Message-ID of the letter that it reports on."""
    kind = str(message.get_param("report-type", "")).casefold()
    if message.get_content_type() != "multipart/report" or kind != "delivery-status":
        return (), ()
    found: list[DeliveryReport] = []
    about: list[str] = []
    for part in _parts(message):
        content = part.get_content_type()
        if content == "message/delivery-status":
            found += _recipient_reports(part)
        elif content == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                about += _ids(_all(inner[0], "Message-ID"))
        elif content == "text/rfc822-headers":
            about += _ids(_all(_message(_payload(part)), "Message-ID"))
    if not found:
        faults.append("its delivery status cannot be read")
    return tuple(found[:LISTED]), tuple(about[:LISTED])


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if _is_list(payload) else []


def _is_list(payload: Any) -> bool:
    return isinstance(payload, list)


def _recipient_reports(part: Message) -> Iterator[DeliveryReport]:
    for fields in _parts(part):
        address = _typed_field(fields, "Final-Recipient")
        original = _typed_field(fields, "Original-Recipient")
        if address or original:
            yield DeliveryReport(
                address=address or original,
                original=original,
                action=_header(fields, "Action").partition(" ")[0].casefold(),
                status=_header(fields, "Status").partition(" ")[0],
            )


def _typed_field(fields: Message, name: str) -> str:
    """The address in a field such as `rfc822; somebody@example.org` (RFC 3464, 2.3.2)."""
    found = _FIELD.match(_header(fields, name))
    return found[1].strip("<> ").casefold() if found else ""


def _trace(message: Message) -> Iterator[TraceLine]:
    for value in _all(message, "Received")[:LISTED]:
        text, _, date = value.rpartition(";")
        found = _BY.search(text)
        yield TraceLine(by=found[1].casefold() if found else "", at=instant(date))


def instant(date: str) -> datetime | None:
    """An instant as mail writes it, in UTC; None where it cannot be read."""
    try:
        at = parsedate_to_datetime(" ".join(date.split()))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a message within the message counts as one."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and _parts(part):
            waiting += reversed(_parts(part))
        else:
            yield part


def _payload(part: Message) -> bytes:
    """The bytes of a part."""
    try:
        if part.is_multipart():
            return b"\r\n".join(inner.as_bytes() for inner in _parts(part))
        payload = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 (as above)
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    return _as_text(_payload(part), str(part.get_content_charset() or "utf-8"))


def _attachment(part: Message, kind: str) -> Attachment:
    try:
        name = str(part.get_filename() or "")
    except Exception:  # noqa: BLE001 (as above)
        name = ""
    return Attachment(name=_decoded(name), type=kind[:100], size=len(_payload(part)))
