"""A cache of identities that were looked up just now, so that pages need no look-up of their own.

What this process changes in the accounts counts at once, such as a session that is ended; what
another process changes counts after LASTS. Acts do not use it: each form is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

LASTS: Final = timedelta(seconds=1)
"""How long an entry is used; a session that another process ended may read for so long."""
MOST: Final = 4_096
"""How many are remembered at once."""
KnownState = Mapping[str, object]
"""What is noted in the state of a request."""


class Moment(NamedTuple):
    """When something was looked up: how often the accounts had been changed, and the time (UTC)."""

    changes: int
    at: datetime


class RecentIdentities:
    """Remembers identities by a hash of the credential; failed look-ups are not remembered.

    `changes` counts what this process changed in the accounts, and `now` returns the time in UTC.
    Neither reads anything, so both can be asked by the thread of the connections.
    """

    def __init__(self, changes: Callable[[], int], now: Callable[[], datetime]) -> None:
        self._changes, self._now = changes, now
        self._known: dict[bytes, tuple[Moment, KnownState]] = {}

    def moment(self) -> Moment:
        """The moment at which a look-up begins."""
        return Moment(self._changes(), self._now())

    def get(self, shown: str) -> KnownState | None:
        """The result of a recent look-up of this credential, if there is one."""
        found = self._known.get(_key(shown))
        if found is None:
            return None
        (changes, at), state = found
        lately = timedelta(0) <= self._now() - at < LASTS
        return state if lately and changes == self._changes() else None

    def put(self, shown: str, began: Moment, state: KnownState) -> None:
        """Remember what a look-up found that began then."""
        if len(self._known) >= MOST:
            self._known = {}
        self._known[_key(shown)] = began, state


def _key(shown: str) -> bytes:
    return sha256(shown.encode()).digest()
