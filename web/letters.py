"""Letters about silence procedures: plain text in the language of whoever is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Final

from domain.silence.responses import Received
from domain.silence.window import Window
from domain.times import wall_time
from web import reader, windows
from web.dates import Clock, zone_shown
from web.reader import Reader
from web.rendering import Templates
from workflows import trail
from workflows.matters import Matter

LEAD: Final = {
    "SilenceLapsed": "approved",
    "SilenceBroken": "broken",
    "SilenceSuperseded": "superseded",
    "ApprovalRevoked": "revoked",
    "ApprovalConfirmed": "confirmed",
    "ResponseFoundAfterClose": "suspended",
}
"""Which outcome a letter tells, by the event that made it."""


@dataclass(frozen=True)
class Said:
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

    def write(self, matter: Matter, language: str) -> tuple[str, str]:
        """Subject and text in this language, or in English where it is not known."""
        known = language if language in self._templates.catalogues else "en"
        catalogue = self._templates.catalogues[known]
        say, clock = catalogue.texts.gettext, self._templates.clock(known)
        window, event = matter.window, matter.event
        who = Reader(catalogue=catalogue, now=event.recorded_at)
        page = reader.window(matter.notice.organisation, window.id)
        written = self._templates.page(
            f"mail/{matter.notice.about}.txt",
            who,
            matter=matter,
            window=window,
            policy=window.policy,
            fact=event.fact,
            event=type(event.fact).__name__,
            outcome=LEAD.get(type(event.fact).__name__, ""),
            sentence=trail.sentence(event, say, known),
            end=_end(window, clock),
            parts=windows.parts(window, matter.titles),
            objections=windows.objections(window.responses),
            uncounted=len(window.uncounted),
            statements=[_said(one, clock, windows.zone(window)) for one in matter.statements],
            address=f"{self._address}{page}" if self._address else "",
        )
        subject, _, text = written.partition("\n")
        return subject.strip(), text.strip() + "\n"


def _end(window: Window, clock: Clock) -> dict[str, str]:
    """The deadline in words: its hour, day and zone, and its instant in UTC; empty for none."""
    at = windows.ends(window)
    if at is None:
        return {}
    zone = zone_shown(windows.zone(window))
    there, here = at.astimezone(UTC), wall_time(at, zone)
    utc = f"{there:%H:%M:%S} UTC"
    if there.date() != here.date():
        utc = clock.say("%(day)s, %(hour)s") % {"day": clock.weekday(there.date()), "hour": utc}
    return {
        "hour": clock.hour_in_full(at, zone),
        "day": clock.weekday_of(at, zone),
        "zone": zone,
        "utc": utc,
    }


def _said(one: Received, clock: Clock, zone: str) -> Said:
    """A statement in the reader's language, but for its own words."""
    told = one.response
    comma = clock.say(", ")
    seats = comma.join(trail.seat(name, clock.say) for name in (*told.seats, *told.on_behalf_of))
    at = one.received
    exact = at.hourly and at.earliest == at.latest
    return Said(
        number=one.number,
        standing=trail.listed([clock.say(text) for text in windows.standing(one)], clock.say),
        kind=clock.say(told.kind),
        who=seats,
        when=clock.local(at.earliest, zone) if exact else clock.when(at),
        items=comma.join(told.items),
        text=told.text,
        wording=told.wording,
    )
