"""The state of an agenda, what it decides, and what it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from domain.agenda import adoption, noticed
from domain.agenda.commands import (
    AdoptAgenda,
    AdoptReport,
    AmendItem,
    AnnotateItem,
    ApproveItems,
    DraftReport,
    OrganizeWork,
    PlanDocuments,
    ProposeItem,
    StartAgenda,
    SubmitItems,
    WithdrawItem,
)
from domain.agenda.events import (
    AgendaAdopted,
    AgendaDocumentRegistered,
    AgendaPublished,
    AgendaStarted,
    ApprovalSuspended,
    DocumentsPlanned,
    ItemAmended,
    ItemAnnotated,
    ItemProposed,
    ItemsApproved,
    ItemsNotApproved,
    ItemsPutUnderSilence,
    ItemsSubmitted,
    ItemWithdrawn,
    ReportAdopted,
    ReportDrafted,
    WorkOrganized,
)
from domain.agenda.items import Item, text_of
from domain.facts import Dated, Decision, Fact, Happened, Order, Recorded, Role, fields_of, telling
from domain.programme import Slot
from domain.rules import insist, judge

if TYPE_CHECKING:
    from domain.world import World


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
    amendments: tuple[object, ...] = ()
    report: str = ""
    report_languages: tuple[str, ...] = ()
    oral_amendments: tuple[str, ...] = ()

    @property
    def approved(self) -> Dated | None:
        """When the last of its items was approved; None while any item is not."""
        open_ = any(item.approval not in {"approved", "added orally"} for item in self.items)
        return None if open_ else self.last_approval

    @property
    def stage(self) -> str:
        """In a word, how far this agenda has come; derived from its facts, item by item."""
        approvals = [item.approval for item in self.items]
        reached = (
            ("report adopted", self.report_adopted),
            ("adopted", self.adopted),
            ("published", self.published),
            ("approved", self.approved),
            ("approval suspended", "approval suspended" in approvals),
            ("under silence", "under silence" in approvals),
            ("partly approved", "approved" in approvals),
            ("not approved", "not approved" in approvals),
            ("submitted", "submitted" in approvals),
            ("proposed", approvals),
        )
        return next((word for word, yes in reached if yes), "started")

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

    def decide(self, order: Order, world: World) -> Decision:
        """Answer a command to this agenda. Raises Refused."""
        command, stream = order.command, order.command.stream
        if isinstance(command, StartAgenda):
            return self._start(command, world)
        insist("known", self.id, f"agenda {stream.id} does not exist")
        match command:
            case SubmitItems():
                return self._submit(command, order, world)
            case AdoptAgenda():
                return adoption.of_agenda(self, command, order, world)
            case DraftReport() | AdoptReport():
                return adoption.of_report(self, command, order, world)
            case ApproveItems():
                return self._approve(command, order)
        return Decision((Happened(stream, self._prepare(command)),))

    def _start(self, command: StartAgenda, world: World) -> Decision:
        insist("new", not self.id, f"agenda {command.agenda} exists already")
        body = world.body(command.body)
        if command.session:
            session = world.session(command.session)
            same = session.body == body.id
            insist("fits-its-stream", same, f"session {session.id} is of body {session.body}")
        if command.approved_by:
            world.body(command.approved_by)
        return Decision((Happened(command.stream, telling(AgendaStarted, command)),))

    def _prepare(self, command: object) -> Fact:
        """Proposing, amending, annotating: acts on items that are still in preparation."""
        match command:
            case ProposeItem() as asked:
                taken = asked.item in {item.item for item in self.items}
                insist("new", not taken, f"agenda {self.id} has an item {asked.item} already")
                insist("empty", asked.titles, f"item {asked.item} needs a title")
                if asked.under:
                    self.item(asked.under)
                return telling(ItemProposed, asked)
            case AmendItem() as asked:
                self._in_preparation(asked.item)
                return telling(ItemAmended, asked)
            case WithdrawItem() as asked:
                self._in_preparation(asked.item)
                return telling(ItemWithdrawn, asked)
            case AnnotateItem() as asked:
                self.item(asked.item)
                return telling(ItemAnnotated, asked)
            case PlanDocuments() as asked:
                self.item(asked.item)
                told = bool(asked.documents) != asked.none_expected
                insist("empty", told, "list documents, or state that none is expected")
                return telling(DocumentsPlanned, asked)
            case OrganizeWork(slots=slots):
                insist("empty", slots, "an organization of work needs a slot")
                for slot in slots:
                    _ = slot.hours
                    insist("empty", slot.entries, f"no item in the slot of {slot.day}")
                    for entry in slot.entries:
                        self.item(entry.item)
                return WorkOrganized(slots=slots)
        raise TypeError(f"no agenda command: {command!r}")

    def _in_preparation(self, name: str) -> None:
        approval = self.item(name).approval
        open_ = approval in {"proposed", "submitted", "not approved"}
        insist("stage", open_ and not self.adopted, f"item {name} is {approval}")

    def _submit(self, command: SubmitItems, order: Order, world: World) -> Decision:
        open_ = self.standing("proposed", "submitted", "not approved")
        names = command.items or open_
        insist("empty", names, f"agenda {self.id} has no items to submit")
        for name in names:
            self._in_preparation(name)
        to = command.to or self.approved_by
        insist("known", to, "say to which body the items are submitted")
        body = world.body(self.body)
        pack = world.pack_of(body, order.when)
        found = judge(
            pack, noticed.of_items(self, pack), attested=order.attested, waivers=order.waivers
        )
        text_hash, contents = text_of([self.item(name) for name in names])
        fact = ItemsSubmitted(items=tuple(names), to=to, text_hash=text_hash)
        return Decision(
            (Happened(command.stream, fact),),
            found,
            contents,
            body.pack_at(order.when),
        )

    def _approve(self, command: ApproveItems, order: Order) -> Decision:
        names = command.items or self.standing("submitted")
        untold = order.attested and not self.items
        insist("stage", names or untold, f"agenda {self.id} has no submitted items")
        insist("live-role", order.attested or order.actor.role is Role.BODY, "a body approves")
        for name in names:
            ready = self.item(name).approval == "submitted"
            insist("stage", ready, f"item {name} is {self.item(name).approval}")
        fact = ItemsApproved(items=names, by=command.by or self.approved_by, manner=command.manner)
        return Decision((Happened(command.stream, fact),))

    def evolve(self, recorded: Recorded) -> Agenda:
        """Remember one fact. Never refuses: it already happened."""
        now = Dated.of(recorded)
        match recorded.fact:
            case AgendaStarted() as fact:
                return replace(self, id=recorded.stream.id, started=now, **fields_of(fact))
            case ItemProposed() as fact:
                items = (*self.items, Item(**fields_of(fact)))
                return replace(self, items=items, proposed=self.proposed or now)
            case ItemAmended(item=name, titles=titles):
                titles = {**self._peek(name).titles, **titles}
                return self._with([name], titles=titles, approval="proposed")
            case ItemWithdrawn(item=name):
                return replace(
                    self, items=tuple(i for i in self.items if name not in {i.item, i.under})
                )
            case ItemAnnotated() as fact:
                return replace(self, notes=(*self.notes, fact))
            case DocumentsPlanned() as fact:
                return self._with(
                    [fact.item],
                    documents=fact.documents,
                    none_expected=fact.none_expected,
                    note=fact.note,
                )
            case WorkOrganized(slots=slots):
                return replace(self, work=slots)
            case _:
                return self._advance(recorded.fact, now)

    def _advance(self, fact: Fact, now: Dated) -> Agenda:
        """Remember an act of submission, approval, publication, adoption or report."""
        match fact:
            case ItemsSubmitted(items=names, text_hash=text_hash):
                after = self._with(names, approval="submitted")
                return replace(after, submitted=now, text_hash=text_hash)
            case ItemsPutUnderSilence(items=names, window=window):
                after = self._with(names, approval="under silence", window=window)
                return replace(after, silence=now)
            case ItemsApproved(items=names, window=window):
                after = self._with(names, approval="approved", window=window)
                return replace(after, last_approval=now)
            case ItemsNotApproved(items=names, window=window):
                return self._with(names, approval="not approved", window=window)
            case ApprovalSuspended(items=names):
                return self._with(names, approval="approval suspended")
            case AgendaDocumentRegistered(document=document, masthead_date=date):
                masthead = replace(now, when=date)
                return replace(self, document=document, masthead=masthead)
            case AgendaPublished(missing=missing):
                return replace(self, published=now, missing_languages=missing)
            case AgendaAdopted(items=order_, amendments=amendments):
                items = adoption.amended(self.items, order_, amendments)
                return replace(self, items=items, amendments=amendments, adopted=now)
            case ReportDrafted(document=document, languages=languages):
                return replace(
                    self, report=document, report_languages=languages, report_drafted=now
                )
            case ReportAdopted(document=document, oral_amendments=oral):
                return replace(
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
            replace(item, **changes) if item.item in names else item for item in self.items
        )
        return replace(self, items=items)
