"""Responses as they come in: kept durably before anything of the record is read, then decided.

What a seat sends is stamped and kept here first. A decision follows at once, or as soon as the
record can be written again, or in the next process. So whatever the server is busy with, a
response keeps the time of its receipt, and no window lapses over one that waits for its decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from domain.actors import Role
from domain.intake_entry import IntakeEntry, LostAttempts
from domain.messages import Order
from domain.ports.errors import TooLarge, Unavailable, Unreadable, VersionConflict
from domain.ports.intake import AttemptsLog, IntakeQueue
from domain.rules import Refused
from domain.silence.commands import Respond
from workflows.projections.parking import Alarm

WAIT_SECONDS: Final = timedelta(seconds=5)
"""How long the process that took a response in has for its decision before another one helps."""


class Intake:
    """Takes responses in, and sees to it that each is decided.

    `decide` carries an entry out; `hold` holds a window to whose seats nothing could be kept.
    `canonical` makes the canonical bytes of a command.
    """

    def __init__(
        self,
        queue: IntakeQueue,
        attempts_log: AttemptsLog,
        *,
        decide: Callable[[IntakeEntry], object],
        hold: Callable[[LostAttempts], object],
        canonical: Callable[[Respond], bytes],
        alarm: Alarm,
    ) -> None:
        self._queue, self._attempts_log = queue, attempts_log
        self._decide, self._hold, self.canonical, self._alarm = decide, hold, canonical, alarm
        self._lock = Lock()
        self._in_hand: dict[int, IntakeEntry] = {}
        self._decided: set[int] = set()
        self._arriving: dict[int, IntakeEntry] = {}
        self._arrived = 0
        self._lost = {(lost.organisation, lost.window): lost for lost in attempts_log.attempts()}
        self._stuck: dict[int, str] = {}

    def prepare(self) -> None:
        """Set room aside for notes of what cannot be kept. Raises Unavailable."""
        self._attempts_log.prepare()

    # --- What comes in ----------------------------------------------------------------------------

    def announce(self, entry: IntakeEntry) -> int:
        """Say that this one is here; from now on no clock of this process passes it over."""
        with self._lock:
            self._arrived += 1
            self._arriving[self._arrived] = entry
            return self._arrived

    def keep(self, announced: Sequence[int]) -> Sequence[IntakeEntry]:
        """Keep what was announced, durably, all in one; it is then in hand until it is `over`.

        Raises Unavailable when it cannot be kept: then it is noted that there was something.
        """
        with self._lock:
            entries = [self._arriving[number] for number in announced]
        try:
            kept = self._queue.keep(entries)
        except Unavailable:
            self._note(entries)
            raise
        else:
            with self._lock:
                self._in_hand |= {entry.id: entry for entry in kept}
            return kept
        finally:
            with self._lock:
                for number in announced:
                    del self._arriving[number]

    def _note(self, entries: Iterable[IntakeEntry]) -> None:
        """Remember that there were attempts, here and where it outlives this process."""
        with self._lock:
            for entry in entries:
                at = entry.received_at
                attempt = LostAttempts(
                    organisation=entry.organisation,
                    window=entry.window,
                    first=at,
                    last=at,
                    number=1,
                )
                key = (entry.organisation, entry.window)
                self._lost[key] = self._lost[key] + attempt if key in self._lost else attempt
            self._attempts_log.note([*self._lost.values()])

    # --- What becomes of it -----------------------------------------------------------------------

    def finish(self, entry: IntakeEntry) -> None:
        """It was decided: it is in the record, or was refused by a rule."""
        with self._lock:
            self._in_hand.pop(entry.id, None)
            self._decided.add(entry.id)

    def release(self, entry: IntakeEntry) -> None:
        """It could not be decided now; the next round decides it."""
        with self._lock:
            self._in_hand.pop(entry.id, None)

    def has_taken_in(self, organisation: str, order: Order) -> bool:
        """Whether this very order, with this time of receipt, was taken in here."""
        command = order.command
        if not isinstance(command, Respond) or order.actor.role is not Role.SEAT:
            return False
        canonical = self.canonical(command)
        actor = order.actor
        wanted = (organisation, command.window, actor.seat, actor.principal, order.command_id)
        return any(
            (entry.organisation, entry.window, entry.seat, entry.principal, entry.command_id)
            == wanted
            and (entry.received_at, entry.response) == (order.received_at, canonical)
            for entry in self._undecided()
        )

    def pending_windows(self, organisation: str) -> Mapping[str, datetime]:
        """The windows for which something waits, with when the first of it came (UTC).

        Raises Unavailable when that cannot be found out.
        """
        with self._lock:
            entries = [*self._arriving.values()]
            arrivals = [
                (lost.organisation, lost.window, lost.first) for lost in self._lost.values()
            ]
        entries += self._undecided()
        arrivals += [(entry.organisation, entry.window, entry.received_at) for entry in entries]
        found: dict[str, datetime] = {}
        for where, window, came in arrivals:
            if where == organisation:
                found[window] = min(came, found.get(window, came))
        return found

    def decide_pending(self, now: datetime) -> None:
        """Decide what no thread has in hand, in order of receipt; hold where something was lost.

        Raises Unavailable.
        """
        self._take_off()
        self._hold_lost()
        waiting = sorted(self._free(now), key=lambda entry: (entry.received_at, entry.id))
        for entry in waiting:
            self._settle(entry)
        self._take_off()

    def _undecided(self) -> list[IntakeEntry]:
        with self._lock:
            decided = {*self._decided}
        return [entry for entry in self._queue.pending_entries() if entry.id not in decided]

    def _free(self, now: datetime) -> list[IntakeEntry]:
        """What no thread here has in hand; what another process took in a moment ago is its own."""
        with self._lock:
            in_hand = {*self._in_hand}
        return [
            entry
            for entry in self._undecided()
            if entry.id not in in_hand
            and not timedelta(0) <= now - entry.received_at < WAIT_SECONDS
        ]

    def _settle(self, entry: IntakeEntry) -> None:
        """Decide on one. What fails by a defect stays, with an alarm, and keeps its window open."""
        try:
            self._decide(entry)
        except (Refused, TooLarge):
            self.finish(entry)
        except Unreadable as error:
            self._complain(entry, error)
        except (Unavailable, VersionConflict):
            raise
        except Exception as error:  # noqa: BLE001 (one response must not keep the others waiting)
            self._complain(entry, error)
        else:
            self.finish(entry)

    def _complain(self, entry: IntakeEntry, error: Exception) -> None:
        because = f"{type(error).__name__}: {error}"
        if self._stuck.get(entry.id) != because:
            self._stuck[entry.id] = because
            self._alarm.error(
                "a response waits",
                organisation=entry.organisation,
                window=entry.window,
                command_id=entry.command_id,
                because=because,
            )

    def _take_off(self) -> None:
        with self._lock:
            decided = {*self._decided}
        if decided:
            self._queue.remove(decided)
            with self._lock:
                self._decided -= decided

    def _hold_lost(self) -> None:
        """Let people look at each window to which something came that could not be kept."""
        with self._lock:
            lost = dict(self._lost)
        for key, attempts in lost.items():
            with suppress(
                Refused
            ):  # it has ended, or there is none: then the alarm is all there is
                self._hold(attempts)
            self._alarm.error(
                "responses could not be kept",
                organisation=attempts.organisation,
                window=attempts.window,
                number=attempts.number,
                first=attempts.first.isoformat(),
                last=attempts.last.isoformat(),
            )
            with self._lock:
                if self._lost.get(key) == attempts:
                    del self._lost[key]
                self._attempts_log.note([*self._lost.values()])
