"""Whether a log still holds what was seen of it before: an old backup in its place does not.

What was recorded after the backup may have been an objection. So nothing may go on by itself on
such a log before somebody has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from domain.ports.codec import Codec
from domain.ports.errors import Unavailable, Unreadable
from domain.ports.event_store import Log
from domain.ports.high_water_marks import Mark, Marks
from domain.streams import Kind, Stream
from workflows.receipts.format import NotValid, PublicKeys, Receipt, verified

MARK: Final = "the high-water mark"
WHAT_TO_DO: Final = (
    "If a backup was restored on purpose, say `placet store restored`: it holds what still runs."
    " Else stop everything, and look for the log that is missing."
)


class Loss(Struct, frozen=True, kw_only=True):
    """What somebody knows of a log that the log does not hold."""

    organisation: str
    last: int
    """The last position of the log."""
    known: int
    """The position that is known."""
    by: str
    """Who knows it."""
    other: bool = False
    """Whether the log has another event there."""

    def __str__(self) -> str:
        if self.other:
            return (
                f"Event {self.known} of {self.organisation} is another one than {self.by} saw"
                " there: an older backup was restored, and then written to."
            )
        return (
            f"The log of {self.organisation} ends at {self.last}, but {self.by} knows"
            f" position {self.known}: an older backup was restored, or events were lost."
        )


class Continuity:
    """Watches one log: marks how far it reaches, and finds out when it does so no longer.

    `followers` gives the positions of those who read the log, by who they are.
    """

    def __init__(
        self,
        log: Log,
        kept: Marks,
        followers: Callable[[], Mapping[str, Callable[[str], int]]],
    ) -> None:
        self._log, self._kept, self._followers = log, kept, followers
        self._seen: dict[str, Mark] = {}

    def losses(self) -> list[Loss]:
        """What was seen of the log that it does not hold. Raises Unavailable."""
        return losses(self._log, self._kept.marks(), self._followers())

    def insist(self) -> None:
        """Raise Unavailable, with what to do, for a log in the place of a later one."""
        _insist_on_none(self.losses())
        self._seen = dict(self._kept.marks())

    def insist_still(self) -> None:
        """The same for a log that has become shorter than this process saw it."""
        _insist_on_none(shorter(self._log, self._seen))

    def mark(self) -> None:
        """Remember how far each log reaches. Raises Unavailable."""
        if fresh := marks(self._log, self._seen):
            self._seen = highest(self._kept.marks(), self._seen, fresh)
            self._kept.put(self._seen)

    def accept(self) -> None:
        """Take the log as it is from now on. Raises Unavailable."""
        self._seen = marks(self._log, {})
        self._kept.put(self._seen)


def losses(
    log: Log, seen: Mapping[str, Mark], followers: Mapping[str, Callable[[str], int]]
) -> list[Loss]:
    """What the high-water marks and the positions of followers know that the log does not hold.

    The positions of followers, by who they are, are asked before the end of the log, which may
    grow meanwhile.
    """
    found: list[Loss] = []
    for organisation in sorted({*log.organisations(), *seen}):
        known = {who: position(organisation) for who, position in followers.items()}
        last = log.history(organisation).last_position()
        found += [
            Loss(organisation=organisation, last=last, known=position, by=who)
            for who, position in known.items()
            if position > last
        ]
        if mark := seen.get(organisation):
            other = mark.position <= last and not _same(log, organisation, mark)
            if other or mark.position > last:
                found.append(
                    Loss(
                        organisation=organisation,
                        last=last,
                        known=mark.position,
                        by=MARK,
                        other=other,
                    )
                )
    return found


def shorter(log: Log, seen: Mapping[str, Mark]) -> list[Loss]:
    """The logs that end before their mark; asked often, so nothing is compared but positions."""
    found = []
    for organisation, mark in seen.items():
        last = log.history(organisation).last_position()
        if last < mark.position:
            found.append(Loss(organisation=organisation, last=last, known=mark.position, by=MARK))
    return found


def _insist_on_none(found: Sequence[Loss]) -> None:
    """Raise Unavailable, with what to do, for any loss."""
    if found:
        raise Unavailable(" ".join([*map(str, found), WHAT_TO_DO]))


def highest(*every: Mapping[str, Mark]) -> dict[str, Mark]:
    """Of several marks of an organisation the highest."""
    found: dict[str, Mark] = {}
    for some in every:
        for organisation, mark in some.items():
            if organisation not in found or mark.position > found[organisation].position:
                found[organisation] = mark
    return found


def marks(log: Log, before: Mapping[str, Mark]) -> dict[str, Mark]:
    """The end of each log that has moved on from `before`; of one that cannot be read, nothing."""
    found = {}
    for organisation in log.organisations():
        last = log.history(organisation).last_position()
        if last and last != (before[organisation].position if organisation in before else 0):
            hashed = _hash(log, organisation, last)
            if hashed:
                found[organisation] = Mark(position=last, hash=hashed)
    return found


def holds(log: Log, receipt: Receipt) -> bool:
    """Whether the log holds the event of which a receipt tells. Raises Unreadable."""
    if receipt.organisation not in log.organisations():
        return False
    events = log.history(receipt.organisation).of(Stream(Kind.WINDOW, receipt.window))
    return any((one.version, one.hash) == (receipt.version, receipt.event_hash) for one in events)


def unbacked(
    log: Log, files: Mapping[str, bytes], keys: PublicKeys, codec: Codec
) -> dict[str, str]:
    """The receipts, by the names of their files, that the log does not bear out; each with why."""
    told: dict[str, str] = {}
    for name, content in files.items():
        try:
            receipt = verified(content, keys, codec)
            if not holds(log, receipt):
                told[name] = (
                    f"response {receipt.number} of window {receipt.window} of"
                    f" {receipt.organisation} is not in the log"
                )
        except NotValid as error:
            told[name] = f"it is not valid: {error}"
        except Unreadable as error:
            told[name] = str(error)
    return told


def _same(log: Log, organisation: str, mark: Mark) -> bool:
    """Whether the marked event is there; a damaged one is another matter, told elsewhere."""
    return _hash(log, organisation, mark.position) in {mark.hash, ""}


def _hash(log: Log, organisation: str, position: int) -> str:
    """The hash of an event; empty when it cannot be read."""
    try:
        found = log.history(organisation).since(position - 1, 1)
    except Unreadable:
        return ""
    return found[0].hash if found else ""
