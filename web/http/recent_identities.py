"""A cache of identities that were looked up just now, so that pages need no look-up of their own.

What any process changes in the accounts counts at once, such as a session that is ended. Where
only a query can tell whether something was changed, as in a database, nothing is remembered and
each request is looked up. Acts do not use it: each form is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

LASTS: Final = timedelta(seconds=1)
"""How long an entry is used at most; a session may pass the limits of its time by so much."""
MOST: Final = 4_096
"""How many are remembered at once."""
KnownState = Mapping[str, object]
"""What is noted in the state of a request."""


class Moment(NamedTuple):
    """When something was looked up: the version of the accounts, and the time (UTC)."""

    version: Hashable | None
    at: datetime


class RecentIdentities:
    """Remembers identities by a hash of the credential; failed look-ups are not remembered.

    `version` is another value once the accounts were changed, None where that cannot be told, and
    `now` returns the time in UTC. Neither waits, so both can be asked by the thread of the
    connections.
    """

    def __init__(self, version: Callable[[], Hashable | None], now: Callable[[], datetime]) -> None:
        self._version, self._now = version, now
        self._known: dict[bytes, tuple[Moment, KnownState]] = {}

    def moment(self) -> Moment:
        """The moment at which a look-up begins."""
        return Moment(self._version(), self._now())

    def get(self, shown: str) -> KnownState | None:
        """The result of a recent look-up of this credential, if there is one."""
        found = self._known.get(_key(shown))
        if found is None:
            return None
        (version, at), state = found
        lately = timedelta(0) <= self._now() - at < LASTS
        return state if lately and version == self._version() else None

    def put(self, shown: str, began: Moment, state: KnownState) -> None:
        """Remember what a look-up found that began then, if it can be told how long it is right."""
        if began.version is None:
            return
        if len(self._known) >= MOST:
            self._known = {}
        self._known[_key(shown)] = began, state


def _key(shown: str) -> bytes:
    return sha256(shown.encode()).digest()
