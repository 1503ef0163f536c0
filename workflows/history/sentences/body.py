"""Sentences about bodies: their seats, their rules and their calendars."""

from __future__ import annotations

from typing import assert_never

from domain.body import events as body
from workflows.history.sentences.wording import Wording


def sentence(event: body.BodyEvent, words: Wording) -> str:
    """What happened to a body."""
    say = words.say
    match event:
        case body.BodyEstablished(names=names):
            return say("%(body)s was entered in the record.") % {"body": words.name(names)}
        case body.BodyCompleted():
            return _completed(event, words)
        case body.RulePackAdopted(pack=pack, version=version):
            values = {"pack": pack, "version": version}
            return say("The rule pack %(pack)s, version %(version)s, took force.") % values
        case body.SeatFilled():
            return _filled(event, words)
        case body.SeatVacated(seat=seat):
            return say("The seat %(seat)s was vacated.") % {"seat": words.member(seat)}
        case body.SeatEmpowered(seat=seat, acts_for=others):
            others_named = [words.member(other) for other in others]
            values = {"seat": words.member(seat), "others": words.listed(others_named)}
            return say("The seat %(seat)s may act for %(others)s.") % values
        case body.CalendarPublished(duty_station=station, year=year, version=version):
            return say(
                "The holidays of %(station)s for %(year)s were published, version %(version)s."
            ) % {"station": station, "year": year, "version": version}
    assert_never(event)


def _completed(event: body.BodyCompleted, words: Wording) -> str:
    particulars = [event.duty_station, event.parent, event.mandate]
    new = [*event.names.values(), *event.symbol_series, *filter(None, particulars)]
    return words.say("New in what is told of the body: %(told)s.") % {"told": words.listed(new)}


def _filled(event: body.SeatFilled, words: Wording) -> str:
    values = {
        "holder": words.name(event.names) or event.holder,
        "seat": event.seat,
        "capacity": words.say(event.capacity),
    }
    return words.say("%(holder)s took the seat %(seat)s (%(capacity)s).") % values
