"""A measured figure, and tables of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What was measured, by which path of code, and how it stands to its goal.

    `value` is the median of `pairs` measurements, `least` and `most` their bounds. `goal` is such
    as `>= 0.8`; a figure without one is only reported.
    """

    name: str
    value: float
    least: float
    most: float
    pairs: int
    path: str
    goal: str = ""

    @property
    def reached(self) -> str:
        """`yes` or `no`; nothing where there is no goal."""
        sign, _, bound = self.goal.partition(" ")
        if not sign:
            return ""
        above = self.value - float(bound)
        return "yes" if (above >= 0 if sign == ">=" else above <= 0) else "no"


def figure(name: str, values: Sequence[float], path: str, goal: str = "") -> Figure:
    """The figure of several measurements."""
    return Figure(name, median(values), min(values), max(values), len(values), path, goal)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    lines = ["| figure | median (least - most) | of | goal | reached | path |", "|---" * 6 + "|"]
    for figure in figures:
        bounds = f"{_short(figure.value)} ({_short(figure.least)} - {_short(figure.most)})"
        found = (figure.name, bounds, str(figure.pairs), figure.goal, figure.reached, figure.path)
        lines.append(f"| {' | '.join(found)} |")
    return "\n".join(lines)


def plain(figure: Figure) -> dict[str, Any]:
    """The figure for JSON."""
    return asdict(figure) | {"reached": figure.reached}


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
