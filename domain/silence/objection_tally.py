"""Whose objections count against a part of the text, at the moment at which most of them stood.

Members have voices, not letters and not seats: a member that holds several seats, or for which
others speak, has one. What came in time counts alike whenever it was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.silence import roster
from domain.silence.responses import ReceivedResponse
from domain.silence.window import Window


class Opposition(Struct, frozen=True):
    """The members that stood against a part together, and the responses by which they did."""

    members: frozenset[str] = frozenset()
    responses: tuple[int, ...] = ()


class Voices(Struct, frozen=True):
    """Who has a voice in a window: its frozen roster, or all who answer where none is known."""

    window: Window
    members: Mapping[str, str] | None

    @classmethod
    def of_window(cls, window: Window, world: DecisionContext) -> Voices:
        """The voices of a window. Raises Refused when the store lost its roster."""
        frozen = window.roster_hash
        return cls(window, roster.members(world.content(frozen)) if frozen else None)

    def parts_at_threshold(
        self, parts: Iterable[str], objections: Iterable[ReceivedResponse]
    ) -> Mapping[str, Opposition]:
        """Those of these parts against which the threshold is reached, and by whom."""
        against: dict[str, list[ReceivedResponse]] = {part: [] for part in parts}
        for objection in objections:
            for part in self.window.parts_concerned(objection.response):
                if part in against:
                    against[part].append(objection)
        found = {part: self.largest_opposition(those) for part, those in against.items() if those}
        threshold = self.window.policy.threshold
        return {part: group for part, group in found.items() if len(group.members) >= threshold}

    def largest_opposition(self, objections: Sequence[ReceivedResponse]) -> Opposition:
        """The largest group of members that objected at one moment.

        An objection stands from its receipt until it is withdrawn; what was withdrawn before
        another one came was never there together with it. A source that tells a window does not
        tell its moments so exactly: of that, what has not been withdrawn counts.
        """
        if self.window.attested or not any(objection.withdrawals for objection in objections):
            return self._at(None, objections)
        return self._at(self._fullest(objections), objections)

    def objecting_members(self) -> frozenset[str]:
        """The members whose objections stand now, those found after the close included."""
        return self._at(
            None, (response for response in self.window.responses if response.breaks)
        ).members

    def _fullest(self, objections: Iterable[ReceivedResponse]) -> datetime:
        """The moment (UTC) at which most members object; what begins precedes what ends then."""
        changes = []
        for objection in objections:
            for name in objection.names or ("",):
                member = self._member(name, objection.number)
                changes.append((objection.received.latest, False, member))
                if ended := objection.withdrawn_at(name):
                    changes.append((ended.latest, True, member))
        standing: Counter[str] = Counter()
        most, best = 0, changes[0][0]
        for moment, ends, member in sorted(changes):
            standing[member] += -1 if ends else 1
            there = len([count for count in standing.values() if count])
            if there > most:
                most, best = there, moment
        return best

    def _at(self, moment: datetime | None, objections: Iterable[ReceivedResponse]) -> Opposition:
        """Who objected at a moment (UTC), or now."""
        members: set[str] = set()
        numbers: list[int] = []
        for objection in objections:
            speakers = {
                self._member(name, objection.number) for name in objection.speakers_at(moment)
            } - {""}
            if speakers:
                members |= speakers
                numbers.append(objection.number)
        return Opposition(frozenset(members), tuple(sorted(numbers)))

    def _member(self, name: str, number: int) -> str:
        """The member that speaks by this name; a response without a name is somebody's."""
        if not name:
            return f"response {number}"
        return name if self.members is None else self.members.get(name, "")
