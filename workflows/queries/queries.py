"""Everything that is shown is read here: now, or as of a position or an instant of the record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from domain.decision_context import DecisionContext
from domain.instants import EARLIEST
from domain.ports.address_book import Directory
from domain.ports.event_store import History
from domain.ports.read_models import RowReader
from workflows.history.read_limit import ReadableLog, require_room
from workflows.projections.in_memory import InMemoryRows
from workflows.queries import board
from workflows.queries.agenda import AgendaQueries
from workflows.queries.board import Board
from workflows.queries.body import BodyQueries
from workflows.queries.cited_messages import CitedMessageQueries
from workflows.queries.document import DocumentQueries
from workflows.queries.events import EventQueries
from workflows.queries.evidence_files import EvidenceFileQueries
from workflows.queries.organisation import OrganisationQueries
from workflows.queries.organisation_rows import OrganisationRows
from workflows.queries.record_reader import Record
from workflows.queries.session import SessionQueries
from workflows.queries.window import WindowQueries


class Queries:
    """The queries on one log, grouped by what they are about."""

    def __init__(
        self,
        log: ReadableLog,
        kept: RowReader,
        context_of: Callable[[History], DecisionContext],
        directory: Callable[[], Directory | None] = lambda: None,
        lent: Callable[[str], DecisionContext | None] = lambda _: None,
        *,
        returning: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`directory`, `lent` and `returning` are those of `Record`."""
        self.record = Record(log, kept, context_of, directory, lent, returning)
        self.agendas = AgendaQueries(self.record)
        self.documents = DocumentQueries(self.record)
        self.windows = WindowQueries(self.record)
        self.bodies = BodyQueries(self.record)
        self.sessions = SessionQueries(self.record)
        self.events = EventQueries(self.record)
        self.organisations = OrganisationQueries(self.record)
        self.evidence_files = EvidenceFileQueries(self.record)
        self.cited_messages = CitedMessageQueries(self.record)

    def board(self, now: datetime, at: str = "", among: frozenset[str] | None = None) -> Board:
        """The status board of all organisations, or of these; as of a moment, made from the log.

        Raises ReadLimitExceeded before it reads too much of that.
        """
        record = self.record
        if not at:
            kept = record.kept if among is None else OrganisationRows(record.kept, among)
            return Board(kept, now, lambda _: now)
        names = [name for name in record.organisations() if among is None or name in among]
        require_room(sum(record.history(name, at).last_position() for name in names) + len(names))
        moments = {name: record.moment(name, at, now) for name in names}
        made = InMemoryRows()
        for name, moment in moments.items():
            made.add(name, board.rows_as_of(record.rows_as_of(name, at), moment))
        return Board(made, EARLIEST, moments.__getitem__)
