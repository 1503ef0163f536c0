"""What became of letters while the outbox could not be written, kept until it can be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain.ports.errors import Unavailable
from domain.ports.outbox import DeliveryOutcome, Outbox

REMEMBERED: Final = timedelta(minutes=9)
"""How long it is tried to save what became of a letter; after ten minutes others send it again."""


class UnsavedOutcomes:
    """Saves what became of letters, and remembers what could not be saved."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._unsaved: dict[str, tuple[DeliveryOutcome, datetime, datetime]] = {}

    def save(self, key: str, outcome: DeliveryOutcome, next_at: datetime, now: datetime) -> None:
        """Note what became of a letter. Raises Unavailable; then it is remembered for a while."""
        try:
            self._outbox.finish_attempt(key, outcome, next_at)
        except Unavailable:
            self._unsaved[key] = (outcome, next_at, now + REMEMBERED)
            raise

    def save_remembered(self, now: datetime) -> None:
        """Note what is remembered. Raises Unavailable.

        Otherwise each of these letters would be sent again, though its server may have accepted it.
        """
        for key, (outcome, next_at, until) in [*self._unsaved.items()]:
            if now < until:
                self._outbox.finish_attempt(key, outcome, next_at)
            self._unsaved.pop(key, None)
