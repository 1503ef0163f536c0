"""The documented command: all parts in one run, as tables, as JSON, and in the documents."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from tests.bench import kept_figures, slow_disk
from tests.bench.child_process import TESTS
from tests.bench.figures import table
from tests.bench.part_process import measured
from tests.bench.parts import PARTS, Part
from tests.bench.run import FAST, USUAL, Run

DOCS = TESTS.parent / "docs"
PAGE, FIGURES = DOCS / "performance.md", DOCS / "figures.json"


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and say what was found. A part that fails keeps the others from nothing."""
    values = _parser().parse_args(words)
    if values.document:
        values.json.append(FIGURES)
    failed = [part for part, disk in _chosen(values) if not _measure(part, disk, values)]
    if values.document or values.render:
        render(PAGE, FIGURES)
    if failed:
        sys.exit(f"not measured: {', '.join(part.name for part in failed)}")


def _measure(part: Part, disk: float | None, values: argparse.Namespace) -> bool:
    """Measure a part, say its figures and keep them; whether that could be done."""
    name, machine = part.title_on(disk), _machine()
    with tempfile.TemporaryDirectory(prefix="placet-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's server may run as another user
        run = Run(Path(folder), *_size(values), disk)
        try:
            found = measured(part, run)
        except (subprocess.CalledProcessError, slow_disk.NotInEffectError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return False
    sys.stdout.write(f"{name}\n\n{table(found)}\n\n")
    sys.stdout.flush()
    day = datetime.now(UTC).date()
    entry = kept_figures.entry(found, run, day=day, machine=machine, versions=versions())
    for path in values.json if found else ():
        kept_figures.keep(path, {name: entry})
    return True


def render(page: Path, figures: Path) -> None:
    """Write the tables of the page again."""
    text = kept_figures.rendered(page.read_text(encoding="utf-8"), kept_figures.read(figures))
    page.write_text(text, encoding="utf-8")


def versions() -> dict[str, str]:
    """What was measured, and what it stood on."""
    libraries = ("placet", "eventsourcing", "msgspec", "psycopg")
    return {
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in libraries},
        "libpq": str(psycopg.pq.version()),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="3 turns instead of 7, 10 lives instead of 30")
    add("--peer", action="store_true", help="also eventsourcing with its cache")
    add("--agendas", type=int, default=10_000, help="how many are read from")
    names = [part.name for part in PARTS]
    add("--only", action="append", choices=names, help="only this part; may be repeated")
    add(
        "--disk",
        type=_disk,
        action="append",
        metavar="MS",
        help="how long each fsync takes, instead of 0 and 2 ms, or `real`; may be repeated",
    )
    add(
        "--json",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="keep the figures there, in the place of those that it has of the same parts",
    )
    add("--document", action="store_true", help=f"keep them in docs/{FIGURES.name} and {PAGE.name}")
    add(
        "--render",
        action="store_true",
        help=f"measure nothing; write {PAGE.name} again from docs/{FIGURES.name}",
    )
    return parser


def _disk(text: str) -> float | None:
    return None if text == "real" else float(text)


def _chosen(values: argparse.Namespace) -> Iterator[tuple[Part, float | None]]:
    """The parts to be measured, each with a disk of known speed where it waits for one."""
    if values.render:
        return
    for part in PARTS:
        if values.only is None or part.name in values.only:
            for disk in (values.disk or (FAST, USUAL)) if part.waits else (None,):
                yield part, disk


def _size(values: argparse.Namespace) -> tuple[int, int, int, bool]:
    """Turns, lives and agendas, and whether there is a peer."""
    turns, each = (3, 10) if values.quick else (7, 30)
    return turns, each, values.agendas, values.peer


def _machine() -> str:
    """The machine, and how busy it is already."""
    processors, load = os.cpu_count(), os.getloadavg()[0]
    return f"{processors} processors ({platform.machine()}), load {load:.1f} before"
