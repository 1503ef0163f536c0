"""The text under silence, read back from the contents that a window binds, and its changes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.silence import Window

ByLanguage = Mapping[str, str]


class WindowTexts(Struct, frozen=True):
    """What is under silence: one undivided text, or the titles of agenda items.

    Both are empty where no source has them.
    """

    text: ByLanguage
    """By language."""
    titles: Mapping[str, ByLanguage]
    """As they were submitted, by item and language."""

    @property
    def parts(self) -> Mapping[str, ByLanguage]:
        """By part, which is an item, or empty for the undivided text."""
        return {"": self.text} if self.text else self.titles


class ChangedWording(Struct, frozen=True, kw_only=True):
    """The wording of one part in one language, in the window before and in its relaunch."""

    part: str
    language: str
    before: str
    after: str


def texts_of(window: Window, world: DecisionContext) -> WindowTexts:
    """The texts under the hash of a window. Raises Refused for a content that the store lost."""
    if not window.text_hash:
        return WindowTexts({}, {})
    content = json.loads(world.content(window.text_hash))
    if not window.subject.agenda:
        return WindowTexts(content["text"], {})
    titles = {
        item["item"]: {
            language: json.loads(world.content(digest))["title"]
            for language, digest in item["texts"].items()
        }
        for item in content["items"]
    }
    return WindowTexts({}, titles)


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
        ChangedWording(part=part, language=tag, before=old.get(tag, ""), after=new.get(tag, ""))
        for part in dict.fromkeys((*before, *after))
        for old, new in [(before.get(part, {}), after.get(part, {}))]
        for tag in dict.fromkeys((*old, *new))
    )
