"""Drafts in a table, with statements that both kinds of stores share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import structs

from adapters.operational_tables import OperationalTables
from domain.ports.drafts import LARGEST, MOST, Draft, TooManyDrafts
from domain.ports.errors import TooLarge

_KEEP: Final = (
    "INSERT INTO draft (id, owner, organisation, saved, recorded, changed_at, expires_at, json)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET saved = excluded.saved,"
    " recorded = excluded.recorded, changed_at = excluded.changed_at,"
    " expires_at = excluded.expires_at, json = excluded.json"
    " WHERE draft.owner = excluded.owner AND draft.recorded = 0 RETURNING id"
)
_GET: Final = "SELECT json FROM draft WHERE id = ? AND owner = ? AND expires_at > ?"
_SAVED: Final = (
    "SELECT json FROM draft WHERE owner = ? AND organisation = ? AND saved = 1 AND recorded = 0"
    " AND expires_at > ? ORDER BY changed_at DESC, id"
)
_NUMBER_SAVED: Final = "SELECT count(*) FROM draft WHERE owner = ? AND saved = 1 AND id <> ?"
_EXPIRE: Final = "DELETE FROM draft WHERE expires_at <= ?"
_LEAVE_OUT: Final = (
    "DELETE FROM draft WHERE owner = ? AND saved = 0 AND id NOT IN"
    " (SELECT id FROM draft WHERE owner = ? AND saved = 0 ORDER BY changed_at DESC LIMIT ?)"
)
_REMOVE: Final = "DELETE FROM draft WHERE id = ? AND owner = ?"


class StoredDrafts(OperationalTables):
    """The port `DraftStore` on a table; how that is reached is told by the kind of store."""

    def put(self, draft: Draft) -> bool:
        """Keep a draft in the place of what was under its id (see the port)."""
        row = _row(draft)
        if len(row[-1]) > LARGEST:
            raise TooLarge
        with self.writing() as table:
            table.execute(_EXPIRE, (_text(draft.changed_at),))
            if draft.saved:
                (number,) = table.execute(_NUMBER_SAVED, (draft.owner, draft.id)).fetchone()
                if number >= MOST:
                    raise TooManyDrafts
            kept = table.execute(_KEEP, row).fetchone() is not None
            table.execute(_LEAVE_OUT, (draft.owner, draft.owner, MOST))
        return kept

    def get(self, draft_id: str, owner: str, now: datetime) -> Draft | None:
        """The draft with this id, if it is this owner's and has not expired."""
        found = self.read(_GET, draft_id, owner, _text(now))
        return _draft(found[0]) if found else None

    def saved(self, owner: str, organisation: str, now: datetime) -> Sequence[Draft]:
        """What an owner has saved in an organisation, the latest first."""
        return [_draft(row) for row in self.read(_SAVED, owner, organisation, _text(now))]

    def record(self, draft: Draft, recorded: str) -> None:
        """Forget the values of a draft that was confirmed (see the port)."""
        done = structs.replace(draft, values={}, faults={}, saved=False, recorded=recorded)
        with self.writing() as table:
            table.execute(_KEEP, _row(done))

    def remove(self, draft_id: str, owner: str) -> None:
        """Forget a draft of this owner."""
        with self.writing() as table:
            table.execute(_REMOVE, (draft_id, owner))

    @abstractmethod
    def close(self) -> None:
        """Close what was opened for it."""


def _row(draft: Draft) -> tuple[Any, ...]:
    return (
        draft.id,
        draft.owner,
        draft.organisation,
        int(draft.saved),
        int(bool(draft.recorded)),
        _text(draft.changed_at),
        _text(draft.expires_at),
        msgspec.json.encode(draft),
    )


def _draft(row: tuple[Any, ...]) -> Draft:
    return msgspec.json.decode(row[0], type=Draft)


def _text(at: datetime) -> str:
    """An instant as texts that sort by time."""
    return at.isoformat(timespec="microseconds")
