"""What an agenda decides: its start, what is put to its items, their submission and approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import structs

from domain import organization_of_work
from domain.actors import Role
from domain.agenda import (
    adoption,
    checks,
    heading_decisions,
    item_list_decisions,
    item_stages,
    meeting_decisions,
    work_schedule,
)
from domain.agenda.agenda import Agenda
from domain.agenda.commands import (
    AdoptAgenda,
    AdoptReport,
    AmendHeading,
    AmendItem,
    AnnotateItem,
    ApproveItems,
    ClearItem,
    DecideItems,
    DeferReport,
    DescribeItem,
    DraftReport,
    HeadingCommand,
    ListCommand,
    MoveHeading,
    MoveItem,
    NoteObjection,
    OrganizeWork,
    PlanDocuments,
    ProposeHeading,
    ProposeItem,
    RenumberItems,
    ShareAgenda,
    StartAgenda,
    SubmitItems,
    WithdrawHeading,
    WithdrawItem,
    is_agenda_command,
)
from domain.agenda.events import (
    AgendaShared,
    AgendaStarted,
    DocumentsPlanned,
    HeadingEvent,
    ItemAnnotated,
    ItemListEvent,
    ItemsApproved,
    ItemsSubmitted,
    WorkOrganized,
)
from domain.agenda.item_numbers import repeated_numbers
from domain.agenda.item_texts import encode_texts
from domain.agenda.steps_before import require_after_steps
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
        case (
            ProposeItem()
            | AmendItem()
            | DescribeItem()
            | ClearItem()
            | WithdrawItem()
            | MoveItem()
            | RenumberItems()
            | ProposeHeading()
            | AmendHeading()
            | MoveHeading()
            | WithdrawHeading()
        ):
            return Decision((NewEvent(stream, _list_event(agenda, command, order)),))
        case AnnotateItem() | PlanDocuments():
            return Decision((NewEvent(stream, _detail_event(agenda, command)),))
        case OrganizeWork():
            return _organize(agenda, command)
        case SubmitItems():
            return _submit(agenda, command, order, world)
        case ApproveItems():
            return _approve(agenda, command, order, world)
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


def _list_event(
    agenda: Agenda, command: ListCommand | HeadingCommand, order: Order
) -> ItemListEvent | HeadingEvent:
    """What becomes of the list: of its items, or of the headings among them."""
    match command:
        case ProposeHeading() | AmendHeading() | MoveHeading() | WithdrawHeading():
            return heading_decisions.decide(agenda, command)
        case _:
            return item_list_decisions.decide(agenda, command, order)


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
    pack = world.pack_of(body, order.judged_at)
    found = enforce(
        pack, checks.check_items(agenda.items, pack), attested=order.attested, waivers=order.waivers
    )
    text_hash, contents = encode_texts(
        [agenda.item(name) for name in names], agenda.headings_of(names)
    )
    fact = ItemsSubmitted(items=tuple(names), to=to, text_hash=text_hash)
    return Decision(
        (NewEvent(command.stream, fact),),
        found,
        contents,
        body.pack_at(order.judged_at),
    )


def _named(agenda: Agenda, numbers: Sequence[str]) -> tuple[str, ...]:
    """The items of these numbers, as they were spelt first. Raises Refused for one named twice."""
    twice = ", ".join(repeated_numbers(numbers))
    require("new", not twice, f"item {twice} is named twice")
    return tuple(agenda.item(number).item for number in numbers)


def _approve(
    agenda: Agenda, command: ApproveItems, order: Order, world: DecisionContext
) -> Decision:
    item_stages.require_stage(agenda, "approved")
    names = _named(agenda, command.items) or agenda.items_with_approval("submitted")
    not_stated = order.attested and not agenda.items
    require("stage", names or not_stated, f"agenda {agenda.id} has no submitted items")
    require("live-role", order.attested or order.actor.role is Role.BODY, "a body approves")
    for name in names:
        ready = agenda.item(name).approval == "submitted"
        require("stage", ready, f"item {name} is {agenda.item(name).approval}")
    require_after_steps(agenda, names, order, world)
    fact = ItemsApproved(items=names, by=command.by or agenda.approved_by, manner=command.manner)
    return Decision((NewEvent(command.stream, fact),))
