"""What the rules say when a document is declared published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from domain.agenda import Agenda, step_omissions, work_schedule
from domain.agenda import checks as agenda_rules
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.messages import Order
from domain.rules import Finding, Refused, RulePack, make_finding
from domain.session import Session, SessionPart
from domain.session.day_checks import check_meetings
from domain.symbols import Symbol, changed_symbol
from domain.times import UNKNOWN, When, days_between, is_before

AGENDA_TYPES: Final = (
    "provisional agenda",
    "annotated provisional agenda",
    "supplementary provisional agenda",
)
"""Types of document by which an agenda is published."""
BEFORE_THE_SESSION: Final = (*AGENDA_TYPES, "background paper")
"""Types of document that are due before the session which they are for."""


def changed_agenda_symbol(document: Document, world: DecisionContext) -> str:
    """The symbol of the agenda's own document that this one changes; empty where it is none.

    It names that one, or its symbol follows upon it. What is of such a type and comes after the
    publication changes it as well. A further agenda may be an addendum to another one's document:
    it changes nothing of its own.
    """
    if not document.agenda:
        return ""
    agenda = world.agenda(document.agenda)
    named = [*_parts(document.changes), *map(changed_symbol, _parts(document.symbol))]
    for part in filter(None, named):
        other = world.reservation(part).document
        if other and world.document(other).agenda == agenda.id:
            return world.document(other).symbol
    after = document.type in AGENDA_TYPES and agenda.published and agenda.document != document.id
    return world.document(agenda.document).symbol if after and agenda.document else ""


def _parts(symbol: str) -> tuple[str, ...]:
    """The parts of a symbol; none of what was never one, or comes from another pack."""
    with suppress(Refused):
        return Symbol.parse(symbol).parts
    return ()


def check_publication(
    document: Document, order: Order, world: DecisionContext
) -> tuple[Finding, ...]:
    """All findings that bear on publishing this document now; which ones, by its type."""
    body = world.body(document.body)
    zone = body.zone_of_order(order)
    found = [_all_languages(document, order), _simultaneous(document, zone), _job_numbers(document)]
    if not document.agenda:
        return tuple(found)
    agenda = world.agenda(document.agenda)
    pack = world.pack_of(body, order.judged_at)
    session = world.session(agenda.session) if agenda.session else None
    part = session.part(agenda.part) if session else Session.no_dates
    if document.type in AGENDA_TYPES:
        found.append(_approved_before(agenda, document, order, zone))
        found += _texts_and_work(agenda, session, part, world)
    if session and not changed_agenda_symbol(document, world):
        found += _before_the_opening(document, session, part, pack, zone)
    return tuple(found)


def _texts_and_work(
    agenda: Agenda, session: Session | None, part: SessionPart, world: DecisionContext
) -> Iterator[Finding]:
    """What the rules say of an agenda that is published: of its texts and hours."""
    yield from agenda_rules.check_texts(agenda, world.content, session.meetings if session else ())
    slots = work_schedule.slots_of(agenda.work, world.content)
    if session and (session.meetings or slots):
        yield check_meetings(session, [slot.day for slot in slots], part)


def _before_the_opening(
    document: Document, session: Session, part: SessionPart, pack: RulePack, zone: str
) -> Iterator[Finding]:
    """Whether a document that changes no earlier one is out in time before the session."""
    opening = part.starts.in_zone(session.zone)
    if document.type in AGENDA_TYPES:
        yield _in_time(document, session, opening, pack, zone)
    if document.type in BEFORE_THE_SESSION:
        yield _six_weeks(document, opening, pack, zone)


def _all_languages(document: Document, order: Order) -> Finding:
    """History rarely tells of every version: a missing one leaves the rule open, not broken."""
    held = True if not document.missing else None if order.attested else False
    because = f"{document.symbol} is not out in {', '.join(document.missing)}"
    return make_finding("all-languages-out", held, because)


def _simultaneous(document: Document, zone: str) -> Finding:
    days = [version.issued.in_zone(zone).days for version in document.versions.values()]
    apart = any(last and first and last < first for _, last in days for first, _ in days)
    same = not document.missing and len({*days}) == 1 and days[0][0] == days[0][1] is not None
    held = False if apart else True if same else None
    because = "versions were issued on different days, or a day is unknown"
    return make_finding("simultaneous-issuance", held, because)


def _job_numbers(document: Document) -> Finding:
    numbers = [version.job_number for version in document.versions.values()]
    known = [number for number in numbers if number != "unknown"]
    held = False if len(set(known)) < len(known) else None if len(known) < len(numbers) else True
    because = "a job number is unknown, or given to two language versions"
    return make_finding("job-number-per-version", held, because)


def _approved_before(agenda: Agenda, document: Document, order: Order, zone: str) -> Finding:
    """Whether it was approved before it was out."""
    when = order.when
    if agenda.approved:
        when = _out(agenda.approved.when, document, order, zone)
    return make_finding(
        "approval-before-publication", *step_omissions.check_approved(agenda, when, order, zone)
    )


def _out(approved: When, document: Document, order: Order, zone: str) -> When:
    """When it was published, or the date in its masthead where even that was after the approval.

    That date is the one of submission, which publication follows.
    """
    submitted = order.attested and is_before(approved, document.masthead_date, zone) is True
    return document.masthead_date if submitted else order.when


def _in_time(
    document: Document, session: Session, opening: When, pack: RulePack, zone: str
) -> Finding:
    """By the clock that the pack names: masthead date, or issue in the last language.

    Source: UNTOC COP rules of procedure, rule 9: 60 days before a regular session, 30 before a
    special one.
    """
    name = "provisional-agenda-in-time"
    least = int(pack.parameter(name, "regular" if session.regular else "special") or 0)
    clock = pack.parameter(name, "clock")
    held = _days_before(_clock(document, clock), opening, least, zone)
    because = f"not certainly {least} days before the opening, by the {clock}"
    return make_finding(name, held, because)


def _six_weeks(document: Document, opening: When, pack: RulePack, zone: str) -> Finding:
    name = "issued-six-weeks-before"
    least = int(pack.parameter(name, "days") or 0)
    held = _days_before(_clock(document, "issue in the last language"), opening, least, zone)
    return make_finding(
        name, held, f"not certainly in every language {least} days before the opening"
    )


def _clock(document: Document, clock: str) -> When:
    """The time by the clock that a pack names; an open interval when a version is still due."""
    if clock == "masthead date":
        return document.masthead_date
    issued = [version.issued for version in document.versions.values()]
    last = max((when for when in issued if when.known), key=lambda when: when.latest, default=None)
    if last is None:
        return UNKNOWN
    if document.missing or not all(when.known for when in issued):
        return When.from_stored(f"{last.days[0]}/..") if last.days[0] else UNKNOWN
    return last


def _days_before(when: When, opening: When, least: int, zone: str) -> bool | None:
    fewest, most = days_between(when, opening, zone)
    if fewest is not None and fewest >= least:
        return True
    return False if most is not None and most < least else None
