"""What is awaited of an agenda, and what its source does not tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access.roles import AccessRole
from domain.agenda import Agenda
from domain.agenda.next_step import NEXT, SOURCE, last_step
from domain.agenda.next_step import next_step as agenda_next_step
from domain.awaited_action import Awaited
from domain.silence import Window
from domain.silence.current_windows import awaited_windows
from web.i18n.labels import N_
from web.presenters import awaited_acts
from web.presenters.awaited_acts import ActLink
from workflows.acts.act import AnyAct
from workflows.queries.agenda import AgendaDetails
from workflows.queries.window import WindowAtMoment


@dataclass(frozen=True)
class NextStep:
    """What comes next, and from whom; of a silence procedure, with its window."""

    who: str
    what: str
    window: Window | None = None
    record_ends: bool = False
    acts: tuple[ActLink, ...] = ()
    """The buttons that do it, as far as they can be pressed now."""
    entered_by: tuple[AccessRole, ...] = ()
    """Who enters it, for a reader who has no button and from whom it may be awaited."""

    def permitted(self, may: Callable[[AnyAct], bool]) -> NextStep:
        """The same with the buttons of a reader, or else with who enters it."""
        acts = tuple(link for link in self.acts if may(link.act))
        others = () if acts else awaited_acts.entered_by(self.who, self.acts)
        return replace(self, acts=acts, entered_by=others)


def next_step(shown: AgendaDetails, now: datetime) -> list[NextStep]:
    """What is awaited of an agenda at `now`, in the words of the status board.

    First of the silence procedures without an outcome, nearest end first; then of the agenda.
    """
    agenda, session = shown.agenda, shown.session
    found = [_of_window(window, now, shown) for window in awaited_windows(shown.current)]
    approvals = {item.approval for item in agenda.items}
    if agenda.stage in {"under silence", "approval suspended"} and found:
        ready = "submitted" in approvals and not (agenda.started and agenda.started.attested)
        return [*found, *([_of_agenda(NEXT["submitted"], shown)] if ready else [])]
    last = last_step(agenda) or agenda.started
    awaited = agenda_next_step(
        agenda.stage,
        attested=bool(last and last.attested),
        cancelled=bool(session and session.reason_not_held(agenda.part)),
        drafted=bool(agenda.report_drafted),
        approvals=approvals,
    )
    both = awaited == NEXT["submitted"] and "not approved" in approvals
    steps = (awaited, NEXT[agenda.stage]) if both else (awaited,)
    return [*found, *(_of_agenda(step, shown) for step in steps if step)]


def _of_agenda(awaited: Awaited, shown: AgendaDetails) -> NextStep:
    acts = tuple(awaited_acts.of_agenda(shown.organisation, awaited, shown))
    return NextStep(awaited.who, awaited.what, record_ends=awaited == SOURCE, acts=acts)


def _of_window(window: Window, now: datetime, shown: AgendaDetails) -> NextStep:
    awaited = window.awaited(now)
    at_window = WindowAtMoment(
        organisation=shown.organisation,
        window=window,
        body=shown.approver or shown.body,
        phase=window.phase(now),
        at=now,
        roster=(),
    )
    acts = tuple(awaited_acts.of_window(shown.organisation, awaited, at_window))
    return NextStep(awaited.who, awaited.what, window, acts=acts)


def unknown_facts(shown: AgendaDetails) -> list[str]:
    """What an attested agenda's source does not tell."""
    agenda, window = shown.agenda, shown.window
    if not any(event.attested for event in shown.events):
        return []
    held = not (shown.session and shown.session.reason_not_held(agenda.part))
    versions_ = [version for document in shown.documents for version in document.versions.values()]
    facts = (
        (_is_unknown(shown, "proposed"), N_("When the items were proposed")),
        (_proposers_unknown(agenda), N_("Who proposed each item")),
        (_deadline_unknown(window), N_("Hour and zone of the deadline")),
        (window and window.seats is None, N_("Who was asked, and who was notified")),
        (
            any(document.missing for document in shown.documents),
            N_("Which other language versions were out"),
        ),
        (
            any(not version.issued.known for version in versions_),
            N_("The day of issue of each version"),
        ),
        (held and not agenda.adopted, N_("What the meeting did with its agenda")),
        (held and not agenda.report_adopted, N_("Whether the report was adopted")),
    )
    return [text for holds, text in facts if holds]


def _proposers_unknown(agenda: Agenda) -> bool:
    return any(item.proposer_kind == "unknown" for item in agenda.items if not item.under)


def _deadline_unknown(window: Window | None) -> bool:
    return bool(window and window.attested and not window.closes.has_hour)


def _is_unknown(shown: AgendaDetails, name: str) -> bool:
    return any(step.name == name and not step.when.known for step in shown.steps)
