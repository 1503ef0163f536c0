"""The proposed organization of work: which items are taken in which slot of which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import combinations

from domain.rules import Finding, Refused, demand
from domain.session.events import Meeting
from domain.times import When


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An item in a slot; `continued` when it was begun in an earlier one."""

    item: str
    continued: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Some hours of a local day (`10:00` to `13:00`) on one track, with the items taken there."""

    day: When
    starts: str
    ends: str
    entries: tuple[Entry, ...]
    track: str = "plenary"

    @property
    def hours(self) -> tuple[time, time]:
        """Start and end. Raises Refused when they are no times of day in that order."""
        try:
            start, end = time.fromisoformat(self.starts), time.fromisoformat(self.ends)
        except ValueError as error:
            raise Refused("hours", f"{self.starts} to {self.ends} are no times of day") from error
        if start >= end:
            raise Refused("hours", f"a slot cannot end at {self.ends} and begin at {self.starts}")
        return start, end


def noticed(
    slots: Sequence[Slot], leaves: Sequence[str], meetings: Sequence[Meeting]
) -> tuple[Finding, ...]:
    """What the rules say of an organization of work; nothing without one.

    `leaves` are the items without sub-items; `meetings` the serviced ones, if they are known.
    """
    if not slots:
        return ()
    entries = [entry for slot in _in_order(slots) for entry in slot.entries]
    missing = [item for item in leaves if item not in {entry.item for entry in entries}]
    return (
        demand("every-item-scheduled", not missing, f"not scheduled: {', '.join(missing)}"),
        _continued(entries),
        _overlaps(slots),
        _outside(slots, meetings),
    )


def _in_order(slots: Sequence[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.day.earliest, slot.hours))


def _continued(entries: Sequence[Entry]) -> Finding:
    begun: set[str] = set()
    wrong = []
    for entry in entries:
        if entry.continued != (entry.item in begun):
            wrong.append(entry.item)
        begun.add(entry.item)
    because = f"wrongly marked, or not marked, as continued: {', '.join(wrong)}"
    return demand("continued-after-first-slot", not wrong, because)


def _overlaps(slots: Sequence[Slot]) -> Finding:
    clashes = [
        f"{second.day} {second.starts}"
        for first, second in combinations(_in_order(slots), 2)
        if (first.day, first.track) == (second.day, second.track)
        and first.hours[1] > second.hours[0]
    ]
    because = f"slots overlap at {', '.join(clashes)}"
    return demand("slots-do-not-overlap", not clashes, because)


def _outside(slots: Sequence[Slot], meetings: Sequence[Meeting]) -> Finding:
    def served(slot: Slot) -> bool:
        return any(
            meeting.day == slot.day
            and meeting.track == slot.track
            and meeting.starts <= slot.starts
            and slot.ends <= meeting.ends
            for meeting in meetings
        )

    outside = [f"{slot.day} {slot.starts}" for slot in slots if not served(slot)]
    held = None if not meetings else not outside
    because = f"outside the serviced meetings: {', '.join(outside)}"
    return demand("slots-within-meetings", held, because)
