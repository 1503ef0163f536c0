"""The figures of the last run of each part: as JSON, and as tables in a page.

A part that is measured again replaces what was kept of it; the others stay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, from_plain, plain, table
from tests.bench.run import Run

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
Kept = Mapping[str, Mapping[str, Any]]
"""By the title of a part and its disk: when, on what and how it was measured, and its figures."""


def entry(
    figures: Sequence[Figure], run: Run, *, day: date, machine: str, versions: Mapping[str, str]
) -> Mapping[str, Any]:
    """What is kept of a part that was measured."""
    return {
        "taken": day.isoformat(),
        "machine": machine,
        "pairs": run.pairs,
        "lives": run.each,
        "on": dict(versions),
        "figures": [plain(figure) for figure in figures],
    }


def read(path: Path) -> Kept:
    """What was kept; nothing where there is no such file yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep(path: Path, found: Kept) -> Kept:
    """Put what was found in its place among what was kept; all that is kept now."""
    kept = {**read(path), **found}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return kept


def rendered(page: str, kept: Kept) -> str:
    """The page with all its tables again, between its two marks."""
    before, began, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (began and ended):
        raise ValueError(f"the page has no place for figures: {BEGIN} and {END}")
    tables = "\n\n".join(_section(name, values) for name, values in kept.items())
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def _section(name: str, kept: Mapping[str, Any]) -> str:
    figures = [from_plain(values) for values in kept["figures"]]
    day = date.fromisoformat(kept["taken"])
    versions = ", ".join(f"{what} {number}" for what, number in kept["on"].items())
    how = f"Medians of up to {kept['pairs']} turns, {kept['lives']} lives for one client."
    return "\n".join(
        (
            f"### {name}",
            "",
            f"Taken on {day.day} {day:%B %Y}; {kept['machine']}.",
            how,
            f"{versions}.",
            "",
            table(figures, paths=False),
        )
    )
