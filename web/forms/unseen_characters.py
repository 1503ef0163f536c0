"""What was taken out of a form's fields because nobody sees it, kept and told with the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from web.forms.fields import Field, Values
from workflows.acts.unseen_characters import MOST, take_out

FREE: Final = frozenset({"text", "long", "pick", "picks"})
"""The kinds of such fields."""
UNSEEN: Final = "unseen"
"""The field of a draft that holds what was taken out: its place, its line and what it is called."""


class TakenOut(NamedTuple):
    """One character that was taken out of a field."""

    label: str
    """The label of the field, or else its name."""
    line: str
    named: str


def without(values: Values, line_breaks: Mapping[str, str]) -> Values:
    """The values without characters that nobody sees, and with what was taken out of them.

    So it is with the fields that are named; each with what comes in the place of what ends a line.
    """
    texts, removed = dict(values.texts), [*values.texts.get(UNSEEN, ())]
    for name, line_break in line_breaks.items():
        if name in texts:
            cleaned = [take_out(text, line_break) for text in texts[name]]
            texts[name] = [text for text, _ in cleaned]
            removed += [
                f"{name}\t{sign.line}\t{sign.named}" for _, found in cleaned for sign in found
            ]
    return Values({**texts, UNSEEN: removed[:MOST]} if removed else texts)


def of_fields(fields: Sequence[Field]) -> Mapping[str, str]:
    """The fields in which people write freely, each with what comes where a line ended."""
    return {
        field.name: "\n" if field.kind == "long" else " " for field in fields if field.kind in FREE
    }


def taken_out(values: Values, fields: Sequence[Field]) -> list[TakenOut]:
    """What was taken out of a form, as its pages tell it."""
    labels: Mapping[str, str] = {field.name: field.label for field in fields}
    found = (text.split("\t") for text in values.texts.get(UNSEEN, ()))
    return [
        TakenOut(labels.get(entry[0], entry[0]), entry[1], entry[2])
        for entry in found
        if len(entry) == 3
    ]
