"""The refusal of a log-in that comes too soon after others that failed."""

from __future__ import annotations

from domain.rules import Refused


class Slowed(Refused):
    """A log-in that is not looked at yet, because others failed shortly before."""

    def __init__(self, seconds: int) -> None:
        because = f"log-ins failed here shortly before: try again in {seconds} seconds"
        super().__init__(rule="log-in-slowed", because=because)
        self.seconds = seconds
