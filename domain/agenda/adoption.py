"""What only the body itself can do: adopt its agenda, and adopt its report."""

from __future__ import annotations

from collections.abc import Sequence

from domain.agenda import noticed
from domain.agenda.agenda import Agenda
from domain.agenda.commands import AdoptAgenda, AdoptReport, DraftReport
from domain.agenda.events import AgendaAdopted, Amendment, ReportAdopted, ReportDrafted
from domain.agenda.items import amended, text_of
from domain.body import Body
from domain.facts import Decision, Happened, Order, Role, telling
from domain.rules import Finding, demand, insist, judge
from domain.session import Session
from domain.session import noticed as sessions
from domain.times import before
from domain.world import World

ACTS = ("add", "delete", "defer", "retitle", "reorder")


def of_agenda(agenda: Agenda, command: AdoptAgenda, order: Order, world: World) -> Decision:
    """The body adopts its agenda, at its opening."""
    insist("stage", not agenda.adopted, f"agenda {agenda.id} is adopted already")
    insist("stage", agenda.items, f"agenda {agenda.id} has no items")
    _possible(agenda, command.amendments)
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.when)
    published = agenda.published
    found = [
        _by_the_body(order, "adopts its agenda"),
        demand(
            "publication-before-adoption",
            before(published.when, order.when, body.days_of(order)) if published else False,
            "the provisional agenda was not certainly published before",
        ),
        *_at_the_opening(agenda, order, body, world),
        *noticed.of_items(agenda, pack),
    ]
    kept = judge(pack, found, attested=order.attested, waivers=order.waivers)
    items = amended(agenda.items, (), command.amendments)
    text_hash, contents = text_of(items)
    names = tuple(item.item for item in items)
    fact = AgendaAdopted(items=names, text_hash=text_hash, amendments=command.amendments)
    return Decision((Happened(command.stream, fact),), kept, contents, body.pack_at(order.when))


def _possible(agenda: Agenda, amendments: Sequence[Amendment]) -> None:
    """Each amendment is possible on the list as those before it leave it. Raises Refused."""
    items = agenda.items
    for change in amendments:
        insist("known", change.act in ACTS, f"{change.act}: write one of {', '.join(ACTS)}")
        names = {item.item for item in items}
        there = change.item in names
        insist("known", there or change.act == "add", f"there is no item {change.item}")
        insist("new", not (there and change.act == "add"), f"there is an item {change.item}")
        insist("known", change.after in {"", *names}, f"there is no item {change.after}")
        titled = change.titles or change.act not in {"add", "retitle"}
        insist("empty", titled, f"item {change.item} needs a title")
        items = amended(items, (), [change])


def of_report(
    agenda: Agenda, command: DraftReport | AdoptReport, order: Order, world: World
) -> Decision:
    """The body takes up the draft report, or adopts it at its end."""
    insist("stage", not agenda.report_adopted, "the report is adopted already")
    if isinstance(command, DraftReport):
        return Decision((Happened(command.stream, telling(ReportDrafted, command)),))
    body = world.body(agenda.body)
    pack = world.pack_of(body, order.when)
    required = pack.parameters.get("languages", "").split()
    lacking = [language for language in required if language not in agenda.report_languages]
    drafted = agenda.report_drafted
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
            None
            if order.attested and not agenda.report_languages
            else bool(drafted) and not lacking,
            f"the draft report lacks {', '.join(lacking) or 'a text'}",
        ),
    ]
    kept = judge(pack, found, attested=order.attested, waivers=order.waivers)
    fact = telling(ReportAdopted, command, document=command.document or agenda.report)
    return Decision((Happened(command.stream, fact),), kept, pack=body.pack_at(order.when))


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
