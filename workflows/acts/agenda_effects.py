"""What an adoption will do with items that were not approved, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.agenda import Agenda
from domain.agenda.events import AgendaAdopted
from domain.messages import RecordedEvent
from workflows.acts.effect import Effect
from workflows.history.sentences.wording import Wording


def adoption(events: Sequence[RecordedEvent], agenda: Agenda, words: Wording) -> Iterator[Effect]:
    """That items are among those adopted to which somebody objected; a body may decide so.

    They have the numbers that they will have. What is deferred or deleted orally is none of them.
    """
    for event in events:
        if isinstance(event.fact, AgendaAdopted):
            after = agenda.evolve(event)
            yield from _named(after.items_with_approval("not approved"), words, suspended=False)
            open_ = after.items_with_approval("approval suspended")
            yield from _named(open_, words, suspended=True)


def _named(items: Sequence[str], words: Wording, *, suspended: bool) -> Iterator[Effect]:
    say = words.say
    if items and suspended:
        sentence = words.of_items(
            items,
            say("The approval of item %(items)s is suspended. It will be adopted with the others."),
            say(
                "The approval of items %(items)s is suspended."
                " They will be adopted with the others."
            ),
        )
        yield Effect(sentence, grave=True)
    elif items:
        sentence = words.of_items(
            items,
            say("Item %(items)s was not approved. It will be adopted with the others."),
            say("Items %(items)s were not approved. They will be adopted with the others."),
        )
        yield Effect(sentence, grave=True)
