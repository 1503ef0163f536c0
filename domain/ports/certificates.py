"""Certificates of servers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct


class Certificate(Struct, frozen=True, kw_only=True):
    """The certificate of a server (X.509)."""

    names: Sequence[str]
    """The host names and addresses for which it was issued; a name may begin with `*.`."""
    since: datetime
    """From when it is valid (UTC)."""
    until: datetime
    """Until when it is valid (UTC)."""

    def is_for(self, host: str) -> bool:
        """Whether it was issued for a host; `*` stands for one label (RFC 6125, 6.4.3)."""
        wild = f"*.{host.partition('.')[2]}"
        return any(name.lower() in {host.lower(), wild.lower()} for name in self.names)
