"""Printing: tables for people, JSON for programs, progress where somebody watches."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StoreFolder = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="PLACET_STORE",
        help="The folder of the store, or postgresql://USER@HOST:PORT/DATABASE.",
    ),
]
Organisation = Annotated[
    str, typer.Option("--organisation", "-o", help="Needed where a store holds several.")
]
At = Annotated[
    str,
    typer.Option("--at", help="As of a position (41) or an instant (2023-06-20T10:00:00Z)."),
]

errors = Console(stderr=True)


def print_error(sentence: str) -> None:
    """Say what went wrong, on standard error; control characters are made visible."""
    errors.print(Text(_visible(sentence)), soft_wrap=True)


def print_note(sentence: str) -> None:
    """Say something beside the data, on standard error."""
    errors.print(Text(_visible(sentence)), soft_wrap=True)


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def allow_any_character() -> None:
    """Let output never fail for a letter that its encoding lacks; it is written as its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Let everything out that was printed. Raises OSError, after which nothing more is tried."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = None
        raise


def print_json(value: Any) -> None:
    """One JSON document on standard output; in ASCII where the output cannot hold more."""
    whole = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    written = _with_erasures(json.dumps(value, ensure_ascii=False, indent=2))
    print(written if whole else json.dumps(json.loads(written), indent=2))


def _with_erasures(written: str) -> str:
    """The same with words in the place of each erased text."""
    from workflows.history.erasure_placeholders import (  # noqa: PLC0415 (help needs no record)
        say_erasures,
    )

    return say_erasures(written, str)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on standard output; cells are plain text, never markup."""
    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(_visible(_with_erasures(str(cell)))) for cell in row))
    wide = None if sys.stdout.isatty() else 200
    Console(width=wide).print(table)


def print_rows(heads: Sequence[str], rows: Sequence[Sequence[object]], *, json: bool) -> None:
    """A table for people, or the same as one JSON object for each row."""
    if json:
        print_json([dict(zip(heads, row, strict=True)) for row in rows])
    else:
        print_table(heads, rows)


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error while somebody watches; silent otherwise."""
    if not errors.is_terminal:
        yield lambda name, done, total: None  # noqa: ARG005 (nobody watches)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def on_progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(f"{what} {name}", total=total)
            bar.update(tasks[name], completed=done, total=total)

        yield on_progress
