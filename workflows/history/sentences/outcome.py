"""Sentences about the outcome of a silence procedure."""

from __future__ import annotations

from collections.abc import Sequence
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
            return _broken(items, words)
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


def approved_by_silence(items: Sequence[str], words: Wording) -> str:
    """That silence approved these items."""
    say = words.say
    return words.of_items(
        items,
        say("Approved by silence: item %(items)s."),
        say("Approved by silence: items %(items)s."),
    )


def _broken(items: Sequence[str], words: Wording) -> str:
    say = words.say
    return words.of_items(
        items,
        say("The silence was broken for item %(items)s."),
        say("The silence was broken for items %(items)s."),
    )


def _lapsed(event: silence.SilenceLapsed, words: Wording) -> str:
    say = words.say
    if not event.items:
        if words.attested:
            return say("The text was approved by silence.")
        return say("No breaking objection was received in time: the text is approved.")
    if words.attested:
        return approved_by_silence(event.items, words)
    return words.of_items(
        event.items,
        say("No breaking objection was received in time. Approved: item %(items)s."),
        say("No breaking objection was received in time. Approved: items %(items)s."),
    )


def _partly_attested(event: silence.OutcomeTold, words: Wording) -> str:
    say = words.say
    sentences = [say("A source tells what became of some items only.")]
    if event.approved:
        sentences.append(approved_by_silence(event.approved, words))
    if event.broken:
        sentences.append(_broken(event.broken, words))
    return " ".join(sentences)
