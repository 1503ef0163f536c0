"""Relaunching: what failed may be put under silence once more, amended, for a shorter time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.canonical import digest
from domain.confusables import comparison_key
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.rules import require
from domain.silence.commands import OpenSilence
from domain.silence.events import Subject
from domain.silence.window import Window

RULE = "relaunch-of-what-failed"
Wordings = Mapping[str, Mapping[str, str]]
"""What texts say, by part (an item, or nothing for an undivided text) and by language."""


def require_failed(command: OpenSilence, subject: Subject, world: DecisionContext) -> None:
    """A live relaunch takes up what failed, in the same body, in the same matter. Raises Refused.

    Whether the window before has ended is a matter of the pack.
    """
    if not command.relaunch_of:
        return
    window = world.window(command.relaunch_of)
    of = f"window {window.id}"
    require(RULE, window.body == command.body, f"{of} is one of body {window.body}")
    require(RULE, is_same_matter(window.subject, subject, world), f"{of} is about another matter")
    approved = window.lapsed and not window.revoked
    strange = [item for item in subject.items or ("",) if item not in window.broken]
    because = (
        f"of {of} only what failed is relaunched: {', '.join(sorted(window.broken)) or 'nothing'}"
    )
    require(RULE, not (approved and strange), because)


def has_failed(window: Window) -> bool:
    """Whether a window has ended, and the whole or a part of its text was not approved."""
    return window.is_over and bool(
        window.broken or window.broken_whole or window.revoked or window.superseded
    )


def is_same_matter(old: Subject, new: Subject, world: DecisionContext) -> bool:
    """Whether two subjects may be one matter: of one type, of one agenda, in one session.

    Besides, the words of one title stand in the other, such as `Draft decision` in `Draft
    decision, amended`; or it is one document, or a later one that changes it. What only one of
    them tells says nothing.
    """
    if (comparison_key(old.type), old.agenda) != (comparison_key(new.type), new.agenda):
        return False
    if old.session and new.session and old.session != new.session:
        return False
    languages = old.titles.keys() & new.titles.keys()
    if languages:
        return any(_is_same_title(old.titles[tag], new.titles[tag]) for tag in languages)
    return not (old.document and new.document) or _same_document(old.document, new.document, world)


def _is_same_title(title: str, other: str) -> bool:
    """Whether all words of one title stand in the other."""
    words, others = _words(title), _words(other)
    return words <= others or others <= words


def _words(title: str) -> frozenset[str]:
    plain = "".join(char if char.isalnum() else " " for char in comparison_key(title))
    return frozenset(plain.split())


def _same_document(old: str, new: str, world: DecisionContext) -> bool:
    symbol = world.document(new).changes
    return old == new or (
        bool(symbol) and comparison_key(symbol) == comparison_key(world.document(old).symbol)
    )


def is_amended_relaunch(
    command: OpenSilence,
    text_hash: str,
    texts: Sequence[bytes],
    order: Order,
    world: DecisionContext,
) -> bool | None:
    """Whether this is the relaunch of what failed, with a text that says something else.

    None where that is not known. In a window by items each of them has to say something else.
    """
    if not command.relaunch_of:
        return False
    window = world.window(command.relaunch_of)
    if not has_failed(window):
        return None if order.attested and not window.is_over else False
    if not (text_hash and window.text_hash):
        return None
    own = {digest(text): text for text in texts}

    def content(name: str) -> bytes:
        return own[name] if name in own else world.content(name)

    old, new = decode_wordings(content, window.text_hash), decode_wordings(content, text_hash)
    differing = [_differ(old.get(part, {}), wording) for part, wording in new.items()]
    by_item = window.parts != ("",) and "" not in new
    return all(differing) if by_item else any(differing) or old.keys() != new.keys()


def _differ(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether something else is said in a language that both have; or there is no old text."""
    return not old or any(old[tag] != new[tag] for tag in new if tag in old)


def decode_wordings(content: Callable[[str], bytes], text_hash: str) -> Wordings:
    """What is said by the texts under a window's hash; of agenda items these are the titles."""
    manifest = json.loads(content(text_hash))
    if "text" in manifest:
        return {"": {tag: _wording(text) for tag, text in manifest["text"].items()}}

    def title(name: str) -> Any:
        return json.loads(content(name))["title"]

    return {
        item["item"]: {tag: _wording(title(name)) for tag, name in item["texts"].items()}
        for item in manifest["items"]
    }


def _wording(text: str) -> str:
    """What a text says, without its blanks, the kind of its quotation marks and its last stop."""
    return "".join(comparison_key(text).split()).replace('"', "'").rstrip(".;:,。；：，")
