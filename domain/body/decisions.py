"""What a body decides: its rules, its roster, its calendar."""

from __future__ import annotations

from typing import assert_never

from domain.body.body import Body, Seat, calendar_of
from domain.body.commands import (
    AdoptRulePack,
    CompleteBody,
    EmpowerSeat,
    EstablishBody,
    FillSeat,
    PublishCalendar,
    VacateSeat,
    is_body_command,
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
from domain.confusables import comparison_key, plain_id_problem, skeleton
from domain.deadlines import Length
from domain.decision_context import DecisionContext
from domain.instants import UnclearTime
from domain.messages import Decision, NewEvent, Order
from domain.rules import Finding, RulePack, enforce, make_finding, require
from domain.time_zones import is_zone
from domain.times import YEARS, When, is_before


def decide(body: Body, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this body. Raises Refused."""
    stream, command = order.command.stream, order.command
    if not is_body_command(command):
        raise TypeError(f"no body command: {command!r}")
    if isinstance(command, EstablishBody):
        require("new", not body.id, f"body {command.body} is established already")
        require_zone(command.zone)
        return Decision((NewEvent(stream, _established(command)),))
    require("known", body.id, f"body {stream.id} is not established")
    match command:
        case CompleteBody():
            return Decision((NewEvent(stream, _completed(body, command)),))
        case AdoptRulePack():
            return _adopt_rules(command, world)
        case FillSeat():
            return _fill(body, command, order, world)
        case VacateSeat():
            return Decision((NewEvent(stream, _vacated(body, command)),))
        case EmpowerSeat():
            return Decision((NewEvent(stream, _empowered(body, command)),))
        case PublishCalendar():
            return Decision((NewEvent(stream, _published(body, command)),))
        case _:
            assert_never(command)


def _established(command: EstablishBody) -> BodyEstablished:
    return BodyEstablished(
        names=command.names,
        symbol_series=command.symbol_series,
        duty_station=command.duty_station,
        zone=command.zone,
        parent=command.parent,
        mandate=command.mandate,
        fictional=command.fictional,
    )


def _vacated(body: Body, command: VacateSeat) -> SeatVacated:
    _known(body, command.seat)
    term = [seat for seat in body.seats if seat.seat == command.seat][-1]
    _require_term(body, command.seat, term.since, command.until)
    return SeatVacated(seat=command.seat, until=command.until, reason=command.reason)


def _empowered(body: Body, command: EmpowerSeat) -> SeatEmpowered:
    _known(body, command.seat)
    _require_term(body, command.seat, command.since, command.until)
    return SeatEmpowered(
        seat=command.seat,
        acts_for=command.acts_for,
        since=command.since,
        until=command.until,
    )


def _published(body: Body, command: PublishCalendar) -> CalendarPublished:
    _require_version(body, calendar_of(command))
    return CalendarPublished(
        duty_station=command.duty_station,
        year=command.year,
        version=command.version,
        holidays=command.holidays,
        weekend=command.weekend,
    )


def _completed(body: Body, command: CompleteBody) -> BodyCompleted:
    """What is new in it. Raises Refused for blank names, for nothing new, or for another value."""
    for language, name in command.names.items():
        require("empty", name, f"the name in {language} is blank")
    duty_station = _new_value(body, "duty station", body.duty_station, command.duty_station)
    parent = _new_value(body, "parent", body.parent, command.parent)
    mandate = _new_value(body, "mandate", body.mandate, command.mandate)
    names = {tag: name for tag, name in command.names.items() if body.names.get(tag) != name}
    series = tuple(name for name in command.symbol_series if name not in body.symbol_series)
    new = names or series or duty_station or parent or mandate
    require("empty", new, "nothing is told that was not known")
    return BodyCompleted(
        names=names,
        symbol_series=series,
        duty_station=duty_station,
        parent=parent,
        mandate=mandate,
    )


def _new_value(body: Body, what: str, had: str, given: str) -> str:
    """A particular that the body lacked; empty where it has it. Raises Refused for another one."""
    because = f"{what} of {body.id} is told already, {had}; correct the fact"
    require("new", not given or not had or given == had, because)
    return "" if had else given


def _known(body: Body, name: str) -> None:
    known = any(seat.seat == name for seat in body.seats)
    require("known", known, f"{body.id} has no seat {name}")


def _require_term(body: Body, seat: str, since: When, until: When) -> None:
    """A term or a power does not end before it begins, as far as both are known."""
    backwards = is_before(until, since, body.term_zone) is True
    because = f"seat {seat} would end on {until}, before it begins on {since}"
    require("no-overlap-of-terms", not backwards, because)


def require_zone(name: str) -> None:
    """Nothing, or the name of a time zone. Raises Refused."""
    require("exact-instant", not name or is_zone(name), f"{name!r:.80} is not an IANA time zone")


def _require_name(body: Body, name: str) -> None:
    """A seat that is new has a plain id that can be taken for no other one.

    Ids of before are not asked: they name what they name for ever.
    """
    names = {seat.seat for seat in body.seats}
    if name in names:
        return
    problem = plain_id_problem(name)
    require("plain-id", not problem, f"seat {name!r:.80}: {problem}")
    similar = [known for known in names if skeleton(known) == skeleton(name)]
    require("new", not similar, f"seat {name} cannot be told from seat {', '.join(similar)}")


def _require_version(body: Body, new: Calendar) -> None:
    """A version of a duty station's list for a year names the same days for ever."""
    require("empty", new.duty_station, "a list of holidays is that of a duty station: name it")
    require(
        "empty", new.version, "a list of holidays needs its version, so that proofs can name it"
    )
    reach = f"calendars are kept for the years {YEARS[0]} to {YEARS[-1]}, not for {new.year}"
    require("calendar-dates", new.year in YEARS, reach)
    before_ = [
        calendar
        for calendar in body.calendars
        if (calendar.station_key, calendar.year) == (new.station_key, new.year)
    ]
    other = any(
        calendar.version == new.version
        and (calendar.holidays, calendar.weekend) != (new.holidays, new.weekend)
        for calendar in before_
    )
    because = f"version {new.version} for {new.year} is published already, with other days"
    require("new", not other, because)


def _adopt_rules(command: AdoptRulePack, world: DecisionContext) -> Decision:
    packs = world.packs.shipped()
    known = ", ".join(sorted(packs))
    require("pack-known", command.pack in packs, f"no rule pack {command.pack}; there are {known}")
    pack = packs[command.pack].with_parameters(command.parameters)
    for name in ("length", "relaunch"):
        length = pack.parameter("silence-minimum-length", name)
        require("length", not length or Length.parse(length), f"{name} {length}")
    until = pack.parameter("silence-authorised", "until")
    known_end = until in {"", "always"} or _is_time(until)
    require("pack-known", known_end, f"until {until}: write a day, or always")
    content = world.packs.content_of(pack)
    fact = RulePackAdopted(
        pack=pack.id, version=pack.version, hash=digest(content), parameters=command.parameters
    )
    return Decision((NewEvent(command.stream, fact),), contents=(content,))


def _is_time(text: str) -> bool:
    try:
        return When(text).known
    except UnclearTime:
        return False


def _fill(body: Body, command: FillSeat, order: Order, world: DecisionContext) -> Decision:
    require_zone(command.zone)
    _require_name(body, command.seat)
    since = command.since if command.since.known or order.attested else order.when
    _require_term(body, command.seat, since, command.until)
    terms = [seat for seat in body.seats if seat.seat == command.seat]
    for term in terms:
        _require_vacancy(term, since, body.term_zone)
    pack = world.pack_of(body, order.when)
    findings = [_replacement(terms[-1], command, pack)] if terms else []
    found = enforce(pack, findings, attested=order.attested, waivers=order.waivers)
    return Decision(
        (NewEvent(command.stream, _filled(command, since)),), found, pack=body.pack_at(order.when)
    )


def _filled(command: FillSeat, since: When) -> SeatFilled:
    return SeatFilled(
        seat=command.seat,
        holder=command.holder,
        names=command.names,
        capacity=command.capacity,
        office=command.office,
        group=command.group,
        zone=command.zone,
        since=since,
        until=command.until,
        voice=command.voice,
    )


def _require_vacancy(term: Seat, since: When, zone: str) -> None:
    """Raise Refused where a term in the seat has not certainly ended when the next one begins."""
    ended = term.until.known and is_before(term.until, since, zone) is not False
    because = f"seat {term.seat} is still held by {term.holder}; vacate it first"
    require("no-overlap-of-terms", ended or term.until == since, because)


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
