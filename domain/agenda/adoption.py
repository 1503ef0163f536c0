"""What only the body itself can do: adopt its agenda, and adopt its report."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from domain.actors import Role
from domain.agenda import checks, step_omissions
from domain.agenda.agenda import Agenda
from domain.agenda.commands import AdoptAgenda, AdoptReport, DraftReport
from domain.agenda.events import AgendaAdopted, Amendment, ReportAdopted, ReportDrafted
from domain.agenda.headings import keep_place_at_adoption
from domain.agenda.item_numbers import item_key, normalize_number, parent_key
from domain.agenda.item_order import apply_amendments, descendants, parent_of
from domain.agenda.item_texts import PlacedHeading, encode_texts
from domain.agenda.items import Item, find_item, has_title
from domain.agenda.steps_before import require_after_adoption, require_after_steps
from domain.body import Body
from domain.decision_context import DecisionContext
from domain.messages import Decision, NewEvent, Order
from domain.rules import Finding, enforce, make_finding, require
from domain.session import Session
from domain.session import day_checks as sessions
from domain.times import is_before

AMENDMENT_ACTS = ("add", "delete", "defer", "retitle", "reorder")


def adopt_agenda(
    agenda: Agenda, command: AdoptAgenda, order: Order, world: DecisionContext
) -> Decision:
    """The body adopts its agenda, at its opening. Raises Refused."""
    _require_adoptable(agenda, order)
    require_after_steps(agenda, [item.item for item in agenda.items], order, world)
    amendments, items = _amended(agenda, command.amendments)
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.judged_at)
    found = [
        _by_the_body(order, "adopts its agenda"),
        *_after_the_steps(agenda, order, body),
        *_at_the_opening(agenda, order, body, world),
        *checks.check_items(agenda.items, pack),
        checks.check_approval(agenda, world.content),
    ]
    kept = enforce(pack, found, attested=order.attested, waivers=order.waivers)
    names = tuple(item.item for item in items)
    text_hash, contents = encode_texts(items, _headings(agenda, amendments, items))
    fact = AgendaAdopted(items=names, text_hash=text_hash, amendments=amendments)
    return Decision(
        (NewEvent(command.stream, fact),), kept, contents, body.pack_at(order.judged_at)
    )


def _require_adoptable(agenda: Agenda, order: Order) -> None:
    """Raise Refused for one that is adopted, that has no items, or that waits for a silence."""
    require("stage", not agenda.adopted, f"agenda {agenda.id} is adopted already")
    require("stage", agenda.items, f"agenda {agenda.id} has no items")
    waiting = ", ".join(agenda.items_with_approval("under silence"))
    ended = order.attested or not waiting
    require("stage", ended, f"under silence: item {waiting}; end that window first")


def _after_the_steps(agenda: Agenda, order: Order, body: Body) -> tuple[Finding, Finding]:
    """Whether it was approved, and published, before."""
    zone = body.zone_of_order(order)
    approved = step_omissions.check_approved(agenda, order.when, order, zone)
    published = step_omissions.check_published(agenda, order, zone)
    return (
        make_finding("approval-before-adoption", *approved),
        make_finding("publication-before-adoption", *published),
    )


def _amended(
    agenda: Agenda, amendments: Sequence[Amendment]
) -> tuple[tuple[Amendment, ...], tuple[Item, ...]]:
    """The amendments in the spelling of the list, and the list that they leave. Raises Refused.

    Each is judged on the list as those before it leave it.
    """
    items, spelled = agenda.items, []
    for change in amendments:
        require(
            "known",
            change.act in AMENDMENT_ACTS,
            f"{change.act}: write one of {', '.join(AMENDMENT_ACTS)}",
        )
        amendment = _added(items, change) if change.act == "add" else _changed(items, change)
        items = apply_amendments(items, (), [amendment])
        spelled.append(amendment)
    return tuple(spelled), items


def _headings(
    agenda: Agenda, amendments: Sequence[Amendment], items: Sequence[Item]
) -> list[PlacedHeading]:
    """All headings of the list as it is adopted, also one that heads nothing."""
    number = {item.id: item.item for item in items}
    kept = keep_place_at_adoption(agenda.headings, agenda.items, amendments, agenda.ids_given)
    return [PlacedHeading(heading, number.get(heading.before, "")) for heading in kept]


def _added(items: Sequence[Item], change: Amendment) -> Amendment:
    number = normalize_number(change.item)
    require("empty", item_key(number), f"an item needs a number, and {number!r} shows none")
    require("new", find_item(items, number) is None, f"there is an item {change.item}")
    require("empty", has_title(change.titles), f"item {number} needs a title")
    under = _named(items, change.under) or parent_of(items, number)
    level = parent_key(number)
    require("known", under or not level, f"there is no item {level} for {number} to be under")
    after = _named(items, change.after)
    return structs.replace(
        change, item=number, under=under, after=_require_place(items, number, under, after)
    )


def _changed(items: Sequence[Item], change: Amendment) -> Amendment:
    item = find_item(items, _named(items, change.item))
    require("known", item, "an amendment names its item")
    assert item is not None  # noqa: S101 (for the type checker; checked above)
    retitled = change.act != "retitle" or has_title(change.titles)
    require("empty", retitled, f"item {item.item} needs a title")
    after = _named(items, change.after)
    if change.act == "reorder":
        own = {item.item, *(below.item for below in descendants(items, item))}
        require("item-place", after not in own, f"item {item.item} cannot stand after {after}")
        after = _require_place(items, item.item, item.under, after)
    return structs.replace(change, item=item.item, after=after)


def _named(items: Sequence[Item], number: str) -> str:
    """A number in the spelling of the list; empty where none is given. Raises Refused."""
    found = find_item(items, number) if number else None
    require("known", found or not number, f"there is no item {number}")
    return found.item if found else ""


def _require_place(items: Sequence[Item], number: str, under: str, after: str) -> str:
    """Behind what an item is to stand: one of the same parent, or the parent itself.

    Behind a sub-item of such a one it would stand in the midst of what is not its own.
    """
    previous = find_item(items, after) if after else None
    fits = previous is None or under in {previous.under, previous.item}
    require("item-place", fits, f"item {number} stands {_level(under)}: it cannot follow {after}")
    return after


def _level(under: str) -> str:
    return f"under {under}" if under else "at the top level"


def adopt_report(
    agenda: Agenda, command: DraftReport | AdoptReport, order: Order, world: DecisionContext
) -> Decision:
    """The body takes up the draft report, or adopts it at its end."""
    require("stage", not agenda.report_adopted, "the report is adopted already")
    require_after_adoption(agenda, order, world)
    if isinstance(command, DraftReport):
        return Decision((NewEvent(command.stream, _drafted(command)),))
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.judged_at)
    languages = pack.parameters.get("languages", "").split()
    found = [
        _by_the_body(order, "adopts its report"),
        *_on_its_days(agenda, order, world),
        make_finding(
            "nothing-concluded-before-adoption",
            None if order.attested and not agenda.adopted else bool(agenda.adopted),
            "the agenda itself is not adopted",
        ),
        make_finding(
            "report-drafted-in-all-languages",
            *step_omissions.check_drafted(agenda, languages, attested=order.attested),
        ),
    ]
    kept = enforce(pack, found, attested=order.attested, waivers=order.waivers)
    fact = ReportAdopted(
        document="" if command.document == "unknown" else command.document or agenda.report,
        oral_amendments=command.oral_amendments,
        ad_referendum=command.ad_referendum,
    )
    return Decision((NewEvent(command.stream, fact),), kept, pack=body.pack_at(order.judged_at))


def _drafted(command: DraftReport) -> ReportDrafted:
    return ReportDrafted(
        by=command.by,
        document=command.document,
        languages=command.languages,
        no_others=command.no_others,
    )


def _by_the_body(order: Order, what: str) -> Finding:
    held = order.actor.role is Role.BODY
    return make_finding("act-of-the-body", held, f"only the body itself {what}")


def _at_the_opening(
    agenda: Agenda, order: Order, body: Body, world: DecisionContext
) -> tuple[Finding, ...]:
    """Not before the session opened, and by the agenda of the part that is in session.

    Where no session is fixed none has opened; a source need not tell of it.
    """
    if not agenda.session:
        opened = None if order.attested else False
        return (make_finding("adoption-at-opening", opened, "no session is fixed for this agenda"),)
    session = world.session(agenda.session)
    zone = session.zone or body.zone_of_order(order)
    opened = _opened(session, agenda, order, zone)
    own = agenda.part == len(session.parts)
    return (
        make_finding("adoption-at-opening", opened, "the session is not open"),
        make_finding(
            "reconvened-part-has-own-agenda",
            own,
            f"this is the agenda of part {agenda.part}; part {len(session.parts)} is in session",
        ),
        sessions.check_day_of_act(session, session.part(agenda.part), "it was adopted", order.when),
    )


def _on_its_days(agenda: Agenda, order: Order, world: DecisionContext) -> tuple[Finding, ...]:
    """The report is adopted on a day of the session that it is on."""
    if not agenda.session:
        return ()
    session = world.session(agenda.session)
    what = "the report was adopted"
    return (sessions.check_day_of_act(session, session.part(agenda.part), what, order.when),)


def _opened(session: Session, agenda: Agenda, order: Order, zone: str) -> bool | None:
    part = session.part(agenda.part)
    if part.opened:
        early = is_before(order.when, part.opened, zone)
        return early is not True if order.attested or early is not None else True
    return None if order.attested else False
