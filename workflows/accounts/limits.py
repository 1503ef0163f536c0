"""How long sessions, invitations and tokens last, and how failed log-ins slow the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.ports.accounts import Failures


@dataclass(frozen=True, kw_only=True)
class SessionLimits:
    """After what time somebody has to log in again."""

    idle: timedelta = timedelta(minutes=30)
    """Without any request (OWASP ASVS 5.0, 7.3.1)."""
    absolute: timedelta = timedelta(hours=12)
    """In any case (OWASP ASVS 5.0, 7.3.2)."""
    grave: timedelta = timedelta(minutes=5)
    """Before an act that cannot be taken back."""


SEEN_EVERY: Final = timedelta(minutes=1)
"""How often it is noted at most that a session or token is in use."""
SECOND_FACTOR_WITHIN: Final = timedelta(minutes=10)
"""How long one may take for the second factor."""
INVITED_FOR: Final = timedelta(days=7)
"""How long an invitation can be accepted, unless another limit is given."""

PASSWORD_LINK_FOR: Final = timedelta(hours=24)
"""How long a link works by which somebody sets a new password."""


@dataclass(frozen=True)
class Throttle:
    """After some failures each further one doubles the wait, up to a bound: never a lock."""

    free: int
    longest: timedelta

    def wait(self, failures: Failures | None, now: datetime) -> timedelta:
        """How long the next attempt has to wait from now."""
        if failures is None or failures.number < self.free:
            return timedelta(0)
        doubled = timedelta(seconds=2 ** min(failures.number - self.free, 10))
        return max(failures.last_at + min(doubled, self.longest) - now, timedelta(0))


OF_ACCOUNT: Final = Throttle(free=5, longest=timedelta(seconds=30))
"""By the login name, for browsers without an earlier log-in to the account."""
OF_ADDRESS: Final = Throttle(free=20, longest=timedelta(seconds=10))
"""By the network address, behind which many people may be."""
