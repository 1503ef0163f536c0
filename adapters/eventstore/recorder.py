"""One organisation's rows of the log, behind the contract of eventsourcing's recorders."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from eventsourcing.persistence import ApplicationRecorder, StoredEvent, Subscription

from adapters.eventstore import statements
from adapters.eventstore.append import AppendTransaction
from adapters.eventstore.columns import Columns, row_from_columns
from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.subscription import PollingSubscription, row_to_store
from domain.ports.errors import VersionConflict

_ALL: Final = 2**62


class LogRecorder(ApplicationRecorder):
    """The events of one organisation; originators are streams, notification ids positions.

    Every method raises Unavailable when the store cannot be read or written.
    """

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation

    @abstractmethod
    def transaction(self) -> AbstractContextManager[AppendTransaction]:
        """A transaction, committed at the end, in which nobody else can append."""

    @abstractmethod
    def append_after(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        """Append, in one transaction, what was prepared to follow upon a position.

        Raises VersionConflict when the log ends elsewhere, or one of the commands has happened
        before; IntegrityError for a version that does not come next.
        """

    @abstractmethod
    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; `?` stands for a value. Raises Unavailable."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """Append events in one transaction; return their positions.

        Raises IntegrityError for a version that its stream has already.
        """
        with self.transaction() as transaction:
            return [
                row.id
                for row in transaction.append([row_to_store(event) for event in stored_events])
            ]

    def select_events(
        self,
        originator_id: object,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[EventRow]:
        """The rows of one stream, in order of version."""
        order = f" ORDER BY version {'DESC' if desc else 'ASC'} LIMIT ?"
        values = (str(originator_id), gt or 0, _or_all(lte), _or_all(limit))
        return self._rows(statements.OF_STREAM_BETWEEN + order, *values)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[EventRow]:
        """At most `limit` rows from `start` to `stop`, in order of position."""
        first = (start or 0) + (0 if inclusive_of_start else 1)
        among = f" AND name IN ({', '.join('?' * len(topics))})" if topics else ""
        sql = f"{statements.BETWEEN}{among} ORDER BY position LIMIT ?"
        return self._rows(sql, first, _or_all(stop), *topics, limit)

    def max_notification_id(self) -> int | None:
        """The last position, or None for an empty log."""
        found: int | None = self._first(statements.LAST)
        return found

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """An iterator over the rows after position `gt` that waits for further ones."""
        return PollingSubscription(self, gt, topics)

    def of_command(self, command_id: str) -> Sequence[EventRow]:
        """The rows that a command caused, in order."""
        return self._rows(statements.OF_COMMAND, command_id)

    def position_at(self, recorded_at: str) -> int:
        """The last position that was recorded at or before this; 0 when there is none."""
        return self._first(statements.LAST_RECORDED_BY, recorded_at) or 0

    def content(self, digest: str) -> bytes | None:
        """The bytes with this hash, or None."""
        found: bytes | None = self._first(statements.CONTENT, digest)
        return found

    def contents(self) -> Sequence[str]:
        """The hashes of all contents, in alphabetical order."""
        return [name for (name,) in self.read(statements.CONTENTS, self.organisation)]

    def _rows(self, sql: str, *values: object) -> Sequence[EventRow]:
        return [row_from_columns(columns) for columns in self.read(sql, self.organisation, *values)]

    def _first(self, sql: str, *values: object) -> Any:
        found = self.read(sql, self.organisation, *values)
        return found[0][0] if found else None


def join_appends(wanted: Sequence[EncodedRows]) -> tuple[list[Columns], dict[str, bytes]]:
    """All rows of what was prepared, in order, and all contents."""
    rows = [row for append in wanted for row in append.rows]
    return rows, {name: content for append in wanted for name, content in append.contents.items()}


def require_end(now: int, position: int) -> None:
    """Raise VersionConflict unless a log that ends at `now` ends at `position`."""
    if now != position:
        raise VersionConflict(f"the log ends at {now}, no longer at {position}")


def _or_all(limit: int | None) -> int:
    return _ALL if limit is None else limit
