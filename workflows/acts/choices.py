"""Choices made of plain names: called by the names themselves, or by words for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from workflows.acts.parameter import N_, Choice

UNITS: Final = {
    "hours": N_("hours"),
    "days": N_("days"),
    "working days": N_("working days"),
}
"""The units of lengths, as deadlines read them."""


def called_by_name(names: Iterable[str]) -> tuple[Choice, ...]:
    """Choices that are called by their own names."""
    return tuple(Choice(value=name, label=name) for name in names)


def called_by_words(words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices that are called by the words for each."""
    return tuple(Choice(value=name, label=label) for name, label in words.items())


def explained(hints: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices that are called by their own names, with what each does."""
    return tuple(Choice(value=name, label=name, hint=hint) for name, hint in hints.items())
