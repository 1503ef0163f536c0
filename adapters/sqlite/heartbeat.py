"""When a store was served: what tells an outage from a quiet time, and whose clock is the one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from adapters.files.locks import replace_durably
from adapters.heartbeat_history import FRESH_SECONDS, KEPT_TIMES, longest_gap
from adapters.system_clock import Anchor, boot_id, uptime
from domain.ports.errors import Unavailable

FILE: Final = "served.json"
_NEW: Final = timedelta(seconds=FRESH_SECONDS)


class _Served(msgspec.Struct):
    """What the file holds: the server's anchor, when it wrote last, and the times of service."""

    anchor: Anchor
    written: float
    times: list[tuple[datetime, datetime]]


class Heartbeat:
    """The file that a server writes again and again while it serves.

    It is no part of the record. When it is lost, the time before counts as an outage, and people
    look at what would have closed by itself.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def server_anchor(self) -> Anchor | None:
        """The anchor of the server that is at work now on this machine; None without one."""
        found = self._read()
        if found is None or found.anchor.boot != boot_id():
            return None
        return found.anchor if 0 <= uptime() - found.written < FRESH_SECONDS else None

    def beat(self, anchor: Anchor, now: datetime) -> None:
        """Note that the store is served at `now` (UTC), by the process with this anchor.

        Raises Unavailable when the file cannot be written.
        """
        found = self._read()
        times = [span for span in (found.times if found else []) if now - span[1] < KEPT_TIMES]
        if times and timedelta(0) <= now - times[-1][1] < _NEW:
            times[-1] = (times[-1][0], now)
        else:
            times.append((now, now))
        part = self._path.with_name(FILE + ".part")
        try:
            part.write_bytes(msgspec.json.encode(_Served(anchor, uptime(), times)))
            replace_durably(part, self._path)
        except OSError as error:
            raise Unavailable(f"{self._path} cannot be written: {error.strerror}.") from error

    def served_at(self) -> datetime | None:
        """When the store was served last (UTC), as far as that is remembered."""
        found = self._read()
        return max((ended for _, ended in found.times), default=None) if found else None

    def longest_gap(self, since: datetime, until: datetime) -> timedelta:
        """The longest time between two moments (UTC) in which nobody served the store."""
        found = self._read()
        return longest_gap(found.times if found else [], since, until)

    def _read(self) -> _Served | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Served)
        except (OSError, msgspec.DecodeError):
            return None
