"""The state of a body, what it decides, and what it remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from domain.body.commands import (
    AdoptRulePack,
    EmpowerSeat,
    EstablishBody,
    FillSeat,
    PublishCalendar,
    VacateSeat,
)
from domain.body.events import (
    BodyEstablished,
    CalendarPublished,
    RulePackAdopted,
    SeatEmpowered,
    SeatFilled,
    SeatVacated,
)
from domain.calendars import Calendar
from domain.facts import Decision, Fact, Happened, Order, Recorded, fields_of, telling
from domain.rules import Finding, RulePack, demand, insist, judge
from domain.texts import digest
from domain.times import UNKNOWN, When, before

if TYPE_CHECKING:
    from domain.world import World


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One seat for one stretch of time."""

    seat: str
    holder: str
    names: Mapping[str, str]
    capacity: str
    office: str = ""
    group: str = ""
    since: When
    until: When = UNKNOWN

    def held_at(self, at: When) -> bool:
        """Whether the seat was certainly not before its term or after it."""
        started = not self.since.known or before(self.since, at) is not False or self.since == at
        over = self.until.known and before(self.until, at) is True
        return started and not over


@dataclass(frozen=True, kw_only=True)
class Body:
    """What the rules must remember about a body."""

    id: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
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
    calendars: Mapping[int, Calendar] = field(default_factory=dict)

    def roster_at(self, at: When) -> tuple[Seat, ...]:
        """The seats held at `at`, in the order in which they were filled. Queries are by date."""
        return tuple(seat for seat in self.seats if seat.held_at(at))

    def pack_at(self, at: When) -> str:
        """The hash of the rule pack in force at `at`; empty when there was none.

        Of several that may have been in force by then, the one adopted last counts.
        """
        found = ""
        since = UNKNOWN
        for start, digest_ in self.packs:
            begun = not (at.known and before(at, start) is True)
            if begun and before(start, since) is not True:
                found, since = digest_, start
        return found

    def may_act_for(self, seat: str, at: When) -> frozenset[str]:
        """Seats and members that `seat` is empowered to act for at `at`, itself included."""
        others = (
            name
            for power in self.powers
            if power.seat == seat
            and (not power.since.known or before(power.since, at) is not False)
            and not (power.until.known and before(power.until, at) is True)
            for name in power.acts_for
        )
        return frozenset({seat, *others})

    def decide(self, order: Order, world: World) -> Decision:
        """Answer a command to this body. Raises Refused."""
        stream, command = order.command.stream, order.command
        if isinstance(command, EstablishBody):
            insist("new", not self.id, f"body {command.body} is established already")
            return Decision((Happened(stream, telling(BodyEstablished, command)),))
        insist("known", self.id, f"body {stream.id} is not established")
        match command:
            case AdoptRulePack():
                return self._adopt_rules(command, world)
            case FillSeat():
                return self._fill(command, order, world)
            case VacateSeat():
                self._known(command.seat)
                fact: Fact = telling(SeatVacated, command)
            case EmpowerSeat():
                self._known(command.seat)
                fact = telling(SeatEmpowered, command)
            case PublishCalendar():
                _calendar(command)
                fact = telling(CalendarPublished, command)
            case _:
                raise TypeError(f"no body command: {command!r}")
        return Decision((Happened(stream, fact),))

    def _known(self, name: str) -> None:
        known = any(seat.seat == name for seat in self.seats)
        insist("known", known, f"{self.id} has no seat {name}")

    def _adopt_rules(self, command: AdoptRulePack, world: World) -> Decision:
        packs = world.packs.shipped()
        known = ", ".join(sorted(packs))
        insist(
            "pack-known", command.pack in packs, f"no rule pack {command.pack}; there are {known}"
        )
        pack = packs[command.pack].with_parameters(command.parameters)
        content = world.packs.content_of(pack)
        fact = telling(
            RulePackAdopted, command, pack=pack.id, version=pack.version, hash=digest(content)
        )
        return Decision((Happened(command.stream, fact),), contents=(content,))

    def _fill(self, command: FillSeat, order: Order, world: World) -> Decision:
        terms = [seat for seat in self.seats if seat.seat == command.seat]
        since = command.since if command.since.known or order.attested else order.when
        for term in terms:
            ended = term.until.known and before(term.until, since) is not False
            because = f"seat {command.seat} is still held by {term.holder}; vacate it first"
            insist("no-overlap-of-terms", ended or term.until == since, because)
        pack = world.pack_of(self, order.when)
        asked = [_replacement(terms[-1], command, pack)] if terms else []
        found = judge(pack, asked, attested=order.attested, waivers=order.waivers)
        fact = telling(SeatFilled, command, since=since)
        return Decision((Happened(command.stream, fact),), found, pack=self.pack_at(order.when))

    def evolve(self, recorded: Recorded) -> Body:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case BodyEstablished() as fact:
                return replace(self, id=recorded.stream.id, **fields_of(fact))
            case RulePackAdopted() as fact:
                return replace(self, packs=(*self.packs, (recorded.effective, fact.hash)))
            case SeatFilled() as fact:
                return replace(self, seats=(*self.seats, Seat(**fields_of(fact))))
            case SeatVacated(seat=name, until=until):
                last = max(n for n, seat in enumerate(self.seats) if seat.seat == name)
                seats = list(self.seats)
                seats[last] = replace(seats[last], until=until)
                return replace(self, seats=tuple(seats))
            case SeatEmpowered() as fact:
                return replace(self, powers=(*self.powers, fact))
            case CalendarPublished() as fact:
                return replace(self, calendars={**self.calendars, fact.year: _calendar(fact)})
        return self


def _replacement(before_: Seat, command: FillSeat, pack: RulePack) -> Finding:
    """An officer who leaves is replaced by the same State (invariant 28)."""
    rule = "replacement-by-same-state"
    free = command.capacity != "officer" or command.office in pack.parameter(rule, "exempt").split(
        ", "
    )
    because = (
        f"seat {command.seat} was held by {before_.holder}; an officer is replaced by the same"
        f" State, not by {command.holder}"
    )
    return demand(rule, free or before_.holder == command.holder, because)


def _calendar(told: PublishCalendar | CalendarPublished) -> Calendar:
    """Raises Refused for days and weekdays that are none."""
    return Calendar.of(told.duty_station, told.year, told.version, told.holidays, told.weekend)
