"""The port of the read models: rows in lists, by place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

RowMark = tuple[str, str, str]
"""Where at a place a row stands: rank, organisation, key."""
FIRST: Final[RowMark] = ("", "", "")
HIGHEST: Final = "\U0010ffff"
"""Text that sorts behind every other one."""
LAST: Final[RowMark] = (HIGHEST, HIGHEST, HIGHEST)


class ReadModelReader(Protocol):
    """Kept rows, found by key or by where they stand."""

    def rows(self, view: str, organisation: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows of one view; each holds its id."""

    def rows_named(
        self, view: str, names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """Those of the rows with these organisations and keys that there are."""

    def rows_part_of(self, view: str, organisation: str, whole: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a view that are a part of `whole`."""

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
