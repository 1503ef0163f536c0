"""The kept rows that rows of the board are made of, read in a few steps for a whole page."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from domain.ports.read_models import RowMark, RowReader
from workflows.projections.rows import (
    AgendaRow,
    BoardEntryRow,
    BodyRow,
    DocumentRow,
    SessionRow,
    WindowRow,
)


class RelatedRows(Struct, frozen=True):
    """The kept rows of one organisation that rows of the board are made of, by their keys."""

    entries: dict[str, BoardEntryRow] = field(default_factory=dict)
    agendas: dict[str, AgendaRow] = field(default_factory=dict)
    windows: dict[str, WindowRow] = field(default_factory=dict)
    sessions: dict[str, SessionRow] = field(default_factory=dict)
    documents: dict[str, DocumentRow] = field(default_factory=dict)
    bodies: dict[str, BodyRow] = field(default_factory=dict)


Names = set[tuple[str, str]]
"""Rows by organisation and key."""


def related_rows(kept: RowReader, marks: Iterable[RowMark]) -> dict[str, RelatedRows]:
    """By organisation, the rows at these marks of the board and all that these name."""
    found: dict[str, RelatedRows] = {}

    def of(organisation: str) -> RelatedRows:
        return found.setdefault(organisation, RelatedRows())

    entries: Names = {(organisation, key) for _, organisation, key in marks}
    agendas, windows, sessions, documents, bodies = (Names() for _ in range(5))
    for organisation, key in entries:
        kind, _, name = key.partition("/")
        (agendas if kind == "agenda" else windows).add((organisation, name))
    for (organisation, key), entry in kept.rows_named(BoardEntryRow, sorted(entries)).items():
        of(organisation).entries[key] = entry
        windows |= {(organisation, window) for window in entry.windows}
    for (organisation, key), agenda in kept.rows_named(AgendaRow, sorted(agendas)).items():
        of(organisation).agendas[key] = agenda
        sessions.add((organisation, agenda.session))
        documents.add((organisation, agenda.document))
        bodies.add((organisation, agenda.body))
    for (organisation, key), window in kept.rows_named(WindowRow, sorted(windows)).items():
        of(organisation).windows[key] = window
        bodies.add((organisation, window.body))
    for (organisation, key), session in kept.rows_named(SessionRow, sorted(sessions)).items():
        of(organisation).sessions[key] = session
    for (organisation, key), document in kept.rows_named(DocumentRow, sorted(documents)).items():
        of(organisation).documents[key] = document
    for (organisation, key), body in kept.rows_named(BodyRow, sorted(bodies)).items():
        of(organisation).bodies[key] = body
    return found
