"""Receipts on pages: who has one, the page that shows it, and the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from fastapi.responses import Response

from domain.messages import RecordedEvent
from domain.rules import require
from domain.silence import Window
from workflows.history.redaction import holds_text
from workflows.queries.queries import Queries
from workflows.queries.window import WindowDetails
from workflows.receipts.issue import ReceiptIssuer, Unsigned, is_received_response


def positions(shown: WindowDetails) -> Mapping[int, int]:
    """The event of each response that has a receipt, by the response's number."""
    return {
        getattr(event.fact, "number", 0): event.position
        for event in shown.events
        if is_received_response(event)
    }


def has_receipt(event: RecordedEvent, window: Window, *, to_sender: bool) -> bool:
    """Whether an event of a window has a receipt, for everybody or for its sender."""
    return is_received_response(event) and (to_sender or not window.policy.names_withheld)


def receipt_values(
    queries: Queries,
    receipts: ReceiptIssuer,
    organisation: str,
    position: int,
    *,
    to_sender: bool = False,
) -> Mapping[str, object]:
    """What the page shows. Raises Refused for an event that has no receipt, or none for others.

    With `to_sender` it is for the sender alone, also where names are withheld.
    """
    event = queries.events.get(organisation, position)
    receipt = ""
    with suppress(Unsigned):  # the page says so; why is for those who run the program
        receipt = _made(receipts, organisation, position, to_sender=to_sender).decode()
    return {
        "organisation": organisation,
        "position": position,
        "window": event.stream.id,
        "number": getattr(event.fact, "number", 0),
        "receipt": receipt,
        "has_text": holds_text(event),
    }


def receipt_download(
    receipts: ReceiptIssuer, organisation: str, position: int, *, to_sender: bool = False
) -> Response:
    """The file, to be kept. Raises Refused like `values`, and Unsigned.

    With `to_sender` it is for the sender alone, also where names are withheld.
    """
    named = {"Content-Disposition": f'attachment; filename="receipt-{position}.txt"'}
    return Response(
        _made(receipts, organisation, position, to_sender=to_sender),
        headers=named | {"Cache-Control": "no-store"},
        media_type="text/plain",
    )


def text_proof_download(
    receipts: ReceiptIssuer, organisation: str, position: int, *, to_sender: bool = False
) -> Response:
    """The proof of a response's text, for its sender. Raises Refused where there is none."""
    named = {"Content-Disposition": f'attachment; filename="text-{position}.json"'}
    return Response(
        receipts.text_proof(organisation, position, to_sender=to_sender),
        headers=named | {"Cache-Control": "no-store"},
        media_type="application/json",
    )


def _made(
    receipts: ReceiptIssuer, organisation: str, position: int, *, to_sender: bool = False
) -> bytes:
    receipt = receipts.issue(organisation, position, to_sender=to_sender)
    require("known", receipt, receipts.reason_for_none(organisation, position))
    return receipt or b""
