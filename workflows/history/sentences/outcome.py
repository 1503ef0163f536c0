"""Sentences about the outcome of a silence procedure."""

from __future__ import annotations

from typing import assert_never

from domain.silence import events as silence
from workflows.history.sentences.wording import Wording


def outcome_sentence(event: silence.OutcomeEvent, words: Wording) -> str:
    """What became of the text, and by which responses that was decided."""
    outcome = _outcome(event, words)
    numbers = _responses(event)
    if not numbers:
        return outcome
    values = {"numbers": words.listed([str(number) for number in numbers])}
    by = words.say("Decided by responses: %(numbers)s.") % values
    return f"{outcome} {by}"


def _responses(event: silence.OutcomeEvent) -> tuple[int, ...]:
    """The responses that decided; none where silence alone, or something else, did."""
    match event:
        case silence.SilenceBroken(by=by):
            return by
        case silence.ApprovalConfirmed(responses=responses):
            return responses
        case silence.ApprovalRevoked(responses=responses):
            return responses
        case silence.SilenceLapsed() | silence.SilenceSuperseded() | silence.OutcomeTold():
            return ()
    assert_never(event)


def _outcome(event: silence.OutcomeEvent, words: Wording) -> str:
    say = words.say
    match event:
        case silence.SilenceBroken(items=()):
            return say("The silence was broken: the text is not approved.")
        case silence.SilenceBroken(items=items):
            return say("The silence was broken for items %(items)s.") % {
                "items": words.numbers(items)
            }
        case silence.SilenceLapsed():
            return _lapsed(event, words)
        case silence.SilenceSuperseded(reason=reason):
            return say("The silence ended without outcome. %(reason)s") % {"reason": reason}
        case silence.ApprovalConfirmed():
            return say("The suspended approval stands again.")
        case silence.ApprovalRevoked():
            return say("The suspended approval is revoked.")
        case silence.OutcomeTold():
            return _partly_attested(event, words)
    assert_never(event)


def _lapsed(event: silence.SilenceLapsed, words: Wording) -> str:
    say = words.say
    values = {"items": words.numbers(event.items)}
    if words.attested:
        approved = say("Approved by silence: items %(items)s.") % values
        return approved if event.items else say("The text was approved by silence.")
    if not event.items:
        return say("No breaking objection was received in time: the text is approved.")
    return say("No breaking objection was received in time. Approved: items %(items)s.") % values


def _partly_attested(event: silence.OutcomeTold, words: Wording) -> str:
    say = words.say
    sentences = [say("A source tells what became of some items only.")]
    if event.approved:
        approved = {"items": words.numbers(event.approved)}
        sentences.append(say("Approved by silence: items %(items)s.") % approved)
    if event.broken:
        broken = {"items": words.numbers(event.broken)}
        sentences.append(say("The silence was broken for items %(items)s.") % broken)
    return " ".join(sentences)
