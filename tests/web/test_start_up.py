"""What a start imports: little for the help, and for pages nothing that other kinds of work need.

Time and memory of a start are those of its imports; which ones there are is told by Python itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi.routing import APIRoute

from server_process import running
from story import Story
from web.cli import app, command_table
from web.cli.command_table import COMMANDS, load_command
from web_visitor import Hands, pages

IMPORTING = [sys.executable, "-u", "-X", "importtime", "-m", "web"]

LIBRARIES = frozenset(
    {
        "argon2",
        "authlib",
        "babel",
        "cryptography",
        "eventsourcing",
        "fastapi",
        "holidays",
        "httpx",
        "jinja2",
        "jsonschema",
        "msgspec",
        "openpyxl",
        "prometheus_client",
        "psycopg",
        "pyotp",
        "python_multipart",
        "rich",
        "segno",
        "sqlite3",
        "structlog",
        "typer",
        "uvicorn",
        "yaml",
    }
)
"""What this program imports of others and takes noticeable time or memory."""


def imported(said: str) -> set[str]:
    """The modules that `-X importtime` told of."""
    return set(re.findall(r"^import time:.*\| +(\S+)$", said, re.MULTILINE))


def own(modules: set[str]) -> set[str]:
    packages = ("adapters", "domain", "web", "workflows")
    return {name for name in modules if name.split(".")[0] in packages}


def called(*words: str) -> set[str]:
    """What a call of the command line imports."""
    done = subprocess.run([*IMPORTING, *words], capture_output=True, text=True, check=True)
    return imported(done.stderr)


def served(folder: Path, page: str) -> set[str]:
    """What a server imports until it has served this page of an empty store."""
    Story(folder).placet.close()
    words = ("serve", "--store", str(folder / "store"), "--port", "0")
    with running(folder, words, program=IMPORTING) as (server,):
        status, _ = server.get(page)
        assert 200 == status
        return imported(server.said())


def test_the_help_imports_nothing_of_the_work() -> None:
    modules = called("--help")

    assert {"msgspec", "rich", "typer"} == modules & LIBRARIES
    assert {
        "domain",
        "domain.account_rules",
        "domain.confusables",
        "domain.instants",
        "domain.ports",
        "domain.ports.errors",
        "domain.record_rules",
        "domain.rules",
        "web",
        "web.__main__",
        "web.cli",
        "web.cli.command_table",
        "web.cli.output",
    } >= own(modules)


def test_a_command_imports_what_it_works_with() -> None:
    """The control: where a command is called, the work is there."""
    modules = called("rules")

    assert {"eventsourcing", "sqlite3"} <= modules & LIBRARIES
    assert "workflows.application" in modules


def test_the_first_page_imports_no_other_kind_of_store_no_signatures_and_no_log_in(
    tmp_path: Path,
) -> None:
    assert {
        "argon2",
        "authlib",
        "babel",
        "cryptography",
        "holidays",
        "httpx",
        "jsonschema",
        "openpyxl",
        "psycopg",
        "pyotp",
        "segno",
    } == LIBRARIES - served(tmp_path, "/?lang=en")


def test_a_page_in_another_language_reads_its_catalogue(tmp_path: Path) -> None:
    """The control: what is needed comes when it is needed."""
    assert "babel" in served(tmp_path, "/?lang=fr")


def test_each_address_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To include a router in another one makes all of its addresses again, a tenth of a start."""
    made: list[APIRoute] = []
    make = APIRoute.__init__

    def counted(route: APIRoute, *words: Any, **fields: Any) -> None:
        made.append(route)
        make(route, *words, **fields)

    monkeypatch.setattr(APIRoute, "__init__", counted)
    story = Story(tmp_path)
    app = pages(story.placet, Hands(datetime(2026, 3, 2, tzinfo=UTC)))
    story.placet.close()

    assert 100 < len([route for route in app.routes if isinstance(route, APIRoute)]) == len(made)


# --- the table of commands -----------------------------------------------------------------------


def lines() -> Iterator[tuple[str, str, str]]:
    """Each command: its line in the table, and what itself says first."""
    for name, (_, line) in COMMANDS.items():
        yield name, line, load_command(name).help.partition("\n\n")[0].replace("\n", " ")


def test_the_table_says_of_each_command_what_the_command_says() -> None:
    assert [] == [name for name, line, itself in lines() if line != itself]


def test_another_line_in_the_table_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setitem(COMMANDS, "key", (COMMANDS["key"][0], "Keep keys."))

    assert ["key"] == [name for name, line, itself in lines() if line != itself]


def test_every_module_of_a_command_stands_in_the_table() -> None:
    """A new module with commands has to be put there."""
    folder = Path(command_table.__file__).parent
    apps = {
        f"web.cli.{path.stem}"
        for path in folder.glob("*.py")
        if re.search(r"^app = typer\.Typer", path.read_text(encoding="utf-8"), re.MULTILINE)
        and path.stem != "__init__"
    }
    named = {place.partition(":")[0] for place, _ in COMMANDS.values()}

    assert apps <= named
    assert set(COMMANDS) == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
