"""What programs answer: reports on delivery (RFC 3464), and answers that no person wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from typing import Final

from adapters.mail.message_parts import (
    LISTED,
    all_headers,
    header,
    ids_in,
    message_of,
    parts_of,
    payload_of,
)
from domain.incoming_mail import DeliveryReport

AUTOREPLY_HEADERS: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
_FIELD: Final = re.compile(r"^(?:[^;]*;)?\s*(.*)$", re.DOTALL)


def automatic(message: Message) -> str:
    """By which header an answer is known to come from a program (RFC 3834, 5); else empty."""
    stated = header(message, "Auto-Submitted")
    if stated and stated.partition(";")[0].strip().casefold() != "no":
        return f"Auto-Submitted: {stated}"
    for name in AUTOREPLY_HEADERS:
        if all_headers(message, name):
            return f"{name}: {header(message, name)}"
    if header(message, "Precedence").casefold() == "auto_reply":
        return "Precedence: auto_reply"
    return "Return-Path: <>" if header(message, "Return-Path") == "<>" else ""


def reports(
    message: Message, faults: list[str]
) -> tuple[tuple[DeliveryReport, ...], tuple[str, ...]]:
    """What a delivery report says, and the Message-ID of the letter that it reports on."""
    kind = str(message.get_param("report-type", "")).casefold()
    if message.get_content_type() != "multipart/report" or kind != "delivery-status":
        return (), ()
    found: list[DeliveryReport] = []
    about: list[str] = []
    for part in parts_of(message):
        content = part.get_content_type()
        if content == "message/delivery-status":
            found += _recipient_reports(part)
        elif content == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                about += ids_in(all_headers(inner[0], "Message-ID"))
        elif content == "text/rfc822-headers":
            about += ids_in(all_headers(message_of(payload_of(part)), "Message-ID"))
    if not found:
        faults.append("its delivery status cannot be read")
    return tuple(found[:LISTED]), tuple(about[:LISTED])


def _recipient_reports(part: Message) -> Iterator[DeliveryReport]:
    for fields in parts_of(part):
        address = _typed_field(fields, "Final-Recipient")
        original = _typed_field(fields, "Original-Recipient")
        if address or original:
            yield DeliveryReport(
                address=address or original,
                original=original,
                action=header(fields, "Action").partition(" ")[0].casefold(),
                status=header(fields, "Status").partition(" ")[0],
            )


def _typed_field(fields: Message, name: str) -> str:
    """The address in a field such as `rfc822; somebody@example.org` (RFC 3464, 2.3.2)."""
    found = _FIELD.match(header(fields, name))
    return found[1].strip("<> ").casefold() if found else ""
