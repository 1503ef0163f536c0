"""A second PostgreSQL server that follows the first, and may take its place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import CalledProcessError

from postgres_server import Server, as_server, ask, free_port


class Standby(Server):
    """A copy of a running server, kept up to date by it until it is promoted."""

    def __init__(self, folder: Path, primary: Server) -> None:
        self.folder, self.port, self.log = folder / "standby", free_port(), folder / "standby-log"
        source = primary.url("postgres")
        as_server("pg_basebackup", "-D", self.folder, "-d", source, "-R", "-c", "fast")
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(f"port = {self.port}\n")

    def promote(self) -> None:
        """Take the place of the first server."""
        as_server("pg_ctl", "-D", self.folder, "-w", "-t", "60", "promote")

    def stop_following(self) -> None:
        """Fall behind from now on."""
        _set(self.url("postgres"), "primary_conninfo", "")


@contextmanager
def standby(primary: Server) -> Iterator[Standby]:
    """A running standby in the folder of its primary, stopped afterwards."""
    made = Standby(primary.folder.parent, primary)
    made.start()
    try:
        yield made
    finally:
        with suppress(CalledProcessError):
            made.stop()


def wait_for_it(primary: Server) -> None:
    """From now on the primary answers a commit only when its standby has it too."""
    url = primary.url("postgres")
    _set(url, "synchronous_standby_names", "*")
    _until(url, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 1)


def _set(url: str, name: str, value: str) -> None:
    ask(url, f"ALTER SYSTEM SET {name} = '{value}'")
    ask(url, "SELECT pg_reload_conf()")
    _until(url, f"SELECT current_setting('{name}')", value)


def _until(url: str, query: str, wanted: object) -> None:
    until = time.monotonic() + 20
    while ask(url, query) != [(wanted,)]:
        assert time.monotonic() < until, f"{query} is not {wanted}"
        time.sleep(0.02)
