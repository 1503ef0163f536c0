"""What a body decides: its rules, its roster, its calendar."""

from __future__ import annotations

from domain.body.body import Body, Seat, calendar_of
from domain.body.commands import (
    AdoptRulePack,
    CompleteBody,
    EmpowerSeat,
    EstablishBody,
    FillSeat,
    PublishCalendar,
    VacateSeat,
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
from domain.calendars import Calendar
from domain.canonical import digest
from domain.confusables import comparison_key, name_problem, skeleton
from domain.deadlines import Length
from domain.decision_context import DecisionContext
from domain.messages import Decision, Fact, NewEvent, Order, event_from_command
from domain.rules import Finding, RulePack, enforce, make_finding, require
from domain.times import YEARS, UnclearTime, When, is_before, is_zone


def decide(body: Body, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this body. Raises Refused."""
    stream, command = order.command.stream, order.command
    if isinstance(command, EstablishBody):
        require("new", not body.id, f"body {command.body} is established already")
        require_zone(command.zone)
        return Decision((NewEvent(stream, event_from_command(BodyEstablished, command)),))
    require("known", body.id, f"body {stream.id} is not established")
    match command:
        case CompleteBody():
            fact: Fact = _completed(body, command)
        case AdoptRulePack():
            return _adopt_rules(command, world)
        case FillSeat():
            return _fill(body, command, order, world)
        case VacateSeat():
            _known(body, command.seat)
            term = [seat for seat in body.seats if seat.seat == command.seat][-1]
            _insist_on_term(body, command.seat, term.since, command.until)
            fact = event_from_command(SeatVacated, command)
        case EmpowerSeat():
            _known(body, command.seat)
            _insist_on_term(body, command.seat, command.since, command.until)
            fact = event_from_command(SeatEmpowered, command)
        case PublishCalendar():
            _insist_on_version(body, calendar_of(command))
            fact = event_from_command(CalendarPublished, command)
        case _:
            raise TypeError(f"no body command: {command!r}")
    return Decision((NewEvent(stream, fact),))


def _completed(body: Body, command: CompleteBody) -> Fact:
    """What is new in it. Raises Refused for blank names, for nothing new, or for another value."""
    for language, name in command.names.items():
        require("empty", name, f"the name in {language} is blank")
    for what in ("duty_station", "parent", "mandate"):
        had, told = getattr(body, what), getattr(command, what)
        because = f"{what.replace('_', ' ')} of {body.id} is told already, {had}; correct the fact"
        require("new", not told or not had or told == had, because)
    names = {tag: name for tag, name in command.names.items() if body.names.get(tag) != name}
    series = tuple(one for one in command.symbol_series if one not in body.symbol_series)
    new = {
        what: "" if getattr(body, what) else getattr(command, what)
        for what in ("duty_station", "parent", "mandate")
    }
    require("empty", names or series or any(new.values()), "nothing is told that was not known")
    return event_from_command(BodyCompleted, command, names=names, symbol_series=series, **new)


def _known(body: Body, name: str) -> None:
    known = any(seat.seat == name for seat in body.seats)
    require("known", known, f"{body.id} has no seat {name}")


def _insist_on_term(body: Body, seat: str, since: When, until: When) -> None:
    """A term or a power does not end before it begins, as far as both are known."""
    backwards = is_before(until, since, body.term_zone) is True
    because = f"seat {seat} would end on {until}, before it begins on {since}"
    require("no-overlap-of-terms", not backwards, because)


def require_zone(name: str) -> None:
    """Nothing, or the name of a time zone. Raises Refused."""
    require("exact-instant", not name or is_zone(name), f"{name!r:.80} is not an IANA time zone")


def _insist_on_name(body: Body, name: str) -> None:
    """A seat that is new has a name that can be taken for no other one."""
    names = {seat.seat for seat in body.seats}
    if name in names:
        return
    require("plain-id", not name_problem(name), f"seat {name!r:.80}: {name_problem(name)}")
    alike = [one for one in names if skeleton(one) == skeleton(name)]
    require("new", not alike, f"seat {name} cannot be told from seat {', '.join(alike)}")


def _insist_on_version(body: Body, new: Calendar) -> None:
    """A version of a duty station's list for a year names the same days for ever."""
    require("empty", new.duty_station, "a list of holidays is that of a duty station: name it")
    require(
        "empty", new.version, "a list of holidays needs its version, so that proofs can name it"
    )
    reach = f"calendars are kept for the years {YEARS[0]} to {YEARS[-1]}, not for {new.year}"
    require("calendar-dates", new.year in YEARS, reach)
    before_ = [
        one for one in body.calendars if (one.station_key, one.year) == (new.station_key, new.year)
    ]
    other = any(
        one.version == new.version and (one.holidays, one.weekend) != (new.holidays, new.weekend)
        for one in before_
    )
    because = f"version {new.version} for {new.year} is published already, with other days"
    require("new", not other, because)


def _adopt_rules(command: AdoptRulePack, world: DecisionContext) -> Decision:
    packs = world.packs.shipped()
    known = ", ".join(sorted(packs))
    require("pack-known", command.pack in packs, f"no rule pack {command.pack}; there are {known}")
    pack = packs[command.pack].with_parameters(command.parameters)
    for name in ("length", "relaunch"):
        told = pack.parameter("silence-minimum-length", name)
        require("length", not told or Length.parse(told), f"{name} {told}")
    until = pack.parameter("silence-authorised", "until")
    known_end = until in {"", "always"} or _is_time(until)
    require("pack-known", known_end, f"until {until}: write a day, or always")
    content = world.packs.content_of(pack)
    fact = event_from_command(
        RulePackAdopted, command, pack=pack.id, version=pack.version, hash=digest(content)
    )
    return Decision((NewEvent(command.stream, fact),), contents=(content,))


def _is_time(text: str) -> bool:
    try:
        return When(text).known
    except UnclearTime:
        return False


def _fill(body: Body, command: FillSeat, order: Order, world: DecisionContext) -> Decision:
    require_zone(command.zone)
    _insist_on_name(body, command.seat)
    terms = [seat for seat in body.seats if seat.seat == command.seat]
    since = command.since if command.since.known or order.attested else order.when
    zone = body.term_zone
    _insist_on_term(body, command.seat, since, command.until)
    for term in terms:
        ended = term.until.known and is_before(term.until, since, zone) is not False
        because = f"seat {command.seat} is still held by {term.holder}; vacate it first"
        require("no-overlap-of-terms", ended or term.until == since, because)
    pack = world.pack_of(body, order.when)
    asked = [_replacement(terms[-1], command, pack)] if terms else []
    found = enforce(pack, asked, attested=order.attested, waivers=order.waivers)
    fact = event_from_command(SeatFilled, command, since=since)
    return Decision((NewEvent(command.stream, fact),), found, pack=body.pack_at(order.when))


def _replacement(before_: Seat, command: FillSeat, pack: RulePack) -> Finding:
    """An officer who leaves is replaced by the same State."""
    rule = "replacement-by-same-state"
    free = command.capacity != "officer" or command.office in pack.parameter(rule, "exempt").split(
        ", "
    )
    because = (
        f"seat {command.seat} was held by {before_.holder}; an officer is replaced by the same"
        f" State, not by {command.holder}"
    )
    return make_finding(
        rule, free or comparison_key(before_.holder) == comparison_key(command.holder), because
    )
