"""Drafts in a table, with statements that both kinds of stores share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import structs

from adapters.operational_tables import OperationalTables
from domain.ports.drafts import (
    CLAIM_LASTS,
    LARGEST,
    MOST,
    MOST_WAITING,
    Draft,
    TooManyDrafts,
)
from domain.ports.errors import TooLarge

SAVED: Final = 1
WAITS: Final = 2
"""What the column `saved` says of a draft: 0 for one in progress, 1 where its owner saved it, 2
where it waits for another person, and 3 while somebody is confirming it."""
_PUT: Final = (
    "INSERT INTO draft (id, owner, organisation, saved, recorded, changed_at, expires_at, json)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET saved = excluded.saved,"
    " recorded = excluded.recorded, changed_at = excluded.changed_at,"
    " expires_at = excluded.expires_at, json = excluded.json"
    " WHERE draft.owner = excluded.owner AND draft.recorded = 0"
)
_KEEP: Final = f"{_PUT} AND draft.saved < 2 RETURNING id"
_RECORD: Final = f"{_PUT} RETURNING id"
_GET: Final = "SELECT json FROM draft WHERE id = ? AND owner = ? AND expires_at > ?"
_IN_PROGRESS: Final = (
    "SELECT json FROM draft WHERE owner = ? AND organisation = ? AND saved < 2 AND recorded = 0"
    " AND expires_at > ? ORDER BY changed_at DESC, id"
)
_NUMBER: Final = (
    "SELECT count(*) FROM draft WHERE owner = ? AND saved = ? AND recorded = 0 AND id <> ?"
)
_EXPIRE: Final = "DELETE FROM draft WHERE expires_at <= ?"
_LEAVE_OUT: Final = (
    "DELETE FROM draft WHERE owner = ? AND saved = 0 AND id NOT IN"
    " (SELECT id FROM draft WHERE owner = ? AND saved = 0 ORDER BY changed_at DESC LIMIT ?)"
)
_ERASE: Final = "DELETE FROM draft WHERE owner = ?"
_REMOVE: Final = "DELETE FROM draft WHERE id = ? AND owner = ? AND saved < 2"
_WAITING: Final = (
    "SELECT json FROM draft WHERE organisation = ? AND saved >= 2 AND recorded = 0"
    " AND expires_at > ? ORDER BY changed_at DESC, id"
)
_FIND_WAITING: Final = "SELECT json FROM draft WHERE id = ? AND saved >= 2 AND expires_at > ?"
_CLAIM: Final = (
    "UPDATE draft SET saved = 3, changed_at = ? WHERE id = ? AND recorded = 0"
    " AND expires_at > ? AND (saved = 2 OR saved = 3 AND changed_at <= ?)"
    " RETURNING id"
)
_UNCLAIM: Final = "UPDATE draft SET saved = 2 WHERE id = ? AND saved = 3 AND recorded = 0"
_DECLINE: Final = (
    "UPDATE draft SET changed_at = ?, expires_at = ?, json = ? WHERE id = ? AND saved = 2"
    " AND recorded = 0 RETURNING id"
)
_TAKE_BACK: Final = (
    "DELETE FROM draft WHERE id = ? AND owner = ? AND saved = 2 AND recorded = 0 RETURNING id"
)


class StoredDrafts(OperationalTables):
    """The port `DraftStore` on a table; each kind of store says how it is reached."""

    def put(self, draft: Draft) -> bool:
        """Keep a draft in the place of what was under its id (see the port)."""
        row = _row(draft)
        if len(row[-1]) > LARGEST:
            raise TooLarge
        with self.writing() as table:
            table.execute(_EXPIRE, (_text(draft.changed_at),))
            if state := _state(draft):
                (number,) = table.execute(_NUMBER, (draft.owner, state, draft.id)).fetchone()
                if number >= (MOST if state == SAVED else MOST_WAITING):
                    raise TooManyDrafts
            kept = table.execute(_KEEP, row).fetchone() is not None
            table.execute(_LEAVE_OUT, (draft.owner, draft.owner, MOST))
        return kept

    def get(self, draft_id: str, owner: str, now: datetime) -> Draft | None:
        """The draft with this id, if it is this owner's and has not expired."""
        found = self.read(_GET, draft_id, owner, _text(now))
        return _draft(found[0]) if found else None

    def in_progress(self, owner: str, organisation: str, now: datetime) -> Sequence[Draft]:
        """What an owner has begun or saved in an organisation, the latest first."""
        return [_draft(row) for row in self.read(_IN_PROGRESS, owner, organisation, _text(now))]

    def record(self, draft: Draft, recorded: str) -> None:
        """Forget the values of a draft that was confirmed (see the port)."""
        waited = structs.replace(draft.waits, command="") if draft.waits else None
        done = structs.replace(
            draft, values={}, faults={}, saved=False, recorded=recorded, waits=waited
        )
        with self.writing() as table:
            table.execute(_RECORD, _row(done))

    def remove(self, draft_id: str, owner: str) -> None:
        """Forget a draft of this owner, unless it waits for another person."""
        with self.writing() as table:
            table.execute(_REMOVE, (draft_id, owner))

    def erase(self, owner: str) -> None:
        """Forget all that an owner has written, also what waits for another person."""
        with self.writing() as table:
            table.execute(_ERASE, (owner,))

    def waiting(self, organisation: str, now: datetime) -> Sequence[Draft]:
        """What waits for another person in an organisation (see the port)."""
        return [_draft(row) for row in self.read(_WAITING, organisation, _text(now))]

    def find_waiting(self, draft_id: str, now: datetime) -> Draft | None:
        """What waits under this id, or waited until it was recorded."""
        found = self.read(_FIND_WAITING, draft_id, _text(now))
        return _draft(found[0]) if found else None

    def claim(self, draft_id: str, now: datetime) -> bool:
        """Claim it, to confirm it (see the port)."""
        at, long_ago = _text(now), _text(now - CLAIM_LASTS)
        return self._did(_CLAIM, at, draft_id, at, long_ago)

    def unclaim(self, draft_id: str) -> None:
        """Let it wait again, because it could not be confirmed."""
        with self.writing() as table:
            table.execute(_UNCLAIM, (draft_id,))

    def decline(self, draft: Draft) -> bool:
        """Keep a draft that waits as one that was declined; False where it waits no more."""
        *_, changed_at, expires_at, json = _row(draft)
        return self._did(_DECLINE, changed_at, expires_at, json, draft.id)

    def take_back(self, draft_id: str, owner: str) -> bool:
        """Forget what this owner has waiting; False where it waits no more."""
        return self._did(_TAKE_BACK, draft_id, owner)

    def _did(self, sql: str, *values: object) -> bool:
        """Whether a statement found a row to change."""
        with self.writing() as table:
            return table.execute(sql, values).fetchone() is not None

    @abstractmethod
    def close(self) -> None:
        """Close what was opened for it."""


def _row(draft: Draft) -> tuple[Any, ...]:
    return (
        draft.id,
        draft.owner,
        draft.organisation,
        _state(draft),
        int(bool(draft.recorded)),
        _text(draft.changed_at),
        _text(draft.expires_at),
        msgspec.json.encode(draft),
    )


def _state(draft: Draft) -> int:
    """The value of the column `saved` for a draft that is not claimed."""
    return WAITS if draft.waits else int(draft.saved)


def _draft(row: tuple[Any, ...]) -> Draft:
    return msgspec.json.decode(row[0], type=Draft)


def _text(at: datetime) -> str:
    """An instant as texts that sort by time."""
    return at.isoformat(timespec="microseconds")
