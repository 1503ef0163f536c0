"""Choices made of plain names, and of bodies and seats: how each of them is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from workflows.acts.parameter import N_, Choice

UNITS: Final = {
    "hours": N_("hours"),
    "days": N_("days"),
    "working days": N_("working days"),
}
"""The units of lengths, as deadlines read them."""


class SeatOfRoster(Protocol):
    """What a seat is called by, in the roster of a body or of a silence."""

    @property
    def seat(self) -> str: ...
    @property
    def holder(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...


def of_body(name: str, names: Mapping[str, str]) -> Choice:
    """A body, by its name."""
    return Choice(value=name, names=names, text=name, code=name)


def of_seat(seat: SeatOfRoster) -> Choice:
    """A seat, by what it stands for: its name, else its holder; and its office, if it has one."""
    office = getattr(seat, "office", "")
    after = f" · {office}" if office else ""
    return Choice(value=seat.seat, names=seat.names, text=seat.holder, after=after, code=seat.seat)


def called_by_name(names: Iterable[str]) -> tuple[Choice, ...]:
    """Choices that are called by their own names."""
    return tuple(Choice(value=name, label=name) for name in names)


def called_by_words(words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices that are called by the words for each."""
    return tuple(Choice(value=name, label=label) for name, label in words.items())


def explained(hints: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices that are called by their own names, with what each does."""
    return tuple(Choice(value=name, label=name, hint=hint) for name, hint in hints.items())
