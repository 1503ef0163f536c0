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


def changed_wordings(window: Window, world: DecisionContext) -> tuple[ChangedWording, ...]:
    """What a relaunch changed in the text that was circulated last; nothing for other windows.

    A part or language that only one of both has is compared with nothing.
    """
    if not window.terms.relaunch_of:
        return ()
    before = texts_of(world.window(window.terms.relaunch_of), world).parts
    after = texts_of(window, world).parts
    if not before or not after:
        return ()
    return tuple(
        ChangedWording(
            part=part,
            language=tag,
            before=old.get(tag, ""),
            after=new.get(tag, ""),
            heading=heading,
        )
        for part, heading in dict.fromkeys((*before, *after))
        for old, new in [(before.get((part, heading), {}), after.get((part, heading), {}))]
        for tag in dict.fromkeys((*old, *new))
    )
