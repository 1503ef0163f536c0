"""The tables of a log on PostgreSQL as they stand at one moment, for whoever reads all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from adapters.postgres.connections import Connection, Connections
from adapters.postgres.migrations import TRIGGERS

_PAGE: Final = 200
_TRIGGERS: Final = (
    "SELECT tgname::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE relnamespace = 'placet'::regnamespace AND tgenabled = 'O' AND NOT tgisinternal"
)
_WHOLE: Final = "ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Snapshot:
    """One read transaction, which sees nothing that is committed after its beginning."""

    def __init__(self, connections: Connections, connection: Connection) -> None:
        self._connections, self._connection, self._numbers = connections, connection, count()

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """What a query finds, some hundred rows at a time. Raises Unavailable."""
        name = f"whole{next(self._numbers)}"
        with (
            self._connections.explained(self._connection),
            self._connection.cursor(name, scrollable=False) as cursor,
        ):
            cursor.itersize = _PAGE
            yield from cursor.execute(query.encode(), binary=True)

    def faults(self) -> Iterator[str]:
        """Whether a trigger is missing or switched off."""
        if set(TRIGGERS) - {name for (name,) in self.rows(_TRIGGERS)}:
            yield "The triggers that keep events and contents from being changed are gone."


@contextmanager
def snapshot(connections: Connections) -> Iterator[Snapshot]:
    """The tables while nobody changes what is read of them."""
    with connections.transaction(_WHOLE) as connection:
        yield Snapshot(connections, connection)
