"""The ports of the intake: where responses lie until they are decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from domain.intake_entry import IntakeEntry, LostAttempts


class IntakeQueue(Protocol):
    """Where entries lie until they are decided. Every method raises Unavailable."""

    def keep(self, entries: Sequence[IntakeEntry]) -> Sequence[IntakeEntry]:
        """Keep them durably, all or none; the same with their numbers, in this order."""

    def close(self) -> None: ...

    def pending_entries(self) -> Sequence[IntakeEntry]:
        """Those that were kept and not taken off, in the order in which they were kept."""

    def remove(self, ids: Iterable[int]) -> None:
        """Forget entries that are decided."""


class AttemptsLog(Protocol):
    """Where attempts are noted when the queue cannot be written, for instance on a full disk."""

    def attempts(self) -> Sequence[LostAttempts]:
        """What was noted, and about which nothing was done yet."""

    def prepare(self) -> None:
        """Set room aside in advance. Raises Unavailable."""

    def note(self, attempts: Sequence[LostAttempts]) -> None:
        """Note these, in place of all others; as durably as the place allows. Never raises."""
