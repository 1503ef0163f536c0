"""Rows in memory, made from the log as of a past moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from domain.ports.read_models import FIRST, LAST, Row, RowMark, RowT
from workflows.projections.stream_rows import StatusRows


class InMemoryRows:
    """Rows made from the log as it once stood, found like those that are kept."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], Row] = {}
        self._places: dict[tuple[str, str, str], tuple[str, str, str]] = {}

    def add(self, organisation: str, kept: StatusRows) -> None:
        """Add the rows of an organisation."""
        for (view, key), row in kept.rows.items():
            if row is not None:
                self._rows[view, organisation, key] = row
                self._places[view, organisation, key] = kept.places.get((view, key), ("", "", ""))

    def rows(self, kind: type[RowT], organisation: str | None = None) -> Iterator[RowT]:
        """The rows of one kind, in order of organisation and key."""
        for name in sorted(self._rows):
            row = self._rows[name]
            if isinstance(row, kind) and organisation in {None, name[1]}:
                yield row

    def rows_named(
        self, kind: type[RowT], names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], RowT]:
        """Those of the rows with these organisations and keys that there are."""
        found = {name: self._rows.get((kind.view, *name)) for name in names}
        return {name: row for name, row in found.items() if isinstance(row, kind)}

    def rows_part_of(self, kind: type[RowT], organisation: str, whole: str) -> Sequence[RowT]:
        """The rows of one kind that are a part of `whole`, in order of their keys."""
        rows = ((name, self._rows[name]) for name in sorted(self._rows) if name[1] == organisation)
        return [
            row for name, row in rows if isinstance(row, kind) and self._places[name][2] == whole
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
        marks = sorted(mark for mark in self._at(view, place) if after < mark < before)
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
