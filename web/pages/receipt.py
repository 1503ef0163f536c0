"""The page of a receipt, and its files; where names are withheld, they are for the sender alone."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from web.http import params
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import receipt


def page(
    context: PageContext, reader: RequestContext, organisation: str, position: int
) -> PageContent:
    """The receipt of a response, or why none can be signed now. Raises Refused where none is."""
    values = receipt.receipt_values(
        context.queries,
        context.receipts,
        organisation,
        position,
        to_sender=context.is_sender(reader, organisation, position),
    )
    return PageContent("receipt.html", values, lambda: dict(values))


def download(context: PageContext, request: Request, organisation: str, number: str) -> Response:
    """The receipt as a file. Raises Refused where none is, and Unsigned."""
    position = params.parse_number(number)
    to_sender = context.is_sender(context.reader(request), organisation, position)
    return receipt.receipt_download(context.receipts, organisation, position, to_sender=to_sender)


def download_text_proof(
    context: PageContext, request: Request, organisation: str, number: str
) -> Response:
    """What proves the text of a response, as a file. Raises Refused where there is none."""
    position = params.parse_number(number)
    to_sender = context.is_sender(context.reader(request), organisation, position)
    return receipt.text_proof_download(
        context.receipts, organisation, position, to_sender=to_sender
    )
