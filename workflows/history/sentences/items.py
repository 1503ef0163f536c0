"""Sentences about the items of an agenda: their list, their texts and their documents."""

from __future__ import annotations

from typing import assert_never

from domain.agenda import events as agenda
from workflows.history.sentences.wording import Wording


def list_sentence(event: agenda.ItemListEvent, words: Wording) -> str:
    """How the list of items changed."""
    say = words.say
    match event:
        case agenda.ItemProposed(item=item, titles=titles):
            values = {"item": words.number(item), "title": words.name(titles)}
            return say("Item %(item)s was proposed: “%(title)s”.") % values
        case agenda.ItemAmended(item=item, titles=titles, reason=reason):
            values = {"item": words.number(item), "title": words.name(titles), "reason": reason}
            return say("Item %(item)s now reads “%(title)s”. %(reason)s") % values
        case agenda.ItemDescribed():
            return _described(event, words)
        case agenda.ItemCleared():
            return _cleared(event, words)
        case agenda.ItemWithdrawn():
            return _withdrawn(event, words)
        case agenda.ItemMoved():
            return _moved(event, words)
        case agenda.ItemsRenumbered(numbers=numbers, reason=reason):
            pairs = [words.left_to_right(f"{old} → {new}") for old, new in numbers.items()]
            values = {"numbers": words.listed(pairs), "reason": reason}
            return say("Items were renumbered: %(numbers)s. %(reason)s") % values
    assert_never(event)


def _described(event: agenda.ItemDescribed, words: Wording) -> str:
    """Which particulars of an item changed."""
    say = words.say
    proposer = ", ".join(filter(None, (event.proposer, event.proposer_kind)))
    parts = [
        (say("Proposed by: %(value)s."), proposer),
        (say("Explanatory memorandum: %(value)s."), event.memorandum),
        (say("Legal basis: %(value)s."), words.listed(event.legal_basis)),
        (say("What it is about: %(value)s."), words.listed(event.subjects)),
    ]
    sentences = [sentence % {"value": value} for sentence, value in parts if value]
    first = say("The particulars of item %(item)s were changed.") % {
        "item": words.number(event.item)
    }
    return " ".join([first, *sentences, event.reason])


def _cleared(event: agenda.ItemCleared, words: Wording) -> str:
    """Which particulars of an item were taken off."""
    say = words.say
    names = {
        "proposer_kind": say("kind of proposer"),
        "proposer": say("proposer"),
        "legal_basis": say("legal basis"),
        "memorandum": say("memorandum"),
        "subjects": say("subjects"),
    }
    off = words.listed([names.get(name, name) for name in event.particulars])
    values = {"item": words.number(event.item), "particulars": off, "reason": event.reason}
    return say("Taken off item %(item)s: %(particulars)s. %(reason)s") % values


def _withdrawn(event: agenda.ItemWithdrawn, words: Wording) -> str:
    say = words.say
    values = {"item": words.number(event.item), "reason": event.reason}
    if not event.sub_items:
        return say("Item %(item)s was taken back. %(reason)s") % values
    return words.of_items(
        event.sub_items,
        say("Item %(item)s was taken back, with its sub-item %(items)s. %(reason)s"),
        say("Item %(item)s was taken back, with its sub-items %(items)s. %(reason)s"),
        **values,
    )


def _moved(event: agenda.ItemMoved, words: Wording) -> str:
    say = words.say
    place = words.number(event.after or event.under)
    values = {"item": words.number(event.item), "place": place, "reason": event.reason}
    if event.after:
        return say("Item %(item)s was moved behind item %(place)s. %(reason)s") % values
    if event.under:
        return say("Item %(item)s was moved under item %(place)s. %(reason)s") % values
    return say("Item %(item)s was moved to the top of the agenda. %(reason)s") % values


def heading_sentence(event: agenda.HeadingEvent, words: Wording) -> str:
    """What became of a heading without a number, called by its words at the time."""
    say, title = words.say, words.name(event.titles)
    match event:
        case agenda.HeadingProposed(before=""):
            return say("The heading “%(title)s” was put at the end of the list.") % {"title": title}
        case agenda.HeadingProposed(before=place):
            values = {"title": title, "place": words.number(place)}
            return say("The heading “%(title)s” was put above item %(place)s.") % values
        case agenda.HeadingAmended(heading=name, reason=reason):
            values = {"heading": name, "title": title, "reason": reason}
            return say("The heading %(heading)s now reads “%(title)s”. %(reason)s") % values
        case agenda.HeadingMoved(before="", reason=reason):
            values = {"title": title, "reason": reason}
            return say("The heading “%(title)s” was moved to the end of the list. %(reason)s") % (
                values
            )
        case agenda.HeadingMoved(before=place, reason=reason):
            values = {"title": title, "place": words.number(place), "reason": reason}
            return say("The heading “%(title)s” was moved above item %(place)s. %(reason)s") % (
                values
            )
        case agenda.HeadingWithdrawn(reason=reason):
            values = {"title": title, "reason": reason}
            return say("The heading “%(title)s” was taken off the list. %(reason)s") % values
    assert_never(event)


def detail_sentence(event: agenda.ItemDetailEvent, words: Wording) -> str:
    """What was put to items without a change of their text."""
    say = words.say
    match event:
        case agenda.ItemAnnotated(item=item, language=tag):
            values = {"item": words.number(item), "language": words.language_name(tag)}
            return say("Item %(item)s was annotated in %(language)s.") % values
        case agenda.DocumentsPlanned(item=item, none_expected=none) if none:
            return say("No document is expected for item %(item)s.") % {"item": words.number(item)}
        case agenda.DocumentsPlanned(item=item, documents=documents):
            values = {"item": words.number(item), "documents": words.listed(documents)}
            return say("Documents of item %(item)s: %(documents)s.") % values
        case agenda.WorkOrganized(slots=slots, count=count):
            return say("The work was laid out. Slots: %(count)s.") % {"count": count or len(slots)}
    assert_never(event)
