"""Choices of acts in the reader's words: how each is called, in which order, how one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from web.forms.fields import Choice
from web.i18n.collation import collation_key
from workflows.acts import parameter as acts
from workflows.history import narration
from workflows.history.sentences.wording import Translate

MOST_LISTED: Final = 30
"""Up to how many bodies, seats or accounts a form lists; of more, one writes which is meant."""
WRITTEN: Final[Mapping[str, str]] = {"select": "pick", "many": "picks"}
"""How fields with so many choices are asked for."""


def kind(listed: str, choices: Sequence[acts.Choice]) -> str:
    """How a field with these choices is asked for, which lists few of them in this way."""
    long = len(choices) > MOST_LISTED and _are_names(choices)
    return WRITTEN.get(listed, listed) if long else listed


def ordered(choices: Sequence[acts.Choice], say: Translate, language: str) -> tuple[Choice, ...]:
    """Choices as a field offers them; those called by names in the order of the language."""
    found = [_shown(choice, say, language) for choice in choices]
    if _are_names(choices):
        found.sort(key=lambda choice: collation_key(choice.label, language))
    return tuple(found)


def label(choice: acts.Choice, say: Translate, language: str) -> str:
    """What a choice is called: its name first, its id as a second word."""
    said = _name(choice, say, language)
    code = f" ({choice.code})" if choice.code not in {"", said} else ""
    own = f"{choice.before}{said}{choice.after}{code}".strip()
    return " · ".join([own, *(label(further, say, language) for further in choice.then)])


def _name(choice: acts.Choice, say: Translate, language: str) -> str:
    said = say(choice.label) if choice.label else ""
    return said or narration.localized_name(choice.names, language) or choice.text


def _shown(choice: acts.Choice, say: Translate, language: str) -> Choice:
    called = {_name(choice, say, language), choice.text, choice.code, *choice.names.values()}
    return Choice(
        choice.value,
        label(choice, say, language),
        say(choice.hint) if choice.hint else "",
        tuple(called - {""}),
    )


def _are_names(choices: Sequence[acts.Choice]) -> bool:
    return all(choice.code for choice in choices)
