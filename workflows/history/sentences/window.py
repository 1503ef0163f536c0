"""Sentences about silence procedures: their notices, their clock, their outcome, what followed."""

from __future__ import annotations

from typing import assert_never

from domain.silence import events as silence
from workflows.history.sentences.meeting import decision_sentence
from workflows.history.sentences.outcome import outcome_sentence
from workflows.history.sentences.responses import (
    response_sentence,
    ruling_sentence,
    withdrawal_sentence,
)
from workflows.history.sentences.wording import Wording


def sentence(event: silence.WindowEvent, words: Wording) -> str:
    """What happened in a silence procedure."""
    say = words.say
    match event:
        case silence.SilenceOpened(subject=subject):
            values = {"subject": words.name(subject.titles) or say(subject.type)}
            return say("A text came under silence: %(subject)s.") % values
        case silence.NoticesRecorded() | silence.NoticesRepeated():
            return _notices(event, words)
        case (
            silence.ResponseReceived()
            | silence.LateResponseReceived()
            | silence.ResponseRefused()
            | silence.ResponseAtMargin()
            | silence.ResponseFoundAfterClose()
        ):
            return response_sentence(event, words)
        case silence.ResponseRuledUpon():
            return ruling_sentence(event, words)
        case silence.ObjectionWithdrawn():
            return withdrawal_sentence(event, words)
        case silence.SilenceExtended() | silence.SilenceSuspended() | silence.SilenceResumed():
            return _clock(event, words)
        case silence.SilenceHeld() | silence.SilenceReleased():
            return _hold(event, words)
        case (
            silence.OutcomeAnnounced()
            | silence.MatterReferred()
            | silence.MatterDecided()
            | silence.RevisionAnnounced()
            | silence.SilenceShared()
        ):
            return _follow_up(event, words)
        case _:
            return outcome_sentence(event, words)


def _notices(event: silence.NoticesRecorded | silence.NoticesRepeated, words: Wording) -> str:
    say = words.say
    values: dict[str, object] = {"count": len(event.seats), "reason": event.reason}
    if isinstance(event, silence.NoticesRepeated):
        repeated = say("Notices are sent again: %(about)s, to seats: %(count)s. %(reason)s")
        return repeated % (values | {"about": say(event.about)})
    match event.result:
        case "delivered":
            return say("Notices delivered: %(count)s.") % values
        case "failed":
            return say("Notices that could not be delivered: %(count)s.") % values
        case "bounced":
            bounced = say("Notices that came back from one address of several: %(count)s.")
            return bounced % values
        case "waived":
            return say("Failed notices waived: %(count)s. %(reason)s") % values
    return say("Failed notices resolved: %(count)s.") % values


def _clock(event: silence.ClockEvent, words: Wording) -> str:
    """How the deadline moved."""
    say = words.say
    match event:
        case silence.SilenceExtended(reason=reason):
            return say("The deadline was moved to a later one. %(reason)s") % {"reason": reason}
        case silence.SilenceSuspended(reason=reason):
            return say("The clock was stopped. %(reason)s") % {"reason": reason}
        case silence.SilenceResumed():
            return say("The clock runs again, to a new deadline.")
    assert_never(event)


def _hold(event: silence.HoldEvent, words: Wording) -> str:
    """That the close waits for review, or does so no longer."""
    say = words.say
    values = {"number": event.hold, "reason": event.reason}
    match event:
        case silence.SilenceHeld(hold=number) if number:
            return say("Hold %(number)s: the close waits for review. %(reason)s") % values
        case silence.SilenceHeld():
            return say("The close is held for review. %(reason)s") % values
        case silence.SilenceReleased(hold=number) if number:
            return say("Hold %(number)s was ended. %(reason)s") % values
        case silence.SilenceReleased():
            return say("The hold was ended. %(reason)s") % values
    assert_never(event)


def _follow_up(event: silence.FollowUpEvent, words: Wording) -> str:
    """What followed upon the outcome."""
    say = words.say
    match event:
        case silence.OutcomeAnnounced(manner=manner):
            return say("The outcome was announced: %(manner)s.") % {"manner": say(manner)}
        case silence.MatterReferred(to=to):
            return say("The matter went on to: %(to)s.") % {"to": say(to)}
        case silence.MatterDecided():
            return decision_sentence(event, words)
        case silence.RevisionAnnounced():
            return say("An amended text was announced, without a new silence on it.")
        case silence.SilenceShared(bodies=bodies):
            return words.shared(bodies)
    assert_never(event)
