"""A document: its symbol, masthead and language versions; published when all of them are out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from domain import publication
from domain.agenda.events import AgendaDocumentRegistered, AgendaPublished
from domain.facts import Decision, Fact, Happened, Kind, Order, Recorded, Stream, fields_of, telling
from domain.rules import insist, judge
from domain.symbols import Reservation, Symbol, SymbolReserved
from domain.times import UNKNOWN, When

if TYPE_CHECKING:
    from domain.world import World

UNTOLD = "unknown"
"""In place of a symbol that a source does not give."""

AGENDA_TYPES = ("provisional agenda", "annotated provisional agenda")


@dataclass(frozen=True, kw_only=True)
class DocumentRegistered(Fact):
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


@dataclass(frozen=True, kw_only=True)
class VersionIssued(Fact):
    """A language version was issued, with its own job number."""

    language: str
    job_number: str = "unknown"
    stamps: str = ""
    masthead_date: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class VersionReissued(Fact):
    """A language version was issued again under the same symbol, marked by an asterisk."""

    language: str
    job_number: str
    reason: str
    stamps: str = ""
    masthead_date: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class DocumentPublished(Fact):
    """The document was out as a whole; a waiver names language versions that were missing."""

    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentCommand:
    """A command to a document."""

    document: str

    @property
    def stream(self) -> Stream:
        return Stream(Kind.DOCUMENT, self.document)


@dataclass(frozen=True, kw_only=True)
class RegisterDocument(DocumentCommand):
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


@dataclass(frozen=True, kw_only=True)
class IssueVersion(DocumentCommand):
    """Issue one language version. `stamps` are a footer's date stamps as printed."""

    language: str
    job_number: str = "unknown"
    stamps: str = ""
    masthead_date: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class ReissueVersion(DocumentCommand):
    """Issue a language version again, under the same symbol with an asterisk."""

    language: str
    job_number: str
    reason: str
    stamps: str = ""
    masthead_date: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class PublishDocument(DocumentCommand):
    """Declare the document out as a whole, or with a waiver for the missing languages."""


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

    def decide(self, order: Order, world: World) -> Decision:
        """Answer a command to this document. Raises Refused."""
        command, stream = order.command, order.command.stream
        if isinstance(command, RegisterDocument):
            return self._register(command, order, world)
        insist("known", self.id, f"document {stream.id} is not registered")
        match command:
            case IssueVersion(language=language):
                out = language in self.versions
                because = f"{self.symbol} is out in {language}; correct, revise or reissue it"
                insist("no-edit-after-issue", not out, because)
                fact: Fact = telling(VersionIssued, command)
            case ReissueVersion(language=language):
                out = language in self.versions
                insist("stage", out, f"{self.symbol} was never issued in {language}")
                fact = telling(VersionReissued, command)
            case PublishDocument():
                return self._publish(stream, order, world)
            case _:
                raise TypeError(f"no document command: {command!r}")
        return Decision((Happened(stream, fact),))

    def _register(self, command: RegisterDocument, order: Order, world: World) -> Decision:
        insist("new", not self.id, f"document {command.document} is registered already")
        untold = order.attested and command.symbol == UNTOLD
        symbol = Symbol(()) if untold else Symbol.parse(command.symbol)
        body = world.body(command.body)
        pack = world.pack_of(body, order.when)
        cited = {part for text in command.cited for part in Symbol.parse(text).parts}
        own = [part for part in symbol.parts if part not in cited]
        insist(
            "symbol-form", own or untold, "at least one part of a joint symbol is the body's own"
        )
        for part in own:
            taken = world.reservation(part).document
            insist("symbol-never-reused", not taken, f"{part} stands for document {taken}")
        languages = command.languages or tuple(pack.parameters.get("languages", "").split())
        fact = telling(
            DocumentRegistered, command, symbol=symbol.plain or UNTOLD, languages=languages
        )
        facts = [Happened(command.stream, fact)]
        facts += [
            Happened(Reservation.stream(part), SymbolReserved(document=command.document))
            for part in own
        ]
        if command.agenda:
            agenda = world.agenda(command.agenda)
            if command.type in AGENDA_TYPES:
                told = telling(AgendaDocumentRegistered, command)
                facts.append(Happened(Stream(Kind.AGENDA, agenda.id), told))
        return Decision(tuple(facts), pack=body.pack_at(order.when))

    def _publish(self, stream: Stream, order: Order, world: World) -> Decision:
        insist("stage", self.published is None, f"{self.symbol} is published already")
        insist("stage", self.versions, f"{self.symbol} is not out in any language")
        body = world.body(self.body)
        pack = world.pack_of(body, order.when)
        found = judge(
            pack,
            publication.noticed(self, order, world),
            attested=order.attested,
            waivers=order.waivers,
        )
        facts = [Happened(stream, DocumentPublished(missing=self.missing))]
        if self.agenda and self.type in AGENDA_TYPES:
            told = AgendaPublished(document=self.id, missing=self.missing)
            facts.append(Happened(Stream(Kind.AGENDA, self.agenda), told))
        return Decision(tuple(facts), found, pack=body.pack_at(order.when))

    def evolve(self, recorded: Recorded) -> Document:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case DocumentRegistered() as fact:
                return replace(self, id=recorded.stream.id, **fields_of(fact))
            case VersionIssued() as fact:
                version = Version(
                    **fields_of(fact), issued=recorded.effective, attested=recorded.attested
                )
                return replace(self, versions={**self.versions, fact.language: version})
            case VersionReissued() as fact:
                told = {k: v for k, v in fields_of(fact).items() if k != "reason"}
                version = Version(
                    **told, issued=recorded.effective, attested=recorded.attested, reissued=True
                )
                return replace(self, versions={**self.versions, fact.language: version})
            case DocumentPublished():
                return replace(self, published=recorded.effective)
        return self
