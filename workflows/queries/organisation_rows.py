"""The kept rows of some organisations only, for readers who have no role in the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from msgspec import Struct

from domain.ports.read_models import FIRST, HIGHEST, LAST, RowMark, RowReader, RowT

AT_ONCE: Final = 500
"""How many rows are read at once while those of other organisations are left out."""


class OrganisationRows(Struct, frozen=True):
    """Reads rows as if there were no other organisations than these."""

    kept: RowReader
    organisations: frozenset[str]

    def rows(self, kind: type[RowT], organisation: str | None = None) -> Iterator[RowT]:
        """The rows of one kind, in order of organisation and key."""
        names = sorted(self.organisations)
        named = names if organisation is None else [name for name in names if name == organisation]
        return chain.from_iterable(self.kept.rows(kind, name) for name in named)

    def rows_named(
        self, kind: type[RowT], names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], RowT]:
        """Those of the rows with these organisations and keys that there are."""
        return self.kept.rows_named(kind, [name for name in names if name[0] in self.organisations])

    def rows_part_of(self, kind: type[RowT], organisation: str, whole: str) -> Sequence[RowT]:
        """The rows of one kind that are a part of `whole`, in order of their keys."""
        if organisation not in self.organisations:
            return ()
        return self.kept.rows_part_of(kind, organisation, whole)

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
        """At most `limit` rows at a place between two marks, in order of rank, or backwards."""
        found: list[RowMark] = []
        for mark in self._marks(view, place, after, before, backwards=backwards):
            if len(found) == limit:
                break
            found.append(mark)
        return found

    def _marks(
        self, view: str, place: str, after: RowMark, before: RowMark, *, backwards: bool
    ) -> Iterator[RowMark]:
        """All marks between two, of these organisations; some hundred are read at a time."""
        more = True
        while more:
            marks = self.kept.list_rows(
                view, place, AT_ONCE, after=after, before=before, backwards=backwards
            )
            yield from (mark for mark in marks if mark[1] in self.organisations)
            more = len(marks) == AT_ONCE
            if more and backwards:
                before = marks[-1]
            elif more:
                after = marks[-1]

    def counts(self, view: str, organisation: str | None = None) -> Mapping[str, int]:
        """How many rows stand at each place of a view."""
        found: dict[str, int] = {}
        for name in self.organisations if organisation is None else {organisation}:
            if name in self.organisations:
                for place, number in self.kept.counts(view, name).items():
                    found[place] = found.get(place, 0) + number
        return found

    def count_up_to(self, view: str, place: str, rank: str) -> int:
        """How many rows at a place have at most this rank."""
        before = (rank, HIGHEST, HIGHEST)
        return sum(1 for _ in self._marks(view, place, FIRST, before, backwards=False))
