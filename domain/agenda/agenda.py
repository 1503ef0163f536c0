"""The state of an agenda, what it decides, and what it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct, structs

from domain.agenda.events import (
    AgendaAdopted,
    AgendaDocumentRegistered,
    AgendaPublished,
    AgendaShared,
    AgendaStarted,
    Amendment,
    ApprovalSuspended,
    DocumentsPlanned,
    ItemAmended,
    ItemAnnotated,
    ItemMoved,
    ItemProposed,
    ItemsApproved,
    ItemsDecided,
    ItemsNotApproved,
    ItemsPutUnderSilence,
    ItemsRenumbered,
    ItemsSubmitted,
    ItemWithdrawn,
    ObjectionNoted,
    ReportAdopted,
    ReportDeferred,
    ReportDrafted,
    WorkOrganized,
)
from domain.agenda.item_numbers import item_key
from domain.agenda.item_order import (
    append_item,
    apply_amendments,
    descendants,
    move_item,
    renumber_items,
)
from domain.agenda.items import Item, find_item
from domain.agenda.work_schedule import OrganizationOfWork
from domain.messages import DatedStep, Fact, RecordedEvent
from domain.rules import require
from domain.voting import REFUSING

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


class Agenda(Struct, frozen=True, kw_only=True):
    """What the rules must remember about an agenda. Its stage is derived, never stored."""

    id: str = ""
    body: str = ""
    session: str = ""
    part: int = 1
    type: str = "provisional agenda"
    approved_by: str = ""
    items: tuple[Item, ...] = ()
    ids_given: int = 0
    """How many items have had a lasting id, whether they still stand or not."""
    listed: tuple[Item, ...] = ()
    """The items as they were published last, or else as the body found them at the adoption."""
    work: OrganizationOfWork = OrganizationOfWork()
    text_hash: str = ""
    started: DatedStep | None = None
    proposed: DatedStep | None = None
    submitted: DatedStep | None = None
    silence: DatedStep | None = None
    last_approval: DatedStep | None = None
    published: DatedStep | None = None
    adopted: DatedStep | None = None
    report_drafted: DatedStep | None = None
    report_adopted: DatedStep | None = None
    document: str = ""
    masthead: DatedStep | None = None
    missing_languages: tuple[str, ...] = ()
    changes: tuple[tuple[str, DatedStep], ...] = ()
    """Documents that changed what had been published, each with when it was out."""
    amendments: tuple[object, ...] = ()
    report: str = ""
    report_languages: tuple[str, ...] = ()
    report_no_others: bool = False
    """The draft was out in no other language: so a source says of history."""
    oral_amendments: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    """Further bodies whose agenda it is too."""
    report_deferred: DatedStep | None = None
    deferred_to: str = ""
    decided: tuple[tuple[DatedStep, ItemsDecided], ...] = ()
    """What meetings decided on items, or on an agenda whose items are not known."""
    objections: tuple[tuple[DatedStep, ObjectionNoted], ...] = ()
    """Objections that came while no silence ran."""
    revoked: frozenset[str] = frozenset()
    """The ids of items that had been approved, until an objection in time was found."""

    @property
    def approved(self) -> DatedStep | None:
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
        not_approved = self._ids("not approved")
        reached = (
            self.report_adopted,
            self.report_deferred,
            self.adopted,
            self.published and "approval suspended" in approvals,
            self.published and self.revoked & not_approved,
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

    @property
    def provisional(self) -> tuple[Item, ...]:
        """The items that the rules on a provisional agenda judge: the body may adopt others."""
        return self.listed if self.adopted else self.items

    def sub_items(self, item: str) -> tuple[Item, ...]:
        """The sub-items of an item, without theirs."""
        return tuple(sub for sub in self.items if sub.under == item)

    def item(self, name: str) -> Item:
        """The item of this number, however it is spelt. Raises Refused when there is none."""
        found = find_item(self.items, name)
        require("known", found, f"agenda {self.id} has no item {name}")
        assert found is not None  # noqa: S101 (told to the type checker; it is insisted on above)
        return found

    def items_with_approval(self, *approvals: str) -> tuple[str, ...]:
        """The items whose approval stands at one of these words, in order."""
        return tuple(item.item for item in self.items if item.approval in approvals)

    @property
    def approved_item_ids(self) -> frozenset[str]:
        """The ids of the items that are approved."""
        return self._ids("approved")

    @property
    def suspended_item_ids(self) -> frozenset[str]:
        """The ids of the items whose approval is suspended."""
        return self._ids("approval suspended")

    def _ids(self, approval: str) -> frozenset[str]:
        return frozenset(item.id for item in self.items if item.approval == approval)

    def evolve(self, recorded: RecordedEvent) -> Agenda:
        """Remember one fact. Never refuses: it already happened."""
        now = DatedStep.from_event(recorded)
        match recorded.fact:
            case AgendaStarted() as fact:
                return structs.replace(
                    self, id=recorded.stream.id, started=now, **structs.asdict(fact)
                )
            case ItemAnnotated(item=name, language=language) as fact:
                one = find_item(self.items, name)
                others = [note for note in one.notes if note.language != language] if one else []
                return self._with([name], notes=(*others, fact))
            case DocumentsPlanned() as fact:
                return self._with(
                    [fact.item],
                    documents=fact.documents,
                    none_expected=fact.none_expected,
                    note=fact.note,
                )
            case WorkOrganized(slots=slots, text_hash=text_hash, count=count):
                meant = {item.item: item.id for item in self.items}
                work = OrganizationOfWork(
                    text_hash=text_hash, slots=slots, count=count or len(slots), items=meant
                )
                return structs.replace(self, work=work)
            case _:
                return self._prepared(recorded.fact, now)

    def _prepared(self, fact: Fact, now: DatedStep) -> Agenda:
        """Remember how the list of items was made: its items, their numbers and their places."""
        match fact:
            case ItemProposed():
                return self._with_proposed(fact, now)
            case ItemAmended(item=name, titles=titles):
                one = find_item(self.items, name)
                told = {**one.titles, **titles} if one else {}
                return self._with([name], titles=told, approval="proposed", asked_as="")
            case ItemWithdrawn(item=name):
                return self._without(name)
            case ItemMoved(item=name, after=after, under=under):
                one = find_item(self.items, name)
                items = move_item(self.items, one, after=after, under=under) if one else self.items
                return structs.replace(self, items=_unsettled(items, [name]))
            case ItemsRenumbered(numbers=numbers):
                items = renumber_items(self.items, numbers)
                return structs.replace(self, items=_unsettled(items, [*numbers.values()]))
        return self._advance(fact, now)

    def _with_proposed(self, fact: ItemProposed, now: DatedStep) -> Agenda:
        """Older events state no id; the same one is derived of them, and their order is kept."""
        given = self.ids_given + 1
        item = Item(**{**structs.asdict(fact), "id": fact.id or f"i{given}"})
        items = append_item(self.items, item) if fact.id else (*self.items, item)
        return structs.replace(self, items=items, ids_given=given, proposed=self.proposed or now)

    def _without(self, name: str) -> Agenda:
        """A sub-item that is under silence or approved does not go with its parent: it stands."""
        one = find_item(self.items, name)
        if one is None:
            return self
        gone = {one.item, *(sub.item for sub in descendants(self.items, one) if not _bound(sub))}
        items = tuple(
            structs.replace(item, under="" if item.under in gone else item.under)
            for item in self.items
            if item.item not in gone
        )
        return structs.replace(self, items=items)

    def _advance(self, fact: Fact, now: DatedStep) -> Agenda:
        """Remember an act of submission, approval, publication, adoption or report."""
        match fact:
            case ItemsSubmitted(items=names, text_hash=text_hash):
                after = self._with(names, approval="submitted", text_hash=text_hash, asked_as="")
                return structs.replace(after, submitted=now, text_hash=text_hash)
            case ItemsPutUnderSilence(items=names, window=window):
                return structs.replace(self._asked(names, window), silence=now)
            case ItemsApproved(items=names, window=window):
                after = self._decided(names, window, "approved")
                return structs.replace(
                    after, last_approval=now, revoked=self.revoked - after.approved_item_ids
                )
            case ItemsNotApproved(items=names, window=window):
                after = self._decided(names, window, "not approved")
                lost = (
                    (self.approved_item_ids | self.suspended_item_ids)
                    - after.approved_item_ids
                    - after.suspended_item_ids
                )
                return structs.replace(after, revoked=self.revoked | lost)
            case ItemsDecided(items=names, result=result) as decided:
                stands = "not approved" if result in REFUSING else "approved"
                after = self._with(names, approval=stands, asked_as="")
                last = now if stands == "approved" else self.last_approval if names else None
                return structs.replace(
                    after, decided=(*self.decided, (now, decided)), last_approval=last
                )
            case AgendaShared(bodies=bodies):
                return structs.replace(self, shared=(*self.shared, *bodies))
            case ObjectionNoted() as noted:
                return structs.replace(self, objections=(*self.objections, (now, noted.shown)))
            case ReportDeferred(to=to, until=until):
                told = to or ("" if not until.known else str(until))
                return structs.replace(self, report_deferred=now, deferred_to=told)
            case ApprovalSuspended(items=names, window=window):
                return self._decided(names, window, "approval suspended")
            case AgendaDocumentRegistered(document=document, masthead_date=date):
                masthead = structs.replace(now, when=date)
                return structs.replace(self, document=document, masthead=masthead)
            case AgendaPublished(document=document, missing=missing) as fact:
                if fact.changes or self.published:
                    changes = (*self.changes, (document, now))
                    return structs.replace(self, changes=changes, listed=self.items)
                return structs.replace(
                    self,
                    document=document,
                    published=now,
                    missing_languages=missing,
                    listed=self.items,
                )
            case AgendaAdopted(items=order_, amendments=amendments):
                return self._adopted(order_, amendments, now)
            case ReportDrafted(document=document, languages=languages, no_others=no_others):
                return structs.replace(
                    self,
                    report=document,
                    report_languages=languages,
                    report_no_others=no_others,
                    report_drafted=now,
                )
            case ReportAdopted(document=document, oral_amendments=oral):
                return structs.replace(
                    self,
                    report=document or self.report,
                    oral_amendments=oral,
                    report_adopted=now,
                )
        return self

    def _adopted(
        self, names: Sequence[str], amendments: Sequence[Amendment], now: DatedStep
    ) -> Agenda:
        """What is added orally gets a lasting id as well, after those that were proposed."""
        return structs.replace(
            self,
            items=apply_amendments(self.items, names, amendments, self.ids_given),
            ids_given=self.ids_given + len([one for one in amendments if one.act == "add"]),
            listed=self.listed or self.items,
            amendments=amendments,
            adopted=now,
        )

    def _with(self, names: Sequence[str], **changes: Any) -> Agenda:
        """These items changed, by the numbers that they bear now."""
        meant = _meant(names, [item.item for item in self.items])
        items = tuple(
            structs.replace(item, **changes) if item.item in meant else item for item in self.items
        )
        return structs.replace(self, items=items)

    def _asked(self, names: Sequence[str], window: str) -> Agenda:
        """These items under silence; each remembers the number under which it was asked."""
        after = self._with(names, approval="under silence", window=window)
        items = tuple(
            structs.replace(item, asked_as=item.item)
            if item.window == window and item.approval == "under silence"
            else item
            for item in after.items
        )
        return structs.replace(after, items=items)

    def _decided(self, names: Sequence[str], window: str, approval: str) -> Agenda:
        """What became of items: by the numbers that they bore in a window, or else bear now.

        An item that was asked anew since is no longer that window's.
        """
        if not window:
            return self._with(names, approval=approval, window="", asked_as="")
        theirs = [one.asked_as for one in self.items if one.asked_as and one.window == window]
        meant = _meant(names, theirs)
        items = tuple(
            structs.replace(item, approval=approval)
            if item.window == window and item.asked_as in meant
            else item
            for item in self.items
        )
        return structs.replace(self, items=items)


def _meant(names: Sequence[str], known: Sequence[str]) -> frozenset[str]:
    """Which of the known numbers are named: in this spelling, or else in another of the same."""
    keys = {item_key(name) for name in names if name not in known}
    return frozenset(one for one in known if one in names or item_key(one) in keys)


def _unsettled(items: Sequence[Item], names: Sequence[str]) -> tuple[Item, ...]:
    """What was submitted under another number or in another place is to be submitted anew."""
    tops = [one for one in items if one.item in names]
    family = {one.item for top in tops for one in (top, *descendants(items, top))}
    return tuple(
        structs.replace(one, approval="proposed")
        if one.item in family and one.approval == "submitted"
        else one
        for one in items
    )


def _bound(item: Item) -> bool:
    """Whether an item's text is before the bodies, or has been approved by them."""
    return item.approval in {"under silence", "approved", "approval suspended"}
