"""What a document decides: symbol and masthead, versions, and when it is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from domain.agenda.events import AgendaDocumentRegistered, AgendaPublished
from domain.corrections import CorrectFact
from domain.decision_context import DecisionContext
from domain.documents import publication_checks
from domain.documents.commands import (
    IssueVersion,
    PublishDocument,
    RegisterDocument,
    ReissueVersion,
    is_document_command,
)
from domain.documents.document import Document, Version
from domain.documents.events import (
    DocumentPublished,
    DocumentRegistered,
    VersionIssued,
    VersionReissued,
)
from domain.documents.publication_checks import AGENDA_TYPES, changed_agenda_symbol
from domain.messages import Decision, NewEvent, Order
from domain.rules import RulePack, enforce, require
from domain.stated_times import require_stated_time
from domain.streams import Stream, StreamKind
from domain.symbols import Reservation, Symbol, SymbolReserved, symbol_key

NOT_STATED = "unknown"
"""In place of a symbol that a source does not give."""


def decide(document: Document, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this document. Raises Refused."""
    command, stream = order.command, order.command.stream
    if not is_document_command(command):
        raise TypeError(f"no document command: {command!r}")
    if isinstance(command, RegisterDocument):
        return _register(document, command, order, world)
    require("known", document.id, f"document {stream.id} is not registered")
    match command:
        case IssueVersion():
            _require_stated(document, order, world)
            return Decision((NewEvent(stream, _issued(document, command)),))
        case ReissueVersion():
            issued = document.versions.get(command.language)
            _require_stated(document, order, world, [issued] if issued else ())
            return Decision((NewEvent(stream, _reissued(document, command)),))
        case PublishDocument():
            return _publish(document, stream, order, world)
        case _:
            assert_never(command)


def _require_stated(
    document: Document, order: Order, world: DecisionContext, versions: Iterable[Version] = ()
) -> None:
    """Raise Refused for a stated time ahead, or before these language versions were issued."""
    if not order.stated:
        return
    zone = world.body(document.body).zone_of_order(order)
    needed = [(f"the issue in {version.language}", version.issued) for version in versions]
    require_stated_time(order, zone, needed)


def _issued(document: Document, command: IssueVersion) -> VersionIssued:
    out = command.language in document.versions
    because = f"{document.symbol} is out in {command.language}; correct, revise or reissue it"
    require("no-edit-after-issue", not out, because)
    return VersionIssued(
        language=command.language,
        job_number=command.job_number,
        stamps=command.stamps,
        masthead_date=command.masthead_date,
    )


def _reissued(document: Document, command: ReissueVersion) -> VersionReissued:
    out = command.language in document.versions
    require("stage", out, f"{document.symbol} was never issued in {command.language}")
    return VersionReissued(
        language=command.language,
        job_number=command.job_number,
        reason=command.reason,
        stamps=command.stamps,
        masthead_date=command.masthead_date,
    )


def _register(
    document: Document, command: RegisterDocument, order: Order, world: DecisionContext
) -> Decision:
    require("new", not document.id, f"document {command.document} is registered already")
    body = world.body(command.body)
    pack = world.pack_of(body, order.judged_at)
    symbol, own = _free_symbol(command, order, pack, world)
    languages = command.languages or tuple(pack.parameters.get("languages", "").split())
    event = _registered(command, symbol, languages)
    events = [NewEvent(command.stream, event)]
    events += [_reserved(part, command.document) for part in own]
    if command.agenda:
        agenda = world.agenda(command.agenda)
        registered = Document().registered(command.document, event)
        if event.type in AGENDA_TYPES and not changed_agenda_symbol(registered, world):
            of_agenda = AgendaDocumentRegistered(
                document=command.document, type=event.type, masthead_date=event.masthead_date
            )
            events.append(NewEvent(Stream(StreamKind.AGENDA, agenda.id), of_agenda))
    return Decision(tuple(events), pack=body.pack_at(order.judged_at))


def _free_symbol(
    command: RegisterDocument, order: Order, pack: RulePack, world: DecisionContext
) -> tuple[Symbol, tuple[str, ...]]:
    """The symbol, no part of which stands for another document, and the parts to be reserved.

    A source may leave it out. Raises Refused.
    """
    not_stated = order.attested and command.symbol == NOT_STATED
    forms = pack.parameters.get("symbol-forms", "")
    symbol = Symbol(()) if not_stated else Symbol.parse(command.symbol, forms)
    own = _own_parts(symbol, command.cited, forms)
    require(
        "symbol-form", own or not_stated, "at least one part of a joint symbol is the body's own"
    )
    for part in symbol.parts:
        taken = world.reservation(part).document
        require("symbol-never-reused", not taken, f"{part} stands for document {taken}")
    return symbol, own


def _registered(
    command: RegisterDocument, symbol: Symbol, languages: tuple[str, ...]
) -> DocumentRegistered:
    return DocumentRegistered(
        symbol=symbol.plain or NOT_STATED,
        type=command.type,
        body=command.body,
        agenda=command.agenda,
        titles=command.titles,
        original=command.original,
        distribution=command.distribution,
        masthead_date=command.masthead_date,
        languages=languages,
        cited=command.cited,
        changes=command.changes,
    )


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
    pack = world.pack_of(world.body(document.body), order.judged_at)
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
    elsewhere = {key for text in cited for key in Symbol.parse(text, forms).keys}
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
    _require_stated(document, order, world, document.versions.values())
    body = world.body(document.body)
    pack = world.pack_of(body, order.judged_at)
    found = enforce(
        pack,
        publication_checks.check_publication(document, order, world),
        attested=order.attested,
        waivers=order.waivers,
    )
    events = [NewEvent(stream, DocumentPublished(missing=document.missing))]
    changes = changed_agenda_symbol(document, world)
    if changes or (document.agenda and document.type in AGENDA_TYPES):
        of_agenda = AgendaPublished(document=document.id, missing=document.missing, changes=changes)
        events.append(NewEvent(Stream(StreamKind.AGENDA, document.agenda), of_agenda))
    return Decision(tuple(events), found, pack=body.pack_at(order.judged_at))
