"""Read models: rows that followers make from the log, each follower's position beside its rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, ClassVar, Final, Self

from eventsourcing.persistence import Tracking, TrackingRecorder

from adapters.readmodels.encoded_rows import EncodedPage, decode_row
from adapters.readmodels.statements import Statements
from domain.ports.read_models import FIRST, LAST, NO_PLACES, Places, RowMark, RowReader, Rows, RowT

_SOME: Final = 1_000
"""How many rows of a part are kept in one transaction."""


class ReadModels(TrackingRecorder, RowReader):
    """Kept rows on any kind of store.

    As a TrackingRecorder it names an application `follower/organisation`.
    """

    statements: ClassVar[Statements]

    @property
    @abstractmethod
    def scope(self) -> tuple[object, ...]:
        """The values that limit statements to these rows."""

    @abstractmethod
    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; `?` stands for a value. Raises Unavailable."""

    @abstractmethod
    def keep_page(
        self, follower: str, organisation: str, position: int, page: EncodedPage, after: int | None
    ) -> None:
        """Keep a page and a position together, see `keep`."""

    @abstractmethod
    def rows_named(
        self, kind: type[RowT], names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], RowT]:
        """Those of the rows with these organisations and keys that there are."""

    @abstractmethod
    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row at one moment: view, organisation, key, place, rank, part of, JSON."""

    @abstractmethod
    def rebuild(self) -> AbstractContextManager[Self]:
        """Empty rows to be filled; they replace these in one transaction when all went well.

        Readers see the old rows until then. Raises Unavailable while another process rebuilds.
        """

    @abstractmethod
    def temporary_views(self) -> AbstractContextManager[Self]:
        """Empty rows to be filled, and gone afterwards. Raises Unavailable like `rebuild`."""

    @property
    @abstractmethod
    def part_name(self) -> str:
        """The name by which another process opens these views, where they are a part."""

    @abstractmethod
    def part(self) -> AbstractContextManager[Self]:
        """Empty views beside these for a part of the log, and gone afterwards."""

    @abstractmethod
    def open_part(self, name: str) -> AbstractContextManager[Self]:
        """The part with this name, which another process has made."""

    @abstractmethod
    def close(self) -> None:
        """Close what these rows alone use; a later use opens it again."""

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Rows,
        *,
        places: Places = NO_PLACES,
        after: int | None = None,
    ) -> None:
        """Keep what a follower made of the events up to `position`, rows and position together.

        A row without a place is found by its key only. `after` is the position that it started
        from, where it wants to be sure that nobody, such as a rebuild, moved it meanwhile; with
        it rows may be kept again where the follower stands. Raises AlreadyRead, and keeps
        nothing, when the follower has been there already; Unavailable when nothing can be written.
        """
        self.keep_page(follower, organisation, position, EncodedPage.encode(rows, places), after)

    def join(self, part: Self, follower: str, organisation: str, *, after: int) -> None:
        """Keep the rows of a part, and then its position (see the port)."""
        rows = ((view, key, *rest) for view, _, key, *rest in part.all_rows())
        while some := list(islice(rows, _SOME)):
            self.keep_page(follower, organisation, after, EncodedPage(some, []), after)
        end = part.position(follower, organisation)
        self.keep_page(follower, organisation, end, EncodedPage([], []), after)

    def position(self, follower: str, organisation: str) -> int:
        """The position up to which a follower has read; 0 when it has not begun."""
        found = self._found(self.statements.position, follower, organisation)
        return int(found[0][0]) if found else 0

    def row(self, kind: type[RowT], organisation: str, key: str) -> RowT | None:
        """One row, or None."""
        found = self._found(self.statements.row, kind.view, organisation, key)
        return decode_row(found[0][0], kind) if found else None

    def rows(self, kind: type[RowT], organisation: str | None = None) -> Iterator[RowT]:
        """The rows of one kind in order of organisation and key."""
        found = self._found(self.statements.rows, kind.view, organisation, organisation)
        return (decode_row(json, kind) for (json,) in found)

    def list_rows(
        self,
        view: str,
        place: str,
        limit: int,
        *,
        after: RowMark = FIRST,
        before: RowMark = LAST,
        backwards: bool = False,
    ) -> Sequence[RowMark]:
        """At most `limit` rows at a place between two marks, in order of rank, or backwards.

        The rows themselves are not read.
        """
        sql = self.statements.listed_backwards if backwards else self.statements.listed
        found = self._found(sql, view, place, *after, *before, limit)
        return [(rank, organisation, key) for rank, organisation, key in found]

    def rows_part_of(self, kind: type[RowT], organisation: str, whole: str) -> Sequence[RowT]:
        """The rows of one kind that are a part of `whole`, in order of their keys."""
        found = self._found(self.statements.parts, kind.view, organisation, whole)
        return [decode_row(json, kind) for (json,) in found]

    def counts(self, view: str, organisation: str | None = None) -> Mapping[str, int]:
        """How many rows stand at each place of a view."""
        found = self._found(self.statements.counts, view, organisation, organisation)
        return {str(place): int(number) for place, number in found}

    def count_up_to(self, view: str, place: str, rank: str) -> int:
        """How many rows at a place have at most this rank; they are looked at one by one."""
        return int(self._found(self.statements.count_up_to, view, place, rank)[0][0])

    def wrong_counts(self) -> Sequence[tuple[str, str, str]]:
        """View, organisation and place of each count that does not fit the rows."""
        found = self._found(self.statements.miscounted, *self.scope)
        return [(view, organisation, place) for view, organisation, place in found]

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a position without rows. Raises like `keep`."""
        follower, _, organisation = tracking.application_name.partition("/")
        self.keep(follower, organisation, tracking.notification_id, {})

    def max_tracking_id(self, application_name: str) -> int | None:
        """The position of `follower/organisation`, or None when it has not begun."""
        follower, _, organisation = application_name.partition("/")
        return self.position(follower, organisation) or None

    def _found(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        return self.read(sql, *self.scope, *values)
