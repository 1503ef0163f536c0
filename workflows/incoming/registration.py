"""The values of a response that the registered message fixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.incoming_mail import IncomingMessage
from domain.rules import require
from domain.times import When
from workflows.history import channels

LARGEST_EVIDENCE: Final = 15 * 1024 * 1024
"""How many bytes the record takes of one message; a larger one stays beside the log."""


def fixed_values(message: IncomingMessage) -> Mapping[str, object]:
    """When it was received, how it came, and its SHA-256 as evidence, by path.

    They cannot be changed while registering: another time of receipt is stated first, with its
    reason. Raises Refused where the time is not known.
    """
    because = "when it was received is not known: state it first, with the reason"
    require("known", message.in_hand, because)
    assert message.in_hand is not None  # noqa: S101 (required above)
    found: dict[str, object] = {
        "order.received": When.from_instant(message.in_hand),
        "channel": channel(message),
    }
    if has_evidence(message):
        found["evidence"] = message.sha256
    return found


def has_evidence(message: IncomingMessage) -> bool:
    """Whether the record can take the message itself."""
    return message.whole and message.size <= LARGEST_EVIDENCE


def channel(message: IncomingMessage) -> str:
    """How it came, and how its time of receipt is known; it goes into the record."""
    receipt = message.receipt
    outside = "" if has_evidence(message) else message.sha256
    return channels.of_mail(receipt.source, receipt.reason, outside)
