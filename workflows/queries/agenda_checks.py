"""What an agenda's own texts and dates show when they are checked against the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from domain.agenda import Agenda
from domain.agenda import checks as noticed
from domain.agenda.events import WorkOrganized
from domain.agenda.work_schedule import slots_of
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.rules import Finding, RulePack
from domain.session import Session, SessionPart
from domain.session.day_checks import check_meetings
from domain.session.events import MeetingsPlanned, SessionPostponed

MEETINGS: Final = "meetings"
WORK: Final = "organization of work"


def findings_of_texts(
    agenda: Agenda,
    session: Session | None,
    part: SessionPart,
    pack: RulePack,
    world: DecisionContext,
) -> tuple[Finding, ...]:
    """What is found in the texts and days of an agenda, by the rules that the pack holds."""
    found = (
        *noticed.check_items(agenda.provisional, pack),
        *noticed.check_texts(agenda, world.content, session.meetings if session else ()),
        *_of_days(agenda, session, part, world),
    )
    return tuple(finding for finding in found if finding.rule in pack.rules)


def _of_days(
    agenda: Agenda, session: Session | None, part: SessionPart, world: DecisionContext
) -> Iterator[Finding]:
    """Whether meetings and work are planned for days of the session, unless it was cancelled."""
    if session is None or session.reason_not_held(agenda.part):
        return
    slots = slots_of(agenda.work, world.content)
    if session.meetings or slots:
        yield check_meetings(session, [slot.day for slot in slots], part)


def outdated_plans(events: Iterable[RecordedEvent]) -> tuple[str, ...]:
    """What was last planned before the last time that the session was moved."""
    last: dict[str, int] = {}
    moved = 0
    for event in events:
        match event.fact:
            case MeetingsPlanned():
                last[MEETINGS] = event.position
            case WorkOrganized():
                last[WORK] = event.position
            case SessionPostponed():
                moved = event.position
    return tuple(plan for plan in (MEETINGS, WORK) if 0 < last.get(plan, 0) < moved)
