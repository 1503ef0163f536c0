"""The texts that a window binds, read back from its contents, and what a relaunch changed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.silence import Window

Wordings = Mapping[str, Mapping[str, str]]
"""Texts by part (an item, or nothing for an undivided text) and by language."""


class ChangedWording(Struct, frozen=True, kw_only=True):
    """The wording of one part in one language, in the window before and in its relaunch."""

    part: str
    language: str
    before: str
    after: str


def window_wordings(window: Window, world: DecisionContext) -> Wordings:
    """The texts under the hash of a window; none where no source has them.

    Of agenda items these are the titles as they were submitted.
    """
    if not window.text_hash:
        return {}
    told = json.loads(world.content(window.text_hash))
    if not window.subject.agenda:
        return {"": told["text"]}
    return {
        one["item"]: {
            language: json.loads(world.content(name))["title"]
            for language, name in one["texts"].items()
        }
        for one in told["items"]
    }


def changed_wordings(window: Window, world: DecisionContext) -> tuple[ChangedWording, ...]:
    """What a relaunch changed in the text that was circulated last; nothing for other windows.

    A part or language that only one of both has is compared with nothing.
    """
    if not window.terms.relaunch_of:
        return ()
    before = window_wordings(world.window(window.terms.relaunch_of), world)
    after = window_wordings(window, world)
    if not before or not after:
        return ()
    found = []
    for part in dict.fromkeys((*before, *after)):
        old, new = before.get(part, {}), after.get(part, {})
        found += [
            ChangedWording(part=part, language=tag, before=old.get(tag, ""), after=new.get(tag, ""))
            for tag in dict.fromkeys((*old, *new))
        ]
    return tuple(found)
