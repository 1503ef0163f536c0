"""The command line `placet`, as a process of its own whose system clock tells another time.

The first word is by how many seconds its clock is ahead of this machine's; the time runs on from
there. What counts the seconds since the start of the machine stays as it is.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import time_machine

from web.cli import main

if __name__ == "__main__":
    clock_offset = timedelta(seconds=float(sys.argv[1]))
    sys.argv = ["placet", *sys.argv[2:]]
    with time_machine.travel(datetime.now(UTC) + clock_offset, tick=True):
        main()
