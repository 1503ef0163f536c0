"""The port of the read models: typed rows, found by key or by where they stand in lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Final, Protocol, Self, TypeVar

from msgspec import Struct

RowMark = tuple[str, str, str]
"""Where at a place a row stands: rank, organisation, key."""
FIRST: Final[RowMark] = ("", "", "")
HIGHEST: Final = "\U0010ffff"
"""Text that sorts behind every other one."""
LAST: Final[RowMark] = (HIGHEST, HIGHEST, HIGHEST)


class Row(Struct, frozen=True, kw_only=True):
    """What is kept of one thing; written by a projection and read by queries as this type.

    Its fields are kept as JSON under their names. Rows of another shape than the type says are
    never read: the number of the format is raised with every change, and all are rebuilt.
    """

    view: ClassVar[str]
    """The name on disk of the list that such rows are in."""


RowT = TypeVar("RowT", bound=Row)

Rows = Mapping[tuple[str, str], Row | None]
"""By view and key: the row as it now is, or None where it is gone."""
Places = Mapping[tuple[str, str], tuple[str, str, str]]
"""By view and key: the place of its view at which a row stands, its rank there, and of what it is
a part; each may be empty. Places are counted, and sorted by rank as text."""
NOWHERE: Final = ("", "", "")
NO_PLACES: Final[Places] = {}


class Positions(Protocol):
    """Up to where rows were made from the log."""

    def position(self, follower: str, organisation: str) -> int:
        """Up to which position this follower has kept its rows; 0 at the start."""


class RowReader(Protocol):
    """Kept rows, found by key or by where they stand. Every method raises Unavailable."""

    def rows(self, kind: type[RowT], organisation: str | None = None) -> Iterator[RowT]:
        """The rows of one kind, in order of organisation and key."""

    def rows_named(
        self, kind: type[RowT], names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], RowT]:
        """Those of the rows with these organisations and keys that there are."""

    def rows_part_of(self, kind: type[RowT], organisation: str, whole: str) -> Sequence[RowT]:
        """The rows of one kind that are a part of `whole`, in order of their keys."""

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

    def counts(self, view: str, organisation: str | None = None) -> Mapping[str, int]:
        """How many rows stand at each place of a view."""

    def count_up_to(self, view: str, place: str, rank: str) -> int:
        """How many rows at a place have at most this rank."""


class Views(RowReader, Positions, Protocol):
    """Rows that a projection makes from the log; they can be rebuilt at any time."""

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Rows,
        *,
        places: Places,
        after: int | None = None,
    ) -> None:
        """Keep rows and position in one transaction; None takes a row away.

        `places` says of rows at which place of their view they stand, with which rank, and of
        what they are a part. Raises VersionConflict, and keeps nothing, when the follower no
        longer stands at `after`. At the position where it stands, rows are kept only with this
        very `after`.
        """

    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row in order: view, organisation, key, place, rank, part of, JSON."""

    def wrong_counts(self) -> Sequence[tuple[str, str, str]]:
        """View, organisation and place of each count that does not fit the rows."""

    def temporary_views(self) -> AbstractContextManager[Self]:
        """Empty views to be filled, and gone afterwards."""

    def close(self) -> None:
        """Close what they alone use."""

    def rebuild(self) -> AbstractContextManager[Self]:
        """Empty views to be filled; they replace these when all went well."""

    @property
    def part_name(self) -> str:
        """The name by which another process opens these views, where they are a part."""

    def part(self) -> AbstractContextManager[Self]:
        """Empty views beside these for a part of the log, and gone afterwards."""

    def open_part(self, name: str) -> AbstractContextManager[Self]:
        """The part with this name, which another process has made."""

    def join(self, part: Self, follower: str, organisation: str, *, after: int) -> None:
        """Keep the rows of a part, of one organisation, and then its position.

        Raises VersionConflict when the follower does not stand at `after`, where the part begins.
        """
