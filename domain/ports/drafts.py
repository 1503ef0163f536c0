"""The port of drafts: forms and edited lists that somebody has begun and not confirmed yet.

A draft is operational: no part of the record, readable by its owner only, and gone after a while.
One that waits for the second of two persons is readable by all who may do its act.
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
KEPT_WAITING: Final = timedelta(days=7)
"""How long an act waits for the second of two persons."""
MOST_WAITING: Final = 50
"""How many acts of one owner may wait for another person."""
CLAIM_LASTS: Final = timedelta(seconds=60)
"""How long a claim of an act that is being confirmed excludes others; an older claim has failed."""


class Prepared(Struct, frozen=True, kw_only=True):
    """An act that the first of two persons has confirmed, until another one does."""

    act: str
    """The name of its command in files, such as `rule on response`."""
    command: str
    """The command as JSON; empty once it was recorded."""
    stream: str
    """The stream to which it is addressed, such as `window/w`."""
    role: str
    """The function in which it is done."""
    authenticated_by: str
    """How its owner was authenticated."""
    command_id: str
    """The id under which it is done once; it stands in no address."""
    seen: int
    """The version of the stream that its owner looked at."""
    authority: str = ""
    declined: str = ""
    """The reason for which another person declined it; empty before."""


class Draft(Struct, frozen=True, kw_only=True):
    """One form in progress."""

    id: str
    """Stands in the address of the form; another one than the id under which the act is done."""
    owner: str
    """Its owner's principal; empty where log-in is not in force."""
    organisation: str
    page: str
    """The path of the page of the noun where its owner finds it."""
    form: str
    """The path of the form."""
    title: str
    """The title of the form, as a message id."""
    values: Mapping[str, Sequence[str]]
    """The values of its fields, as they were sent; none of them is trusted."""
    faults: Mapping[str, str] = {}
    """Faults of attached files that were not kept, by field."""
    saved: bool = False
    """Whether its owner asked to go on later."""
    recorded: str = ""
    """The path of the page that says what was recorded, once it was confirmed; no values then."""
    changed_at: datetime
    """When it was last changed (UTC)."""
    waits: Prepared | None = None
    """What waits for another person, once its owner has confirmed it."""

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten (UTC)."""
        if self.waits and not self.recorded:
            return self.changed_at + KEPT_WAITING
        return self.changed_at + (KEPT_SAVED if self.saved else KEPT_IN_PROGRESS)


class TooManyDrafts(Exception):
    """An owner has saved so many drafts that no more are kept."""


class DraftStore(Protocol):
    """Where drafts lie. Every method but `close` raises Unavailable."""

    def put(self, draft: Draft) -> bool:
        """Keep a draft in the place of what was under its id.

        False, and nothing is kept, where somebody else has a draft under this id, and where it
        waits for another person or was recorded. Forgets what has expired by the time of its
        change. Raises TooLarge, and TooManyDrafts for one that is to be saved, or to wait.
        """

    def get(self, draft_id: str, owner: str, now: datetime) -> Draft | None:
        """The draft with this id, if it is this owner's and has not expired."""

    def in_progress(self, owner: str, organisation: str, now: datetime) -> Sequence[Draft]:
        """What an owner has begun or saved in an organisation, the latest first."""

    def record(self, draft: Draft, recorded: str) -> None:
        """Forget the values of a confirmed draft, and remember the page of what was recorded."""

    def remove(self, draft_id: str, owner: str) -> None:
        """Forget a draft of this owner, unless it waits for another person."""

    def erase(self, owner: str) -> None:
        """Forget all that an owner has written, also what waits for another person."""

    def waiting(self, organisation: str, now: datetime) -> Sequence[Draft]:
        """What waits for another person in an organisation, or was declined, the latest first."""

    def find_waiting(self, draft_id: str, now: datetime) -> Draft | None:
        """What waits under this id, of any owner, or waited until it was recorded."""

    def claim(self, draft_id: str, now: datetime) -> bool:
        """Claim it, to confirm it; False where it is gone, or another person has just claimed it.

        While the claim holds, it can be neither declined nor taken back.
        """

    def unclaim(self, draft_id: str) -> None:
        """Let it wait again, because it could not be confirmed."""

    def decline(self, draft: Draft) -> bool:
        """Keep a draft that waits as one that was declined; False where it waits no more."""

    def take_back(self, draft_id: str, owner: str) -> bool:
        """Forget what this owner has waiting; False where it waits no more."""

    def close(self) -> None:
        """Close what was opened for it."""
