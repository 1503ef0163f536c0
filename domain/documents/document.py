"""The state of a document and of its language versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct, field, structs

from domain.documents.events import (
    DocumentPublished,
    DocumentRegistered,
    VersionIssued,
    VersionReissued,
    is_document_event,
)
from domain.messages import FoldableEvent
from domain.times import UNKNOWN, When


class Version(Struct, frozen=True, kw_only=True):
    """One language version as it stands."""

    language: str
    job_number: str
    issued: When
    attested: bool
    reissued: bool = False
    stamps: str = ""
    masthead_date: When = UNKNOWN


class Document(Struct, frozen=True, kw_only=True):
    """What the rules must remember about a document."""

    id: str = ""
    symbol: str = ""
    type: str = ""
    body: str = ""
    agenda: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    original: str = ""
    distribution: str = ""
    masthead_date: When = UNKNOWN
    languages: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    changes: str = ""
    versions: Mapping[str, Version] = field(default_factory=dict)
    published: When | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Required languages in which no version is out."""
        return tuple(x for x in self.languages if x not in self.versions)

    def evolve(self, recorded: FoldableEvent) -> Document:
        """The document after one event. Never refuses: it already happened."""
        event = recorded.fact
        if not is_document_event(event):
            return self
        match event:
            case DocumentRegistered():
                return self.registered(recorded.stream.id, event)
            case VersionIssued() | VersionReissued():
                version = _version(event, recorded)
                return structs.replace(self, versions={**self.versions, event.language: version})
            case DocumentPublished():
                return structs.replace(self, published=recorded.effective)
            case _:
                assert_never(event)

    def registered(self, id_: str, event: DocumentRegistered) -> Document:
        """The document with its symbol and masthead."""
        return structs.replace(
            self,
            id=id_,
            symbol=event.symbol,
            type=event.type,
            body=event.body,
            agenda=event.agenda,
            titles=event.titles,
            original=event.original,
            distribution=event.distribution,
            masthead_date=event.masthead_date,
            languages=event.languages,
            cited=event.cited,
            changes=event.changes,
        )


def _version(event: VersionIssued | VersionReissued, recorded: FoldableEvent) -> Version:
    return Version(
        language=event.language,
        job_number=event.job_number,
        issued=recorded.effective,
        attested=recorded.attested,
        reissued=isinstance(event, VersionReissued),
        stamps=event.stamps,
        masthead_date=event.masthead_date,
    )
