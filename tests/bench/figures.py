"""A measured figure, and tables of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

References = tuple[Sequence[float], Sequence[float]]
"""What the floor and the peer took, where they were measured."""
NOTHING: References = ((), ())


@dataclass(frozen=True)
class Figure:
    """What was measured, by which path of code, and how it stands to its goal.

    `value` is the median of `pairs` measurements, `least` and `most` their bounds. `goal` is such
    as `>= 0.8`; a figure without one is only reported. `floor` and `peer` say what they took, in
    the unit of `value`, where they were measured beside it.
    """

    name: str
    value: float
    least: float
    most: float
    pairs: int
    path: str
    goal: str = ""
    floor: float | None = None
    peer: float | None = None

    @property
    def reached(self) -> str:
        """`yes` or `no`; nothing where there is no goal."""
        sign, _, bound = self.goal.partition(" ")
        if not sign:
            return ""
        above = self.value - float(bound)
        return "yes" if {">=": above >= 0, "<=": above <= 0, "=": above == 0}[sign] else "no"


def figure(
    name: str,
    values: Sequence[float],
    path: str,
    goal: str = "",
    references: References = NOTHING,
) -> Figure:
    """The figure of several measurements."""
    floor, peer = (median(some) if some else None for some in references)
    bounds = (median(values), min(values), max(values), len(values))
    return Figure(name, *bounds, path, goal, floor, peer)


def table(figures: Sequence[Figure], *, paths: bool = True) -> str:
    """The figures as a table in Markdown, with the path of code of each or without."""
    heads = ("figure", "median (least - most)", "floor", "peer", "goal", "reached", "of", "path")
    shown = len(heads) if paths else len(heads) - 2
    lines = [_row(heads[:shown]), "|---" * shown + "|"]
    return "\n".join(lines + [_row(_cells(figure)[:shown]) for figure in figures])


def plain(figure: Figure) -> dict[str, Any]:
    """The figure for JSON."""
    return asdict(figure) | {"reached": figure.reached}


def from_plain(values: dict[str, Any]) -> Figure:
    """The figure that was written as JSON."""
    return Figure(**{name: value for name, value in values.items() if name != "reached"})


def _cells(figure: Figure) -> tuple[str, ...]:
    value = _short(figure.value)
    if figure.least != figure.most:
        value += f" ({_short(figure.least)} - {_short(figure.most)})"
    references = ["" if some is None else _short(some) for some in (figure.floor, figure.peer)]
    known = (figure.goal, figure.reached, str(figure.pairs), figure.path)
    return figure.name, value, *references, *known


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
