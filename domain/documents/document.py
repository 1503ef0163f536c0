"""The state of a document and of its language versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.documents.events import (
    DocumentPublished,
    DocumentRegistered,
    VersionIssued,
    VersionReissued,
)
from domain.facts import Recorded, changed, fields_of
from domain.times import UNKNOWN, When


@dataclass(frozen=True, kw_only=True)
class Version:
    """One language version as it stands."""

    language: str
    job_number: str
    issued: When
    attested: bool
    reissued: bool = False
    stamps: str = ""
    masthead_date: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Document:
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

    def evolve(self, recorded: Recorded) -> Document:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case DocumentRegistered() as fact:
                return changed(self, id=recorded.stream.id, **fields_of(fact))
            case VersionIssued() as fact:
                version = Version(
                    **fields_of(fact), issued=recorded.effective, attested=recorded.attested
                )
                return changed(self, versions={**self.versions, fact.language: version})
            case VersionReissued() as fact:
                told = {k: v for k, v in fields_of(fact).items() if k != "reason"}
                version = Version(
                    **told, issued=recorded.effective, attested=recorded.attested, reissued=True
                )
                return changed(self, versions={**self.versions, fact.language: version})
            case DocumentPublished():
                return changed(self, published=recorded.effective)
        return self
