"""The roster of a body: who holds which seat from a day on, given as one list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from typing import Any, Final

from msgspec import structs

from domain.body.body import Body, Seat
from domain.body.commands import FillSeat, VacateSeat
from domain.confusables import comparison_key, plain_id_problem
from domain.languages import LANGUAGES
from domain.messages import Command
from domain.time_zones import is_zone
from domain.times import UNKNOWN, When, is_before
from workflows.acts.parameter import N_
from workflows.acts.seats import CAPACITIES, today
from workflows.editing.days import NO_DAY, is_day
from workflows.editing.rows import Column, Draft, Fate, Fault, Line, Plan, Row, keyed
from workflows.queries.body import BodyForForm

COLUMNS: Final = (
    Column(name="holder", label=N_("Who holds it")),
    Column(name="seat", label=N_("Id of the seat")),
    Column(
        name="capacity",
        label=N_("Capacity"),
        hint=N_("One of: member, observer, officer, group, group chair. Empty for a member."),
    ),
    Column(name="office", label=N_("Office")),
    Column(name="group", label=N_("Regional group")),
    Column(name="zone", label=N_("Time zone in which its holder reads")),
    Column(name="since", label=N_("Since which day")),
    Column(name="until", label=N_("Until which day")),
    Column(name="voice", label=N_("An objection of it may break a silence")),
    *(
        Column(name=f"name-{tag}", label=N_("Name (%(language)s)"), language=tag)
        for tag in ("en", *(tag for tag in LANGUAGES if tag != "en"))
    ),
)
VOICES: Final[Mapping[str, bool | None]] = {"": None, "yes": True, "no": False}
SHOWN: Final = 80
"""How much of an id is said again that is none."""
KEEP: Final = "keep"
"""The answer by which seats stay that are not listed; otherwise they are vacated."""

NO_HOLDER: Final = N_("Say who holds the seat.")
NO_SEAT: Final = N_("Give the seat an id: none can be made of “%(text)s”.")
NOT_PLAIN: Final = N_(
    "“%(text)s” is no id for a new seat: write letters, digits and hyphens, without spaces and"
    " slashes, at most sixty."
)
SEAT_TWICE: Final = N_("The seat %(text)s stands in line %(other)s too.")
NO_CAPACITY: Final = N_("“%(text)s” is no capacity: write %(offered)s.")
NO_ZONE: Final = N_("“%(text)s” is no time zone, such as Africa/Nairobi.")
NO_VOICE: Final = N_("“%(text)s”: write yes or no, or nothing for what the rules say.")
SINCE_FIXED: Final = N_(
    "The seat is held since %(text)s: what is recorded is corrected, not edited."
)
END_FIXED: Final = N_("The term ends on %(text)s: fill the seat again from that day on.")


def current(body: Body, day: When) -> dict[str, Seat]:
    """The last term of each seat that has not ended by this day, by the id of the seat."""
    last = {seat.seat: seat for seat in body.seats}
    zone = body.term_zone
    return {
        name: seat
        for name, seat in last.items()
        if not seat.until.known or is_before(day, seat.until, zone) is True
    }


def rows(shown: BodyForForm) -> tuple[Row, ...]:
    """The seats that are held, as rows."""
    held = current(shown.body, When(today(shown)))
    return tuple(
        Row(key=name, cells=_cells(seat), line=number)
        for number, (name, seat) in enumerate(held.items(), start=1)
    )


def _cells(seat: Seat) -> dict[str, str]:
    names = {f"name-{tag}": seat.names.get(tag, "") for tag in LANGUAGES}
    voice = next(text for text, value in VOICES.items() if value is seat.voice)
    return {
        "holder": seat.holder,
        "seat": seat.seat,
        "capacity": seat.capacity,
        "office": seat.office,
        "group": seat.group,
        "zone": seat.zone,
        "since": _day(seat.since),
        "until": _day(seat.until),
        "voice": voice,
        **names,
    }


def _day(when: When) -> str:
    """A day as it is written in a list; of an instant the whole of it."""
    return str(when) if when.known else ""


def identify(base: Sequence[Row], written: Sequence[Row]) -> tuple[Row, ...]:
    """Rows with the seats that they mean: by the id, else by the holder of one seat, else new.

    `base` are the seats as they stood when the writing began.
    """
    held = keyed(base)
    by_holder: dict[str, list[str]] = {}
    for name, seat in held.items():
        by_holder.setdefault(comparison_key(seat.text("holder")), []).append(name)
    found = []
    for row in written:
        name = row.text("seat")
        of_holder = by_holder.get(comparison_key(row.text("holder")), [])
        if not name and len(of_holder) == 1:
            name = of_holder[0]
        key = name if name in held else ""
        name = name or id_of(row.text("holder"))
        cells = {**row.cells, "seat": name} if name else row.cells
        found.append(structs.replace(row, key=key, cells=cells))
    return tuple(found)


def id_of(holder: str) -> str:
    """The id of a seat that is made of its holder's name; empty where it has no Latin letters."""
    plain = unicodedata.normalize("NFKD", holder).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def plan(shown: BodyForForm, draft: Draft) -> Plan:
    """What a list of seats means: who is seated, who leaves, who stays."""
    day = draft.answer("since") or today(shown)
    if not is_day(day):
        return Plan(faults=(Fault(line=0, why=NO_DAY, words={"text": day}, column="since"),))
    reason = draft.answer("reason")
    held = current(shown.body, When(day))
    known = {seat.seat for seat in shown.body.seats}
    written = [row for row in draft.rows if not row.blank]
    faults = [*_twice(written)]
    commands: list[Command] = []
    places: list[int] = []
    lines: list[Line] = []
    for row in written:
        wrong = list(_faults(row, known))
        before = held.get(row.text("seat"))
        if before and not wrong:
            wrong += _fixed(row, before)
        faults += wrong
        if wrong:
            continue
        made, fate = _acts(shown.body.id, row, before, day, reason)
        commands += made
        places += [row.line] * len(made)
        lines.append(Line(called=_called(row), fate=fate, line=row.line))
    if faults:
        return Plan(faults=tuple(faults))
    if draft.answer("rest") != KEEP:
        named = {row.text("seat") for row in written}
        for name in draft.removed:
            if name in held and name not in named:
                vacated = VacateSeat(body=shown.body.id, seat=name, until=When(day), reason=reason)
                commands.append(vacated)
                places.append(0)
                lines.append(Line(called=f"{held[name].holder} ({name})", fate=Fate.REMOVED))
    return Plan(commands=tuple(commands), lines_of=tuple(places), lines=tuple(lines))


def _called(row: Row) -> str:
    return f"{row.text('holder')} ({row.text('seat')})"


def _twice(written: Sequence[Row]) -> list[Fault]:
    first: dict[str, int] = {}
    found = []
    for row in written:
        name = row.text("seat")
        if name and name in first:
            words = {"text": name, "other": str(first[name])}
            found.append(Fault(line=row.line, why=SEAT_TWICE, words=words, column="seat"))
        first.setdefault(name, row.line)
    return found


def _faults(row: Row, known: Container[str]) -> list[Fault]:
    """What is wrong with a row by itself; the ids of seats that are known stay as they are."""
    found = []

    def fault(column: str, why: str, **words: str) -> None:
        given = {"text": row.text(column), **words}
        found.append(Fault(line=row.line, why=why, words=given, column=column))

    if not row.text("holder"):
        fault("holder", NO_HOLDER)
    elif not row.text("seat"):
        fault("seat", NO_SEAT, text=row.text("holder"))
    elif row.text("seat") not in known and plain_id_problem(row.text("seat")):
        shown = row.text("seat")
        fault("seat", NOT_PLAIN, text=shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…")
    if row.text("capacity") and row.text("capacity").lower() not in CAPACITIES:
        fault("capacity", NO_CAPACITY, offered=", ".join(CAPACITIES))
    for column in ("since", "until"):
        if row.text(column) and not _is_time(row.text(column)):
            fault(column, NO_DAY)
    if row.text("zone") and not is_zone(row.text("zone")):
        fault("zone", NO_ZONE)
    if row.text("voice").lower() not in VOICES:
        fault("voice", NO_VOICE)
    return found


def _is_time(text: str) -> bool:
    """Whether it is a day, or an instant as the record writes it."""
    try:
        return When(text).known
    except ValueError:
        return False


def _fixed(row: Row, before: Seat) -> list[Fault]:
    """What cannot be changed of a term: its beginning without its holder, an end that was set."""
    found = []
    since, until = row.text("since"), row.text("until")
    moved = since and since != _day(before.since)
    if moved and not _changes(row, before):
        words = {"text": _day(before.since)}
        found.append(Fault(line=row.line, why=SINCE_FIXED, words=words, column="since"))
    if before.until.known and "until" in row.cells and until != _day(before.until):
        words = {"text": _day(before.until)}
        found.append(Fault(line=row.line, why=END_FIXED, words=words, column="until"))
    return found


def _changes(row: Row, before: Seat) -> bool:
    """Whether the seat gets another holder, or the same one on other terms."""
    was = _cells(before)
    return any(
        _normal(name, row.text(name)) != was[name]
        for name in row.cells
        if name in was and name not in {"since", "until"}
    )


def _normal(column: str, text: str) -> str:
    """A text as it is kept: an empty capacity is that of a member, and words have no case."""
    if column == "capacity":
        return text.lower() or "member"
    return text.lower() if column == "voice" else text


def _acts(
    body: str, row: Row, before: Seat | None, day: str, reason: str
) -> tuple[list[Command], Fate]:
    """The acts by which a seat is held as a row says, and what becomes of the row."""
    seat, until = row.text("seat"), row.text("until")
    if before is None:
        return [_fill(body, row, row.text("since") or day)], Fate.NEW
    if _changes(row, before):
        given = row.text("since")
        since = given if given and given != _day(before.since) else day
        whole = structs.replace(row, cells={**_cells(before), "until": "", **row.cells})
        left = VacateSeat(body=body, seat=seat, until=When(since), reason=reason)
        return [left, _fill(body, whole, since)], Fate.CHANGED
    if until and until != _day(before.until):
        return [VacateSeat(body=body, seat=seat, until=When(until), reason=reason)], Fate.CHANGED
    return [], Fate.UNCHANGED


def _fill(body: str, row: Row, since: str) -> FillSeat:
    names: dict[str, Any] = {
        tag: row.text(f"name-{tag}") for tag in LANGUAGES if row.text(f"name-{tag}")
    }
    return FillSeat(
        body=body,
        seat=row.text("seat"),
        holder=row.text("holder"),
        names=names,
        capacity=_normal("capacity", row.text("capacity")),
        office=row.text("office"),
        group=row.text("group"),
        zone=row.text("zone"),
        since=When(since),
        until=When(row.text("until")) if row.text("until") else UNKNOWN,
        voice=VOICES[row.text("voice").lower()],
    )
