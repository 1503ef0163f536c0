"""The state of an agenda, what it decides, and what it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.agenda.events import (
    AgendaAdopted,
    AgendaDocumentRegistered,
    AgendaPublished,
    AgendaShared,
    AgendaStarted,
    ApprovalSuspended,
    DocumentsPlanned,
    ItemAmended,
    ItemAnnotated,
    ItemProposed,
    ItemsApproved,
    ItemsDecided,
    ItemsNotApproved,
    ItemsPutUnderSilence,
    ItemsSubmitted,
    ItemWithdrawn,
    ObjectionNoted,
    ReportAdopted,
    ReportDeferred,
    ReportDrafted,
    WorkOrganized,
)
from domain.agenda.items import Item, amended
from domain.facts import Dated, Fact, Recorded, changed, fields_of
from domain.meetings import REFUSING
from domain.programme import Slot
from domain.rules import insist
from domain.times import When

STAGES: Final = (
    "report adopted",
    "report deferred",
    "adopted",
    "published, approval suspended",
    "published, approval revoked",
    "published",
    "approved",
    "approval suspended",
    "under silence",
    "partly approved",
    "not approved",
    "submitted",
    "proposed",
    "started",
)
"""How far an agenda can have come, the farthest first."""


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """What the rules must remember about an agenda. Its stage is derived, never stored."""

    id: str = ""
    body: str = ""
    session: str = ""
    part: int = 1
    type: str = "provisional agenda"
    approved_by: str = ""
    items: tuple[Item, ...] = ()
    notes: tuple[ItemAnnotated, ...] = ()
    work: tuple[Slot, ...] = ()
    text_hash: str = ""
    started: Dated | None = None
    proposed: Dated | None = None
    submitted: Dated | None = None
    silence: Dated | None = None
    last_approval: Dated | None = None
    published: Dated | None = None
    adopted: Dated | None = None
    report_drafted: Dated | None = None
    report_adopted: Dated | None = None
    document: str = ""
    masthead: Dated | None = None
    missing_languages: tuple[str, ...] = ()
    changes: tuple[tuple[str, Dated], ...] = ()
    """Documents that changed what had been published, each with when it was out."""
    amendments: tuple[object, ...] = ()
    report: str = ""
    report_languages: tuple[str, ...] = ()
    oral_amendments: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    """Further bodies whose agenda it is too."""
    report_deferred: Dated | None = None
    deferred_to: str = ""
    decided: tuple[tuple[Dated, ItemsDecided], ...] = ()
    """What meetings decided on items, or on an agenda whose items are not known."""
    objections: tuple[tuple[Dated, ObjectionNoted], ...] = ()
    """Objections that came while no silence ran."""
    revoked: frozenset[str] = frozenset()
    """Items that had been approved, until an objection in time was found."""

    @property
    def approved(self) -> Dated | None:
        """When the last of its items was approved; None while any item is not."""
        open_ = any(item.approval not in {"approved", "added orally"} for item in self.items)
        return None if open_ else self.last_approval

    @property
    def refused(self) -> bool:
        """Whether a meeting last turned down an agenda whose items are not known."""
        return bool(not self.items and self.decided and self.decided[-1][1].result in REFUSING)

    @property
    def stage(self) -> str:
        """In a word, how far this agenda has come; derived from its facts, item by item."""
        approvals = [item.approval for item in self.items]
        not_approved = self.standing("not approved")
        reached = (
            self.report_adopted,
            self.report_deferred,
            self.adopted,
            self.published and "approval suspended" in approvals,
            self.published and self.revoked & {*not_approved},
            self.published,
            self.approved,
            "approval suspended" in approvals,
            "under silence" in approvals,
            "approved" in approvals,
            "not approved" in approvals or self.refused,
            "submitted" in approvals,
            approvals,
            self,
        )
        return next(word for word, yes in zip(STAGES, reached, strict=True) if yes)

    def under(self, item: str) -> tuple[Item, ...]:
        """The sub-items of an item."""
        return tuple(sub for sub in self.items if sub.under == item)

    def item(self, name: str) -> Item:
        """The item of this number. Raises Refused for one that the agenda does not hold."""
        found = [item for item in self.items if item.item == name]
        insist("known", found, f"agenda {self.id} has no item {name}")
        return found[0]

    def standing(self, *approvals: str) -> tuple[str, ...]:
        """The items whose approval stands at one of these words, in order."""
        return tuple(item.item for item in self.items if item.approval in approvals)

    def evolve(self, recorded: Recorded) -> Agenda:
        """Remember one fact. Never refuses: it already happened."""
        now = Dated.of(recorded)
        match recorded.fact:
            case AgendaStarted() as fact:
                return changed(self, id=recorded.stream.id, started=now, **fields_of(fact))
            case ItemProposed() as fact:
                items = (*self.items, Item(**fields_of(fact)))
                return changed(self, items=items, proposed=self.proposed or now)
            case ItemAmended(item=name, titles=titles):
                titles = {**self._peek(name).titles, **titles}
                return self._with([name], titles=titles, approval="proposed")
            case ItemWithdrawn(item=name):
                return changed(
                    self, items=tuple(i for i in self.items if name not in {i.item, i.under})
                )
            case ItemAnnotated() as fact:
                return changed(self, notes=(*self.notes, fact))
            case DocumentsPlanned() as fact:
                return self._with(
                    [fact.item],
                    documents=fact.documents,
                    none_expected=fact.none_expected,
                    note=fact.note,
                )
            case WorkOrganized(slots=slots):
                return changed(self, work=slots)
            case _:
                return self._advance(recorded.fact, now)

    def _advance(self, fact: Fact, now: Dated) -> Agenda:
        """Remember an act of submission, approval, publication, adoption or report."""
        match fact:
            case ItemsSubmitted(items=names, text_hash=text_hash):
                after = self._with(names, approval="submitted")
                return changed(after, submitted=now, text_hash=text_hash)
            case ItemsPutUnderSilence(items=names, window=window):
                after = self._with(names, approval="under silence", window=window)
                return changed(after, silence=now)
            case ItemsApproved(items=names, window=window):
                after = self._with(names, approval="approved", window=window)
                return changed(after, last_approval=now, revoked=self.revoked - {*names})
            case ItemsNotApproved(items=names, window=window):
                had = {*names} & {*self.standing("approved", "approval suspended")}
                after = self._with(names, approval="not approved", window=window)
                return changed(after, revoked=self.revoked | had)
            case ItemsDecided(items=names, result=result) as decided:
                stands = "not approved" if result in REFUSING else "approved"
                after = self._with(names, approval=stands)
                last = now if stands == "approved" else self.last_approval if names else None
                return changed(after, decided=(*self.decided, (now, decided)), last_approval=last)
            case AgendaShared(bodies=bodies):
                return changed(self, shared=(*self.shared, *bodies))
            case ObjectionNoted() as noted:
                return changed(self, objections=(*self.objections, (now, noted.shown)))
            case ReportDeferred(to=to, until=until):
                told = to or ("" if not until.known else str(until))
                return changed(self, report_deferred=now, deferred_to=told)
            case ApprovalSuspended(items=names):
                return self._with(names, approval="approval suspended")
            case AgendaDocumentRegistered(document=document, masthead_date=date):
                masthead = changed(now, when=date)
                return changed(self, document=document, masthead=masthead)
            case AgendaPublished(document=document, missing=missing) as fact:
                if fact.changes or self.published:
                    return changed(self, changes=(*self.changes, (document, now)))
                return changed(self, document=document, published=now, missing_languages=missing)
            case AgendaAdopted(items=order_, amendments=amendments):
                items = amended(self.items, order_, amendments)
                return changed(self, items=items, amendments=amendments, adopted=now)
            case ReportDrafted(document=document, languages=languages):
                return changed(
                    self, report=document, report_languages=languages, report_drafted=now
                )
            case ReportAdopted(document=document, oral_amendments=oral):
                return changed(
                    self,
                    report=document or self.report,
                    oral_amendments=oral,
                    report_adopted=now,
                )
        return self

    def _peek(self, name: str) -> Item:
        return next(item for item in self.items if item.item == name)

    def _with(self, names: Sequence[str], **changes: Any) -> Agenda:
        items = tuple(
            changed(item, **changes) if item.item in names else item for item in self.items
        )
        return changed(self, items=items)


def days_of(agenda: Agenda) -> tuple[When, ...]:
    """The days of the slots of its organization of work."""
    return tuple(slot.day for slot in agenda.work)
