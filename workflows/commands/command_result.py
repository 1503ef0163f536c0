"""What a command caused, as the caller is answered."""

from __future__ import annotations

from msgspec import Struct

from domain.messages import RecordedEvent


class CommandResult(Struct, frozen=True):
    """What a command caused; `repeated` when it had been done before under the same id."""

    events: tuple[RecordedEvent, ...]
    repeated: bool = False
