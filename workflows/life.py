"""The life of an agenda as steps with dates: attested, computed, planned, or unknown."""

from __future__ import annotations

from dataclasses import dataclass

from domain.agenda import Agenda
from domain.facts import Dated
from domain.session import Session
from domain.silence import Window
from domain.times import UNKNOWN, When


@dataclass(frozen=True, kw_only=True)
class LifeStep:
    """A step of an agenda's life.

    `basis` is attested (a source tells it), computed (Placet applied the rules), planned (its
    day is announced, what happened is not known), awaited (nothing is known of it yet) or
    unknown (it must have happened, and the source is silent).
    """

    name: str
    basis: str
    when: When = UNKNOWN
    position: int = 0
    note: str = ""


def steps(agenda: Agenda, session: Session | None, window: Window | None) -> list[LifeStep]:
    """The seven steps, each taken, planned, awaited or unknown."""
    opening = session.part(agenda.part).starts if session else UNKNOWN
    ending = session.part(agenda.part).ends if session else UNKNOWN
    made = [
        _taken("proposed", agenda.proposed),
        _taken("submitted", agenda.submitted),
        _silence(agenda, window),
        _taken("approved", agenda.approved),
        _published(agenda),
        _taken("agenda adopted", agenda.adopted, opening),
        _taken("report adopted", agenda.report_adopted, ending),
    ]
    told = [n for n, step in enumerate(made) if step.position and step.basis == "attested"]
    last = max(told, default=-1)
    return [
        step
        if step.position or step.basis == "planned"
        else LifeStep(name=step.name, basis="unknown" if n < last else "awaited")
        for n, step in enumerate(made)
    ]


def _taken(name: str, dated: Dated | None, planned: When = UNKNOWN) -> LifeStep:
    if dated:
        basis = "attested" if dated.attested else "computed"
        return LifeStep(name=name, basis=basis, when=dated.when, position=dated.position)
    if planned.known:
        return LifeStep(name=name, basis="planned", when=planned)
    return LifeStep(name=name, basis="awaited")


def _silence(agenda: Agenda, window: Window | None) -> LifeStep:
    step = _taken("under silence", agenda.silence)
    if window is None or not step.position:
        return step
    note = "running" if not window.over else ""
    when = window.closes if window.closes.known else step.when
    return LifeStep(name=step.name, basis=step.basis, when=when, position=step.position, note=note)


def _published(agenda: Agenda) -> LifeStep:
    """Issue in all languages; where its day is unknown, the masthead date is shown and named."""
    step = _taken("published", agenda.published)
    masthead = agenda.masthead
    if masthead and masthead.attested and not step.when.known:
        return LifeStep(
            name="published",
            basis="attested",
            when=masthead.when,
            position=masthead.position,
            note="masthead date",
        )
    return step
