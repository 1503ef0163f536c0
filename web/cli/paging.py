"""Long lists: how much of them is printed, and where they go on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Final, TypeVar

import typer

from web.cli.output import print_note
from workflows.projections.pagination import Cursor

ROWS: Final = 50
"""How many rows a table has unless told otherwise."""

Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=1,
        help=f"At most so many rows; {ROWS} in a table and all in JSON unless told otherwise.",
    ),
]
After = Annotated[
    str, typer.Option("--after", help="Go on after a row, as the end of a shorter list says.")
]

T = TypeVar("T")


def parse_start(after: str) -> Cursor | None:
    """Where a list begins. Raises Refused for what was never said."""
    return Cursor.parse(after) if after else None


def print_page(rows: Iterable[tuple[str, T]], limit: int | None, *, json: bool) -> list[T]:
    """The rows that are printed, of rows with their cursors; says where the list goes on."""
    most = limit if limit or json else ROWS
    found = list(islice(rows, None if most is None else most + 1))
    if most is not None and len(found) > most:
        print_note(f"There are more; go on with --after {found[most - 1][0]}")
        del found[most:]
    return [row for _, row in found]
