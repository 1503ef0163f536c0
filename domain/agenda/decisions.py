"""What an agenda decides: preparing, submitting and approving its items."""

from __future__ import annotations

from domain.agenda import adoption, meeting, noticed
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
    NoteObjection,
    OrganizeWork,
    PlanDocuments,
    ProposeItem,
    ShareAgenda,
    StartAgenda,
    SubmitItems,
    WithdrawItem,
)
from domain.agenda.events import (
    AgendaShared,
    AgendaStarted,
    DocumentsPlanned,
    ItemAmended,
    ItemAnnotated,
    ItemProposed,
    ItemsApproved,
    ItemsSubmitted,
    ItemWithdrawn,
    WorkOrganized,
)
from domain.agenda.items import text_of
from domain.facts import Decision, Fact, Happened, Order, Role, telling
from domain.joint import joined
from domain.rules import insist, judge
from domain.world import World


def decide(agenda: Agenda, order: Order, world: World) -> Decision:
    """Answer a command to this agenda. Raises Refused."""
    command, stream = order.command, order.command.stream
    if isinstance(command, StartAgenda):
        return _start(agenda, command, world)
    insist("known", agenda.id, f"agenda {stream.id} does not exist")
    match command:
        case SubmitItems():
            return _submit(agenda, command, order, world)
        case AdoptAgenda():
            return adoption.of_agenda(agenda, command, order, world)
        case DraftReport() | AdoptReport():
            return adoption.of_report(agenda, command, order, world)
        case ApproveItems():
            return _approve(agenda, command, order)
        case DecideItems():
            return Decision((Happened(stream, meeting.decided(agenda, command, order, world)),))
        case NoteObjection():
            return Decision((Happened(stream, meeting.noted(agenda, command, order, world)),))
        case ShareAgenda():
            joined(command.bodies, (agenda.body, *agenda.shared), world)
            return Decision((Happened(stream, telling(AgendaShared, command)),))
        case DeferReport():
            return Decision((Happened(stream, meeting.deferred(agenda, command, order)),))
    return Decision((Happened(stream, _prepare(agenda, command)),))


def _start(agenda: Agenda, command: StartAgenda, world: World) -> Decision:
    insist("new", not agenda.id, f"agenda {command.agenda} exists already")
    body = world.body(command.body)
    if command.session:
        session = world.session(command.session)
        same = session.body == body.id
        insist("fits-its-stream", same, f"session {session.id} is of body {session.body}")
    if command.approved_by:
        world.body(command.approved_by)
    return Decision((Happened(command.stream, telling(AgendaStarted, command)),))


def _prepare(agenda: Agenda, command: object) -> Fact:
    """Proposing, amending, annotating: acts on items that are still in preparation."""
    match command:
        case ProposeItem() as asked:
            taken = asked.item in {item.item for item in agenda.items}
            insist("new", not taken, f"agenda {agenda.id} has an item {asked.item} already")
            insist("empty", asked.titles, f"item {asked.item} needs a title")
            if asked.under:
                agenda.item(asked.under)
            return telling(ItemProposed, asked)
        case AmendItem() as asked:
            _in_preparation(agenda, asked.item)
            return telling(ItemAmended, asked)
        case WithdrawItem() as asked:
            for name in (asked.item, *(sub.item for sub in agenda.under(asked.item))):
                _in_preparation(agenda, name)
            return telling(ItemWithdrawn, asked)
        case AnnotateItem() as asked:
            agenda.item(asked.item)
            return telling(ItemAnnotated, asked)
        case PlanDocuments() as asked:
            agenda.item(asked.item)
            told = bool(asked.documents) != asked.none_expected
            insist("empty", told, "list documents, or state that none is expected")
            return telling(DocumentsPlanned, asked)
        case OrganizeWork(slots=slots):
            insist("empty", slots, "an organization of work needs a slot")
            for slot in slots:
                _ = slot.hours
                insist("empty", slot.entries, f"no item in the slot of {slot.day}")
                for entry in slot.entries:
                    agenda.item(entry.item)
            return WorkOrganized(slots=slots)
    raise TypeError(f"no agenda command: {command!r}")


def _in_preparation(agenda: Agenda, name: str) -> None:
    approval = agenda.item(name).approval
    open_ = approval in {"proposed", "submitted", "not approved"}
    insist("stage", open_ and not agenda.adopted, f"item {name} is {approval}")


def _submit(agenda: Agenda, command: SubmitItems, order: Order, world: World) -> Decision:
    open_ = agenda.standing("proposed", "submitted", "not approved")
    names = command.items or open_
    insist("empty", names, f"agenda {agenda.id} has no items to submit")
    for name in names:
        _in_preparation(agenda, name)
    to = command.to or agenda.approved_by
    insist("known", to, "say to which body the items are submitted")
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.when)
    found = judge(
        pack, noticed.of_items(agenda, pack), attested=order.attested, waivers=order.waivers
    )
    text_hash, contents = text_of([agenda.item(name) for name in names])
    fact = ItemsSubmitted(items=tuple(names), to=to, text_hash=text_hash)
    return Decision(
        (Happened(command.stream, fact),),
        found,
        contents,
        body.pack_at(order.when),
    )


def _approve(agenda: Agenda, command: ApproveItems, order: Order) -> Decision:
    names = command.items or agenda.standing("submitted")
    untold = order.attested and not agenda.items
    insist("stage", names or untold, f"agenda {agenda.id} has no submitted items")
    insist("live-role", order.attested or order.actor.role is Role.BODY, "a body approves")
    for name in names:
        ready = agenda.item(name).approval == "submitted"
        insist("stage", ready, f"item {name} is {agenda.item(name).approval}")
    fact = ItemsApproved(items=names, by=command.by or agenda.approved_by, manner=command.manner)
    return Decision((Happened(command.stream, fact),))
