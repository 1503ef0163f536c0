"""The outbox: notices that wait to be sent, kept beside the log with a follower's position.

It is not a view. It says what has left the program, so it cannot be made again from the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.mail import outbox_statements as statements
from adapters.mail.outbox_result_batches import batches_of, group
from adapters.mail.outbox_rows import queued_of, stamp
from adapters.operational_tables import OperationalTables, TableWriter
from domain.notices import UNREACHABLE, Notice
from domain.ports.errors import ParkedStream, VersionConflict
from domain.ports.outbox import DeliveryOutcome, NoticeBatch, Outbox, QueuedNotice

FORGOTTEN: Final = timedelta(minutes=10)
"""A notice that is being sent for longer was left by a sender that ended; it is tried again."""


class StoredOutbox(OperationalTables, Outbox):
    """The outbox of any kind of store."""

    def forget_address(self, address: str) -> None:
        """Forget that letters were handed to a mailbox, and answers in which it stands.

        Letters that are under way stay as they are. Raises Unavailable.
        """
        with self.writing() as writer:
            writer.execute(statements.FORGET_HANDED, (address,))
            writer.execute(statements.FORGET_ANSWERS, (f"%{address}%",))

    def position(self, organisation: str) -> int:
        """Up to which position notices have been queued."""
        return self._follower(organisation)[0]

    def start_position(self, organisation: str) -> int:
        """Where the log stood when the outbox was made."""
        return self._follower(organisation)[1]

    def has_begun(self, organisation: str) -> bool:
        """Whether all is queued that was in the log when the outbox was made."""
        position, began = self._follower(organisation)
        return position >= began

    def queue(
        self,
        organisation: str,
        notices: Iterable[Notice],
        now: datetime,
        *,
        after: int,
        position: int,
        parked: Iterable[ParkedStream] = (),
    ) -> None:
        """Queue what the events after one position up to another tell, and move there, at once.

        A notice that was queued before is not queued again. `parked` are streams of which nothing
        could be told. Raises VersionConflict, and queues nothing, when another process has read
        on from `after`.
        """
        with self.writing() as outbox:
            outbox.execute(statements.FOLLOW, (organisation,))
            _move(outbox, organisation, after, position)
            _insert(outbox, notices, now)
            for parked_stream in parked:
                values = (
                    parked_stream.organisation,
                    parked_stream.stream,
                    parked_stream.position,
                    parked_stream.because,
                )
                outbox.execute(statements.PARK, values)

    def parked_streams(self, organisation: str) -> dict[str, ParkedStream]:
        """The streams of which nothing could be told, by their names."""
        return {
            stream: ParkedStream(
                organisation=organisation, stream=stream, position=position, because=because
            )
            for stream, position, because in self.read(statements.PARKED, organisation)
        }

    def unpark(
        self, parked: ParkedStream, notices: Iterable[Notice], now: datetime, *, after: int
    ) -> None:
        """Queue what a parked stream has to tell up to `after`; it is parked no longer.

        Raises VersionConflict, and queues nothing, when the log was read on meanwhile.
        """
        with self.writing() as outbox:
            _move(outbox, parked.organisation, after, after)
            _insert(outbox, notices, now)
            outbox.execute(statements.UNPARK, (parked.organisation, parked.stream))

    def counts(self) -> list[tuple[str, str, bool, str, int]]:
        """How many letters stand how: organisation, window, to an office, state, number."""
        return [
            (organisation, window, bool(office), state, number)
            for organisation, window, office, state, number in self.read(statements.COUNTS)
        ]

    def add(self, notices: Sequence[Notice], now: datetime) -> None:
        """Queue notices that no event causes, such as reminders; each once."""
        known = {key for (key,) in self.read(statements.KEYS)}
        if added := [notice for notice in notices if notice.key not in known]:
            with self.writing() as outbox:
                _insert(outbox, added, now)

    def requeue_printed(self, now: datetime) -> None:
        """Let what was only printed wait again: now letters reach somebody."""
        if self._queued(statements.PRINTED):
            with self.writing() as outbox:
                outbox.execute(statements.REQUEUE_PRINTED, (stamp(now),))

    def due(self, now: datetime, limit: int) -> list[QueuedNotice]:
        """At most `limit` notices that may be sent now, those that wait longest first.

        None of them has an earlier one to the same addressee, about the same window, before it.
        """
        return self._queued(statements.DUE, stamp(now), stamp(now - FORGOTTEN), limit)

    def unsent(self) -> list[QueuedNotice]:
        """All notices that have not been sent."""
        return self._queued(statements.UNSENT)

    def claim(self, key: str, now: datetime, via: str) -> bool:
        """Take a notice to send it; False when another sender was faster."""
        values = (stamp(now), via, key, stamp(now), stamp(now - FORGOTTEN))
        with self.writing() as outbox:
            return outbox.execute(statements.CLAIM, values).rowcount == 1

    def finish_attempt(
        self, key: str, outcome: DeliveryOutcome, next_at: datetime, *, before: str = "being sent"
    ) -> bool:
        """Note what became of a notice that stood at `before`; False when it no longer does."""
        values = (outcome.state, outcome.reason, outcome.answer, stamp(next_at), key, before)
        with self.writing() as outbox:
            for address in outcome.accepted_addresses:
                outbox.execute(statements.TAKEN, (key, address))
            return outbox.execute(statements.FINISH, values).rowcount == 1

    def accepting_addresses(self, key: str) -> dict[str, str]:
        """The addresses that took a letter, each `taken` or `bounced` since."""
        return {str(address): str(state) for address, state in self.read(statements.TAKERS, key)}

    def record_bounce(self, key: str, address: str) -> None:
        """Note that a letter came back from one address."""
        with self.writing() as outbox:
            outbox.execute(statements.BOUNCED, (key, address))

    def returning_addresses(self) -> dict[str, datetime]:
        """The addresses from which the last letter came back, and when that was queued."""
        last = {
            str(address).casefold(): (str(state), str(queued))
            for address, state, queued in self.read(statements.LAST_HANDED)
        }
        return {
            address: datetime.fromisoformat(queued)
            for address, (state, queued) in last.items()
            if state == "bounced"
        }

    def accepted_later(self, notice: Notice) -> bool:
        """Whether a later letter about the same was accepted for the same seat."""
        return bool(self._queued(statements.ACCEPTED_LATER, notice.key))

    def retry_unreachable(self, now: datetime) -> None:
        """Let those wait no longer that waited because no server could be reached."""
        if self._queued(statements.WAITING_BECAUSE, UNREACHABLE):
            with self.writing() as outbox:
                outbox.execute(statements.REACHED, (stamp(now), stamp(now), UNREACHABLE))

    def abandoned_for(self, reason: str) -> list[QueuedNotice]:
        """The notices that were given up for this reason."""
        return self._queued(statements.ABANDONED, reason)

    def requeue(self, key: str, now: datetime) -> None:
        """Let a notice that was given up wait again; what becomes of it then is recorded again."""
        with self.writing() as outbox:
            outbox.execute(statements.REQUEUE, (stamp(now), stamp(now), key))

    def unrecorded_batches(self) -> list[NoticeBatch]:
        """What is to be recorded: finished notices, grouped by what became of them.

        A batch keeps its id and its seats until `recorded` is said of it, so that it can be
        recorded again under the same command id after a crash.
        """
        if self._queued(statements.ANY_UNGROUPED):
            with self.writing() as outbox:
                group(outbox)
        return batches_of(self.read(statements.BATCHED))

    def mark_recorded(self, batch: str) -> None:
        """Note that a batch is in the record."""
        with self.writing() as outbox:
            outbox.execute(statements.RECORDED, (batch,))

    def find(self, key: str) -> QueuedNotice | None:
        """The notice with this key."""
        found = self._queued(statements.BY_KEY, key)
        return found[0] if found else None

    def find_reference(self, reference: str) -> QueuedNotice | None:
        """The notice whose key begins so; None where none does, or more than one."""
        found = self._queued(statements.BY_REFERENCE, reference, reference + "g")
        return found[0] if len(found) == 1 else None

    def all_notices(self) -> list[QueuedNotice]:
        """Every notice, in the order in which they were queued."""
        return self._queued(statements.ALL)

    def _queued(self, sql: str, *values: object) -> list[QueuedNotice]:
        return [queued_of(row) for row in self.read(sql, *values)]

    def _follower(self, organisation: str) -> tuple[int, int]:
        found = self.read(statements.FOLLOWER, organisation)
        return (int(found[0][0]), int(found[0][1])) if found else (0, 0)


def _move(outbox: TableWriter, organisation: str, after: int, position: int) -> None:
    """Raises VersionConflict for a follower that stands elsewhere."""
    if outbox.execute(statements.MOVE, (position, organisation, after)).rowcount != 1:
        raise VersionConflict(f"the outbox has read on in {organisation} meanwhile")


def _insert(outbox: TableWriter, notices: Iterable[Notice], now: datetime) -> None:
    """Queue notices; those that wait before one to the same addressee are tried at once."""
    at = stamp(now)
    for notice in notices:
        what = (notice.organisation, notice.window, notice.about, notice.occasion, notice.to)
        values = (notice.key, *what, int(notice.office), notice.position, at, at)
        if outbox.execute(statements.INSERT, values).rowcount:
            place = (notice.organisation, notice.window, notice.to, int(notice.office))
            outbox.execute(statements.HASTEN, (at, at, *place))
