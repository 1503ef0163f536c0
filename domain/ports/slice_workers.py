"""The port of the processes that make the rows of a part of the log beside this one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct


class LogSlice(Struct, frozen=True):
    """The events of an organisation after one position, up to the end of the slice."""

    organisation: str
    after: int
    end: int


class SliceWorker(Protocol):
    """A process that makes the rows of a slice; it ends with the block that started it."""

    def result(self) -> Collection[str] | None:
        """Wait for its end: the streams that it read as a whole; None when it did not get there."""


SliceWorkers = Callable[[str, LogSlice], AbstractContextManager[SliceWorker] | None]
"""Starts a worker that keeps its rows in the part of this name; None where none would be of use."""
