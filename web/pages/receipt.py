"""The page of a receipt, and the file itself."""

from __future__ import annotations

from web.page_context import PageContent, PageContext
from web.presenters import receipt


def page(context: PageContext, organisation: str, position: int) -> PageContent:
    """The receipt of a response, or why none can be signed now. Raises Refused where none is."""
    values = receipt.receipt_values(context.queries, context.receipts, organisation, position)
    return PageContent("receipt.html", values, lambda: dict(values))
