"""The port of tables that people hand in as files: CSV and workbooks of spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

LARGEST_TABLE: Final = 4 * 2**20
"""How many bytes a file with a table may have."""


class UnreadableTable(Exception):
    """A file cannot be read as a table; says why, in English."""


TableReader = Callable[[bytes], str]
"""A table as text, with cells as in CSV or between tabs. Raises UnreadableTable."""
