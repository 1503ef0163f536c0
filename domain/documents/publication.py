"""What the rules say when a document is declared published."""

from __future__ import annotations

from domain.agenda import Agenda, steps
from domain.agenda import noticed as agenda_rules
from domain.documents import Document
from domain.facts import Order
from domain.rules import Finding, RulePack, demand
from domain.session import Session
from domain.times import UNKNOWN, When, days_between
from domain.world import World


def noticed(document: Document, order: Order, world: World) -> tuple[Finding, ...]:
    """All findings that bear on publishing this document now."""
    found = [_all_languages(document, order), _simultaneous(document), _job_numbers(document)]
    if document.agenda:
        agenda = world.agenda(document.agenda)
        pack = world.pack_of(world.body(document.body), order.when)
        session = world.session(agenda.session) if agenda.session else None
        found.append(_approved_before(agenda, document, order))
        found += agenda_rules.of_texts(agenda, world.content, session.meetings if session else ())
        if session:
            opening = session.part(agenda.part).starts
            found.append(_in_time(document, session, opening, pack))
            found.append(_six_weeks(document, opening, pack))
    return tuple(found)


def _all_languages(document: Document, order: Order) -> Finding:
    """History rarely tells of every version: a missing one leaves the rule open, not broken."""
    held = True if not document.missing else None if order.attested else False
    because = f"{document.symbol} is not out in {', '.join(document.missing)}"
    return demand("all-languages-out", held, because)


def _simultaneous(document: Document) -> Finding:
    days = [version.issued.days for version in document.versions.values()]
    apart = any(last and first and last < first for _, last in days for first, _ in days)
    same = not document.missing and len({*days}) == 1 and days[0][0] == days[0][1] is not None
    held = False if apart else True if same else None
    because = "versions were issued on different days, or a day is unknown"
    return demand("simultaneous-issuance", held, because)


def _job_numbers(document: Document) -> Finding:
    numbers = [version.job_number for version in document.versions.values()]
    known = [number for number in numbers if number != "unknown"]
    held = False if len(set(known)) < len(known) else None if len(known) < len(numbers) else True
    because = "a job number is unknown, or given to two language versions"
    return demand("job-number-per-version", held, because)


def _approved_before(agenda: Agenda, document: Document, order: Order) -> Finding:
    when = document.masthead_date if order.attested else order.when
    found = steps.approved(agenda, when, attested=order.attested)
    return demand("approval-before-publication", *found)


def _in_time(document: Document, session: Session, opening: When, pack: RulePack) -> Finding:
    """Rule 16 by the clock that the pack names: masthead date, or issue in the last language."""
    name = "provisional-agenda-in-time"
    least = int(pack.parameter(name, "regular" if session.regular else "special") or 0)
    clock = pack.parameter(name, "clock")
    held = _days_before(_clock(document, clock), opening, least)
    because = f"not certainly {least} days before the opening, by the {clock}"
    return demand(name, held, because)


def _six_weeks(document: Document, opening: When, pack: RulePack) -> Finding:
    name = "issued-six-weeks-before"
    least = int(pack.parameter(name, "days") or 0)
    held = _days_before(_clock(document, "issue in the last language"), opening, least)
    return demand(name, held, f"not certainly in every language {least} days before the opening")


def _clock(document: Document, clock: str) -> When:
    """The time by the clock that a pack names; an open interval when a version is still due."""
    if clock == "masthead date":
        return document.masthead_date
    issued = [version.issued for version in document.versions.values()]
    last = max((when for when in issued if when.known), key=lambda when: when.latest, default=None)
    if last is None:
        return UNKNOWN
    if document.missing or not all(when.known for when in issued):
        return When(f"{last.days[0]}/..") if last.days[0] else UNKNOWN
    return last


def _days_before(when: When, opening: When, least: int) -> bool | None:
    fewest, most = days_between(when, opening)
    if fewest is not None and fewest >= least:
        return True
    return False if most is not None and most < least else None
