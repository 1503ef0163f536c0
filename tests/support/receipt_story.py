"""A story whose store has a key, so that its responses get receipts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.actors import Actor, Role
from domain.messages import Order
from domain.silence.commands import Respond
from story import NOON, ORGANISATION, Story
from wiring import CODEC
from workflows.receipts.format import Receipt, verify_receipt


class Received(Story):
    """A story whose store has a key since before its first act."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.placet.keys.create(NOON)

    @property
    def position(self) -> int:
        """The position of the newest event."""
        return self.placet.store.history(ORGANISATION).last_position()

    def hear(self, **circumstances: Any) -> None:
        """Seat east reserves its position, in these circumstances."""
        self.now += timedelta(minutes=1)
        order = Order(
            command=Respond(window="w", kind="reservation", seats=("east",)),
            command_id="reserved",
            actor=Actor(role=Role.SEAT, seat="east"),
            at=self.now,
            received_at=self.now,
            **circumstances,
        )
        self.placet.handling.handle(ORGANISATION, order)

    def receipt(self, position: int = 0, *, to_sender: bool = False) -> bytes | None:
        """The receipt of the response at this position, or of the newest event."""
        return self.placet.receipts.issue(
            ORGANISATION, position or self.position, to_sender=to_sender
        )

    def verified(self, position: int = 0) -> Receipt:
        """What the receipt says, as somebody reads it who has the public keys only."""
        receipt = self.receipt(position, to_sender=True)
        assert receipt is not None
        return verify_receipt(receipt, self.placet.keys.public(), CODEC)
