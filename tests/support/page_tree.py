"""What a page says: as a tree, and as a text."""

from __future__ import annotations

from typing import Any

from lxml import html


def parsed(page: str) -> Any:
    """A page as a tree."""
    return html.document_fromstring(page)


def text(page: str) -> str:
    """What a page says, with single spaces."""
    return " ".join(parsed(page).text_content().split())
