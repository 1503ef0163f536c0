"""The state of a body, what it decides, and what it remembers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field, structs

from domain.body.commands import (
    PublishCalendar,
)
from domain.body.events import (
    BodyCompleted,
    BodyEstablished,
    CalendarPublished,
    RulePackAdopted,
    SeatEmpowered,
    SeatFilled,
    SeatVacated,
)
from domain.calendars import Calendar, calendars_of_station
from domain.messages import Order, RecordedEvent
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

    def evolve(self, recorded: RecordedEvent) -> Body:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case BodyEstablished() as fact:
                named = ((recorded.effective, fact.names),)
                return structs.replace(
                    self, id=recorded.stream.id, named=named, **structs.asdict(fact)
                )
            case BodyCompleted() as fact:
                return self._completed(fact, recorded.effective)
            case RulePackAdopted() as fact:
                return structs.replace(self, packs=(*self.packs, (recorded.effective, fact.hash)))
            case SeatFilled() as fact:
                return structs.replace(self, seats=(*self.seats, Seat(**structs.asdict(fact))))
            case SeatVacated(seat=name, until=until):
                last = max(n for n, seat in enumerate(self.seats) if seat.seat == name)
                seats = list(self.seats)
                seats[last] = structs.replace(seats[last], until=until)
                return structs.replace(self, seats=tuple(seats))
            case SeatEmpowered() as fact:
                return structs.replace(self, powers=(*self.powers, fact))
            case CalendarPublished() as fact:
                return structs.replace(self, calendars=(*self.calendars, calendar_of(fact)))
        return self

    def _completed(self, fact: BodyCompleted, when: When) -> Body:
        """A name that a source tells of an earlier day replaces none of a later one."""
        told = (*self.named, (when, fact.names))
        named = tuple(sorted(told, key=lambda one: one[0].earliest))
        return structs.replace(
            self,
            named=named,
            names={tag: name for _, names in named for tag, name in names.items()},
            symbol_series=tuple(dict.fromkeys((*self.symbol_series, *fact.symbol_series))),
            duty_station=self.duty_station or fact.duty_station,
            parent=self.parent or fact.parent,
            mandate=self.mandate or fact.mandate,
        )


def calendar_of(told: PublishCalendar | CalendarPublished) -> Calendar:
    """Raises Refused for days and weekdays that are none."""
    return Calendar.parse(told.duty_station, told.year, told.version, told.holidays, told.weekend)
