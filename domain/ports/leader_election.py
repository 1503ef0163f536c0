"""The port of the election of the process that follows the log for all others."""

from __future__ import annotations

from typing import Protocol


class LeaderElection(Protocol):
    """Whether this process is the one that follows the log."""

    is_leader: bool
