"""One session with the server: how it is opened, with which settings, under a name of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final, Self
from uuid import uuid4

import psycopg

from domain.ports.errors import Unavailable

SCHEMA: Final = "placet"
"""The schema that holds all tables; other schemas of the database are left alone."""
CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 30
LOCK_SECONDS: Final = 20

SETTINGS: Final = {
    "search_path": SCHEMA,
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    # Every question asked often has an index; a plan made while a table was small is kept long.
    "enable_seqscan": "off",
    # So the plan is the same whatever is asked for; to plan each append again took half its time.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}
READ_ONLY: Final = {"default_transaction_read_only": "on"}


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection in autocommit mode, under a name that no other one has."""

    name: str

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        """Open it. Raises psycopg.Error."""
        name = f"{SCHEMA}-{uuid4().hex}"
        connection = super().connect(conninfo, application_name=name, **options)
        connection.name = name
        return connection


def options_of(settings: Mapping[str, str]) -> dict[str, Any]:
    """The options of a connection with these settings of the server."""
    return {
        "autocommit": True,
        "prepare_threshold": 0,
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
        "tcp_user_timeout": STATEMENT_SECONDS * 1000,
        "options": " ".join(f"-c {key}={value}" for key, value in settings.items()),
    }


def connect(url: str, settings: Mapping[str, str], seconds: float = 0.0) -> Connection:
    """A new connection; tried again for some seconds while the server does not take any.

    Raises psycopg.Error.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return Connection.connect(url, **options_of(settings))
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def assert_durable(connection: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
    """Raise Unavailable where a setting would let a crash take what was acknowledged."""
    for setting in ("synchronous_commit", "fsync", "full_page_writes"):
        found = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
        if found == ("off",):
            raise Unavailable(
                f"{where} has {setting} = off: after a crash it could lack what was acknowledged."
                " Set it to on."
            )
