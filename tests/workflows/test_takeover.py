"""What a server of a standby does: nothing, until the standby takes the place of its primary."""

from __future__ import annotations

import pytest

from domain.ports.errors import Unavailable
from domain.ports.store import Standby
from workflows.processes.takeover import Takeover


class Copy:
    """A store that is a standby until it is promoted, and a server's work on it."""

    def __init__(self, *, promoted: bool = False) -> None:
        self.promoted, self.done = promoted, list[str]()
        self.takeover = Takeover(self.standby, self.prepare)
        self.clock = self.takeover.duty(lambda: self.done.append("clock"))
        self.follow = self.takeover.duty(lambda: self.done.append("rows"))

    def standby(self) -> Standby | None:
        return None if self.promoted else Standby()

    def prepare(self) -> None:
        self.done.append("prepare")


def test_on_a_standby_everything_rests() -> None:
    copy = Copy()
    copy.clock()
    copy.follow()

    assert [] == copy.done
    assert copy.takeover.rests
    assert copy.takeover.was_standby


def test_a_promoted_standby_is_prepared_once_before_any_work() -> None:
    copy = Copy()
    copy.clock()
    copy.promoted = True
    copy.clock()
    copy.follow()

    assert ["prepare", "clock", "rows"] == copy.done
    assert not copy.takeover.rests


def test_nothing_is_done_on_a_primary_that_cannot_be_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such as a log that lacks what this host saw. It is tried again."""
    copy = Copy(promoted=True)

    def lacks() -> None:
        raise Unavailable("the log ends at 5")

    monkeypatch.setattr(copy.takeover, "_prepare", lacks)
    for _ in range(2):
        with pytest.raises(Unavailable):
            copy.clock()
    assert copy.takeover.rests
    monkeypatch.setattr(copy.takeover, "_prepare", copy.prepare)
    copy.clock()

    assert ["prepare", "clock"] == copy.done
    assert not copy.takeover.was_standby
