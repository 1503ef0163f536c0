"""What will become of a response or a hold of a silence procedure, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.messages import RecordedEvent
from domain.silence.events import (
    LateResponseReceived,
    Response,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    SilenceBroken,
    SilenceReleased,
)
from domain.silence.responses import BREAKING
from domain.silence.window import Window
from workflows.acts.effect import Effect
from workflows.history.sentences.wording import Translate, Wording


def effect(
    event: RecordedEvent, events: Sequence[RecordedEvent], window: Window, words: Wording
) -> Effect | None:
    """What a response, or the break that it causes, will come to; None for other events."""
    say = words.say
    match event.fact:
        case ResponseRefused(rule=rule, reason=reason):
            partly = any(not isinstance(other.fact, ResponseRefused) for other in events)
            return _refused(rule, reason, say, partly=partly)
        case SilenceBroken(items=()):
            return Effect(
                say("This will break the silence: the whole text will not be approved."), grave=True
            )
        case SilenceBroken(items=items):
            return Effect(_fallen(items, after(events, window), words), grave=True)
        case ResponseReceived(response=response, waits=waits):
            broken = any(isinstance(other.fact, SilenceBroken) for other in events)
            return _counted(response, window, say, broken=broken, waits=waits)
        case SilenceReleased(hold=number) if window.unreached_seats:
            ended = [hold for hold in window.holds if hold.number == number]
            return _held_again(say) if any(hold.is_about_notices for hold in ended) else None
    return _untimely(event, say)


def _held_again(say: Translate) -> Effect:
    """That ending a hold about notices that failed is of no use."""
    return Effect(
        say(
            "The same hold comes back at once: it is not recorded that these seats were told, or"
            " need not be. That is recorded by “Record notices”, and ends this hold."
        ),
        grave=True,
    )


def _untimely(event: RecordedEvent, say: Translate) -> Effect | None:
    """What will become of a response that comes late, at the margin, or after the close."""
    match event.fact:
        case LateResponseReceived():
            return Effect(
                say(
                    "The deadline is past. The response will be kept as late, will have no effect"
                    " on the outcome, and goes to the meeting."
                ),
                grave=True,
            )
        case ResponseAtMargin():
            return Effect(
                say(
                    "It comes so near the deadline that clocks cannot tell whether it is in time."
                    " It will be kept, and the presiding officer will rule on it."
                ),
                grave=True,
            )
        case ResponseFoundAfterClose(suspends=True):
            return Effect(
                say(
                    "It was received in time, and the approval is recorded already. The approval"
                    " will be suspended until two persons have ruled."
                ),
                grave=True,
            )
        case ResponseFoundAfterClose(response=response) if response.kind in BREAKING:
            return Effect(
                say(
                    "It was received in time. By itself it does not reach the threshold; it counts"
                    " together with others that are found."
                )
            )
        case ResponseFoundAfterClose():
            return Effect(say("It was received in time. It will be kept, and changes nothing."))
    return None


def _refused(rule: str, reason: str, say: Translate, *, partly: bool) -> Effect:
    cannot = say("It will be kept, but it cannot count, by the rule %(rule)s: %(reason)s.")
    if partly:
        cannot = say("A part of it is kept but cannot count, by the rule %(rule)s: %(reason)s.")
    return Effect(cannot % {"rule": rule, "reason": reason}, grave=True)


def after(events: Sequence[RecordedEvent], window: Window) -> Window:
    """The window as these events will leave it."""
    for event in events:
        window = window.evolve(event)
    return window


def _fallen(items: Sequence[str], window: Window, words: Wording) -> str:
    """Which parts fall, and which stay: some may have fallen before, so these are not all others.

    `window` is the one after it, which has ended once nothing stays.
    """
    stay = [part for part in window.parts if part not in window.broken]
    say = words.say
    values = {"items": words.numbers(items), "others": words.numbers(stay)}
    if window.is_over:
        ends = say(
            "This will break the silence. Not approved will be: %(items)s. Nothing stays under"
            " silence, and the procedure ends."
        )
        return ends % values
    partly = say(
        "This will break the silence in part. Not approved will be: %(items)s. Under silence"
        " stays: %(others)s."
    )
    return partly % values


def _counted(
    response: Response, window: Window, say: Translate, *, broken: bool, waits: bool
) -> Effect:
    """What a response does that comes in time."""
    if (response.kind == "unclear" or waits) and window.is_over:
        return Effect(
            say("It will be kept and shown. The procedure has ended, so nobody rules on it.")
        )
    if response.kind == "unclear" or waits:
        return Effect(
            say("It will wait for the presiding officer's ruling. Nothing can be approved before.")
        )
    if response.kind not in BREAKING:
        return Effect(say("It will be kept and shown. It does not break the silence."))
    if broken:
        return Effect(say("It will count as an objection in time."))
    if window.is_over or window.broken >= {*window.parts_concerned(response)}:
        return Effect(
            say("It will be kept as an objection. What it concerns is not under silence any more.")
        )
    words: dict[str, object] = {"count": window.policy.threshold}
    more = say("It will count as an objection. The silence breaks once members object: %(count)s.")
    return Effect(more % words)


def holds(events: Sequence[RecordedEvent], window: Window, say: Translate) -> Iterator[Effect]:
    """Which holds will end, and which stand on, so that nothing is approved all the same."""
    later = after(events, window)
    for hold in () if later.is_over else window.holds:
        words: dict[str, object] = {"number": hold.number, "reason": hold.reason}
        ends = say("This ends hold %(number)s: %(reason)s")
        stays = say(
            "Hold %(number)s stands on, and nothing is approved until it is ended: %(reason)s"
        )
        stands = hold in later.holds
        yield Effect((stays if stands else ends) % words, grave=stands)
