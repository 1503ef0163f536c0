"""What an agenda decides: preparing, submitting and approving its items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import structs

from domain import organization_of_work
from domain.actors import Role
from domain.agenda import adoption, checks, item_stages, meeting_decisions, work_schedule
from domain.agenda.agenda import Agenda
from domain.agenda.commands import (
    AdoptAgenda,
    AdoptReport,
    AmendItem,
    AnnotateItem,
    ApproveItems,
    DecideItems,
    DeferReport,
    DraftReport,
    ListCommand,
    MoveItem,
    NoteObjection,
    OrganizeWork,
    PlanDocuments,
    ProposeItem,
    RenumberItems,
    ShareAgenda,
    StartAgenda,
    SubmitItems,
    WithdrawItem,
    is_agenda_command,
)
from domain.agenda.events import (
    AgendaShared,
    AgendaStarted,
    DocumentsPlanned,
    ItemAmended,
    ItemAnnotated,
    ItemListEvent,
    ItemMoved,
    ItemProposed,
    ItemsApproved,
    ItemsRenumbered,
    ItemsSubmitted,
    ItemWithdrawn,
    WorkOrganized,
)
from domain.agenda.item_numbers import item_key, normalize_number, parent_key, repeated_numbers
from domain.agenda.item_order import descendants, parent_of, renumber_descendants, renumber_items
from domain.agenda.items import Item, encode_texts, find_item, has_title
from domain.canonical import digest
from domain.decision_context import DecisionContext
from domain.further_bodies import require_further_bodies
from domain.messages import Decision, NewEvent, Order
from domain.rules import enforce, require


def decide(agenda: Agenda, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this agenda. Raises Refused."""
    command, stream = order.command, order.command.stream
    if not is_agenda_command(command):
        raise TypeError(f"no agenda command: {command!r}")
    if isinstance(command, StartAgenda):
        return _start(agenda, command, world)
    require("known", agenda.id, f"agenda {stream.id} does not exist")
    match command:
        case ProposeItem() | AmendItem() | WithdrawItem() | MoveItem() | RenumberItems():
            return Decision((NewEvent(stream, _list_event(agenda, command, order)),))
        case AnnotateItem() | PlanDocuments():
            return Decision((NewEvent(stream, _detail_event(agenda, command)),))
        case OrganizeWork():
            return _organize(agenda, command)
        case SubmitItems():
            return _submit(agenda, command, order, world)
        case ApproveItems():
            return _approve(agenda, command, order)
        case DecideItems() | NoteObjection() | DeferReport():
            event = meeting_decisions.decide(agenda, command, order, world)
            return Decision((NewEvent(stream, event),))
        case AdoptAgenda():
            return adoption.adopt_agenda(agenda, command, order, world)
        case DraftReport() | AdoptReport():
            return adoption.adopt_report(agenda, command, order, world)
        case ShareAgenda():
            require_further_bodies(command.bodies, (agenda.body, *agenda.shared), world)
            return Decision((NewEvent(stream, AgendaShared(bodies=command.bodies)),))
        case _:
            assert_never(command)


def _start(agenda: Agenda, command: StartAgenda, world: DecisionContext) -> Decision:
    require("new", not agenda.id, f"agenda {command.agenda} exists already")
    body = world.body(command.body)
    if command.session:
        session = world.session(command.session)
        same = session.body == body.id
        require("fits-its-stream", same, f"session {session.id} is of body {session.body}")
    if command.approved_by:
        world.body(command.approved_by)
    fact = AgendaStarted(
        body=command.body,
        session=command.session,
        part=command.part,
        type=command.type,
        approved_by=command.approved_by,
    )
    return Decision((NewEvent(command.stream, fact),))


def _list_event(agenda: Agenda, command: ListCommand, order: Order) -> ItemListEvent:
    """Proposing, amending, moving: acts on the list of items while it is in preparation."""
    match command:
        case ProposeItem():
            return _proposed(agenda, command, attested=order.attested)
        case AmendItem():
            item = item_stages.require_open(agenda, command.item, "amended")
            require("empty", has_title(command.titles), f"item {item.item} needs a title")
            return ItemAmended(item=item.item, titles=command.titles, reason=command.reason)
        case WithdrawItem():
            item = item_stages.require_open(agenda, command.item, "withdrawn")
            along = tuple(below.item for below in descendants(agenda.items, item))
            return ItemWithdrawn(item=item.item, reason=command.reason, sub_items=along)
        case MoveItem():
            return _moved(agenda, command)
        case RenumberItems():
            return _renumbered(agenda, command)
        case _:
            assert_never(command)


def _detail_event(
    agenda: Agenda, command: AnnotateItem | PlanDocuments
) -> ItemAnnotated | DocumentsPlanned:
    """What is put to items without a change of their text."""
    match command:
        case AnnotateItem():
            return _annotated(agenda, command)
        case PlanDocuments():
            return _documents_planned(agenda, command)
        case _:
            assert_never(command)


def _annotated(agenda: Agenda, command: AnnotateItem) -> ItemAnnotated:
    item_stages.require_stage(agenda, "annotated")
    return ItemAnnotated(
        item=agenda.item(command.item).item,
        language=command.language,
        heading=command.heading,
        paragraphs=command.paragraphs,
        footnotes=command.footnotes,
    )


def _documents_planned(agenda: Agenda, command: PlanDocuments) -> DocumentsPlanned:
    item_stages.require_stage(agenda, "given documents")
    item = agenda.item(command.item)
    either = bool(command.documents) != command.none_expected
    require("empty", either, "list documents, or state that none is expected")
    return DocumentsPlanned(
        item=item.item,
        documents=command.documents,
        none_expected=command.none_expected,
        note=command.note,
    )


def _proposed(agenda: Agenda, command: ProposeItem, *, attested: bool) -> ItemProposed:
    """A source may tell of a sub-item alone; a live one is proposed after its item."""
    item_stages.require_stage(agenda, "proposed")
    number = normalize_number(command.item)
    _require_new(agenda.items, number)
    require("empty", has_title(command.titles), f"item {number} needs a title")
    parent = agenda.item(command.under).item if command.under else parent_of(agenda.items, number)
    if not attested:
        _require_parent(number, parent)
    return ItemProposed(
        item=number,
        titles=command.titles,
        under=parent,
        working_translations=command.working_translations,
        proposer_kind=command.proposer_kind,
        proposer=command.proposer,
        legal_basis=command.legal_basis,
        memorandum=command.memorandum,
        subjects=command.subjects,
        id=f"i{agenda.ids_given + 1}",
    )


def _require_parent(number: str, under: str) -> None:
    """Raise Refused for the number of a sub-item with nothing that it could stand under."""
    level = parent_key(number)
    require("known", under or not level, f"there is no item {level} for {number} to be under")


def _require_new(items: Sequence[Item], number: str) -> None:
    """Raise Refused for a number that shows nothing, or that an item bears in some spelling."""
    require("empty", item_key(number), f"an item needs a number, and {number!r} shows none")
    taken = find_item(items, number)
    require("new", not taken, f"there is an item {taken.item if taken else number} already")


def _moved(agenda: Agenda, command: MoveItem) -> ItemMoved:
    item = item_stages.require_open(agenda, command.item, "moved")
    require("empty", command.reason, "a move needs its reason")
    after = agenda.item(command.after) if command.after else None
    under = agenda.item(command.under) if command.under else None
    own = (item, *descendants(agenda.items, item))
    place = after or under
    because = f"item {item.item} cannot be moved to itself or to its own sub-items"
    require("item-place", place not in own, because)
    if after and under:
        because = f"item {after.item} does not stand under item {under.item}"
        require("item-place", after.under == under.item, because)
    return ItemMoved(
        item=item.item,
        reason=command.reason,
        after=after.item if after else "",
        under=under.item if under else "",
    )


def _renumbered(agenda: Agenda, command: RenumberItems) -> ItemsRenumbered:
    require("empty", command.numbers, "say which items get which numbers")
    require("empty", command.reason, "new numbers need their reason")
    twice = ", ".join(repeated_numbers(command.numbers))
    require("new", not twice, f"item {twice} would get two numbers")
    given = {agenda.item(old).item: normalize_number(new) for old, new in command.numbers.items()}
    numbers = renumber_descendants(agenda.items, given)
    for old in numbers:
        item_stages.require_open(agenda, old, "renumbered")
    after = renumber_items(agenda.items, numbers)
    for item in after:
        _require_place(item, after, given_now=item.item in given.values())
    same = ", ".join(repeated_numbers(item.item for item in after))
    require("new", not same, f"two items would be numbered {same}")
    return ItemsRenumbered(numbers=numbers, reason=command.reason)


def _require_place(item: Item, after: Sequence[Item], *, given_now: bool) -> None:
    """Raise Refused for a number that shows nothing, or that puts the item under another one."""
    require("empty", item_key(item.item), f"an item needs a number, and {item.item!r} shows none")
    if not given_now:
        return
    above = parent_of(after, item.item)
    because = f"item {item.item} would be counted under {above}: move it there first"
    require("item-place", above in {"", item.under}, because)
    _require_parent(item.item, above or item.under)


def _organize(agenda: Agenda, command: OrganizeWork) -> Decision:
    """The slots are a content of their own, as texts are: they may be many, in six languages."""
    item_stages.require_stage(agenda, "given hours")
    work_schedule.require_valid_slots(command.slots, agenda.items)
    slots = [
        structs.replace(
            slot,
            entries=tuple(
                structs.replace(entry, item=agenda.item(entry.item).item) for entry in slot.entries
            ),
        )
        for slot in command.slots
    ]
    content = organization_of_work.encode_slots(slots)
    fact = WorkOrganized(text_hash=digest(content), count=len(slots))
    return Decision((NewEvent(command.stream, fact),), contents=(content,))


def _submit(agenda: Agenda, command: SubmitItems, order: Order, world: DecisionContext) -> Decision:
    open_ = agenda.items_with_approval("proposed", "submitted", "not approved")
    item_stages.require_stage(agenda, "submitted")
    names = _named(agenda, command.items) or open_
    require("empty", names, f"agenda {agenda.id} has no items to submit")
    for name in names:
        approval = agenda.item(name).approval
        require("stage", approval in item_stages.OPEN, f"item {name} is {approval}")
    to = command.to or agenda.approved_by
    require("known", to, "say to which body the items are submitted")
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.when)
    found = enforce(
        pack, checks.check_items(agenda.items, pack), attested=order.attested, waivers=order.waivers
    )
    text_hash, contents = encode_texts([agenda.item(name) for name in names])
    fact = ItemsSubmitted(items=tuple(names), to=to, text_hash=text_hash)
    return Decision(
        (NewEvent(command.stream, fact),),
        found,
        contents,
        body.pack_at(order.when),
    )


def _named(agenda: Agenda, numbers: Sequence[str]) -> tuple[str, ...]:
    """The items of these numbers, as they were spelt first. Raises Refused for one named twice."""
    twice = ", ".join(repeated_numbers(numbers))
    require("new", not twice, f"item {twice} is named twice")
    return tuple(agenda.item(number).item for number in numbers)


def _approve(agenda: Agenda, command: ApproveItems, order: Order) -> Decision:
    item_stages.require_stage(agenda, "approved")
    names = _named(agenda, command.items) or agenda.items_with_approval("submitted")
    untold = order.attested and not agenda.items
    require("stage", names or untold, f"agenda {agenda.id} has no submitted items")
    require("live-role", order.attested or order.actor.role is Role.BODY, "a body approves")
    for name in names:
        ready = agenda.item(name).approval == "submitted"
        require("stage", ready, f"item {name} is {agenda.item(name).approval}")
    fact = ItemsApproved(items=names, by=command.by or agenda.approved_by, manner=command.manner)
    return Decision((NewEvent(command.stream, fact),))
