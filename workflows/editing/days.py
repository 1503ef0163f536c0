"""The days that rows of an editing page tell: one form of writing them, and one sentence else."""

from __future__ import annotations

from typing import Final

from domain.times import Precision, When
from workflows.acts.parameter import N_

NO_DAY: Final = N_("“%(text)s” is no day: write it as 2026-01-31.")


def is_day(text: str) -> bool:
    """Whether it is a day as the record writes it, in a year that can be entered."""
    try:
        return When(text).precision is Precision.DAY and not When(text).zone
    except ValueError:
        return False
