"""Reads messages of RFC 5322 as senders write them: broken ones too, and without believing them.

Whatever cannot be read is named among the faults of a message; its bytes are kept all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final

from adapters.mail import delivery_reports
from adapters.mail.html_words import words_of
from adapters.mail.message_parts import (
    CONTROL,
    LISTED,
    addresses_in,
    all_headers,
    as_text,
    decoded,
    header,
    ids_in,
    leaves,
    parse,
    payload_of,
)
from domain.incoming_mail import (
    AUTOMATIC,
    BOUNCE,
    Attachment,
    AuthenticationResults,
    MessageContent,
    MessageSummary,
    TraceLine,
)

LONGEST_TEXT: Final = 200_000
"""How many characters of a text are shown."""
_BY: Final = re.compile(r"\bby\s+([A-Za-z0-9._:\[\]-]{1,255})")

_SERVER: Final = re.compile(
    r'\s*(?:\([^()]*\)\s*)*(?:"([^"\\]{1,255})"|([^\s;()"]{1,255}))(?:\s*\([^()]*\))*(?:\s+1)?\s*(?=;|$)'
)
"""The server of an `Authentication-Results`, with comments around it, and perhaps version 1."""


def summarize(content: bytes) -> MessageSummary:
    """What a message says of itself. It never raises: what cannot be read is said in `faults`."""
    faults: list[str] = []
    message = parse(content, faults)
    senders = addresses_in(message, "From")
    name, sender = senders[0] if senders else ("", "")
    if not sender:
        faults.append("it has no sender that can be read")
    reports, reported = delivery_reports.reports(message, faults)
    automatic = delivery_reports.automatic(message)
    kind = BOUNCE if reports else AUTOMATIC if automatic else "message"
    answered = ids_in(all_headers(message, "In-Reply-To", "References"))
    return MessageSummary(
        kind=kind,
        sender=sender.casefold(),
        sender_name=name,
        subject=header(message, "Subject"),
        message_id=next(iter(ids_in(all_headers(message, "Message-ID"))), ""),
        references=tuple(dict.fromkeys((*reported, *answered)))[:LISTED],
        recipients=_recipients(message),
        date=header(message, "Date"),
        automatic=automatic,
        reports=reports,
        trace=tuple(_trace(message)),
        faults=tuple(dict.fromkeys(faults)),
    )


def read(content: bytes) -> MessageContent:
    """The text of a message and its attachments, for people. It never raises."""
    message = parse(content, [])
    plain: list[str] = []
    pages: list[str] = []
    attachments: list[Attachment] = []
    for part in leaves(message):
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
    text = CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return MessageContent(
        text=text[:LONGEST_TEXT],
        from_html=from_html,
        shortened=len(text) > LONGEST_TEXT,
        attachments=tuple(attachments[:LISTED]),
        attachment_count=len(attachments),
        authentication=tuple(_authentication(message)),
    )


def _recipients(message: Message) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    found = (address.casefold() for _, address in addresses_in(message, *names))
    return tuple(dict.fromkeys(found))[:LISTED]


def _trace(message: Message) -> Iterator[TraceLine]:
    for value in all_headers(message, "Received")[:LISTED]:
        text, _, date = value.rpartition(";")
        found = _BY.search(text)
        yield TraceLine(by=found[1].casefold() if found else "", at=instant(date))


def _authentication(message: Message) -> Iterator[AuthenticationResults]:
    """The results of authentication, without those that name no server (RFC 8601, 2.2)."""
    for value in all_headers(message, "Authentication-Results")[:LISTED]:
        text = decoded(value)
        if found := _SERVER.match(text):
            server = (found[1] or found[2]).casefold()
            yield AuthenticationResults(server=server, results=text[found.end() :].strip(" ;"))


def instant(date: str) -> datetime | None:
    """An instant as mail writes it, in UTC; None where it cannot be read."""
    try:
        at = parsedate_to_datetime(" ".join(date.split()))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _text(part: Message) -> str:
    return as_text(payload_of(part), str(part.get_content_charset() or "utf-8"))


def _attachment(part: Message, kind: str) -> Attachment:
    try:
        name = str(part.get_filename() or "")
    except Exception:  # noqa: BLE001 (as above)
        name = ""
    return Attachment(name=decoded(name), type=kind[:100], size=len(payload_of(part)))
