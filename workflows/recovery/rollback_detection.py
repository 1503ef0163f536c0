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
from domain.ports.event_store import EventLog
from domain.ports.high_water_marks import HighWaterMark, MarkStore
from domain.streams import Stream, StreamKind
from workflows.receipts.format import InvalidReceipt, PublicKeys, Receipt, verify_receipt

MARK: Final = "the high-water mark"
WHAT_TO_DO: Final = (
    "If a backup was restored on purpose, say `placet store restored`: it holds what still runs."
    " Else stop everything, and look for the log that is missing."
)
UNCONFIRMED: Final = (
    "This host has not seen this log before, so it could not tell if an older backup lies here: it"
    " closes no silence procedure until somebody has looked and said `placet store accept`."
)


class LostEvents(Struct, frozen=True, kw_only=True):
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


class RollbackDetector:
    """Watches one log: marks how far it reaches, and finds out when it does so no longer.

    `followers` gives the positions of those who read the log, by who they are. `asks` says that a
    host without marks must not close windows before somebody confirms the log, because whatever
    else knows how far it reached is restored together with it.
    """

    def __init__(
        self,
        log: EventLog,
        kept: MarkStore,
        followers: Callable[[], Mapping[str, Callable[[str], int]]],
        *,
        asks: bool = False,
    ) -> None:
        self._log, self._kept, self._followers, self._asks = log, kept, followers, asks
        self._seen: dict[str, HighWaterMark] = {}

    def losses(self) -> list[LostEvents]:
        """What was seen of the log that it does not hold. Raises Unavailable."""
        return find_losses(self._log, self._kept.marks(), self._followers())

    def require_intact(self) -> None:
        """Raise Unavailable, with what to do, for a log in the place of a later one."""
        _require_no_losses(self.losses())
        self._begin()
        self._seen = dict(self._kept.marks())

    def unconfirmed(self) -> bool:
        """Whether this host may close no window, because it cannot tell an old log from a new one.

        An empty log needs no confirmation. Raises Unavailable.
        """
        return self._asks and not self._kept.begun() and bool(self._log.organisations())

    def require_not_shortened(self) -> None:
        """The same for a log that has become shorter than this process saw it."""
        _require_no_losses(shortened_logs(self._log, self._seen))

    def record_marks(self) -> None:
        """Remember how far each log reaches, unless it is unconfirmed. Raises Unavailable."""
        if not self._begin():
            return
        if grown := current_marks(self._log, self._seen):
            self._seen = highest_marks(self._kept.marks(), self._seen, grown)
            self._kept.put(self._seen)

    def accept(self) -> None:
        """Take the log as it is from now on. Raises Unavailable."""
        self._seen = current_marks(self._log, {})
        self._kept.put(self._seen)

    def _begin(self) -> bool:
        """Keep marks from now on, where the log is empty; whether this host keeps any."""
        if self.unconfirmed():
            return False
        if self._asks and not self._kept.begun():
            self._kept.put({})
        return True


def find_losses(
    log: EventLog, seen: Mapping[str, HighWaterMark], followers: Mapping[str, Callable[[str], int]]
) -> list[LostEvents]:
    """What the high-water marks and the positions of followers know that the log does not hold.

    The positions of followers, by who they are, are read before the end of the log, which may
    grow meanwhile.
    """
    found: list[LostEvents] = []
    for organisation in sorted({*log.organisations(), *seen}):
        known = {who: position(organisation) for who, position in followers.items()}
        last = log.history(organisation).last_position()
        found += [
            LostEvents(organisation=organisation, last=last, known=position, by=who)
            for who, position in known.items()
            if position > last
        ]
        if mark := seen.get(organisation):
            other = mark.position <= last and not _same(log, organisation, mark)
            if other or mark.position > last:
                found.append(
                    LostEvents(
                        organisation=organisation,
                        last=last,
                        known=mark.position,
                        by=MARK,
                        other=other,
                    )
                )
    return found


def shortened_logs(log: EventLog, seen: Mapping[str, HighWaterMark]) -> list[LostEvents]:
    """The logs that end before their mark; called often, so only positions are compared."""
    found = []
    for organisation, mark in seen.items():
        last = log.history(organisation).last_position()
        if last < mark.position:
            found.append(
                LostEvents(organisation=organisation, last=last, known=mark.position, by=MARK)
            )
    return found


def _require_no_losses(found: Sequence[LostEvents]) -> None:
    """Raise Unavailable, with what to do, for any loss."""
    if found:
        raise Unavailable(" ".join([*map(str, found), WHAT_TO_DO]))


def highest_marks(*every: Mapping[str, HighWaterMark]) -> dict[str, HighWaterMark]:
    """Of several marks of an organisation the highest."""
    found: dict[str, HighWaterMark] = {}
    for some in every:
        for organisation, mark in some.items():
            if organisation not in found or mark.position > found[organisation].position:
                found[organisation] = mark
    return found


def current_marks(log: EventLog, before: Mapping[str, HighWaterMark]) -> dict[str, HighWaterMark]:
    """The end of each log that has moved on from `before`; of one that cannot be read, nothing."""
    found = {}
    for organisation in log.organisations():
        last = log.history(organisation).last_position()
        if last and last != (before[organisation].position if organisation in before else 0):
            hashed = _hash(log, organisation, last)
            if hashed:
                found[organisation] = HighWaterMark(position=last, hash=hashed)
    return found


def has_event(log: EventLog, receipt: Receipt) -> bool:
    """Whether the log holds the event of which a receipt tells. Raises Unreadable."""
    if receipt.organisation not in log.organisations():
        return False
    events = log.history(receipt.organisation).events_of(Stream(StreamKind.WINDOW, receipt.window))
    return any(
        (event.version, event.hash) == (receipt.version, receipt.event_hash) for event in events
    )


def unsupported_receipts(
    log: EventLog, files: Mapping[str, bytes], keys: PublicKeys, codec: Codec
) -> dict[str, str]:
    """The receipts, by the names of their files, that the log does not bear out; each with why."""
    reasons: dict[str, str] = {}
    for name, content in files.items():
        try:
            receipt = verify_receipt(content, keys, codec)
            if not has_event(log, receipt):
                reasons[name] = (
                    f"response {receipt.number} of window {receipt.window} of"
                    f" {receipt.organisation} is not in the log"
                )
        except InvalidReceipt as error:
            reasons[name] = f"it is not valid: {error}"
        except Unreadable as error:
            reasons[name] = str(error)
    return reasons


def _same(log: EventLog, organisation: str, mark: HighWaterMark) -> bool:
    """Whether the marked event is there; a damaged one is reported by the check of the store."""
    return _hash(log, organisation, mark.position) in {mark.hash, ""}


def _hash(log: EventLog, organisation: str, position: int) -> str:
    """The hash of an event; empty when it cannot be read."""
    try:
        found = log.history(organisation).since(position - 1, 1)
    except Unreadable:
        return ""
    return found[0].hash if found else ""
