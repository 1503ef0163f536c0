"""The life of an agenda as steps with dates: attested, computed, planned, or unknown."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.agenda import Agenda
from domain.agenda.events import ItemsPutUnderSilence, ItemsSubmitted
from domain.messages import DatedStep, RecordedEvent
from domain.session import Session
from domain.silence import Window
from domain.times import UNKNOWN, When


class TimelineStep(Struct, frozen=True, kw_only=True):
    """A step of an agenda's life.

    `basis` is attested (a source tells it), computed (Placet applied the rules), stated (the same,
    at the time that was stated by who entered it), planned (its day is announced, what happened is
    not known), awaited (nothing is known of it yet), called off (its session was cancelled) or
    unknown (it must have happened, and the source is silent).
    """

    name: str
    basis: str
    when: When = UNKNOWN
    position: int = 0
    note: str = ""


def agenda_timeline(
    agenda: Agenda,
    session: Session | None,
    windows: Sequence[Window],
    events: Sequence[RecordedEvent],
    ended: Sequence[Window] = (),
) -> list[TimelineStep]:
    """Its steps in turn, each taken, planned, awaited, called off or unknown.

    They are seven, and more where items were submitted again, or asked about again by a silence.
    `windows` are those that count at present, nearest end first, and `ended` all others; `events`
    are those of the agenda, read with their corrections.
    """
    cancelled = bool(session and session.reason_not_held(agenda.part))
    part = session.part(agenda.part) if session and not cancelled else Session.no_dates
    made = [
        _taken("proposed", agenda.proposed),
        *_rounds(agenda, windows, events, ended),
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
        basis = "attested" if dated.attested else "stated" if dated.stated else "computed"
        return TimelineStep(name=name, basis=basis, when=dated.when, position=dated.position)
    if planned.known:
        return TimelineStep(name=name, basis="planned", when=planned)
    return TimelineStep(name=name, basis="awaited")


def _rounds(
    agenda: Agenda,
    windows: Sequence[Window],
    events: Sequence[RecordedEvent],
    ended: Sequence[Window],
) -> list[TimelineStep]:
    """Submission and silence, as often as items went through them.

    Of procedures that run beside each other the one that ends first stands for all; what was
    submitted in several parts before a silence counts as one submission, the last of them.
    """
    of = {window.id: window for window in (*ended, *windows[:1])}
    found: list[TimelineStep] = []
    submitted: set[str] = set()
    for event in events:
        match event.fact:
            case ItemsSubmitted(items=items):
                again = bool(submitted & {*items})
                if found and found[-1].name == "submitted" and not again:
                    found.pop()
                found.append(_taken("submitted", DatedStep.from_event(event)))
                submitted = {*items} if again else submitted | {*items}
            case ItemsPutUnderSilence(window=name) if name in of:
                found.append(_silence(DatedStep.from_event(event), of[name]))
                submitted = set()
            case _:
                pass
    if not found or found[0].name != "submitted":
        found.insert(0, _taken("submitted", None))
    waits = len(found) == 1 or agenda.items_with_approval("submitted")
    if found[-1].name == "submitted" and waits:
        found.append(_taken("under silence", None))
    return found


def _silence(dated: DatedStep, window: Window) -> TimelineStep:
    """Under silence until the deadline, or until the outcome came in another way."""
    step = _taken("under silence", dated)
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
