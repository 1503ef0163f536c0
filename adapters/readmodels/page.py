"""Rows of read models as they are kept: by key, with where they stand, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from eventsourcing.persistence import IntegrityError

from adapters.codec import to_plain
from domain.ports.errors import VersionConflict

FORMAT: Final = 4
"""Version of the tables of rows; rows of any other version are made again from the log."""

_ENCODER: Final = msgspec.json.Encoder(enc_hook=to_plain)

Rows = Mapping[tuple[str, str], Mapping[str, object] | None]
"""By view and key: the row as it now is, or None where it is gone."""
Places = Mapping[tuple[str, str], tuple[str, str, str]]
"""By view and key: the place of its view at which a row stands, its rank there, and of what it is
a part; each may be empty. Places are counted, and sorted by rank as text."""
NOWHERE: Final = ("", "", "")
NO_PLACES: Final[Places] = {}


class AlreadyRead(VersionConflict, IntegrityError):
    """A follower has passed this position already, or was moved: what it made is not kept."""


def require_progress(
    follower: str, organisation: str, now: int, position: int, after: int | None
) -> None:
    """Raise AlreadyRead unless a follower that stands at `now` may go on to `position`.

    `after` is where it started from, if it wants to be sure of that; then it may also keep rows
    where it stands.
    """
    stays = position == now == after
    if (position <= now and not stays) or after not in {None, now}:
        raise AlreadyRead(
            f"{follower} has read {organisation} up to {now}, so it cannot keep {position}"
        )


@dataclass(frozen=True)
class EncodedPage:
    """Rows made ready to be kept: `(view, key, place, rank, part of, json)`, and what is gone."""

    stored: list[tuple[str, str, str, str, str, bytes]]
    deleted: list[tuple[str, str]]

    @classmethod
    def encode(cls, rows: Rows, places: Places) -> EncodedPage:
        """Raises ValueError for a row that has no plain form."""
        return cls(
            stored=[
                (*name, *places.get(name, NOWHERE), _ENCODER.encode(row))
                for name, row in rows.items()
                if row is not None
            ],
            deleted=[name for name, row in rows.items() if row is None],
        )

    @property
    def names(self) -> list[tuple[str, str]]:
        """View and key of each row that is touched."""
        return [*((view, key) for view, key, *_ in self.stored), *self.deleted]

    def count_changes(self, stood: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
        """By how much the number at each view and place changes, from how many `stood` there."""
        change = Counter((view, place) for view, _, place, *_ in self.stored if place)
        change.subtract({(view, place): number for view, place, number in stood})
        return [(*where, number) for where, number in change.items() if number]


def decode_row(content: bytes) -> Mapping[str, object]:
    """A row as it was kept."""
    row: Mapping[str, object] = msgspec.json.decode(content)
    return row
