"""Rows of read models as they are kept: by key, with where they stand, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from eventsourcing.persistence import IntegrityError

from adapters.codec import decode_json, to_plain
from domain.ports.errors import MalformedValue, Unavailable, VersionConflict
from domain.ports.read_models import NOWHERE, Places, Rows, RowT

FORMAT: Final = 5
"""Version of the tables of rows; rows of any other version are made again from the log."""

_ENCODER: Final = msgspec.json.Encoder(enc_hook=to_plain)


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


def decode_row(content: bytes, kind: type[RowT]) -> RowT:
    """A row as it was kept. Raises Unavailable for one of another shape."""
    try:
        row: RowT = decode_json(content, kind)
    except MalformedValue as error:
        message = f"A row of the read models does not fit: {error}. Run `placet rebuild`."
        raise Unavailable(message) from error
    return row
