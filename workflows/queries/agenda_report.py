"""The report of a session, from its draft to its adoption, as the page of the agenda shows it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.agenda.events import ReportAdopted, ReportDrafted
from domain.corrections import apply_corrections
from domain.messages import RecordedEvent


class AgendaReport(Struct, frozen=True, kw_only=True):
    """What the record says of the report; the symbols are empty where they are not told."""

    draft: str = ""
    """The symbol of the draft that was put forward last."""
    by: str = ""
    """Who put it forward."""
    languages: tuple[str, ...] = ()
    adopted: bool = False
    symbol: str = ""
    """The symbol under which it was adopted."""
    oral_amendments: tuple[str, ...] = ()
    ad_referendum: bool = False


def report_of(history: Sequence[RecordedEvent]) -> AgendaReport | None:
    """The report of an agenda with this history; None as long as there is not even a draft."""
    facts = [event.fact for event in apply_corrections(history)]
    drafted = [fact for fact in facts if isinstance(fact, ReportDrafted)]
    adopted = [fact for fact in facts if isinstance(fact, ReportAdopted)]
    if not (drafted or adopted):
        return None
    draft = drafted[-1] if drafted else ReportDrafted(by="")
    final = adopted[-1] if adopted else ReportAdopted()
    return AgendaReport(
        draft=draft.document,
        by=draft.by,
        languages=draft.languages,
        adopted=bool(adopted),
        symbol=final.document,
        oral_amendments=final.oral_amendments,
        ad_referendum=final.ad_referendum,
    )
