"""Where the case files are."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "cases"
