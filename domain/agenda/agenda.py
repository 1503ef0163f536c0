"""The state of an agenda: its items, the steps that it has taken, and its stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, assert_never

from msgspec import Struct, field, structs

from domain.agenda import item_approvals
from domain.agenda.events import (
    AgendaAdopted,
    AgendaDocumentRegistered,
    AgendaPublished,
    AgendaShared,
    AgendaStarted,
    ApprovalEvent,
    ApprovalSuspended,
    DocumentsPlanned,
    HeadingAmended,
    HeadingEvent,
    HeadingMoved,
    HeadingProposed,
    HeadingWithdrawn,
    ItemAmended,
    ItemAnnotated,
    ItemCleared,
    ItemDescribed,
    ItemDetailEvent,
    ItemListEvent,
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
    PublicationEvent,
    ReportAdopted,
    ReportDeferred,
    ReportDrafted,
    ReportEvent,
    WorkOrganized,
    is_agenda_event,
)
from domain.agenda.headings import (
    Heading,
    apply_heading_event,
    find_heading,
    headings_over,
    items_below,
    keep_place,
    keep_place_at_adoption,
    with_item_at_end,
)
from domain.agenda.item_order import append_item, apply_amendments, move_item, renumber_items
from domain.agenda.item_texts import PlacedHeading, headings_of
from domain.agenda.items import NO_PARTICULARS, Item, find_item
from domain.agenda.work_schedule import OrganizationOfWork
from domain.messages import DatedStep, FoldableEvent
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
    ids_given: int = field(default=0, name="given")
    """How many items have had a lasting id, whether they still stand or not."""
    headings: tuple[Heading, ...] = ()
    """The headings without a number among the items, in order."""
    headings_given: int = 0
    """How many headings have had an id, whether they still stand or not."""
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
        assert found is not None  # noqa: S101 (for the type checker; checked above)
        return found

    def heading(self, name: str) -> Heading:
        """The heading of this id. Raises Refused when there is none."""
        found = find_heading(self.headings, name)
        require("known", found, f"agenda {self.id} has no heading {name}")
        assert found is not None  # noqa: S101 (for the type checker; checked above)
        return found

    def headings_before(self, item_id: str) -> tuple[Heading, ...]:
        """The headings right above an item; with an empty id, those at the end of the list."""
        return tuple(heading for heading in self.headings if heading.before == item_id)

    def headings_of(self, numbers: Sequence[str]) -> tuple[PlacedHeading, ...]:
        """The headings that belong to the text of these items."""
        chosen = [item for item in self.items if item.item in numbers]
        return headings_of(self.items, self.headings, chosen)

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

    @property
    def window_ids(self) -> tuple[str, ...]:
        """The windows under which its items were put last, each once, in order of their ids."""
        return tuple(sorted({item.window for item in self.items if item.window}))

    @property
    def awaited_window_ids(self) -> tuple[str, ...]:
        """The windows for whose outcome it waits, each once, in order of their ids.

        Several may run beside each other, and everybody who tells of one tells of all. In which
        order they end, the windows themselves say (`domain.silence.current_windows`).
        """
        waiting = {"under silence", "approval suspended"}
        return tuple(sorted({item.window for item in self.items if item.approval in waiting}))

    def _ids(self, approval: str) -> frozenset[str]:
        return frozenset(item.id for item in self.items if item.approval == approval)

    def evolve(self, recorded: FoldableEvent) -> Agenda:
        """The agenda after one event. Never refuses: it already happened."""
        event, now = recorded.fact, DatedStep.from_event(recorded)
        if not is_agenda_event(event):
            return self
        match event:
            case AgendaStarted():
                return self._started(event, recorded.stream.id, now)
            case (
                ItemProposed()
                | ItemAmended()
                | ItemDescribed()
                | ItemCleared()
                | ItemWithdrawn()
                | ItemMoved()
                | ItemsRenumbered()
            ):
                return self._with_list(event, now)
            case HeadingProposed() | HeadingAmended() | HeadingMoved() | HeadingWithdrawn():
                return self._with_heading(event)
            case ItemAnnotated() | DocumentsPlanned() | WorkOrganized():
                return self._with_details(event)
            case (
                ItemsSubmitted()
                | ItemsPutUnderSilence()
                | ItemsApproved()
                | ItemsNotApproved()
                | ApprovalSuspended()
                | ItemsDecided()
            ):
                return self._with_approvals(event, now)
            case AgendaDocumentRegistered() | AgendaPublished() | AgendaAdopted():
                return self._with_publication(event, now)
            case ReportDrafted() | ReportAdopted() | ReportDeferred():
                return self._with_report(event, now)
            case ObjectionNoted():
                return structs.replace(self, objections=(*self.objections, (now, event.shown)))
            case AgendaShared():
                return structs.replace(self, shared=(*self.shared, *event.bodies))
            case _:
                assert_never(event)

    def _started(self, event: AgendaStarted, name: str, now: DatedStep) -> Agenda:
        return structs.replace(
            self,
            id=name,
            body=event.body,
            session=event.session,
            part=event.part,
            type=event.type,
            approved_by=event.approved_by,
            started=now,
        )

    def _with_list(self, event: ItemListEvent, now: DatedStep) -> Agenda:
        match event:
            case ItemProposed():
                return self._with_proposed(event, now)
            case ItemAmended():
                item = find_item(self.items, event.item)
                titles = {**item.titles, **event.titles} if item else {}
                return self._with([event.item], titles=titles, approval="proposed", submitted_as="")
            case ItemDescribed():
                return self._with([event.item], **_particulars(event))
            case ItemCleared(item=item, particulars=names):
                return self._with(
                    [item], **{name: none for name, none in NO_PARTICULARS.items() if name in names}
                )
            case ItemWithdrawn():
                item = find_item(self.items, event.item)
                items = item_approvals.withdrawn(self.items, item) if item else self.items
                return self._rearranged(items)
            case ItemMoved():
                item = find_item(self.items, event.item)
                if item is None:
                    return self
                items = move_item(self.items, item, event.after, event.under)
                items = item_approvals.proposed_again(items, [event.item])
                return self._rearranged(items, moved=(item.id,))
            case ItemsRenumbered():
                items = renumber_items(self.items, event.numbers)
                items = item_approvals.proposed_again(items, [*event.numbers.values()])
            case _:
                assert_never(event)
        return structs.replace(self, items=items)

    def _with_proposed(self, event: ItemProposed, now: DatedStep) -> Agenda:
        """Older events state no id; the same one is derived of them, and their order is kept."""
        given = self.ids_given + 1
        item = Item(
            item=event.item,
            titles=event.titles,
            under=event.under,
            working_translations=event.working_translations,
            proposer_kind=event.proposer_kind,
            proposer=event.proposer,
            legal_basis=event.legal_basis,
            memorandum=event.memorandum,
            subjects=event.subjects,
            id=event.id or f"i{given}",
        )
        items = append_item(self.items, item) if event.id else (*self.items, item)
        last = items[-1] is item and not item.under
        headings = with_item_at_end(self.headings, item) if last else self.headings
        return structs.replace(
            self,
            items=items,
            headings=headings,
            ids_given=given,
            proposed=self.proposed or now,
        )

    def _rearranged(self, items: tuple[Item, ...], moved: Sequence[str] = ()) -> Agenda:
        """The agenda after an item was moved or taken off; headings stay where they are."""
        headings = keep_place(self.headings, self.items, items, moved)
        return structs.replace(self, items=self._headed(items, headings), headings=headings)

    def _headed(self, items: tuple[Item, ...], headings: Sequence[Heading]) -> tuple[Item, ...]:
        """Items of which those that were submitted under other headings must be so again."""
        was, now = headings_over(self.items, self.headings), headings_over(items, headings)
        other = [item.id for item in items if was[item.id] != now[item.id]]
        return item_approvals.proposed_under_others(items, other)

    def _with_heading(self, event: HeadingEvent) -> Agenda:
        """The agenda after something happened to a heading; the items stay where they are."""
        headings = apply_heading_event(self.headings, self.items, event)
        items = self._headed(self.items, headings)
        if isinstance(event, HeadingAmended):
            below = [item.id for item in items_below(items, headings, event.heading)]
            items = item_approvals.proposed_under_others(items, below)
        given = self.headings_given + isinstance(event, HeadingProposed)
        return structs.replace(self, items=items, headings=headings, headings_given=given)

    def _with_details(self, event: ItemDetailEvent) -> Agenda:
        match event:
            case ItemAnnotated():
                item = find_item(self.items, event.item)
                notes = (
                    [note for note in item.notes if note.language != event.language] if item else []
                )
                return self._with([event.item], notes=(*notes, event))
            case DocumentsPlanned():
                return self._with(
                    [event.item],
                    documents=event.documents,
                    none_expected=event.none_expected,
                    note=event.note,
                )
            case WorkOrganized():
                work = OrganizationOfWork(
                    text_hash=event.text_hash,
                    slots=event.slots,
                    count=event.count or len(event.slots),
                    items={item.item: item.id for item in self.items},
                )
                return structs.replace(self, work=work)
            case _:
                assert_never(event)

    def _with_approvals(self, event: ApprovalEvent, now: DatedStep) -> Agenda:
        names = event.items
        match event:
            case ItemsSubmitted(text_hash=text_hash):
                after = self._with(
                    names, approval="submitted", text_hash=text_hash, submitted_as=""
                )
                return structs.replace(after, submitted=now, text_hash=text_hash)
            case ItemsPutUnderSilence():
                items = item_approvals.put_under_silence(self.items, names, event.window)
                return structs.replace(self, items=items, silence=now)
            case ItemsApproved():
                after = self._decided(names, event.window, "approved")
                still = self.revoked - after.approved_item_ids
                return structs.replace(after, last_approval=now, revoked=still)
            case ItemsNotApproved():
                after = self._decided(names, event.window, "not approved")
                lost = (
                    (self.approved_item_ids | self.suspended_item_ids)
                    - after.approved_item_ids
                    - after.suspended_item_ids
                )
                return structs.replace(after, revoked=self.revoked | lost)
            case ApprovalSuspended():
                return self._decided(names, event.window, "approval suspended")
            case ItemsDecided():
                return self._decided_at_a_meeting(event, now)
            case _:
                assert_never(event)

    def _decided_at_a_meeting(self, event: ItemsDecided, now: DatedStep) -> Agenda:
        """Where no items are named, it was the agenda as a whole, whose items are not known."""
        refused = event.result in REFUSING
        approval = "not approved" if refused else "approved"
        after = self._with(event.items, approval=approval, submitted_as="")
        last = now if not refused else self.last_approval if event.items else None
        return structs.replace(after, decided=(*self.decided, (now, event)), last_approval=last)

    def _with_publication(self, event: PublicationEvent, now: DatedStep) -> Agenda:
        match event:
            case AgendaDocumentRegistered():
                masthead = structs.replace(now, when=event.masthead_date)
                return structs.replace(self, document=event.document, masthead=masthead)
            case AgendaPublished():
                return self._published(event, now)
            case AgendaAdopted():
                return self._adopted(event, now)
            case _:
                assert_never(event)

    def _published(self, event: AgendaPublished, now: DatedStep) -> Agenda:
        """What comes out after the first publication is a change of it."""
        if event.changes or self.published:
            changes = (*self.changes, (event.document, now))
            return structs.replace(self, changes=changes, listed=self.items)
        return structs.replace(
            self,
            document=event.document,
            published=now,
            missing_languages=event.missing,
            listed=self.items,
        )

    def _adopted(self, event: AgendaAdopted, now: DatedStep) -> Agenda:
        """What is added orally gets a lasting id as well, after those that were proposed."""
        added = [change for change in event.amendments if change.act == "add"]
        return structs.replace(
            self,
            items=apply_amendments(self.items, event.items, event.amendments, self.ids_given),
            ids_given=self.ids_given + len(added),
            headings=keep_place_at_adoption(
                self.headings, self.items, event.amendments, self.ids_given
            ),
            listed=self.listed or self.items,
            amendments=event.amendments,
            adopted=now,
        )

    def _with_report(self, event: ReportEvent, now: DatedStep) -> Agenda:
        match event:
            case ReportDrafted():
                return structs.replace(
                    self,
                    report=event.document,
                    report_languages=event.languages,
                    report_no_others=event.no_others,
                    report_drafted=now,
                )
            case ReportAdopted():
                return structs.replace(
                    self,
                    report=event.document or self.report,
                    oral_amendments=event.oral_amendments,
                    report_adopted=now,
                )
            case ReportDeferred(to=to, until=until):
                deferred_to = to or (str(until) if until.known else "")
                return structs.replace(self, report_deferred=now, deferred_to=deferred_to)
            case _:
                assert_never(event)

    def _with(self, numbers: Sequence[str], **changes: Any) -> Agenda:
        return structs.replace(self, items=item_approvals.copy_with(self.items, numbers, **changes))

    def _decided(self, numbers: Sequence[str], window: str, approval: str) -> Agenda:
        items = item_approvals.decided(self.items, numbers, window, approval)
        return structs.replace(self, items=items)


def _particulars(event: ItemDescribed) -> dict[str, Any]:
    """The fields of an item that an event changes."""
    given = {
        "proposer_kind": event.proposer_kind,
        "proposer": event.proposer,
        "legal_basis": event.legal_basis,
        "memorandum": event.memorandum,
        "subjects": event.subjects,
    }
    return {name: value for name, value in given.items() if value}
