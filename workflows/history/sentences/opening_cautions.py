"""Sentences about what to know before a window is opened."""

from __future__ import annotations

from typing import assert_never

from domain.silence.opening_cautions import (
    CalendarMissing,
    Caution,
    EndsAtNight,
    EndsOnFreeDay,
    LettersReturned,
    OfficerWithoutAddress,
    SeatsWithoutAddress,
    SubItems,
    UnknownAddressees,
    UnknownSuccessor,
    WorkingDays,
)
from workflows.history.sentences.wording import Translate, join_words


def caution_sentence(caution: Caution, say: Translate) -> str:
    """What to know before a window is opened, in one sentence."""
    match caution:
        case WorkingDays(count=count, duty_station=station):
            values: dict[str, object] = {"count": count, "station": station}
            return say("Working days of %(station)s until the deadline: %(count)s.") % values
        case CalendarMissing(year=year):
            missing = say(
                "Working days cannot be counted: no calendar of the duty station is published"
                " for %(year)s."
            )
            return missing % {"year": year}
        case EndsOnFreeDay(day=day, duty_station=station):
            values = {"day": day, "station": station}
            return say("It ends on %(day)s, a day on which %(station)s does not work.") % values
        case SubItems(policy=policy):
            return _sub_items(policy, say)
        case EndsAtNight(seats=seats, zone=zone, hour=hour):
            values = {"seats": join_words(seats, say), "zone": zone, "hour": hour}
            night = say("It ends at night, at %(hour)s in %(zone)s, for these seats: %(seats)s.")
            return night % values
        case UnknownSuccessor(window=window):
            successor = say("No procedure has the id %(window)s so far. Is it written right?")
            return successor % {"window": window}
        case OfficerWithoutAddress():
            return say(
                "No letter can reach the presiding officer, for the directory has no address."
                " Holds and late objections are told to nobody by letter."
            )
        case SeatsWithoutAddress() | LettersReturned() | UnknownAddressees():
            return _addresses(caution, say)
    assert_never(caution)


def _addresses(
    caution: SeatsWithoutAddress | LettersReturned | UnknownAddressees, say: Translate
) -> str:
    if isinstance(caution, SeatsWithoutAddress):
        unreached = say(
            "No letter can reach these seats, for the directory has no address: %(seats)s."
        )
        return unreached % {"seats": join_words(caution.seats, say)}
    if isinstance(caution, LettersReturned):
        back = say(
            "The last letter to an address of these seats came back: %(seats)s. Please see to"
            " their addresses in the directory."
        )
        return back % {"seats": join_words(caution.seats, say)}
    unknown = say("The directory names what is no seat and no office here: %(names)s.")
    return unknown % {"names": join_words(caution.names, say)}


def _sub_items(policy: str, say: Translate) -> str:
    if policy == "together":
        return say("An item and its sub-items stand or fall together.")
    if policy == "on their own":
        return say("Each item stands or falls by itself.")
    return say("An objection to an item is one to its sub-items. A sub-item may fall alone.")
