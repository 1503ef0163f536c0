"""What a document decides: symbol and masthead, versions, and when it is published."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from domain.agenda.events import AgendaDocumentRegistered, AgendaPublished
from domain.corrections import CorrectFact
from domain.decision_context import DecisionContext
from domain.documents import publication_checks
from domain.documents.commands import (
    IssueVersion,
    PublishDocument,
    RegisterDocument,
    ReissueVersion,
)
from domain.documents.document import Document
from domain.documents.events import (
    DocumentPublished,
    DocumentRegistered,
    VersionIssued,
    VersionReissued,
)
from domain.documents.publication_checks import AGENDA_TYPES, changed_agenda_symbol
from domain.messages import Decision, Fact, NewEvent, Order, event_from_command
from domain.rules import enforce, require
from domain.streams import Kind, Stream
from domain.symbols import Reservation, Symbol, SymbolReserved, symbol_key

NOT_STATED = "unknown"
"""In place of a symbol that a source does not give."""


def decide(document: Document, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this document. Raises Refused."""
    command, stream = order.command, order.command.stream
    if isinstance(command, RegisterDocument):
        return _register(document, command, order, world)
    require("known", document.id, f"document {stream.id} is not registered")
    match command:
        case IssueVersion(language=language):
            out = language in document.versions
            because = f"{document.symbol} is out in {language}; correct, revise or reissue it"
            require("no-edit-after-issue", not out, because)
            fact: Fact = event_from_command(VersionIssued, command)
        case ReissueVersion(language=language):
            out = language in document.versions
            require("stage", out, f"{document.symbol} was never issued in {language}")
            fact = event_from_command(VersionReissued, command)
        case PublishDocument():
            return _publish(document, stream, order, world)
        case _:
            raise TypeError(f"no document command: {command!r}")
    return Decision((NewEvent(stream, fact),))


def _register(
    document: Document, command: RegisterDocument, order: Order, world: DecisionContext
) -> Decision:
    require("new", not document.id, f"document {command.document} is registered already")
    untold = order.attested and command.symbol == NOT_STATED
    body = world.body(command.body)
    pack = world.pack_of(body, order.when)
    forms = pack.parameters.get("symbol-forms", "")
    symbol = Symbol(()) if untold else Symbol.parse(command.symbol, forms)
    own = _own_parts(symbol, command.cited, forms)
    require("symbol-form", own or untold, "at least one part of a joint symbol is the body's own")
    for part in symbol.parts:
        taken = world.reservation(part).document
        require("symbol-never-reused", not taken, f"{part} stands for document {taken}")
    languages = command.languages or tuple(pack.parameters.get("languages", "").split())
    fact = event_from_command(
        DocumentRegistered, command, symbol=symbol.plain or NOT_STATED, languages=languages
    )
    facts = [NewEvent(command.stream, fact)]
    facts += [_reserved(part, command.document) for part in own]
    if command.agenda:
        agenda = world.agenda(command.agenda)
        asked = structs.replace(Document(), **structs.asdict(fact))
        if fact.type in AGENDA_TYPES and not changed_agenda_symbol(asked, world):
            told = event_from_command(AgendaDocumentRegistered, command)
            facts.append(NewEvent(Stream(Kind.AGENDA, agenda.id), told))
    return Decision(tuple(facts), pack=body.pack_at(order.when))


def reserve_corrected_symbol(
    command: CorrectFact, order: Order, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """What a correction of a symbol reserves: what the document bears now, no other one bears.

    Raises Refused for what is no symbol, or stands for another document. A symbol that it bore
    by mistake stays given.
    """
    if "symbol" not in command.now:  # no other stream has an event with such a field
        return ()
    document = world.document(command.stream.id)
    pack = world.pack_of(world.body(document.body), order.when)
    forms = pack.parameters.get("symbol-forms", "")
    symbol = Symbol.parse(command.now["symbol"], forms)
    own = _own_parts(symbol, document.cited, forms)
    holders = {part: world.reservation(part).document for part in own}
    for part, taken in holders.items():
        free = taken in {"", document.id}
        require("symbol-never-reused", free, f"{part} stands for document {taken}")
    return tuple(_reserved(part, document.id) for part, taken in holders.items() if not taken)


def _own_parts(symbol: Symbol, cited: Sequence[str], forms: str) -> tuple[str, ...]:
    """The parts that this organisation gives; each part of a symbol is another one."""
    elsewhere = {one for text in cited for one in Symbol.parse(text, forms).keys}
    because = f"{symbol.plain} joins a symbol to itself"
    require("symbol-form", len(symbol.keys) == len(symbol.parts), because)
    return tuple(part for part in symbol.parts if symbol_key(part) not in elsewhere)


def _reserved(part: str, document: str) -> NewEvent:
    """The symbol is given away; its spelling in print is told where its stream has another."""
    stream = Reservation.stream(part)
    printed = "" if stream.id == part else part
    return NewEvent(stream, SymbolReserved(document=document, printed=printed))


def _publish(document: Document, stream: Stream, order: Order, world: DecisionContext) -> Decision:
    require("stage", document.published is None, f"{document.symbol} is published already")
    require("stage", document.versions, f"{document.symbol} is not out in any language")
    body = world.body(document.body)
    pack = world.pack_of(body, order.when)
    found = enforce(
        pack,
        publication_checks.check_publication(document, order, world),
        attested=order.attested,
        waivers=order.waivers,
    )
    facts = [NewEvent(stream, DocumentPublished(missing=document.missing))]
    changes = changed_agenda_symbol(document, world)
    if changes or (document.agenda and document.type in AGENDA_TYPES):
        told = AgendaPublished(document=document.id, missing=document.missing, changes=changes)
        facts.append(NewEvent(Stream(Kind.AGENDA, document.agenda), told))
    return Decision(tuple(facts), found, pack=body.pack_at(order.when))
