"""Times on the command line: as the record writes them, or local with seconds and a zone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from domain.times import UnclearTime, When, instant_of

_SECONDS: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\[([^\]]+)\]")


def moment(text: str) -> When:
    """A time as somebody wrote it, such as a deadline as pages show it, to the second.

    Raises UnclearTime for what is none, and for a local time that its zone skips or has twice.
    """
    found = _SECONDS.fullmatch(text.strip())
    if not found:
        return When(text)
    local, zone = found.groups()
    try:
        at = instant_of(datetime.fromisoformat(local), zone)
    except UnclearTime:
        raise
    except ValueError as error:
        raise UnclearTime(f"{text!r} is not a time: {error}") from error
    return When(f"{When.instant(at)}[{zone}]")
