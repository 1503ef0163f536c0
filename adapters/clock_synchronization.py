"""What the operating system says of its own clock: whether something keeps it right."""

from __future__ import annotations

import ctypes
import sys
from datetime import UTC, datetime
from typing import Final

from domain.ports.clock import CLOCK_TOLERANCE

_UNSYNCHRONISED: Final = 0x40
"""The bit STA_UNSYNC of adjtimex(2)."""
_IN_NANOSECONDS: Final = 0x2000
"""The bit STA_NANO of adjtimex(2)."""
_ERROR: Final = 5
"""The answer TIME_ERROR of adjtimex(2): the clock is not synchronised."""


class _Timex(ctypes.Structure):
    """`struct timex`, as far as it is read; with `modes` 0 nothing is changed."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("fraction", ctypes.c_long),
        ("rest", ctypes.c_long * 40),
    )


def clock_doubt() -> str:
    """Why the system does not vouch for the clock of this process; empty when it does.

    Where the system cannot be asked, as in some containers and on other systems than Linux,
    nothing vouches either.
    """
    reading = _read_kernel_clock()
    if reading is None:
        return "this system does not tell whether its clock is synchronised"
    answer, status, at = reading
    if answer == _ERROR or status & _UNSYNCHRONISED:
        return "this system says that its clock is not synchronised"
    if abs(datetime.now(UTC) - at) > CLOCK_TOLERANCE:
        return "this process sees another time than the system"
    return ""


def _read_kernel_clock() -> tuple[int, int, datetime] | None:
    """The answer of adjtimex(2), its status bits and the time; None where it cannot be asked."""
    if sys.platform != "linux":
        return None
    timex = _Timex(modes=0)
    try:
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (AttributeError, OSError):
        return None
    if answer < 0:
        return None
    part = 1_000_000_000 if timex.status & _IN_NANOSECONDS else 1_000_000
    seconds = timex.seconds + timex.fraction / part
    return answer, timex.status, datetime.fromtimestamp(seconds, UTC)
