"""Lists of kept rows, page by page: each row stands at a place of its view, with a rank there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct, structs

from domain.ports.read_models import FIRST, HIGHEST, LAST, ReadModelReader, RowMark
from domain.rules import require

_AT_ONCE: Final = 500


class Cursor(Struct, frozen=True):
    """The row beside which a page begins: after it, or before it when one goes back.

    As text it can stand in an address: `after/GROUP/PLACE/RANK/ORGANISATION/KEY`.
    """

    group: str
    place: str
    mark: RowMark
    back: bool = False

    def __str__(self) -> str:
        way = "before" if self.back else "after"
        return "/".join(quote(one, safe=":") for one in (way, self.group, self.place, *self.mark))

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises Refused for what was never written here."""
        parts = [unquote(one) for one in text.split("/")]
        fits = len(parts) == 6 and parts[0] in {"after", "before"}
        require("known", fits and text.isprintable(), f"no page {text:.80}")
        way, group, place, *mark = parts
        return cls(group, place, (mark[0], mark[1], mark[2]), back=way == "before")


class ListSpan(Struct, frozen=True):
    """A part of a list: the rows at a place between two marks."""

    place: str
    after: RowMark = FIRST
    before: RowMark = LAST
    backwards: bool = False

    @property
    def reversed(self) -> ListSpan:
        """The same the other way round."""
        return structs.replace(self, backwards=not self.backwards)

    def after_mark(self, mark: RowMark) -> ListSpan:
        """What of it comes after a row, in its own order."""
        if self.backwards:
            return structs.replace(self, before=min(self.before, mark))
        return structs.replace(self, after=max(self.after, mark))


def organisation_span(organisation: str, place: str) -> ListSpan:
    """The rows of one organisation at a place where nothing is ranked."""
    return ListSpan(place, ("", organisation, ""), ("", organisation, HIGHEST))


class RowPage(Struct, frozen=True):
    """Some rows of a list with their places, and whether there are others before and after."""

    entries: list[tuple[str, RowMark]]
    earlier: bool
    later: bool


def read_row_page(
    kept: ReadModelReader,
    view: str,
    spans: Sequence[ListSpan],
    limit: int,
    start: Cursor | None = None,
) -> RowPage:
    """At most `limit` rows of a list that consists of these spans, one after the other."""
    if start and start.back:
        turned = [one.reversed for one in reversed(spans)]
        found = _found(kept, view, _from(turned, start), limit)
        return RowPage(found[:limit][::-1], earlier=len(found) > limit, later=True)
    found = _found(kept, view, _from(spans, start), limit)
    return RowPage(found[:limit], earlier=start is not None, later=len(found) > limit)


def iterate_rows(
    kept: ReadModelReader, view: str, spans: Sequence[ListSpan], start: Cursor | None = None
) -> Iterator[Sequence[Cursor]]:
    """All rows of a list, or all after a row: where they stand, some hundred at a time."""
    later = True
    while later:
        found = read_row_page(kept, view, spans, _AT_ONCE, start)
        cursors = [Cursor(view, place, mark) for place, mark in found.entries]
        if cursors:
            start = cursors[-1]
            yield cursors
        later = found.later


def _from(spans: Sequence[ListSpan], start: Cursor | None) -> Sequence[ListSpan]:
    """The spans from a row on."""
    if start is None:
        return spans
    begun = [n for n, one in enumerate(spans) if one.place == start.place]
    require("known", begun, f"no page {str(start)[:80]}")
    return [spans[begun[0]].after_mark(start.mark), *spans[begun[0] + 1 :]]


def _found(
    kept: ReadModelReader, view: str, spans: Sequence[ListSpan], limit: int
) -> list[tuple[str, RowMark]]:
    """One row more than the limit, where there is one."""
    found: list[tuple[str, RowMark]] = []
    for one in spans:
        wanted = limit + 1 - len(found)
        if wanted <= 0:
            break
        marks = kept.list_rows(
            view,
            one.place,
            wanted,
            after=one.after,
            before=one.before,
            backwards=one.backwards,
        )
        found += [(one.place, mark) for mark in marks]
    return found
