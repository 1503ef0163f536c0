"""The documented command: all measures in one run, as a table, and as JSON."""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg

import postgres_server
from tests.bench import http_measures, read_measures, rebuild_measures, write_measures
from tests.bench.figures import Figure, plain, table


def main() -> None:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(prog="python tests/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 pairs instead of 7, shorter runs")
    parser.add_argument("--peer", action="store_true", help="also eventsourcing with its cache")
    parser.add_argument("--agendas", type=int, default=10_000, help="how many are read from")
    parser.add_argument("--only", choices=("sqlite", "postgresql", "reading", "http"), default="")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    values = parser.parse_args()
    pairs, each = (3, 10) if values.quick else (7, 30)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="placet-bench-") as name:
        folder = Path(name)
        kept = write_measures.recorded(folder / "kept", each)
        if values.only in {"", "sqlite"}:
            figures += write_measures.on_sqlite(folder, kept, pairs, peer=values.peer)
        if values.only in {"", "postgresql"}:
            with server() as made:
                figures += write_measures.on_postgres(made, kept, pairs, peer=values.peer)
        if values.only in {"", "reading"}:
            figures += read_measures.on_sqlite(folder, values.agendas, pairs)
            with server() as made:
                figures += read_measures.on_postgres(made, folder, values.agendas, pairs)
            figures += rebuild_measures.figures(folder, values.agendas, pairs)
        if values.only in {"", "http"}:
            figures += http_measures.figures(folder, pairs)
    say(figures)
    if values.json:
        found = {"on": versions(), "figures": [plain(figure) for figure in figures]}
        values.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def say(figures: Sequence[Figure]) -> None:
    """Versions and figures, on standard output."""
    named = ", ".join(f"{name} {number}" for name, number in versions().items())
    sys.stdout.write(f"{named}\n\n{table(figures)}\n")


def versions() -> dict[str, str]:
    """What was measured, and what it stood on."""
    libraries = ("placet", "eventsourcing", "msgspec", "psycopg")
    return {
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in libraries},
        "libpq": str(psycopg.pq.version()),
    }


@contextmanager
def server() -> Iterator[postgres_server.Server]:
    """A server of its own with durable settings, gone afterwards."""
    with postgres_server.running(
        "fsync = on", "shared_buffers = 128MB", "autovacuum = on", "max_wal_size = 1GB"
    ) as made:
        yield made
