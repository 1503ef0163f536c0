"""What to know before a window is opened, such as a bad day to end; or before it is superseded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from domain.body import Body
from domain.deadlines import Deadline
from domain.ports.address_book import OFFICES, PRESIDING_OFFICER, DirectoryEntry
from domain.silence.events import SilenceOpened
from domain.time_zones import wall_time
from domain.times import When

DAY_BEGINS: Final = 6
NIGHT_BEGINS: Final = 22
"""Local hours between which people are expected to be awake; a choice of ours."""


class WorkingDays(Struct, frozen=True, kw_only=True):
    """How many working days of a duty station lie after the opening day, the last day included."""

    count: int
    duty_station: str


class CalendarMissing(Struct, frozen=True, kw_only=True):
    """Working days cannot be counted: no calendar is published for this year.

    Only of a body that has a duty station, or a calendar of another year.
    """

    year: int


class EndsOnFreeDay(Struct, frozen=True, kw_only=True):
    """The deadline falls on a day on which the duty station does not work."""

    day: date
    duty_station: str


class EndsAtNight(Struct, frozen=True, kw_only=True):
    """The deadline falls into the night of these seats; `hour` is theirs."""

    seats: tuple[str, ...]
    zone: str
    hour: str


class SeatsWithoutAddress(Struct, frozen=True, kw_only=True):
    """Seats that would be asked and have no address in the directory."""

    seats: tuple[str, ...]


class LettersReturned(Struct, frozen=True, kw_only=True):
    """Seats that would be asked, from an address of which the last letter came back."""

    seats: tuple[str, ...]


class OfficerWithoutAddress(Struct, frozen=True, kw_only=True):
    """The directory has no address of the presiding officer, whom alarms are sent to."""


class UnknownAddressees(Struct, frozen=True, kw_only=True):
    """Names in the directory of the body that no seat and no office has, such as misspelt ones."""

    names: tuple[str, ...]


class SubItems(Struct, frozen=True, kw_only=True):
    """Some items are parts of others: what an objection to one does to the others."""

    policy: str


class UnknownSuccessor(Struct, frozen=True, kw_only=True):
    """A window is superseded by one that the record does not hold: not yet, or never by this id."""

    window: str


Caution = (
    WorkingDays
    | CalendarMissing
    | EndsOnFreeDay
    | EndsAtNight
    | SeatsWithoutAddress
    | LettersReturned
    | OfficerWithoutAddress
    | UnknownAddressees
    | SubItems
    | UnknownSuccessor
)


def cautions(opened: SilenceOpened, opens: When, body: Body) -> tuple[Caution, ...]:
    """What to know of a window that would be opened so, at `opens`; nothing for history."""
    if opened.deadline is None:
        return ()
    has_sub_items = opened.policy.by_item and opened.subject.under
    return (
        *((SubItems(policy=opened.policy.sub_items),) if has_sub_items else ()),
        *_days(opened.deadline, opens, body),
        *_nights(opened.deadline, opens, body),
    )


def address_cautions(
    entries: Mapping[str, DirectoryEntry], opens: When, body: Body, returning: Collection[str] = ()
) -> Iterator[Caution]:
    """Seats of which the directory has no address, and names in it that no seat or office has.

    Also seats with an address among those from which the last letter came back (`returning`,
    case-folded), and a presiding officer without address: holds and objections that are found
    after the close are told to that office by letter.
    """
    names = [seat.seat for seat in body.roster_at(opens)]
    mute = tuple(name for name in names if not entries.get(name, DirectoryEntry()).addresses)
    if mute:
        yield SeatsWithoutAddress(seats=mute)
    back = tuple(
        name
        for name in names
        if any(
            known.casefold() in returning for known in entries.get(name, DirectoryEntry()).addresses
        )
    )
    if back:
        yield LettersReturned(seats=back)
    if not entries.get(PRESIDING_OFFICER, DirectoryEntry()).addresses:
        yield OfficerWithoutAddress()
    seats = {seat.seat for seat in body.seats}
    strange = tuple(name for name in entries if name not in seats and name not in OFFICES)
    if strange:
        yield UnknownAddressees(names=strange)


def _days(deadline: Deadline, opens: When, body: Body) -> Iterator[Caution]:
    first = wall_time(opens.earliest, deadline.zone).date()
    last = wall_time(deadline.utc, deadline.zone).date()
    lists = body.working_days
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)] or [last]
    missing = [day.year for day in days if day.year not in lists]
    if missing:
        if body.duty_station or body.calendars:
            yield CalendarMissing(year=missing[0])
        return
    station = lists[last.year].duty_station
    worked = [day for day in days if lists[day.year].works_on(day)]
    yield WorkingDays(count=len(worked), duty_station=station)
    if last not in worked:
        yield EndsOnFreeDay(day=last, duty_station=station)


def _nights(deadline: Deadline, opens: When, body: Body) -> Iterator[Caution]:
    zones: dict[str, list[str]] = {}
    for seat in body.roster_at(opens):
        if seat.zone:
            zones.setdefault(seat.zone, []).append(seat.seat)
    for zone, seats in sorted(zones.items()):
        local = wall_time(deadline.utc, zone)
        if not DAY_BEGINS <= local.hour < NIGHT_BEGINS:
            yield EndsAtNight(seats=tuple(seats), zone=zone, hour=f"{local:%H:%M}")
