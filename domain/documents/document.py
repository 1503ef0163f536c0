"""The state of a document and of its language versions."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field, structs

from domain.documents.events import (
    DocumentPublished,
    DocumentRegistered,
    VersionIssued,
    VersionReissued,
)
from domain.messages import RecordedEvent
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

    def evolve(self, recorded: RecordedEvent) -> Document:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case DocumentRegistered() as fact:
                return structs.replace(self, id=recorded.stream.id, **structs.asdict(fact))
            case VersionIssued() as fact:
                version = Version(
                    **structs.asdict(fact), issued=recorded.effective, attested=recorded.attested
                )
                return structs.replace(self, versions={**self.versions, fact.language: version})
            case VersionReissued() as fact:
                told = {k: v for k, v in structs.asdict(fact).items() if k != "reason"}
                version = Version(
                    **told, issued=recorded.effective, attested=recorded.attested, reissued=True
                )
                return structs.replace(self, versions={**self.versions, fact.language: version})
            case DocumentPublished():
                return structs.replace(self, published=recorded.effective)
        return self
