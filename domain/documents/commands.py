"""What may be asked of a document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field

from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When


class ToDocument(Struct, frozen=True, kw_only=True, dict=True):
    """A command to a document."""

    document: str

    @cached_property
    def stream(self) -> Stream:
        return Stream(StreamKind.DOCUMENT, self.document)


class RegisterDocument(ToDocument, frozen=True, kw_only=True):
    """Reserve a symbol and fill the masthead. A joint symbol joins whole symbols by hyphens.

    `symbol` is `unknown` where a source does not give it; then none is reserved.
    `cited` lists parts that belong to bodies of another organisation: cited, not reserved.
    `languages` are the required ones (the body's, unless named); `changes` is the symbol of a
    document that this one corrects, revises or adds to.
    """

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


class IssueVersion(ToDocument, frozen=True, kw_only=True):
    """Issue one language version. `stamps` are a footer's date stamps as printed."""

    language: str
    job_number: str = "unknown"
    stamps: str = ""
    masthead_date: When = UNKNOWN


class ReissueVersion(ToDocument, frozen=True, kw_only=True):
    """Issue a language version again, under the same symbol with an asterisk."""

    language: str
    job_number: str
    reason: str
    stamps: str = ""
    masthead_date: When = UNKNOWN


class PublishDocument(ToDocument, frozen=True, kw_only=True):
    """Declare the document out as a whole, or with a waiver for the missing languages."""


DocumentCommand = RegisterDocument | IssueVersion | ReissueVersion | PublishDocument
"""All that may be asked of a document."""
_KINDS: Final = frozenset(get_args(DocumentCommand))


def is_document_command(command: object) -> TypeGuard[DocumentCommand]:
    return type(command) in _KINDS
