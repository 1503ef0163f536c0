"""Choices made of plain names, and of bodies and seats: how each of them is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from domain.body.body import Seat
from domain.silence.roster import FrozenSeat
from workflows.acts.parameter import N_, Choice

UNITS: Final = {
    "hours": N_("hours"),
    "days": N_("days"),
    "working days": N_("working days"),
}
"""The units of lengths, as deadlines read them."""


def of_body(name: str, names: Mapping[str, str]) -> Choice:
    """A body, by its name."""
    return Choice(value=name, names=names, text=name, code=name)


def of_seat(seat: Seat | FrozenSeat) -> Choice:
    """A seat, by what it stands for: its name, else its holder; and its office, if it has one."""
    after = f" · {seat.office}" if isinstance(seat, Seat) and seat.office else ""
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
