"""What only the body itself can do: adopt its agenda, and adopt its report."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from domain.actors import Role
from domain.agenda import checks, step_omissions
from domain.agenda.agenda import Agenda
from domain.agenda.commands import AdoptAgenda, AdoptReport, DraftReport
from domain.agenda.events import AgendaAdopted, Amendment, ReportAdopted, ReportDrafted
from domain.agenda.item_numbers import item_key, key_above, written
from domain.agenda.item_order import amended, below, parent_of
from domain.agenda.items import Item, find, text_of, titled
from domain.body import Body
from domain.decision_context import World
from domain.messages import Decision, Happened, Order
from domain.rules import Finding, demand, insist, judge
from domain.session import Session
from domain.session import checks as sessions
from domain.times import before

ACTS = ("add", "delete", "defer", "retitle", "reorder")


def of_agenda(agenda: Agenda, command: AdoptAgenda, order: Order, world: World) -> Decision:
    """The body adopts its agenda, at its opening."""
    insist("stage", not agenda.adopted, f"agenda {agenda.id} is adopted already")
    insist("stage", agenda.items, f"agenda {agenda.id} has no items")
    waiting = ", ".join(agenda.standing("under silence"))
    ended = order.attested or not waiting
    insist("stage", ended, f"under silence: item {waiting}; end that window first")
    amendments, items = _amended(agenda, command.amendments)
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.when)
    found = [
        _by_the_body(order, "adopts its agenda"),
        demand(
            "approval-before-adoption",
            *step_omissions.approved(agenda, order.when, order, body.days_of(order)),
        ),
        demand(
            "publication-before-adoption",
            *step_omissions.published(agenda, order, body.days_of(order)),
        ),
        *_at_the_opening(agenda, order, body, world),
        *checks.of_items(agenda.items, pack),
        checks.of_approval(agenda, world.content),
    ]
    kept = judge(pack, found, attested=order.attested, waivers=order.waivers)
    names = tuple(item.item for item in items)
    text_hash, contents = text_of(items)
    fact = AgendaAdopted(items=names, text_hash=text_hash, amendments=amendments)
    return Decision((Happened(command.stream, fact),), kept, contents, body.pack_at(order.when))


def _amended(
    agenda: Agenda, asked: Sequence[Amendment]
) -> tuple[tuple[Amendment, ...], tuple[Item, ...]]:
    """The amendments in the spelling of the list, and the list that they leave. Raises Refused.

    Each is judged on the list as those before it leave it.
    """
    items, told = agenda.items, []
    for change in asked:
        insist("known", change.act in ACTS, f"{change.act}: write one of {', '.join(ACTS)}")
        one = _added(items, change) if change.act == "add" else _changed(items, change)
        items = amended(items, (), [one])
        told.append(one)
    return tuple(told), items


def _added(items: Sequence[Item], change: Amendment) -> Amendment:
    number = written(change.item)
    insist("empty", item_key(number), f"an item needs a number, and {number!r} shows none")
    insist("new", find(items, number) is None, f"there is an item {change.item}")
    insist("empty", titled(change.titles), f"item {number} needs a title")
    under = _named(items, change.under) or parent_of(items, number)
    level = key_above(number)
    insist("known", under or not level, f"there is no item {level} for {number} to be under")
    after = _named(items, change.after)
    return structs.replace(
        change, item=number, under=under, after=_beside(items, number, under, after)
    )


def _changed(items: Sequence[Item], change: Amendment) -> Amendment:
    item = find(items, _named(items, change.item))
    insist("known", item, "an amendment names its item")
    assert item is not None  # noqa: S101 (told to the type checker; it is insisted on above)
    retitled = change.act != "retitle" or titled(change.titles)
    insist("empty", retitled, f"item {item.item} needs a title")
    after = _named(items, change.after)
    if change.act == "reorder":
        own = {item.item, *(one.item for one in below(items, item))}
        insist("item-place", after not in own, f"item {item.item} cannot stand after {after}")
        after = _beside(items, item.item, item.under, after)
    return structs.replace(change, item=item.item, after=after)


def _named(items: Sequence[Item], number: str) -> str:
    """A number in the spelling of the list; empty where none is given. Raises Refused."""
    found = find(items, number) if number else None
    insist("known", found or not number, f"there is no item {number}")
    return found.item if found else ""


def _beside(items: Sequence[Item], number: str, under: str, after: str) -> str:
    """Behind what an item is to stand: one of the same parent, or the parent itself.

    Behind a sub-item of such a one it would stand in the midst of what is not its own.
    """
    beside = find(items, after) if after else None
    fits = beside is None or under in {beside.under, beside.item}
    insist("item-place", fits, f"item {number} stands {_level(under)}: it cannot follow {after}")
    return after


def _level(under: str) -> str:
    return f"under {under}" if under else "at the top level"


def of_report(
    agenda: Agenda, command: DraftReport | AdoptReport, order: Order, world: World
) -> Decision:
    """The body takes up the draft report, or adopts it at its end."""
    insist("stage", not agenda.report_adopted, "the report is adopted already")
    if isinstance(command, DraftReport):
        return Decision((Happened(command.stream, _drafted(command)),))
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.when)
    languages = pack.parameters.get("languages", "").split()
    found = [
        _by_the_body(order, "adopts its report"),
        *_on_its_days(agenda, order, world),
        demand(
            "nothing-concluded-before-adoption",
            None if order.attested and not agenda.adopted else bool(agenda.adopted),
            "the agenda itself is not adopted",
        ),
        demand(
            "report-drafted-in-all-languages",
            *step_omissions.drafted(agenda, languages, attested=order.attested),
        ),
    ]
    kept = judge(pack, found, attested=order.attested, waivers=order.waivers)
    fact = ReportAdopted(
        document=command.document or agenda.report,
        oral_amendments=command.oral_amendments,
        ad_referendum=command.ad_referendum,
    )
    return Decision((Happened(command.stream, fact),), kept, pack=body.pack_at(order.when))


def _drafted(command: DraftReport) -> ReportDrafted:
    return ReportDrafted(
        by=command.by,
        document=command.document,
        languages=command.languages,
        no_others=command.no_others,
    )


def _by_the_body(order: Order, what: str) -> Finding:
    held = order.actor.role is Role.BODY
    return demand("act-of-the-body", held, f"only the body itself {what}")


def _at_the_opening(agenda: Agenda, order: Order, body: Body, world: World) -> tuple[Finding, ...]:
    """Not before the session opened, and by the agenda of the part that is in session."""
    if not agenda.session:
        return ()
    session = world.session(agenda.session)
    zone = session.zone or body.days_of(order)
    opened = _opened(session, agenda, order, zone)
    own = agenda.part == len(session.parts)
    return (
        demand("adoption-at-opening", opened, "the session is not open"),
        demand(
            "reconvened-part-has-own-agenda",
            own,
            f"this is the agenda of part {agenda.part}; part {len(session.parts)} is in session",
        ),
        sessions.of_act(session, session.part(agenda.part), "it was adopted", order.when),
    )


def _on_its_days(agenda: Agenda, order: Order, world: World) -> tuple[Finding, ...]:
    """The report is adopted on a day of the session that it is on."""
    if not agenda.session:
        return ()
    session = world.session(agenda.session)
    what = "the report was adopted"
    return (sessions.of_act(session, session.part(agenda.part), what, order.when),)


def _opened(session: Session, agenda: Agenda, order: Order, zone: str) -> bool | None:
    part = session.part(agenda.part)
    if part.opened:
        early = before(order.when, part.opened, zone)
        return early is not True if order.attested or early is not None else True
    return None if order.attested else False
