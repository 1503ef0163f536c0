"""What an act will do, in words, before it is done: said of the events that a dry run gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.agenda import Agenda
from domain.entered_afterwards import ENTERED_AFTERWARDS
from domain.messages import RecordedEvent
from domain.rules import Result
from domain.silence.window import Window
from workflows.acts import agenda_effects, window_effects
from workflows.acts.act import AnyAct
from workflows.acts.effect import Effect
from workflows.acts.parameter import N_
from workflows.history import narration
from workflows.history.sentences.wording import SpokenNames, Translate, Wording

STATED: Final = N_("The record keeps the time that you state, and beside it when you entered it.")
NOT_STATED: Final = N_(
    "The record will say that it happened when you confirm. If it was earlier, change this and say"
    " when."
)


def effects(  # noqa: PLR0917 (as narration has them: a reader's words come last)
    act: AnyAct,
    events: Sequence[RecordedEvent],
    before: Any,
    say: Translate,
    language: str,
    names: SpokenNames,
) -> list[Effect]:
    """What will happen to the noun: what it means, what the record will say, and warnings.

    `events` are those that the act would cause; `before` is the state of its noun now.
    """
    own = [event for event in events if event.stream.kind is act.noun]
    at_window = isinstance(before, Window)
    words = Wording(say=say, language=language, names=names)

    def recorded(event: RecordedEvent) -> Effect:
        """What a response comes to; of any other event, what the record will say."""
        if at_window and (known := window_effects.effect(event, own, before, words)):
            return known
        sentence = narration.sentence(event, say, language, names)
        return Effect(say("The record will say: %(told)s") % {"told": sentence})

    return [
        *_meaning(act, events, say),
        *time_effects(act, own, say),
        *map(recorded, own),
        *(agenda_effects.adoption(own, before, words) if isinstance(before, Agenda) else ()),
        *(window_effects.holds(own, before, say) if at_window else ()),
        *(Effect(say(text), grave=True) for text in (act.warnings(own) if act.warnings else ())),
        *_departures(own, say),
    ]


def _meaning(act: AnyAct, events: Sequence[RecordedEvent], say: Translate) -> Iterator[Effect]:
    """What the catalogue says of these events."""
    for event in events:
        if text := act.consequences.get(type(event.fact)):
            yield Effect(say(text), grave=act.final)


def time_effects(act: AnyAct, events: Sequence[RecordedEvent], say: Translate) -> Iterator[Effect]:
    """For what may be entered afterwards: which time the record will say."""
    if not issubclass(act.command, ENTERED_AFTERWARDS) or not events:
        return
    yield Effect(say(STATED if events[0].stated else NOT_STATED))


def _departures(events: Sequence[RecordedEvent], say: Translate) -> Iterator[Effect]:
    """Each rule that is departed from."""
    for event in events:
        for finding in event.findings:
            if finding.result is Result.VIOLATED:
                departs = say("This departs from the rule %(rule)s: %(because)s")
                words = {"rule": finding.rule, "because": finding.because}
                yield Effect(departs % words, grave=True)
