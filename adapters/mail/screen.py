"""Mail that is only shown."""

from __future__ import annotations

from collections.abc import Callable

from domain.ports.mail import Letter
from domain.ports.outbox import DeliveryOutcome


class ScreenTransport:
    """Letters are printed; nobody receives them, and the record says nothing of them."""

    delivers = False
    via = "console"

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show

    def send(self, letter: Letter) -> DeliveryOutcome:
        to = ", ".join(letter.to) or "nobody"
        attached = "".join(f"\n{text}" for text in letter.attached.values())
        self._show(f"To: {to}\nSubject: {letter.subject}\n\n{letter.text}{attached}")
        return DeliveryOutcome(state="printed")

    def obstacle(self) -> str:
        """Nothing keeps them from being shown."""
        return ""

    def close(self) -> None:
        """Nothing is open between two rounds."""
