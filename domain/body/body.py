"""The state of a body: its names, seats, rule packs, calendars and mandate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct, field, structs

from domain.body.commands import PublishCalendar
from domain.body.events import (
    BodyCompleted,
    BodyEstablished,
    CalendarPublished,
    RulePackAdopted,
    SeatEmpowered,
    SeatFilled,
    SeatVacated,
    is_body_event,
)
from domain.calendars import Calendar, calendars_of_station
from domain.messages import FoldableEvent, Order
from domain.times import UNKNOWN, When, is_before, is_in_term


class Seat(Struct, frozen=True, kw_only=True):
    """One seat for one stretch of time."""

    seat: str
    holder: str
    names: Mapping[str, str]
    capacity: str
    office: str = ""
    group: str = ""
    zone: str = ""
    """The IANA zone in which its holder reads notices; unknown when empty."""
    since: When
    until: When = UNKNOWN
    voice: bool | None = None
    """Whether it may break a silence; None where the rule pack decides by its capacity."""

    def held_at(self, at: When, zone: str) -> bool:
        """Whether `at` is not certainly before its term or after it, by the days of this zone."""
        return is_in_term(at, self.since, self.until, zone) is not False


class Body(Struct, frozen=True, kw_only=True):
    """What the rules must remember about a body."""

    id: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """Its newest names by language."""
    named: tuple[tuple[When, Mapping[str, str]], ...] = ()
    """All names that it was given, in the order in which they took effect."""
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    zone: str = ""
    parent: str = ""
    mandate: str = ""
    fictional: bool = False
    packs: tuple[tuple[When, str], ...] = ()
    """Rule packs by their hash, each with the time since when it is in force."""
    seats: tuple[Seat, ...] = ()
    powers: tuple[SeatEmpowered, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    """All lists of holidays that were published, in their order."""

    @property
    def working_days(self) -> Mapping[int, Calendar]:
        """The lists in force at its duty station, by year: what its working days are counted by.

        A body that names no duty station has that of its lists, as long as they are of one.
        """
        return calendars_of_station(self.calendars, self.duty_station)

    @property
    def term_zone(self) -> str:
        """The zone whose days its terms run by: its own, or UTC, as for its deadlines.

        A day that is held against another day is the same in each zone.
        """
        return self.zone or "UTC"

    def zone_of_order(self, order: Order) -> str:
        """The zone whose days an order is judged by: its own; UTC for what is live; of history,
        none where it has none, so that what its days leave open stays open."""
        return self.zone or ("" if order.attested else "UTC")

    def roster_at(self, at: When) -> tuple[Seat, ...]:
        """The seats held at `at`, in the order in which they were filled. Queries are by date.

        On a day on which one holder follows another in a seat, it is held by the one who follows.
        """
        held = [seat for seat in self.seats if seat.held_at(at, self.term_zone)]
        last = {seat.seat: seat for seat in held}
        return tuple(seat for seat in held if seat is last[seat.seat])

    def pack_at(self, at: When) -> str:
        """The hash of the rule pack in force at `at`; empty when there was none.

        Of several that may have been in force by then, the one adopted last counts.
        """
        found = ""
        since = UNKNOWN
        for start, digest_ in self.packs:
            begun = is_before(at, start, self.term_zone) is not True
            if begun and is_before(start, since, self.term_zone) is not True:
                found, since = digest_, start
        return found

    def may_act_for(self, seat: str, at: When) -> frozenset[str]:
        """Seats and members that `seat` is empowered to act for at `at`, itself included."""
        others = (
            name
            for power in self.powers
            if power.seat == seat
            and is_in_term(at, power.since, power.until, self.term_zone) is not False
            for name in power.acts_for
        )
        return frozenset({seat, *others})

    def evolve(self, recorded: FoldableEvent) -> Body:
        """The body after one event. Never refuses: it already happened."""
        event = recorded.fact
        if not is_body_event(event):
            return self
        match event:
            case BodyEstablished():
                return self._established(event, recorded)
            case BodyCompleted():
                return self._completed(event, recorded.effective)
            case RulePackAdopted():
                return structs.replace(self, packs=(*self.packs, (recorded.effective, event.hash)))
            case SeatFilled():
                return structs.replace(self, seats=(*self.seats, _seat(event)))
            case SeatVacated():
                return structs.replace(self, seats=_vacated(self.seats, event))
            case SeatEmpowered():
                return structs.replace(self, powers=(*self.powers, event))
            case CalendarPublished():
                return structs.replace(self, calendars=(*self.calendars, calendar_of(event)))
            case _:
                assert_never(event)

    def _established(self, event: BodyEstablished, recorded: FoldableEvent) -> Body:
        return structs.replace(
            self,
            id=recorded.stream.id,
            names=event.names,
            named=((recorded.effective, event.names),),
            symbol_series=event.symbol_series,
            duty_station=event.duty_station,
            zone=event.zone,
            parent=event.parent,
            mandate=event.mandate,
            fictional=event.fictional,
        )

    def _completed(self, event: BodyCompleted, when: When) -> Body:
        """A name that a source tells of an earlier day replaces none of a later one."""
        by_time = sorted((*self.named, (when, event.names)), key=lambda entry: entry[0].earliest)
        return structs.replace(
            self,
            named=tuple(by_time),
            names={tag: name for _, names in by_time for tag, name in names.items()},
            symbol_series=tuple(dict.fromkeys((*self.symbol_series, *event.symbol_series))),
            duty_station=self.duty_station or event.duty_station,
            parent=self.parent or event.parent,
            mandate=self.mandate or event.mandate,
        )


def _seat(event: SeatFilled) -> Seat:
    return Seat(
        seat=event.seat,
        holder=event.holder,
        names=event.names,
        capacity=event.capacity,
        office=event.office,
        group=event.group,
        zone=event.zone,
        since=event.since,
        until=event.until,
        voice=event.voice,
    )


def _vacated(seats: tuple[Seat, ...], event: SeatVacated) -> tuple[Seat, ...]:
    """The last term in a seat ends."""
    last = max(n for n, seat in enumerate(seats) if seat.seat == event.seat)
    ended = structs.replace(seats[last], until=event.until)
    return (*seats[:last], ended, *seats[last + 1 :])


def calendar_of(published: PublishCalendar | CalendarPublished) -> Calendar:
    """The list of holidays of a command or an event. Raises Refused for days that are none."""
    return Calendar.parse(
        published.duty_station,
        published.year,
        published.version,
        published.holidays,
        published.weekend,
    )
