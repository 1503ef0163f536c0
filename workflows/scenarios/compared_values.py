"""One value that a case expects, beside what is so, and the record that it is compared with."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.streams import Stream
from domain.times import When

NOT_COMPARED: Final = "not asked"


class ComparedValue(NamedTuple):
    """One expected value with what is so; `name` says what it is, `place` where it stands."""

    place: tuple[str, ...]
    name: str
    wanted: object
    found: object

    @property
    def same(self) -> bool:
        return self.wanted == self.found


class RecordAfterStep(Struct, frozen=True, kw_only=True):
    """The record as it is after a step, whose effect is dated `when`; `now` is the clock's time."""

    world: DecisionContext
    of: Stream | None
    when: When
    now: datetime

    @property
    def at(self) -> When:
        """When holders and rosters are looked at: at the step, or else now."""
        return self.when if self.when.known else When.from_instant(self.now)


def compare_times(wanted: str, found: When | None) -> tuple[object, object]:
    """A time as it is expected, beside what is so; notations of one moment are the same."""
    expected = When(wanted)
    if found is None:
        return expected, "not yet"
    same = (
        expected.has_hour
        and found.has_hour
        and (expected.earliest, expected.latest)
        == (
            found.earliest,
            found.latest,
        )
    )
    return expected, expected if same else found
