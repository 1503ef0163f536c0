"""Fixtures that several test files tell their stories with."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.postgres.store import PostgresStore
from command_line import Placet
from memory_folder import use_memory
from postgres_server import cluster as cluster
from postgres_server import database as database
from postgres_server import new_store
from story import Story


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgresql` tells the stories on PostgreSQL instead of SQLite."""
    parser.addoption("--postgresql", action="store_true", help="tell all stories on PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    """A shell lets what runs in its background ignore Ctrl-C, and so all that it starts.

    Heavy tests, which also measure, stay on the disk. Programs that tests start leave compiled
    modules behind, whatever the shell says: else each of them compiles the same 600 again.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if config.getoption("markexpr") != "heavy":
        use_memory()


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Stories trust the clock of the machine on which they are told, whatever keeps it right.

    The home of their host is a folder of their own, not that of the person who runs the tests.
    """
    monkeypatch.setenv("PLACET_TRUST_CLOCK", "1")
    monkeypatch.setenv("PLACET_HOME", str(tmp_path_factory.mktemp("host") / "home"))


@pytest.fixture
def story(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Story]:
    """An empty story in a store of its own."""
    if request.config.getoption("--postgresql"):
        if "placet" in request.fixturenames or request.node.get_closest_marker("folder"):
            pytest.skip("its store must be in a folder")
        home = tmp_path / "store"
        home.mkdir()
        request.getfixturevalue("monkeypatch").setenv("PLACET_HOME", str(home))
        address = new_store(request.getfixturevalue("cluster"), virtual=True)
        found = Story(PostgresStore.open(address))
    else:
        found = Story(tmp_path)
    yield found
    found.placet.close()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store of each kind is."""
    if request.param == "PostgreSQL":
        return new_store(request.getfixturevalue("cluster"), virtual=True)
    Story(tmp_path).placet.close()
    return str(tmp_path / "store")


@pytest.fixture
def placet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Placet:
    """Run the command line; its exit code, standard output and standard error."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        from web.cli import main  # only who runs it needs it: tests of the domain know no web

        monkeypatch.setattr(sys, "argv", ["placet", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run
