"""The documents of an agenda: its own, and those that its items list by symbol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from domain.agenda import Agenda
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.rules import Refused
from domain.streams import Stream, StreamKind
from domain.symbols import Symbol, is_same_document


def documents_of(
    agenda: Agenda, world: DecisionContext, own: Iterable[str], forms: str
) -> tuple[Document, ...]:
    """The agenda's documents, oldest first.

    `own` are the ids of those that are registered for it; `forms` are the forms of symbols that
    the rule pack names.
    """
    listed = {symbol for item in agenda.items for symbol in item.documents}
    names = {*own} | {name for text in listed for name in _reserved(world, text, forms)}
    first_positions: dict[str, int] = {}
    for name in names:
        events = world.events(Stream(StreamKind.DOCUMENT, name))
        document: Document = world.state(Stream(StreamKind.DOCUMENT, name))
        is_listed = any(is_same_document(document.symbol, symbol, forms) for symbol in listed)
        if events and (document.agenda == agenda.id or is_listed):
            first_positions[name] = events[0].position
    ordered = sorted(first_positions, key=first_positions.__getitem__)
    return tuple(world.document(name) for name in ordered)


def _reserved(world: DecisionContext, text: str, forms: str) -> Iterator[str]:
    """The documents for which a listed symbol stands, or one of its parts; none for other words."""
    with suppress(Refused):
        for part in Symbol.parse(text, forms).parts:
            yield world.reservation(part).document
