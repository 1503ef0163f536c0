"""Delivery of notices: rounds that queue them, send some, and record what became of them.

No transaction is open while a letter is under way. After a crash between the server's acceptance
and our noting it, the letter is sent again under the same Message-ID: SMTP can promise no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct, structs

from domain.actors import Actor
from domain.delivery_retry import FIRST_PAUSE, LONGEST_PAUSE, after_attempt
from domain.messages import UNDER_WAY
from domain.notices import DEFECT, NO_ADDRESS, UNREACHABLE, Notice
from domain.ports.address_book import Directory
from domain.ports.clock import Moment
from domain.ports.errors import ParkedStream, Unavailable, Unreadable, VersionConflict
from domain.ports.event_store import EventLog
from domain.ports.mail import Letter, MailTransport
from domain.ports.outbox import DeliveryOutcome, Outbox, QueuedNotice
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.notifications import staleness
from workflows.notifications.content import LetterWriter
from workflows.notifications.enqueue import NotificationEnqueuer, Receipts
from workflows.notifications.letter_maker import LetterMaker
from workflows.notifications.outbox_start import OpenWindows, OutboxStart
from workflows.notifications.outcome_recorder import OutcomeRecorder
from workflows.notifications.reminders import due_reminders
from workflows.notifications.round_cache import NotifiedRecord
from workflows.notifications.staleness import CurrentWindow
from workflows.notifications.unsaved_outcomes import UnsavedOutcomes
from workflows.projections.parking import Alarm

AT_ONCE: Final = 20
"""How many letters are sent in one round, so that what became of them is recorded soon."""
NOT_READ: Final = "what it would tell cannot be read"


class DeliveryRound(Struct, frozen=True):
    """What one round did: what became of letters, and what was recorded of them."""

    sent: tuple[tuple[Notice, DeliveryOutcome], ...] = ()
    recorded: tuple[CommandResult, ...] = ()


class NotificationDelivery:
    """Sends the notices of all organisations of one log.

    `receipts` are those of responses. `mark` gives what the record calls an address. `windows` are
    those with which a new outbox begins. `reply_to` is where answers by mail are read.
    """

    def __init__(
        self,
        log: EventLog,
        handling: CommandHandler,
        outbox: Outbox,
        transport: MailTransport,
        *,
        writer: LetterWriter,
        directory: Callable[[], Directory],
        clock: Callable[[], Moment],
        receipts: Receipts,
        mark: Callable[[str], str],
        windows: OpenWindows,
        alarm: Alarm,
        reply_to: str = "",
    ) -> None:
        self._outbox, self.transport = outbox, transport
        self._directory, self._clock = directory, clock
        self._record = NotifiedRecord(log, handling.decision_context)
        self._enqueuer = NotificationEnqueuer(handling, outbox, receipts, alarm)
        self._start = OutboxStart(log, outbox, self._enqueuer, windows)
        self._letters = LetterMaker(
            self._record,
            writer,
            receipt=self._enqueuer.receipt,
            is_signed=receipts.is_signed,
            mark=mark,
            reply_to=reply_to,
        )
        self._recorder = OutcomeRecorder(
            self._record, handling, outbox, clock=self._moment, mark=mark
        )
        self._unsaved, self._alarm = UnsavedOutcomes(outbox), alarm
        self._known_directory, self._pauses_until = Directory(), datetime.min.replace(tzinfo=UTC)

    def run_round(self, windows: Callable[[str], Iterable[str]]) -> DeliveryRound:
        """Queue, send at most AT_ONCE letters, and record what became of them.

        A new outbox begins here: the silence clock never does this work, nor waits for it.

        `windows` names the windows of an organisation whose clock may run. Raises Unavailable
        when the store cannot be read or written; then the next round goes on.
        """
        self._record.forget()
        self.begin()
        recorded = self._record_pending()
        for organisation in self._record.organisations():
            if self._outbox.has_begun(organisation):
                self._add_reminders(organisation, windows(organisation))
        directory = self._directory()
        self._requeue_addressed(directory)
        try:
            sent = self._send(directory)
        finally:
            self.transport.close()
        return DeliveryRound(tuple(sent), (*recorded, *self._record_pending()))

    def begin(self) -> None:
        """Let a new outbox begin, as far as the rows allow it. Raises Unavailable."""
        self._start.run(self._clock().at)

    def record_pending(self) -> list[CommandResult]:
        """Queue what the log tells, leave out what holds no more, and record; send nothing.

        The silence clock does so before it looks, so that it approves nothing of which a seat
        was to be notified and was not. Of letters that are not delivered nothing is recorded.
        """
        self._record.forget()
        return self._record_pending()

    def prepare(self, organisation: str, windows: Sequence[str]) -> list[CommandResult]:
        """What `record_pending` does, for windows with whose organisation the outbox has not begun.

        So the silence clock finds of windows that are due who was to be notified, and need not wait
        until the outbox has begun. Nothing where it has.
        """
        if not windows or self._outbox.has_begun(organisation):
            return []
        now, history = self._clock().at, self._record.history(organisation)
        with suppress(VersionConflict):  # the outbox has begun meanwhile
            stands = self._outbox.position(organisation)
            self._enqueuer.enqueue_windows(history, windows, now, after=stands)
        return self._settle(now)

    def _record_pending(self) -> list[CommandResult]:
        now = self._clock().at
        self._unsaved.save_remembered(now)
        for organisation in self._record.organisations():
            self._enqueuer.enqueue_new(self._record.history(organisation), now)
        return self._settle(now)

    def _settle(self, now: datetime) -> list[CommandResult]:
        """Leave out what holds no more, and record; where letters are not delivered, nothing is."""
        if not self.transport.delivers:
            return []
        self._outbox.requeue_printed(now)
        for queued, outcome in self._needless(now):
            self._outbox.finish_attempt(queued.notice.key, outcome, now, before=queued.state)
        return self._recorder.record_batches()

    def record_bounce(
        self, key: str, reason: str, *, by: Actor, address: str = ""
    ) -> CommandResult | None:
        """Note that an accepted letter came back, see `OutcomeRecorder`. Raises Refused."""
        return self._recorder.record_bounce(key, reason, by=by, address=address)

    def parked_windows(self, organisation: str) -> dict[str, ParkedStream]:
        """The windows of an organisation whose notices cannot be made, by their ids."""
        found = self._outbox.parked_streams(organisation)
        return {stream.partition("/")[2]: parked for stream, parked in found.items()}

    def _add_reminders(self, organisation: str, windows: Iterable[str]) -> None:
        now, world = self._clock().at, self._record.present(organisation)
        history = self._record.history(organisation)
        for name in windows:
            with suppress(Unreadable):  # nothing is due of it before it is repaired
                self._outbox.add(list(due_reminders(history, world, [name], now)), now)

    def _needless(self, now: datetime) -> list[tuple[QueuedNotice, DeliveryOutcome]]:
        """Notices that may not leave any more and are not under way, with what becomes of them."""
        windows: dict[tuple[str, str], CurrentWindow] = {}
        found = []
        for queued in self._outbox.unsent():
            where = (queued.notice.organisation, queued.notice.window)
            try:
                if where not in windows:
                    windows[where] = self._present(queued.notice)
            except Unreadable:  # such a window is not approved by silence either
                continue
            if queued.state == "being sent" and now < queued.next_at + UNDER_WAY:
                continue
            outcome = staleness.obsolete_outcome(queued.notice, windows[where], now)
            if outcome is not None:
                found.append((queued, structs.replace(outcome, answer=queued.answer)))
        return found

    def _moment(self) -> Moment:
        return self._clock()

    def _present(self, notice: Notice) -> CurrentWindow:
        """The window of a notice as the record has it now."""
        world = self._record.present(notice.organisation)
        return CurrentWindow.from_record(notice.window, world)

    def _requeue_addressed(self, directory: Directory) -> None:
        """Let letters wait again that had no address, once the directory has one for them."""
        if directory == self._known_directory:
            return
        for queued in self._outbox.abandoned_for(NO_ADDRESS):
            now, notice = self._clock().at, queued.notice
            try:
                present = self._present(notice)
            except Unreadable:
                continue
            found = directory.entry_of(notice.organisation, present.window.body, notice.to)
            if found.addresses and staleness.obsolete_outcome(notice, present, now) is None:
                self._outbox.requeue(notice.key, now)
        self._known_directory = directory

    def _send(self, directory: Directory) -> list[tuple[Notice, DeliveryOutcome]]:
        """Send what is due and still holds; when the server cannot be reached, all others wait."""
        done: list[tuple[Notice, DeliveryOutcome]] = []
        if self._clock().at < self._pauses_until:
            return done
        for queued in self._outbox.due(self._clock().at, AT_ONCE):
            outcome = self._send_one(queued, directory)
            if outcome is not None:
                done.append((queued.notice, outcome))
                if outcome.reason == UNREACHABLE:
                    break
        return done

    def _send_one(self, queued: QueuedNotice, directory: Directory) -> DeliveryOutcome | None:
        """What became of one letter; None where it was left to another process or round."""
        now, key = self._clock().at, queued.notice.key
        try:
            obsolete = staleness.obsolete_outcome(queued.notice, self._present(queued.notice), now)
        except Unreadable:  # of what cannot be read no notice is made; it waits for the repair
            self._defer(queued, now)
            return None
        if obsolete is not None and self.transport.delivers:
            settled = self._outbox.finish_attempt(key, obsolete, now, before=queued.state)
            return obsolete if settled else None
        if not self._outbox.claim(key, now, self.transport.via):
            return None
        outcome, again = after_attempt(queued, self._try(queued, directory), now)
        self._unsaved.save(key, outcome, again, now)
        if outcome.reason == UNREACHABLE:
            self._pauses_until = now + FIRST_PAUSE
        else:
            self._outbox.retry_unreachable(now)
        return outcome

    def _defer(self, queued: QueuedNotice, now: datetime) -> None:
        """Let a letter wait that cannot be written, so that it keeps no other from being sent."""
        if self._outbox.claim(queued.notice.key, now, self.transport.via):
            waits = DeliveryOutcome(state="waiting", reason=NOT_READ)
            self._outbox.finish_attempt(queued.notice.key, waits, now + LONGEST_PAUSE)

    def _try(self, queued: QueuedNotice, directory: Directory) -> DeliveryOutcome:
        """Hand one letter over.

        One that a defect keeps from being written is given up with an alarm: it keeps no other
        from being sent, and its seats are recorded as not notified.
        """
        delivers = self.transport.delivers
        try:
            letter = self._letters.letter(queued, directory, delivers=delivers)
        except (Unavailable, VersionConflict, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 (one letter must not keep the others waiting)
            where = {"organisation": queued.notice.organisation, "window": queued.notice.window}
            self._alarm.error(
                "a letter is given up", about=queued.notice.about, **where, exc_info=error
            )
            return DeliveryOutcome(state="given up", reason=DEFECT)
        return self.transport.send(letter) if isinstance(letter, Letter) else letter
