"""The life of an agenda as steps with dates: attested, computed, planned, or unknown."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.agenda import Agenda
from domain.messages import DatedStep
from domain.session import Session
from domain.silence import Window
from domain.times import UNKNOWN, When


class TimelineStep(Struct, frozen=True, kw_only=True):
    """A step of an agenda's life.

    `basis` is attested (a source tells it), computed (Placet applied the rules), planned (its
    day is announced, what happened is not known), awaited (nothing is known of it yet), called
    off (its session was cancelled) or unknown (it must have happened, and the source is silent).
    """

    name: str
    basis: str
    when: When = UNKNOWN
    position: int = 0
    note: str = ""


def agenda_timeline(
    agenda: Agenda, session: Session | None, windows: Sequence[Window]
) -> list[TimelineStep]:
    """The seven steps, each taken, planned, awaited, called off or unknown.

    `windows` are those that count at present, nearest end first.
    """
    cancelled = bool(session and session.reason_not_held(agenda.part))
    part = session.part(agenda.part) if session and not cancelled else Session.no_dates
    made = [
        _taken("proposed", agenda.proposed),
        _taken("submitted", agenda.submitted),
        _silence(agenda, windows[0] if windows else None),
        _taken("approved", agenda.approved),
        _published(agenda),
        _taken("agenda adopted", agenda.adopted, part.starts),
        _taken("report adopted", agenda.report_adopted, part.ends),
    ]
    attested = [n for n, step in enumerate(made) if step.position and step.basis == "attested"]
    last = max(attested, default=-1)
    ahead = "called off" if cancelled else "awaited"
    return [
        step
        if step.position or step.basis == "planned"
        else TimelineStep(name=step.name, basis="unknown" if n < last else ahead)
        for n, step in enumerate(made)
    ]


def _taken(name: str, dated: DatedStep | None, planned: When = UNKNOWN) -> TimelineStep:
    if dated:
        basis = "attested" if dated.attested else "computed"
        return TimelineStep(name=name, basis=basis, when=dated.when, position=dated.position)
    if planned.known:
        return TimelineStep(name=name, basis="planned", when=planned)
    return TimelineStep(name=name, basis="awaited")


def _silence(agenda: Agenda, window: Window | None) -> TimelineStep:
    """Under silence until the deadline, or until the outcome came in another way."""
    step = _taken("under silence", agenda.silence)
    if window is None or not step.position:
        return step
    when = window.closes if window.closes.known else step.when
    note = "" if window.is_over else "clock stopped" if window.suspended else "running"
    if cut := _cut_short(window):
        when, note = window.ended, cut
    return TimelineStep(
        name=step.name, basis=step.basis, when=when, position=step.position, note=note
    )


def _cut_short(window: Window) -> str:
    """In what way a procedure ended otherwise than by its deadline; nothing where it did not."""
    endings = {
        "silence superseded": window.superseded,
        "approval revoked": window.revoked,
        "silence broken": window.broken_whole,
    }
    return next((word for word, held in endings.items() if held), "")


def _published(agenda: Agenda) -> TimelineStep:
    """Issue in all languages; where its day is unknown, the masthead date is shown and named."""
    step = _taken("published", agenda.published)
    masthead = agenda.masthead
    if masthead and masthead.attested and not step.when.known:
        return TimelineStep(
            name="published",
            basis="attested",
            when=masthead.when,
            position=masthead.position,
            note="masthead date",
        )
    return step
