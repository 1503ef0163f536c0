"""The notice service: reads the log, queues notices, sends them, records what became of them.

No transaction is open while a letter is under way. After a crash between the server's acceptance
and our noting it, the letter is sent again under the same Message-ID: SMTP can promise no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.facts import UNDER_WAY, Actor, Order, Role
from domain.notices import (
    RECEIPT,
    SECRETARIAT,
    UNREACHABLE,
    UNRECORDED,
    Batch,
    Directory,
    Letter,
    Notice,
    Outcome,
    Queued,
)
from domain.ports import Log, Parked, Unreadable
from domain.rules import Refused, insist
from domain.silence.commands import RecordNotices
from workflows import matters, notices, overtaken
from workflows.handling import Answer, Handling
from workflows.outgoing import Moment, Outbox, Way, Writer
from workflows.overtaken import Present
from workflows.parking import Alarm
from workflows.telling import Telling

SERVICE: Final = Actor(role=Role.NOTICES)
AT_ONCE: Final = 20
"""How many letters are sent in one round, so that what became of them is recorded soon."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
PATIENCE: Final = timedelta(days=1)
"""After how long a letter that no server takes is given up."""
UNSIGNED: Final = "its receipt could not be signed"
NOT_READ: Final = "what it would tell cannot be read"


@dataclass(frozen=True)
class Round:
    """What one round did: what became of letters, and what was recorded of them."""

    sent: tuple[tuple[Notice, Outcome], ...] = ()
    recorded: tuple[Answer, ...] = ()


class Posting:
    """Sends the notices of all organisations of one log.

    `receipts` gives the receipt of a response by organisation and position, or None; its third
    value says whether the seats that are named in the response are its senders.
    """

    def __init__(
        self,
        log: Log,
        handling: Handling,
        outbox: Outbox,
        way: Way,
        *,
        writer: Writer,
        directory: Callable[[], Directory],
        clock: Callable[[], Moment],
        receipts: Callable[[str, int, bool], bytes | None],
        alarm: Alarm,
    ) -> None:
        self._log, self._handling, self._outbox = log, handling, outbox
        self.way, self._writer, self._directory = way, writer, directory
        self._clock = clock
        self._mended = Directory()
        self._telling = Telling(handling, outbox, receipts, alarm)

    def round(self, windows: Callable[[str], Iterable[str]]) -> Round:
        """Queue, send at most AT_ONCE letters, and record what became of them.

        `windows` names the windows of an organisation whose clock may run. Raises Unavailable
        when the store cannot be read or written; then the next round goes on.
        """
        recorded = self.settle()
        for organisation in self._log.organisations():
            history, now = self._log.history(organisation), self._clock().at
            world = self._handling.world(history)
            for name in windows(organisation):
                with suppress(Unreadable):  # nothing is due of it before it is repaired
                    self._outbox.add(list(notices.reminders(history, world, [name], now)), now)
        directory = self._directory()
        self._mend(directory)
        try:
            sent = self._send(directory)
        finally:
            self.way.rest()
        return Round(tuple(sent), (*recorded, *self.settle()))

    def settle(self) -> list[Answer]:
        """Queue what the log tells, leave out what holds no more, and record; send nothing.

        The silence clock does so before it looks, so that it approves nothing of which somebody
        was to be told and was not. Where letters reach nobody, nothing is recorded of them.
        """
        now = self._clock().at
        for organisation in self._log.organisations():
            self._telling.follow(self._log.history(organisation), now)
        if not self.way.reaches:
            return []
        self._outbox.recall(now)
        for one, outcome in self._needless(now):
            self._outbox.settle(one.notice.key, outcome, now, before=one.state)
        return [answer for one in self._outbox.batches() for answer in self._record(one)]

    def _needless(self, now: datetime) -> list[tuple[Queued, Outcome]]:
        """Notices that may not leave any more and are not under way, with what becomes of them."""
        places: dict[tuple[str, str], Present] = {}
        found = []
        for one in self._outbox.waiting():
            place = (one.notice.organisation, one.notice.window)
            try:
                if place not in places:
                    places[place] = self._present(one.notice)
            except Unreadable:  # such a window is not approved by silence either
                continue
            under_way = one.state == "being sent" and now < one.next_at + UNDER_WAY
            fate = None if under_way else overtaken.fate(one.notice, places[place], now)
            if fate is not None:
                found.append((one, replace(fate, answer=one.answer)))
        return found

    def bounced(self, key: str, reason: str, *, by: Actor) -> Answer | None:
        """Note that an accepted letter came back; recorded as a failure where it told a seat.

        Raises Refused for a letter that this outbox did not send.
        """
        insist("empty", reason, "a bounce needs its reason")
        for one in self._outbox.batches():
            self._record(one)
        found = self._outbox.find(key)
        sent = found is not None and found.state in {"accepted", "bounced"}
        insist("known", sent, f"no letter {key} was sent from here and accepted")
        assert found is not None  # noqa: S101 (told to the type checker)
        bounced = Outcome(state="bounced", reason=reason)
        self._outbox.settle(key, bounced, self._clock().at, before="accepted")
        notice = found.notice
        if notice.office or notice.about in UNRECORDED:
            return None
        command = RecordNotices(
            window=notice.window,
            seats=(notice.to,),
            result="failed",
            reason=reason,
            about=notice.about,
            via=found.via,
        )
        return self._do(notice.organisation, command, f"bounced:{key}", by)

    def parked(self, organisation: str) -> dict[str, Parked]:
        """The windows of an organisation whose notices cannot be told, by their ids."""
        found = self._outbox.parked(organisation)
        return {stream.partition("/")[2]: one for stream, one in found.items()}

    def _present(self, notice: Notice) -> Present:
        """The window of a notice as the record has it now."""
        world = self._handling.world(self._log.history(notice.organisation))
        return Present.of(notice.window, world)

    def _mend(self, directory: Directory) -> None:
        """Let letters wait again that had no address, once the directory has one for them."""
        if directory == self._mended:
            return
        for one in self._outbox.without(notices.NO_ADDRESS):
            now, notice = self._clock().at, one.notice
            try:
                present = self._present(notice)
            except Unreadable:
                continue
            found = directory.of(notice.organisation, present.window.body, notice.to)
            if found.addresses and overtaken.fate(notice, present, now) is None:
                self._outbox.revive(notice.key, now)
        self._mended = directory

    def _send(self, directory: Directory) -> list[tuple[Notice, Outcome]]:
        """Send what is due and still holds; when the server cannot be reached, the rest waits."""
        done: list[tuple[Notice, Outcome]] = []
        for one in self._outbox.due(self._clock().at, AT_ONCE):
            now = self._clock().at
            try:
                fate = overtaken.fate(one.notice, self._present(one.notice), now)
            except Unreadable:  # what cannot be read cannot be told; it waits for the repair
                self._put_off(one, now)
                continue
            if fate is not None and self.way.reaches:
                if self._outbox.settle(one.notice.key, fate, now, before=one.state):
                    done.append((one.notice, fate))
                continue
            if not self._outbox.claim(one.notice.key, now, self.way.via):
                continue
            outcome = self._try(one, directory)
            pause = timedelta()
            if outcome.state == "waiting":
                pause = min(FIRST_PAUSE * 2**one.attempts, LONGEST_PAUSE)
                if now + pause > one.queued_at + PATIENCE:
                    outcome = replace(outcome, state="given up")
            self._outbox.settle(one.notice.key, outcome, now + pause)
            done.append((one.notice, outcome))
            if outcome.reason == UNREACHABLE:
                break
            self._outbox.reached(now)
        return done

    def _put_off(self, one: Queued, now: datetime) -> None:
        """Let a letter wait that cannot be written, so that it keeps no other from being sent."""
        if self._outbox.claim(one.notice.key, now, self.way.via):
            waits = Outcome(state="waiting", reason=NOT_READ)
            self._outbox.settle(one.notice.key, waits, now + LONGEST_PAUSE)

    def _try(self, one: Queued, directory: Directory) -> Outcome:
        notice = one.notice
        matter = matters.matter(
            self._log.history(notice.organisation), self._handling.world, notice
        )
        entry = directory.of(notice.organisation, matter.body.id, notice.to)
        if not entry.addresses and self.way.reaches:
            return Outcome(state="given up", reason=notices.NO_ADDRESS)
        receipt = self._telling.receipt(matter.event) if notice.about == RECEIPT else b""
        if receipt is None:
            return Outcome(state="given up", reason=UNSIGNED)
        subject, text = self._writer.write(matter, entry.language)
        office = directory.of(notice.organisation, matter.body.id, SECRETARIAT)
        return self.way.send(
            Letter(
                key=notice.key,
                to=entry.addresses,
                subject=subject,
                text=text,
                language=entry.language,
                at=one.queued_at,
                reply_to=office.addresses,
                attached={f"receipt-{notice.position}.txt": receipt.decode()} if receipt else {},
            )
        )

    def _record(self, batch: Batch) -> list[Answer]:
        """Record a batch; what the record refuses is not tried again, unless the clock is off."""
        command = RecordNotices(
            window=batch.window,
            seats=batch.seats,
            result="delivered" if batch.state == "accepted" else "failed",
            reason=batch.reason,
            about=batch.about,
            via=batch.via,
        )
        answers = []
        try:
            answers.append(self._do(batch.organisation, command, f"notices:{batch.id}", SERVICE))
        except Unreadable:
            return []
        except Refused as refused:
            if refused.rule == "one-clock":
                return []
        self._outbox.recorded(batch.id)
        return answers

    def _do(self, organisation: str, command: RecordNotices, name: str, by: Actor) -> Answer:
        moment = self._clock()
        order = Order(
            command=command,
            command_id=name,
            actor=by,
            at=moment.at,
            received_at=moment.at,
            offset_ms=moment.offset_ms,
        )
        return self._handling.do(organisation, order)
