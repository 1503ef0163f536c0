"""Places of outboxes for tests: the outbox of an older version, kept in a file."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.sqlite.outbox import Outbox
from adapters.sqlite.outbox_folder import OutboxFolder


class FixedOutbox(OutboxFolder):
    """The place of an outbox that is there, wherever its store is."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def open(self, standing: Mapping[str, int]) -> Outbox:  # noqa: ARG002 (it has begun)
        """This one."""
        return self._outbox
