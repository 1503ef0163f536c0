"""Sentences about responses: what came, what was ruled upon it, and what was withdrawn."""

from __future__ import annotations

from typing import assert_never

from domain.silence import events as silence
from workflows.history.sentences.wording import Wording


def response_sentence(event: silence.ResponseEvent, words: Wording) -> str:
    """What came, and whether it counts."""
    say = words.say
    values = {"number": event.number, "answer": _answer(event.response, words)}
    match event:
        case silence.ResponseReceived():
            return say("Response %(number)s came in time: %(answer)s.") % values
        case silence.LateResponseReceived():
            late = say("Response %(number)s came too late and has no effect: %(answer)s.")
            return late % values
        case silence.ResponseRefused(rule=rule):
            refused = say("Response %(number)s cannot count, by rule %(rule)s: %(answer)s.")
            return refused % (values | {"rule": rule})
        case silence.ResponseAtMargin():
            near = say(
                "Response %(number)s came so near the deadline that clocks cannot tell:"
                " %(answer)s. The presiding officer rules on it."
            )
            return near % values
        case silence.ResponseFoundAfterClose():
            found = say(
                "Response %(number)s, received in time, was found after the close: %(answer)s."
            )
            return found % values
    assert_never(event)


def _answer(response: silence.Response, words: Wording) -> str:
    """What was answered, by whom, on what."""
    say = words.say
    seats = words.listed([words.seat(seat) for seat in response.seats])
    if response.on_behalf_of:
        others = {
            "seats": seats,
            "members": words.listed([words.member(name) for name in response.on_behalf_of]),
        }
        seats = say("%(seats)s, also on behalf of %(members)s") % others
    values = {"kind": say(response.kind), "seats": seats}
    if response.seats and response.items:
        return words.of_items(
            response.items,
            say("%(kind)s, from %(seats)s, on item %(items)s"),
            say("%(kind)s, from %(seats)s, on items %(items)s"),
            **values,
        )
    if response.seats:
        return say("%(kind)s, from %(seats)s") % values
    if response.items:
        return words.of_items(
            response.items,
            say("%(kind)s, on item %(items)s"),
            say("%(kind)s, on items %(items)s"),
            **values,
        )
    return say(response.kind)


def ruling_sentence(event: silence.ResponseRuledUpon, words: Wording) -> str:
    """What was ruled upon a response."""
    say = words.say
    values = {"number": event.number, "reason": event.reason}
    if event.breaks:
        return say("Ruled: response %(number)s breaks the silence. %(reason)s") % values
    return say("Ruled: response %(number)s does not break the silence. %(reason)s") % values


def withdrawal_sentence(event: silence.ObjectionWithdrawn, words: Wording) -> str:
    """That an objection, or what may be one, was withdrawn, by all who made it or by some."""
    say = words.say
    if not event.seats:
        withdrawn = say("Response %(number)s was withdrawn. It stays on record.")
        return withdrawn % {"number": event.number}
    seats = words.listed([words.seat(seat) for seat in event.seats])
    partly = say("Response %(number)s was withdrawn for %(seats)s. It stays on record.")
    return partly % {"number": event.number, "seats": seats}
