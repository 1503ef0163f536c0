"""A document's language versions as its page shows them: which are out, and which are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.documents import Document, Version
from web.presenters.agenda_items import versions_of


@dataclass(frozen=True)
class VersionRow:
    """A language, how its version stands, and the version itself where it is out."""

    language: str
    state: str
    version: Version | None


def version_rows(document: Document, *, attested: bool) -> Iterator[VersionRow]:
    """The required language versions in the order of the United Nations, and any others."""
    for sign in versions_of(document, attested=attested):
        yield VersionRow(sign.language, sign.state, document.versions.get(sign.language))
