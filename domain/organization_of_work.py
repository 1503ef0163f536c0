"""The proposed organization of work: which items are taken in which slot of which day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from msgspec import Struct, field

from domain import hour_spans as hours
from domain.canonical import canonical_json
from domain.rules import Finding, Refused, make_finding
from domain.session.events import Meeting
from domain.times import When


class Entry(Struct, frozen=True, kw_only=True):
    """An item in a slot; `continued` when it was begun in an earlier one."""

    item: str
    continued: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


class PlacedEntry(Entry, frozen=True, kw_only=True):
    """An entry as it is to be read today; `item` is the number that its item bears now."""

    id: str = ""
    """The lasting id of its item; empty for one that is no longer on the agenda."""


class Slot(Struct, frozen=True, kw_only=True):
    """Some hours of a local day (`10:00` to `13:00`) on one track, with the items taken there.

    It may end at `24:00`, or on the next day (`22:00` to `02:00`).
    """

    day: When
    starts: str
    ends: str
    entries: tuple[Entry, ...]
    track: str = "plenary"

    @property
    def hours(self) -> tuple[int, int]:
        """Start and end in minutes of its day. Raises Refused when they cannot be hours."""
        return hours.minutes_of_day(self.starts, self.ends)


def encode_slots(slots: Sequence[Slot]) -> bytes:
    """The canonical bytes of an organization of work, whose SHA-256 names it in its event."""
    return canonical_json({"slots": [_plain(slot) for slot in slots]})


def _plain(slot: Slot) -> dict[str, object]:
    entries = [
        {"item": entry.item, "continued": entry.continued, "titles": dict(entry.titles)}
        for entry in slot.entries
    ]
    fields = {"day": str(slot.day), "starts": slot.starts, "ends": slot.ends, "track": slot.track}
    return {**fields, "entries": entries}


@lru_cache(maxsize=16)
def decode_slots(content: bytes) -> tuple[Slot, ...]:
    """Read an organization of work back."""
    return tuple(
        Slot(
            day=When(slot["day"]),
            starts=slot["starts"],
            ends=slot["ends"],
            track=slot["track"],
            entries=tuple(Entry(**entry) for entry in slot["entries"]),
        )
        for slot in json.loads(content)["slots"]
    )


def check_slots(
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
        make_finding("every-item-scheduled", not missing, f"not scheduled: {', '.join(missing)}"),
        _continued(entries),
        _overlaps(slots),
        _outside(slots, meetings),
    )


def _in_order(slots: Sequence[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.day.earliest, _hours(slot) or (0, 0)))


def _continued(entries: Sequence[Entry]) -> Finding:
    begun: set[str] = set()
    wrong = []
    for entry in entries:
        if entry.continued != (entry.item in begun):
            wrong.append(entry.item)
        begun.add(entry.item)
    because = f"wrongly marked, or not marked, as continued: {', '.join(wrong)}"
    return make_finding("continued-after-first-slot", not wrong, because)


Span = tuple[int, int]


def _hours(block: Slot | Meeting) -> Span | None:
    """When on its day a slot or a meeting is, in minutes; None where that is not stated."""
    try:
        return hours.minutes_of_day(block.starts, block.ends)
    except Refused:
        return None


def _span(block: Slot | Meeting) -> Span | None:
    """When it is, in minutes counted through all days; None where a day or hour is not stated."""
    found = _hours(block)
    if found is None or block.day.day is None:
        return None
    midnight = block.day.day.toordinal() * hours.DAY
    return midnight + found[0], midnight + found[1]


def _both(first: Slot | Meeting, second: Slot | Meeting) -> tuple[Span, Span] | None:
    """The spans of two in one count; of one and the same day even if it is not stated exactly."""
    ours, theirs = _span(first), _span(second)
    if first.day == second.day:
        ours, theirs = _hours(first), _hours(second)
    return (ours, theirs) if ours and theirs else None


def _apart(first: Slot | Meeting, second: Slot | Meeting) -> bool:
    """Whether more than a night certainly lies between them, whatever their hours."""
    (from_1, to_1), (from_2, to_2) = first.day.days, second.day.days
    behind = bool(to_1 and from_2) and (from_2 - to_1).days > 1  # type: ignore[operator]  # known
    return behind or (bool(to_2 and from_1) and (from_1 - to_2).days > 1)  # type: ignore[operator]


def _share_track(first: Slot | Meeting, second: Slot | Meeting) -> bool:
    """Whether two are on one track, however it is spelt."""
    ours, theirs = (" ".join(block.track.split()).casefold() for block in (first, second))
    return ours == theirs


def _overlaps(slots: Sequence[Slot]) -> Finding:
    """Those of one track, also where one goes on into the next day."""
    pairs = [pair for pair in combinations(_in_order(slots), 2) if _share_track(*pair)]
    found = [(second, _clash(first, second)) for first, second in pairs]
    clashes = [f"{second.day} {second.starts}" for second, clash in found if clash]
    open_ = any(clash is None for _, clash in found)
    because = f"slots overlap at {', '.join(clashes)}" if clashes else "a day or hour is not told"
    return make_finding(
        "slots-do-not-overlap", False if clashes else None if open_ else True, because
    )


def _clash(first: Slot, second: Slot) -> bool | None:
    """Whether two slots overlap; None where days or hours leave it open."""
    spans = _both(first, second)
    if spans is None:
        return False if _apart(first, second) else None
    (start_1, end_1), (start_2, end_2) = spans
    return start_1 < end_2 and start_2 < end_1


def _outside(slots: Sequence[Slot], meetings: Sequence[Meeting]) -> Finding:
    if not meetings:
        return make_finding("slots-within-meetings", None, "the serviced meetings are not told")
    found = [(f"{slot.day} {slot.starts}", _served(slot, meetings)) for slot in slots]
    outside = [name for name, held in found if held is False]
    open_ = [name for name, held in found if held is None]
    because = f"outside the serviced meetings: {', '.join(outside)}"
    if not outside:
        because = f"not certainly within the serviced meetings: {', '.join(open_)}"
    return make_finding(
        "slots-within-meetings", False if outside else None if open_ else True, because
    )


def _served(slot: Slot, meetings: Sequence[Meeting]) -> bool | None:
    """Whether a meeting of its track lasts as long as a slot; None where days or hours are open."""
    held = [_within(slot, meeting) for meeting in meetings if _share_track(slot, meeting)]
    return True if True in held else None if None in held else False


def _within(slot: Slot, meeting: Meeting) -> bool | None:
    spans = _both(slot, meeting)
    if spans is None:
        return False if _apart(slot, meeting) else None
    (starts, ends), (opens, closes) = spans
    return opens <= starts and ends <= closes
