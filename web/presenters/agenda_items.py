"""An agenda's items as its page shows them: sub-items, annotations, documents, slots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.agenda import Agenda
from domain.agenda.events import ItemAnnotated
from domain.agenda.headings import Heading
from domain.agenda.item_order import descendants
from domain.agenda.items import Item
from domain.agenda.work_schedule import PlacedSlot
from domain.documents import Document
from domain.documents.events import DocumentRegistered
from domain.languages import LANGUAGES
from domain.symbols import is_same_document
from domain.times import When
from web.i18n.labels import N_
from workflows.queries.agenda import AgendaDetails


@dataclass(frozen=True)
class Version:
    """One of a document's language versions, as a sign with its word."""

    language: str
    state: str


@dataclass(frozen=True)
class ListedDocument:
    """A document that an item lists; the document itself where the record holds it."""

    symbol: str
    document: Document | None
    versions: tuple[Version, ...]


VERSIONS = {
    "held": (N_("issued"), "✓"),
    "held original": (N_("issued, the original"), "✓"),
    "original": (N_("original, not held"), "◇"),
    "untold": (N_("not stated in the source"), "–"),
    "due": (N_("not issued yet"), "…"),
}
"""The states of a language version, each with its word and its sign."""


@dataclass(frozen=True)
class ItemShown:
    """An item with its sub-items, and theirs; the topmost has the annotations and documents."""

    item: Item
    under: tuple[ItemShown, ...]
    notes: tuple[ItemAnnotated, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    headings: tuple[Heading, ...] = ()
    """The headings without a number that stand right above it."""


def items(shown: AgendaDetails, language: str) -> Iterator[ItemShown]:
    """The items in order, with what belongs to each."""
    for item in shown.agenda.items:
        if item.under:
            continue
        own = (item, *descendants(shown.agenda.items, item))
        yield ItemShown(
            item=item,
            under=_under(shown.agenda, item),
            notes=_notes(own, language),
            headings=shown.agenda.headings_before(item.id),
            documents=tuple(
                listed_document(symbol, shown) for item in own for symbol in item.documents
            ),
        )


def _under(agenda: Agenda, item: Item) -> tuple[ItemShown, ...]:
    return tuple(
        ItemShown(sub, _under(agenda, sub), headings=agenda.headings_before(sub.id))
        for sub in agenda.sub_items(item.item)
    )


def _notes(own: Sequence[Item], language: str) -> tuple[ItemAnnotated, ...]:
    """The annotations in the reader's language; in the languages there are, if it is missing."""
    found = [note for item in own for note in item.notes]
    return tuple([note for note in found if note.language == language] or found)


def own_documents(shown: AgendaDetails) -> list[ListedDocument]:
    """The documents of the agenda itself, such as its annotated provisional agenda.

    What an item lists stands there, and not here once more.
    """
    listed = {
        found.document.id
        for item in shown.agenda.items
        for symbol in item.documents
        if (found := listed_document(symbol, shown)).document
    } - {shown.agenda.document}
    own = [
        document
        for document in shown.documents
        if document.agenda == shown.agenda.id and document.id not in listed
    ]
    return [
        ListedDocument(document.symbol, document, language_versions(document, shown))
        for document in own
    ]


def listed_document(symbol: str, shown: AgendaDetails) -> ListedDocument:
    """What an item lists, with the document that has this symbol, or a part of it."""
    forms = shown.pack.parameters.get("symbol-forms", "")
    found = (
        document for document in shown.documents if is_same_document(document.symbol, symbol, forms)
    )
    document = next(found, None)
    if document is None:
        return ListedDocument(
            symbol, None, tuple(Version(language, "untold") for language in LANGUAGES)
        )
    return ListedDocument(symbol, document, language_versions(document, shown))


def language_versions(document: Document, shown: AgendaDetails) -> tuple[Version, ...]:
    """The language versions of a document of an agenda, or that its items list."""
    attested = any(
        event.stream.id == document.id and event.attested
        for event in shown.events
        if isinstance(event.fact, DocumentRegistered)
    )
    return versions_of(document, attested=attested)


def versions_of(document: Document, *, attested: bool) -> tuple[Version, ...]:
    """The required language versions in the order of the United Nations, and any others."""
    wanted = {*document.languages, *document.versions} or {*LANGUAGES}
    tags = [tag for tag in LANGUAGES if tag in wanted] + sorted(wanted - {*LANGUAGES})
    return tuple(Version(tag, _state(document, tag, attested=attested)) for tag in tags)


def _state(document: Document, tag: str, *, attested: bool) -> str:
    original = document.original == tag
    if tag in document.versions:
        return "held original" if original else "held"
    if original:
        return "original"
    return "untold" if attested else "due"


def slots_by_day(work: Sequence[PlacedSlot]) -> list[tuple[When, list[PlacedSlot]]]:
    """The slots of each day, in order."""
    ordered = sorted(work, key=lambda slot: (slot.day.earliest, slot.starts, slot.track))
    return [(when, list(slots)) for when, slots in groupby(ordered, key=lambda slot: slot.day)]
