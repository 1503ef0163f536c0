"""Lists made again in memory, for a past moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from domain.ports.read_models import FIRST, LAST, RowMark
from workflows.projections.status import StatusRows


class InMemoryReadModels:
    """Rows made from the log as it once stood, found like those that are kept."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        self._places: dict[tuple[str, str, str], tuple[str, str, str]] = {}

    def add(self, organisation: str, kept: StatusRows) -> None:
        """Add the rows of an organisation."""
        for (view, key), row in kept.rows.items():
            if row is not None:
                self._rows[view, organisation, key] = row
                self._places[view, organisation, key] = kept.places.get((view, key), ("", "", ""))

    def rows(self, view: str, organisation: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows of one view, in order of organisation and key."""
        for of, where, key in sorted(self._rows):
            if of == view and organisation in {None, where}:
                yield self._rows[of, where, key]

    def rows_named(
        self, view: str, names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """Those of the rows with these organisations and keys that there are."""
        found = {name: self._rows.get((view, *name)) for name in names}
        return {name: row for name, row in found.items() if row is not None}

    def rows_part_of(self, view: str, organisation: str, whole: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a view that are a part of `whole`, in order of their keys."""
        return [
            self._rows[name]
            for name in sorted(self._rows)
            if name[:2] == (view, organisation) and self._places[name][2] == whole
        ]

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
        marks = sorted(one for one in self._at(view, place) if after < one < before)
        ordered = marks[::-1] if backwards else marks
        return ordered[:limit]

    def counts(self, view: str, organisation: str | None = None) -> Mapping[str, int]:
        """How many rows stand at each place of a view."""
        counted: dict[str, int] = {}
        for (of, where, _), (place, _, _) in self._places.items():
            if of == view and place and organisation in {None, where}:
                counted[place] = counted.get(place, 0) + 1
        return counted

    def count_up_to(self, view: str, place: str, rank: str) -> int:
        """How many rows at a place have at most this rank."""
        return sum(mark[0] <= rank for mark in self._at(view, place))

    def _at(self, view: str, place: str) -> Iterator[RowMark]:
        for (of, organisation, key), (at, rank, _) in self._places.items():
            if of == view and at == place:
                yield rank, organisation, key
