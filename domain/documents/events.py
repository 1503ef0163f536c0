"""What is recorded of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard, get_args

from msgspec import field

from domain.messages import Fact
from domain.times import UNKNOWN, When


class DocumentRegistered(Fact, frozen=True, kw_only=True):
    """A document received its symbol and masthead; the date there is that of submission."""

    symbol: str
    type: str
    body: str
    agenda: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    original: str = ""
    distribution: str = ""
    masthead_date: When = UNKNOWN
    languages: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    changes: str = ""


class VersionIssued(Fact, frozen=True, kw_only=True):
    """A language version was issued, with its own job number."""

    language: str
    job_number: str = "unknown"
    stamps: str = ""
    masthead_date: When = UNKNOWN


class VersionReissued(Fact, frozen=True, kw_only=True):
    """A language version was issued again under the same symbol, marked by an asterisk."""

    language: str
    job_number: str
    reason: str
    stamps: str = ""
    masthead_date: When = UNKNOWN


class DocumentPublished(Fact, frozen=True, kw_only=True):
    """The document was out as a whole; a waiver names language versions that were missing."""

    missing: tuple[str, ...] = ()


DocumentEvent = DocumentRegistered | VersionIssued | VersionReissued | DocumentPublished
"""All that is recorded of a document."""
_KINDS: Final = frozenset(get_args(DocumentEvent))


def is_document_event(event: Fact) -> TypeGuard[DocumentEvent]:
    """Whether it is one of those above.

    A correction is none of them: it is applied to the event that it names
    (`domain.corrections`), and changes no state itself. Nor is an event of a later version.
    """
    return type(event) in _KINDS
