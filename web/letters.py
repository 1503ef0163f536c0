"""Letters about silence procedures: plain text in the language of their addressee."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.notices import ALARM, RECEIPT
from domain.session import Session
from domain.silence.responses import ReceivedResponse
from domain.silence.roster import FrozenSeat
from domain.silence.window import Window
from domain.time_zones import wall_time
from web.http import urls
from web.http.context import AboutProgram, RequestContext
from web.i18n.catalogues import NAMES, load_catalogue
from web.i18n.dates import DateFormatter, zone_shown
from web.presenters import window as windows
from web.rendering import Templates
from workflows.history import narration
from workflows.history.sentences.wording import Translate
from workflows.notifications.content import LetterContent

INTRODUCTIONS: Final = {
    "SilenceLapsed": "approved",
    "SilenceBroken": "broken",
    "SilenceSuperseded": "superseded",
    "ApprovalRevoked": "revoked",
    "ApprovalConfirmed": "confirmed",
    "ResponseFoundAfterClose": "suspended",
}
"""Which outcome a letter tells, by the event that made it."""

WORDS_OF_PAST_STATE: Final = frozenset({"outcome", "supersession", ALARM, RECEIPT})
"""What it is about when it tells something as it was then; all else tells what holds now."""


@dataclass(frozen=True)
class AttachedStatement:
    """A statement of a seat, as the outcome's letter attaches it, with its number in the record."""

    number: int
    standing: str
    kind: str
    who: str
    when: str
    items: str
    text: str
    wording: str


class Letters:
    """Writes letters. `address` is where the pages are, such as `https://placet.example.org`."""

    def __init__(self, templates: Templates, address: str = "") -> None:
        self._templates, self._address = templates, address.rstrip("/")

    def write(self, matter: LetterContent, language: str) -> tuple[str, str]:
        """Subject and text in this language, or in English where it is not known.

        They tell the deadline that holds now. A letter about the end tells the outcome of then;
        where another has followed, its subject says so, and its text what that was.
        """
        known = language if language in NAMES else "en"
        catalogue = load_catalogue(known)
        say, clock = catalogue.texts.gettext, self._templates.clock(known)
        about, event = matter.notice.about, matter.event
        window = matter.window if about in WORDS_OF_PAST_STATE else matter.present
        who = RequestContext(catalogue=catalogue, now=event.recorded_at)
        page = urls.window(matter.notice.organisation, window.id)
        written = self._templates.page(
            f"mail/{about}.txt",
            who,
            matter=matter,
            window=window,
            policy=window.policy,
            titled=_titled(window, matter.of_session, known, say),
            session=_session(matter, clock),
            fact=event.fact,
            event=type(event.fact).__name__,
            outcome=INTRODUCTIONS.get(type(event.fact).__name__, ""),
            sentence=narration.sentence(event, say, known),
            since=[narration.sentence(event, say, known) for event in matter.since],
            end=_end(matter.present, _zones(matter), clock),
            called=_called(matter.seat, known, say),
            parts=windows.window_parts(window, matter.titles),
            objections=matter.objecting,
            uncounted=len(window.uncounted),
            statements=[_statement(event, clock, _zones(matter)[0]) for event in matter.statements],
            address=f"{self._address}{page}" if self._address else "",
        )
        subject, _, text = written.partition("\n")
        if about == "outcome" and any(
            type(event.fact).__name__ in INTRODUCTIONS for event in matter.since
        ):
            subject = say("Overtaken: %(subject)s") % {"subject": subject.strip()}
        if matter.seat:
            subject = f"{subject.strip()} ({narration.seat_name(matter.seat.seat, say)})"
        return subject.strip(), text.strip() + "\n"


def _titled(window: Window, session: Session | None, language: str, say: Translate) -> str:
    """What is under silence, as the subject of a letter names it, and of which session."""
    subject = window.subject
    title = narration.localized_name(subject.titles, language) or say(subject.type)
    return say(", ").join([title, *_number(session, say)])


def _number(session: Session | None, say: Translate) -> list[str]:
    """A session by its number; nothing where there is no number, or no session."""
    if session is None or not session.number:
        return []
    return [say("Session %(number)s") % {"number": session.number}]


def _session(matter: LetterContent, clock: DateFormatter) -> str:
    """A session by its number or else its id, with its dates as far as they are known.

    Of one that was called off it says so, and why.
    """
    session = matter.of_session
    if session is None:
        return ""
    number = matter.of_agenda.part if matter.of_agenda else len(session.parts)
    part = session.part(number)
    named = _number(session, clock.say) or [session.id]
    if part.starts.day and part.ends.day:
        named.append(clock.span(part.starts.day, part.ends.day))
    elif part.starts.known:
        named.append(clock.when(part.starts))
    line = clock.say(", ").join(named)
    if reason := session.reason_not_held(number):
        line += f"\n{clock.say('The session was cancelled.')} {reason}"
    return line


def _zones(matter: LetterContent) -> tuple[str, ...]:
    """In which zones a deadline is told: first the body's, last UTC.

    Between them are those in which it was stated and of the seat that is told.
    """
    stated = windows.deadline_zone(matter.present)
    first = matter.body.zone or stated
    zones = (first, stated, matter.seat.zone if matter.seat else "", "UTC")
    return tuple(dict.fromkeys(zone_shown(zone) for zone in zones if zone))


def _end(window: Window, zones: Sequence[str], clock: DateFormatter) -> dict[str, str]:
    """The deadline in words: its hour, day and zone, and what clocks show elsewhere then.

    Empty where there is none, and while the clock is stopped.
    """
    at = windows.deadline_instant(window)
    if at is None or window.suspended:
        return {}
    zone = zones[0]
    day = wall_time(at, zone).date()
    semicolon = clock.say("; ")
    return {
        "hour": clock.hour_in_full(at, zone),
        "day": clock.weekday_of(at, zone),
        "zone": zone,
        "elsewhere": semicolon.join(_there(at, other, day, clock) for other in zones[1:]),
    }


def _there(at: datetime, zone: str, day: date, clock: DateFormatter) -> str:
    """What clocks of a zone show at an instant; with the day where it is another."""
    hour = f"{clock.hour_in_full(at, zone)} {zone}"
    if wall_time(at, zone).date() == day:
        return hour
    return clock.say("%(day)s, %(hour)s") % {"day": clock.weekday_of(at, zone), "hour": hour}


def _called(seat: FrozenSeat | None, language: str, say: Translate) -> str:
    """The seat that a letter is for: who holds it, and its id. Empty for an office."""
    if seat is None:
        return ""
    name = narration.localized_name(seat.names, language) or seat.holder
    return (
        f"{name} ({narration.seat_name(seat.seat, say)})"
        if name
        else narration.seat_name(seat.seat, say)
    )


def _statement(received: ReceivedResponse, clock: DateFormatter, zone: str) -> AttachedStatement:
    """A statement in the reader's language, but for its own words."""
    response = received.response
    comma = clock.say(", ")
    seats = comma.join(
        narration.seat_name(name, clock.say) for name in (*response.seats, *response.on_behalf_of)
    )
    at = received.received
    exact = at.has_hour and at.earliest == at.latest
    return AttachedStatement(
        number=received.number,
        standing=narration.join_words(
            [clock.say(text) for text in windows.standing_texts(received)], clock.say
        ),
        kind=clock.say(response.kind),
        who=seats,
        when=clock.local(at.earliest, zone) if exact else clock.when(at),
        items=comma.join(response.items),
        text=response.text,
        wording=response.wording,
    )


def writer_for(version: str, store: str) -> Callable[[str], Letters]:
    """What makes a writer of letters about a store, once the address of its pages is known."""
    about = AboutProgram(version=version, store=store)
    return lambda address: Letters(Templates(about), address)
