"""The port of drafts: forms that somebody has begun and not confirmed yet.

A draft is operational: no part of the record, readable by its owner only, and gone after a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from msgspec import Struct

LARGEST: Final = 256 * 1024
"""How many bytes the values of a draft may have, as they are kept."""
MOST: Final = 500
"""How many drafts one owner may have; of those that were not saved the oldest go."""
KEPT_IN_PROGRESS: Final = timedelta(days=2)
"""How long a form in progress is kept after its last change."""
KEPT_SAVED: Final = timedelta(days=30)
"""How long a draft is kept that its owner has saved."""


class Draft(Struct, frozen=True, kw_only=True):
    """One form in progress."""

    id: str
    """Stands in the address of the form; another one than the id under which the act is done."""
    owner: str
    """The principal whose it is; empty where nobody logs in."""
    organisation: str
    page: str
    """The path of the page of the noun where its owner finds it."""
    form: str
    """The path of the form."""
    title: str
    """The title of the form, as a message id."""
    values: Mapping[str, Sequence[str]]
    """What stands in its fields, as it was sent; nothing of it is believed."""
    faults: Mapping[str, str] = {}
    """What was the matter with files that came along and were not kept, by field."""
    saved: bool = False
    """Whether its owner asked to go on later."""
    recorded: str = ""
    """The path of the page that says what was recorded, once it was confirmed; no values then."""
    changed_at: datetime
    """When it was last changed (UTC)."""

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten (UTC)."""
        return self.changed_at + (KEPT_SAVED if self.saved else KEPT_IN_PROGRESS)


class TooManyDrafts(Exception):
    """An owner has saved so many drafts that no more are kept."""


class DraftStore(Protocol):
    """Where drafts lie. Every method but `close` raises Unavailable."""

    def put(self, draft: Draft) -> bool:
        """Keep a draft in the place of what was under its id.

        False, and nothing is kept, where somebody else has a draft under this id, and where it
        was recorded. Forgets what has expired by the time of its change. Raises TooLarge, and
        TooManyDrafts for one that is to be saved.
        """

    def get(self, draft_id: str, owner: str, now: datetime) -> Draft | None:
        """The draft with this id, if it is this owner's and has not expired."""

    def saved(self, owner: str, organisation: str, now: datetime) -> Sequence[Draft]:
        """What an owner has saved in an organisation, the latest first."""

    def record(self, draft: Draft, recorded: str) -> None:
        """Forget the values of a draft that was confirmed, and remember where that is told."""

    def remove(self, draft_id: str, owner: str) -> None:
        """Forget a draft of this owner."""

    def close(self) -> None:
        """Close what was opened for it."""
