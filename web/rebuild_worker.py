"""The program that makes the rows of a part of the log, beside the process that rebuilds."""

from __future__ import annotations

import os
import sys
from contextlib import closing

import msgspec

from domain.ports.slice_workers import LogSlice
from web.main import environment


class SliceOrder(msgspec.Struct, frozen=True):
    """Where the store is, the part in which rows are kept, and of which events."""

    place: str
    part: str
    slice: LogSlice


def main() -> None:
    """Do what standard input says, and answer with the streams that were read as a whole.

    It ends early when the process is gone that wants to know. The log goes to standard error.
    """
    order = msgspec.json.decode(sys.stdin.readline(), type=SliceOrder)
    parent = os.getppid()
    with closing(environment().open(order.place)) as placet:
        found = placet.projections.follow_slice(
            order.part, order.slice, enough=lambda: os.getppid() != parent
        )
    sys.stdout.buffer.write(msgspec.json.encode(sorted(found)))


if __name__ == "__main__":
    main()
