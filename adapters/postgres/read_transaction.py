"""The tables of a log on PostgreSQL as they stand at one moment, for reading all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from adapters.eventstore.schema_differences import shape_additions, shape_differences
from adapters.postgres import catalog
from adapters.postgres.connections import Connections
from adapters.postgres.schema import VIRTUAL
from adapters.postgres.session import Connection

_PAGE: Final = 200
_FEW: Final = 16
"""How many rows at a time where they may be large."""
_ROLE: Final = "SELECT current_setting('session_replication_role')"
_DURABLE: Final = "SELECT coalesce((SELECT value FROM meta WHERE key = 'durable'), '')"
_COMMENT: Final = "SELECT coalesce(obj_description('placet.meta'::regclass, 'pg_class'), '')"
_WHOLE: Final = "ISOLATION LEVEL REPEATABLE READ READ ONLY"


class ReadTransaction:
    """One read transaction, which sees nothing that is committed after its beginning."""

    def __init__(self, connections: Connections, connection: Connection) -> None:
        self._connections, self._connection, self._numbers = connections, connection, count()

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """What a query finds, some rows at a time; `?` stands for a value. Raises Unavailable."""
        name = f"whole{next(self._numbers)}"
        with (
            self._connections.translate_errors(self._connection),
            self._connection.cursor(name, scrollable=False) as cursor,
        ):
            cursor.itersize = _FEW if "bytes" in query else _PAGE
            statement = query.replace("%", "%%").replace("?", "%s") if values else query
            yield from cursor.execute(statement.encode(), values or None, binary=True)

    def faults(self) -> Iterator[str]:
        """What is wrong with the tables, and with how they are written to."""
        yield from shape_differences(catalog.actual_shape(self.rows), catalog.expected_shape())
        ((role,),) = self.rows(_ROLE)
        if role != "origin":
            yield f"The database has session_replication_role = {role}: no trigger guards the log."

    def notes(self) -> Iterator[str]:
        """What somebody added to the schema that does no harm."""
        yield from shape_additions(catalog.actual_shape(self.rows), catalog.expected_shape())
        ((durable,),) = self.rows(_DURABLE)
        if durable == "no":
            yield "The store was made for tests: it may be kept on a server that forgets."

    def is_virtual(self) -> bool | None:
        """Whether the tables were made to be thrown away; None if their comment does not say."""
        ((said,),) = self.rows(_COMMENT)
        return {VIRTUAL[True]: True, VIRTUAL[False]: False}.get(said)


@contextmanager
def read_transaction(connections: Connections) -> Iterator[ReadTransaction]:
    """The tables while nobody changes what is read of them."""
    with connections.transaction(_WHOLE) as connection:
        yield ReadTransaction(connections, connection)
