"""The text under silence, read back from the contents that a window binds, and its changes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.silence import Window
from domain.silence.events import Subject

ByLanguage = Mapping[str, str]


class HeadingText(Struct, frozen=True):
    """A heading in the text under silence."""

    id: str
    before: str
    """The first item under silence below it."""
    titles: ByLanguage


class WindowTexts(Struct, frozen=True):
    """What is under silence: one undivided text, or the titles of agenda items.

    Both are empty where no source has them.
    """

    text: ByLanguage
    """By language."""
    titles: Mapping[str, ByLanguage]
    """As they were submitted, by item and language."""
    headings: tuple[HeadingText, ...] = ()
    """The headings above those items, in order."""

    @property
    def parts(self) -> Mapping[tuple[str, bool], ByLanguage]:
        """By part, which is an item, a heading (then true), or empty for the undivided text."""
        if self.text:
            return {("", False): self.text}
        items = {(item, False): titles for item, titles in self.titles.items()}
        return items | {(heading.id, True): heading.titles for heading in self.headings}


class ChangedWording(Struct, frozen=True, kw_only=True):
    """The wording of one part in one language, in the window before and in its relaunch."""

    part: str
    language: str
    before: str
    after: str
    heading: bool = False
    """Whether the part is a heading, called by its id."""


class EarlierPart(Struct, frozen=True):
    """A part of the window before that is not under silence again, and what became of it there."""

    part: str
    titles: ByLanguage
    outcome: str


class NotCompared(Struct, frozen=True, kw_only=True):
    """What only one of two texts has: that of a relaunch, or the one circulated before."""

    languages: tuple[str, ...]
    """The languages in which a part that both texts have is told by one of them only."""
    earlier: tuple[EarlierPart, ...]
    """The items that only the text before has."""
    new: tuple[str, ...]
    """The items that only the text of the relaunch has."""


Comparison = tuple[tuple[ChangedWording, ...], NotCompared | None]


def texts_of(window: Window, world: DecisionContext) -> WindowTexts:
    """The texts under the hash of a window. Raises Refused for a content that the store lost."""
    return texts_under(window.text_hash, window.subject, world)


def texts_under(text_hash: str, subject: Subject, world: DecisionContext) -> WindowTexts:
    """The texts under a hash. Raises Refused for a content that the store has not."""
    if not text_hash:
        return WindowTexts({}, {})
    content = json.loads(world.content(text_hash))
    if not subject.agenda:
        return WindowTexts(content["text"], {})

    def words(texts: Mapping[str, str]) -> ByLanguage:
        return {tag: json.loads(world.content(text))["title"] for tag, text in texts.items()}

    return WindowTexts(
        {},
        {item["item"]: words(item["texts"]) for item in content["items"]},
        tuple(
            HeadingText(line["heading"], line["before"], words(line["texts"]))
            for line in content.get("headings", ())
        ),
    )


def compare_with_earlier(window: Window, world: DecisionContext) -> Comparison:
    """The text of a relaunch beside that of the window before, and what only one of them has.

    That is each part that both texts have, in each language in which both have it. A heading is
    compared where an item stands below it that both have. Nothing, and None, for other windows,
    where one of the two texts is not held, and where one of them is undivided and the other is
    agenda items. Raises Refused for a content that the store lost.
    """
    if not window.terms.relaunch_of:
        return (), None
    before = world.window(window.terms.relaunch_of)
    old, new = texts_of(before, world), texts_of(window, world)
    if not old.parts or not new.parts or bool(old.text) != bool(new.text):
        return (), None
    both = [item for item in old.titles if item in new.titles]
    above = (*_headings_above(old).items(), *_headings_above(new).items())
    headings = {heading for item, over in above if item in both for heading in over}
    pairs = [
        (part, heading, old.parts.get((part, heading), {}), new.parts.get((part, heading), {}))
        for part, heading in dict.fromkeys((*old.parts, *new.parts))
        if (part in headings if heading else not part or part in both)
    ]
    wordings = tuple(
        ChangedWording(
            part=part,
            language=tag,
            before=were.get(tag, ""),
            after=are.get(tag, ""),
            heading=heading,
        )
        for part, heading, were, are in pairs
        for tag in dict.fromkeys((*were, *are))
        if not (were and are) or (tag in were and tag in are)
    )
    in_one = {tag for _, _, were, are in pairs if were and are for tag in were.keys() ^ are.keys()}
    return wordings, NotCompared(
        languages=tuple(sorted(in_one)),
        earlier=tuple(
            EarlierPart(item, titles, _outcome(before, item))
            for item, titles in old.titles.items()
            if item not in both
        ),
        new=tuple(item for item in new.titles if item not in both),
    )


def _headings_above(texts: WindowTexts) -> Mapping[str, tuple[str, ...]]:
    """By item, the ids of the headings below which it stands."""
    found: dict[str, tuple[str, ...]] = {}
    current: tuple[str, ...] = ()
    for item in texts.titles:
        begins = tuple(each.id for each in texts.headings if each.before == item)
        current = begins or current
        found[item] = current
    return found


def _outcome(window: Window, item: str) -> str:
    """What became of an item, also where the items stood or fell together."""
    outcome = window.outcome(item if item in window.parts else "")
    return "no outcome" if outcome == "open" and window.superseded else outcome
