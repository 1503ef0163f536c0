"""A process of its own that keeps rows, and kills itself before a chosen statement."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import psycopg

from adapters.store_factory import open_store
from process_issuing_commands import PROCESSES
from wiring import Placet, Quiet
from workflows.projections import catch_up

PAGE = 3
"""Events a page: so few that there are many pages, and a transaction for each."""
CHANGES = ("BEGIN", "INSERT", "UPDATE", "DELETE", "COMMIT")


def dies_at(number: int) -> Callable[[object], None]:
    """Takes each statement before it is carried out, and is the end at this one that changes."""
    counted = count(1)

    def before(statement: object) -> None:
        text = statement.decode() if isinstance(statement, bytes) else str(statement)
        if text.lstrip().startswith(CHANGES) and next(counted) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return before


def listen(before: Callable[[object], None]) -> None:
    """Let each statement be told, of whatever connection of either driver."""

    connect = sqlite3.connect

    def connected(*words: Any, **named: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*words, **named)
        made.set_trace_callback(before)
        return made

    execute = psycopg.Cursor.execute

    def announced_execute(self: Any, query: Any, *words: Any, **named: Any) -> Any:
        before(query)
        return execute(self, query, *words, **named)

    sqlite3.connect = connected  # type: ignore[assignment]
    psycopg.Cursor.execute = announced_execute  # type: ignore[method-assign]


def apart(views: Any) -> None:
    """Keep the position in a transaction of its own, before the rows: what no follower may do."""
    keep = views.keep

    def first_one_then_the_other(
        follower: str, organisation: str, position: int, rows: Mapping[Any, Any], **fields: Any
    ) -> None:
        keep(follower, organisation, position, {}, **fields)
        keep(f"{follower}, apart", organisation, position, rows)

    views.keep = first_one_then_the_other


def follow(place: str, number: int, *, separately: bool = False) -> int:
    """Let a process follow the log until it dies; the code with which it ended."""
    process = PROCESSES.Process(target=_follow, args=(place, number, separately))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _follow(place: str, number: int, separately: bool) -> None:
    catch_up.PAGE = PAGE
    placet = Placet(open_store(place), Quiet())
    if separately:
        apart(placet.views)
    placet.views.position("status", "warm")
    placet.close()
    listen(dies_at(number))
    placet.projections.follow()
    placet.close()
