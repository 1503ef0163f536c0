"""The form of a receipt: a signed file that says what was recorded of a response.

It has three parts: lines to be read, one line of JSON that says the same, and the signature of
that line. A check writes the whole file again from the JSON, so no line can say anything else.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Protocol

from msgspec import Struct

from domain.canonical import canonical_json
from domain.ports.codec import Codec

FORMAT: Final = "placet-receipt/1"
HEAD: Final = """\
PLACET RECEIPT

This response was received, and recorded as is told here.
Check this file with: placet receipt verify FILE --keys public-keys.json
"""
FOOT: Final = "The same in one line of JSON, and the Ed25519 signature of that line in base64:"
LABELS: Final[Mapping[str, str]] = {
    "organisation": "Organisation",
    "window": "Silence procedure",
    "number": "Number of the response",
    "answered": "Answered",
    "seats": "Seats",
    "on_behalf_of": "On behalf of",
    "items": "On items",
    "standing": "Standing",
    "rule": "Refused by rule",
    "reason": "Reason",
    "received_at": "Received at",
    "deadline": "Deadline then in force",
    "recorded_at": "Recorded at",
    "clock_offset_ms": "Clock off by, in milliseconds",
    "text_hash": "SHA-256 of the text under silence",
    "command_id": "Command id",
    "event": "Event",
    "version": "Version in its stream",
    "event_hash": "SHA-256 of the event",
    "simulated": "Simulated",
    "key_id": "Signed by key",
    "format": "Format",
}
"""Each field with its words, in the order of the lines. Like all above, it is part of the format:
whatever changes here is another format, and files of this one must stay valid."""

UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Characters that could end a line, or hide or turn a part of it: they are written as escapes."""


class Receipt(Struct, frozen=True, kw_only=True):
    """What a receipt says: the record of a response at its append, and nothing later."""

    organisation: str
    window: str
    number: int
    answered: str
    """the kind of the response, such as `objection`"""
    seats: tuple[str, ...]
    on_behalf_of: tuple[str, ...]
    items: tuple[str, ...]
    standing: str
    """counted, late, at the margin, refused, or found after the close"""
    rule: str
    reason: str
    """by which rule it was refused and why; both empty for any other"""
    received_at: datetime
    deadline: str
    """the end of the window as it was set when the response was recorded"""
    recorded_at: datetime
    clock_offset_ms: int | None
    """by how many milliseconds the recording clock was measured to be off; None: not measured"""
    text_hash: str
    command_id: str
    event: str
    version: int
    event_hash: str
    simulated: bool
    key_id: str
    format: str = FORMAT


class PublicKeys(Protocol):
    """Keys as somebody knows them who has no store."""

    def in_force(self, at: datetime) -> str:
        """The id of the key that signs what was recorded at `at`; empty when there is none."""

    def signer(self, statement: bytes, signature: bytes) -> str:
        """The id of the key that made this signature; empty when none of them did."""


class InvalidReceipt(Exception):
    """A file is no receipt that one of the keys has signed; the message says why."""


def statement(receipt: Receipt, codec: Codec) -> bytes:
    """The line of JSON that is signed."""
    return canonical_json(codec.to_plain(receipt))


def format_receipt(receipt: Receipt, signature: bytes, codec: Codec) -> bytes:
    """The whole file."""
    lines = [f"{words}: {_line_of(getattr(receipt, name))}" for name, words in LABELS.items()]
    signed = [statement(receipt, codec), base64.b64encode(signature), b""]
    return "\n".join([HEAD, *lines, "", FOOT, ""]).encode() + b"\n".join(signed)


def _line_of(value: object) -> str:
    """A value in one line of text that shows all that it holds."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "not measured"
        case tuple():
            return ", ".join(_line_of(item) for item in value) or "none"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", str(value)) or "none"


def verify_receipt(content: bytes, keys: PublicKeys, codec: Codec) -> Receipt:
    """What a receipt says, once all of it is proved. Raises InvalidReceipt.

    Nothing in the file is read before its signature has been found good.
    """
    signed, signature = _signed(content)
    signer = keys.signer(signed, signature)
    _require(signer, "none of the keys has signed it")
    receipt = _read(signed, codec)
    _require(receipt.key_id == signer, "it names another key than the one that has signed it")
    in_force = keys.in_force(receipt.recorded_at) == signer
    _require(in_force, f"key {signer} was not in force when it says to have been recorded")
    same = format_receipt(receipt, signature, codec) == content
    _require(same, "the file is not exactly as Placet writes what was signed")
    return receipt


def _signed(content: bytes) -> tuple[bytes, bytes]:
    """The signed line and its signature, which are the last two lines."""
    lines = content.split(b"\n")
    _require(len(lines) > 2 and not lines[-1], "it does not end in a signed line and a signature")
    try:
        return lines[-3], base64.b64decode(lines[-2], validate=True)
    except binascii.Error as error:
        raise InvalidReceipt("its last line is no signature in base64") from error


def _read(signed: bytes, codec: Codec) -> Receipt:
    """What a line says that one of the keys has signed."""
    unknown = "what was signed is no receipt that this version of Placet knows"
    try:
        receipt: Receipt = codec.from_plain(json.loads(signed), Receipt)
        _require(statement(receipt, codec) == signed, unknown)
    except ValueError as error:
        raise InvalidReceipt(unknown) from error
    _require(receipt.format == FORMAT, f"its format is {receipt.format!r}, not {FORMAT!r}")
    return receipt


def _require(holds: object, because: str) -> None:
    if not holds:
        raise InvalidReceipt(because)
