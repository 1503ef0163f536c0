"""Sentences about what meetings decided, with the figures of their votes."""

from __future__ import annotations

from domain.agenda.events import ItemsDecided
from domain.silence.events import MatterDecided
from workflows.history.sentences.wording import Translate, Wording


def decision_sentence(event: ItemsDecided | MatterDecided, words: Wording) -> str:
    """What a meeting decided, how, and with what figures."""
    say = words.say
    result = say(event.result)
    values = {"result": result, "manner": say(event.manner)}
    if event.manner:
        values["result"] = say("%(result)s (%(manner)s)") % values
    sentence = say("Decided at a meeting: %(result)s.") % values
    if isinstance(event, ItemsDecided) and event.items:
        sentence = words.of_items(
            event.items,
            say("Decided at a meeting on item %(items)s: %(result)s."),
            say("Decided at a meeting on items %(items)s: %(result)s."),
            result=values["result"],
        )
    figures = vote_sentence(event, say)
    return f"{sentence} {figures}" if figures else sentence


def vote_sentence(event: ItemsDecided | MatterDecided, say: Translate) -> str:
    """The figures of a vote as a sentence; nothing where none is told."""
    figures = {
        "in_favour": event.in_favour,
        "against": event.against,
        "abstaining": event.abstaining,
    }
    if all(count is None for count in figures.values()):
        return ""
    values = {name: say("not told") if count is None else count for name, count in figures.items()}
    votes = say("Votes: %(in_favour)s in favour, %(against)s against, %(abstaining)s abstaining.")
    return votes % values
