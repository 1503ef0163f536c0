"""What an act will do, in words, before it is done: told from the events that it would cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.actors import Role
from domain.messages import RecordedEvent
from domain.rules import Result
from domain.silence.events import (
    LateResponseReceived,
    Response,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    SilenceBroken,
    SilenceSuperseded,
)
from domain.silence.responses import BREAKING
from domain.silence.window import Window
from domain.streams import Kind
from web.forms import preview_texts
from web.i18n.labels import N_
from workflows.history import narration

NO_PAPER: Final = N_(
    "No paper or mail is kept with it: whoever doubts it later finds only what was written here."
    " Add it if there is one."
)


@dataclass(frozen=True)
class Effect:
    """One thing that will happen. `grave` where it cannot be undone or has no effect."""

    sentence: str
    grave: bool = False


def effects(
    events: Iterable[RecordedEvent],
    window: Window,
    say: narration.Translate,
    language: str,
    names: Mapping[str, str],
) -> list[Effect]:
    """A sentence for each would-be event of a window, and for each rule that is departed from."""
    told = [one for one in events if one.stream.kind is Kind.WINDOW]
    broken = any(isinstance(one.fact, SilenceBroken) for one in told)
    in_part = any(not isinstance(one.fact, ResponseRefused) for one in told)
    found = [
        Effect(say(does), grave=isinstance(one.fact, SilenceSuperseded))
        for one in told
        if (does := preview_texts.effect_sentence(one.fact))
    ]
    found += [
        _refused(one.fact, say, in_part=in_part)
        if isinstance(one.fact, ResponseRefused)
        else _effect(one, window, say, broken=broken)
        or _told(narration.sentence(one, say, language, names), say)
        for one in told
    ]
    found += _holds(told, window, say)
    if any(_typed_only(one) for one in told):
        found.append(Effect(say(NO_PAPER), grave=True))
    for one in told:
        for finding in one.findings:
            if finding.result is Result.VIOLATED:
                departs = say("This departs from the rule %(rule)s: %(because)s") % {
                    "rule": finding.rule,
                    "because": finding.because,
                }
                found.append(Effect(departs, grave=True))
    return found


def _holds(
    events: Sequence[RecordedEvent], window: Window, say: narration.Translate
) -> list[Effect]:
    """Which holds will end, and which stand on, so that nothing is approved all the same."""
    after = window
    for one in events:
        after = after.evolve(one)
    if after.is_over or not window.holds:
        return []
    found = []
    for hold in window.holds:
        words: dict[str, object] = {"number": hold.number, "reason": hold.reason}
        ends = say("This ends hold %(number)s: %(reason)s")
        stays = say(
            "Hold %(number)s stands on, and nothing is approved until it is ended: %(reason)s"
        )
        there = hold in after.holds
        found.append(Effect((stays if there else ends) % words, grave=there))
    return found


def _typed_only(one: RecordedEvent) -> bool:
    """Whether somebody registers for a seat what came on paper, and the paper does not come."""
    response = getattr(one.fact, "response", None)
    by_officer = one.actor.role in {Role.SECRETARIAT, Role.PRESIDING_OFFICER}
    return by_officer and isinstance(response, Response) and not response.evidence


def _told(sentence: str, say: narration.Translate) -> Effect:
    return Effect(say("The record will say: %(told)s") % {"told": sentence})


def _effect(
    one: RecordedEvent, window: Window, say: narration.Translate, *, broken: bool
) -> Effect | None:
    match one.fact:
        case SilenceBroken(items=()):
            return Effect(
                say("This will break the silence: the whole text will not be approved."), grave=True
            )
        case SilenceBroken(items=items):
            return Effect(_fallen(items, say), grave=True)
        case ResponseReceived(response=response, waits=waits):
            return _counted(response, window, say, broken=broken, waits=waits)
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


def _refused(fact: ResponseRefused, say: narration.Translate, *, in_part: bool) -> Effect:
    cannot = say("It will be kept, but it cannot count, by the rule %(rule)s: %(reason)s.")
    if in_part:
        cannot = say("A part of it is kept but cannot count, by the rule %(rule)s: %(reason)s.")
    return Effect(cannot % {"rule": fact.rule, "reason": fact.reason}, grave=True)


def _fallen(items: Sequence[str], say: narration.Translate) -> str:
    told: dict[str, object] = {"items": narration.join_words(items, say)}
    return (
        say(
            "This will break the silence in part. Not approved will be: %(items)s. What is not"
            " named here stays under silence."
        )
        % told
    )


def _counted(
    response: Response, window: Window, say: narration.Translate, *, broken: bool, waits: bool
) -> Effect:
    """What a response does that comes in time."""
    if response.kind == "unclear" or waits:
        return Effect(
            say("It will wait for the presiding officer's ruling. Nothing can be approved before.")
        )
    if response.kind not in BREAKING:
        return Effect(say("It will be kept and shown. It does not break the silence."))
    if broken:
        return Effect(say("It will count as an objection in time."))
    if window.is_over or window.broken:
        return Effect(
            say("It will be kept as an objection. What it concerns is not under silence any more.")
        )
    told: dict[str, object] = {"count": window.policy.threshold}
    more = say("It will count as an objection. The silence breaks once members object: %(count)s.")
    return Effect(more % told)
