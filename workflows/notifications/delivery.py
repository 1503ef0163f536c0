"""The notice service: reads the log, queues notices, sends them, records what became of them.

No transaction is open while a letter is under way. After a crash between the server's acceptance
and our noting it, the letter is sent again under the same Message-ID: SMTP can promise no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct, structs

from domain.actors import Actor, Role
from domain.canonical import canonical_json, digest
from domain.messages import UNDER_WAY, RecordedEvent
from domain.notices import RECEIPT, UNREACHABLE, UNRECORDED, Notice
from domain.ports.address_book import SECRETARIAT, Directory
from domain.ports.clock import Moment
from domain.ports.errors import ParkedStream, Unreadable
from domain.ports.event_store import EventLog
from domain.ports.mail import Letter, MailTransport
from domain.ports.outbox import DeliveryOutcome, NoticeBatch, Outbox, QueuedNotice
from domain.rules import Refused, require
from domain.silence.commands import RecordNotices
from domain.silence.events import NoticesRepeated
from domain.streams import Stream, StreamKind
from workflows.commands.handler import CommandHandler, CommandResult
from workflows.commands.orders import order_of_program
from workflows.notifications import content, policy, staleness
from workflows.notifications.content import LetterWriter
from workflows.notifications.enqueue import NotificationEnqueuer
from workflows.notifications.staleness import CurrentWindow
from workflows.projections.parking import Alarm

SERVICE: Final = Actor(role=Role.NOTICES)
AT_ONCE: Final = 20
"""How many letters are sent in one round, so that what became of them is recorded soon."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
ABANDON_AFTER: Final = timedelta(days=1)
"""After how long a letter that no server takes is given up."""
UNSIGNED: Final = "its receipt could not be signed"
NOT_READ: Final = "what it would tell cannot be read"


class DeliveryRound(Struct, frozen=True):
    """What one round did: what became of letters, and what was recorded of them."""

    sent: tuple[tuple[Notice, DeliveryOutcome], ...] = ()
    recorded: tuple[CommandResult, ...] = ()


class NotificationDelivery:
    """Sends the notices of all organisations of one log.

    `receipts` gives the receipt of a response by organisation and position, or None; its third
    value says whether the seats that are named in the response are its senders. `mark` gives
    what the record calls an address.
    """

    def __init__(
        self,
        log: EventLog,
        handling: CommandHandler,
        outbox: Outbox,
        way: MailTransport,
        *,
        writer: LetterWriter,
        directory: Callable[[], Directory],
        clock: Callable[[], Moment],
        receipts: Callable[[str, int, bool], bytes | None],
        mark: Callable[[str], str],
        alarm: Alarm,
    ) -> None:
        self._mark = mark
        self._log, self._handling, self._outbox = log, handling, outbox
        self.way, self._writer, self._directory = way, writer, directory
        self._clock = clock
        self._mended, self._rests = Directory(), datetime.min.replace(tzinfo=UTC)
        self._telling = NotificationEnqueuer(handling, outbox, receipts, alarm)

    def run_round(self, windows: Callable[[str], Iterable[str]]) -> DeliveryRound:
        """Queue, send at most AT_ONCE letters, and record what became of them.

        `windows` names the windows of an organisation whose clock may run. Raises Unavailable
        when the store cannot be read or written; then the next round goes on.
        """
        recorded = self.record_pending()
        for organisation in self._log.organisations():
            history, now = self._log.history(organisation), self._clock().at
            world = self._handling.decision_context(history)
            for name in windows(organisation):
                with suppress(Unreadable):  # nothing is due of it before it is repaired
                    self._outbox.add(list(policy.due_reminders(history, world, [name], now)), now)
        directory = self._directory()
        self._mend(directory)
        try:
            sent = self._send(directory)
        finally:
            self.way.close()
        return DeliveryRound(tuple(sent), (*recorded, *self.record_pending()))

    def record_pending(self) -> list[CommandResult]:
        """Queue what the log tells, leave out what holds no more, and record; send nothing.

        The silence clock does so before it looks, so that it approves nothing of which somebody
        was to be told and was not. Where letters reach nobody, nothing is recorded of them.
        """
        now = self._clock().at
        for organisation in self._log.organisations():
            self._telling.enqueue_new(self._log.history(organisation), now)
        if not self.way.delivers:
            return []
        self._outbox.requeue_printed(now)
        for one, outcome in self._needless(now):
            self._outbox.finish_attempt(one.notice.key, outcome, now, before=one.state)
        return [answer for one in self._outbox.unrecorded_batches() for answer in self._record(one)]

    def _needless(self, now: datetime) -> list[tuple[QueuedNotice, DeliveryOutcome]]:
        """Notices that may not leave any more and are not under way, with what becomes of them."""
        places: dict[tuple[str, str], CurrentWindow] = {}
        found = []
        for one in self._outbox.unsent():
            place = (one.notice.organisation, one.notice.window)
            try:
                if place not in places:
                    places[place] = self._present(one.notice)
            except Unreadable:  # such a window is not approved by silence either
                continue
            under_way = one.state == "being sent" and now < one.next_at + UNDER_WAY
            fate = None if under_way else staleness.obsolete_outcome(one.notice, places[place], now)
            if fate is not None:
                found.append((one, structs.replace(fate, answer=one.answer)))
        return found

    def record_bounce(
        self, key: str, reason: str, *, by: Actor, address: str = ""
    ) -> CommandResult | None:
        """Note that an accepted letter came back; recorded where it told a seat.

        It is a failure once no address is left that took it, nor a later letter about the same.
        `address` says from which it came back, where there are several. The same said again is
        recorded once. Raises Refused for a letter that this outbox did not send there.
        """
        require("empty", reason.strip(), "a bounce needs its reason")
        for one in self._outbox.unrecorded_batches():
            self._record(one)
        found = self._outbox.find(key)
        sent = found is not None and found.state in {"accepted", "bounced"}
        require("known", sent, f"no letter {key} was sent from here and accepted")
        assert found is not None  # noqa: S101 (told to the type checker)
        handed = self._outbox.accepting_addresses(key)
        where = _place(handed, address)
        left = [one for one, state in handed.items() if state == "taken" and one != where]
        notice, answer = found.notice, None
        if not (notice.office or notice.about in UNRECORDED):
            told = left or self._outbox.accepted_later(notice)
            command = RecordNotices(
                window=notice.window,
                seats=(notice.to,),
                result="bounced" if told else "failed",
                reason=reason,
                about=notice.about,
                via=found.via,
                address=where and self._mark(where),
                event=self._version(notice.organisation, notice.window, notice.occasion),
            )
            which = digest(canonical_json([where, reason]))[:16]
            answer = self._do(notice.organisation, command, f"bounced:{key}:{which}", by)
        self._outbox.record_bounce(key, where)
        if not left:
            back = DeliveryOutcome(state="bounced", reason=reason)
            self._outbox.finish_attempt(key, back, self._clock().at, before="accepted")
        return answer

    def parked_windows(self, organisation: str) -> dict[str, ParkedStream]:
        """The windows of an organisation whose notices cannot be told, by their ids."""
        found = self._outbox.parked_streams(organisation)
        return {stream.partition("/")[2]: one for stream, one in found.items()}

    def _present(self, notice: Notice) -> CurrentWindow:
        """The window of a notice as the record has it now."""
        world = self._handling.decision_context(self._log.history(notice.organisation))
        return CurrentWindow.from_record(notice.window, world)

    def _mend(self, directory: Directory) -> None:
        """Let letters wait again that had no address, once the directory has one for them."""
        if directory == self._mended:
            return
        for one in self._outbox.abandoned_for(policy.NO_ADDRESS):
            now, notice = self._clock().at, one.notice
            try:
                present = self._present(notice)
            except Unreadable:
                continue
            found = directory.entry_of(notice.organisation, present.window.body, notice.to)
            if found.addresses and staleness.obsolete_outcome(notice, present, now) is None:
                self._outbox.requeue(notice.key, now)
        self._mended = directory

    def _send(self, directory: Directory) -> list[tuple[Notice, DeliveryOutcome]]:
        """Send what is due and still holds; when the server cannot be reached, the rest waits."""
        done: list[tuple[Notice, DeliveryOutcome]] = []
        if self._clock().at < self._rests:
            return done
        for one in self._outbox.due(self._clock().at, AT_ONCE):
            now = self._clock().at
            try:
                fate = staleness.obsolete_outcome(one.notice, self._present(one.notice), now)
            except Unreadable:  # what cannot be read cannot be told; it waits for the repair
                self._put_off(one, now)
                continue
            if fate is not None and self.way.delivers:
                if self._outbox.finish_attempt(one.notice.key, fate, now, before=one.state):
                    done.append((one.notice, fate))
                continue
            if not self._outbox.claim(one.notice.key, now, self.way.via):
                continue
            outcome = self._try(one, directory)
            pause = timedelta()
            if outcome.state == "waiting":
                pause = _pause(outcome, one.attempts)
                if now + pause > one.queued_at + ABANDON_AFTER:
                    outcome = structs.replace(outcome, state="given up")
            self._outbox.finish_attempt(one.notice.key, outcome, now + pause)
            done.append((one.notice, outcome))
            if outcome.reason == UNREACHABLE:
                self._rests = now + FIRST_PAUSE
                break
            self._outbox.retry_unreachable(now)
        return done

    def _put_off(self, one: QueuedNotice, now: datetime) -> None:
        """Let a letter wait that cannot be written, so that it keeps no other from being sent."""
        if self._outbox.claim(one.notice.key, now, self.way.via):
            waits = DeliveryOutcome(state="waiting", reason=NOT_READ)
            self._outbox.finish_attempt(one.notice.key, waits, now + LONGEST_PAUSE)

    def _try(self, one: QueuedNotice, directory: Directory) -> DeliveryOutcome:
        notice = one.notice
        matter = content.letter_content(
            self._log.history(notice.organisation), self._handling.decision_context, notice
        )
        entry = directory.entry_of(notice.organisation, matter.body.id, notice.to)
        addresses = self._meant(notice, entry.addresses)
        if not addresses and self.way.delivers:
            return DeliveryOutcome(state="given up", reason=policy.NO_ADDRESS)
        receipt = self._telling.receipt(matter.event) if notice.about == RECEIPT else b""
        if receipt is None:
            return DeliveryOutcome(state="given up", reason=UNSIGNED)
        subject, text = self._writer.write(matter, entry.language)
        office = directory.entry_of(notice.organisation, matter.body.id, SECRETARIAT)
        return self.way.send(
            Letter(
                key=notice.key,
                to=addresses,
                subject=subject,
                text=text,
                language=entry.language,
                at=one.queued_at,
                reply_to=office.addresses,
                attached={f"receipt-{notice.position}.txt": receipt.decode()} if receipt else {},
            )
        )

    def _meant(self, notice: Notice, addresses: Sequence[str]) -> Sequence[str]:
        """The addresses that a letter goes to: all, unless only some were meant to get it again."""
        history = self._log.history(notice.organisation)
        marks = {
            mark
            for one in history.events_of(Stream(StreamKind.WINDOW, notice.window))
            if str(one.position) == notice.occasion and isinstance(one.fact, NoticesRepeated)
            for mark in one.fact.addresses
        }
        return [one for one in addresses if not marks or self._mark(one) in marks]

    def _record(self, batch: NoticeBatch) -> list[CommandResult]:
        """Record a batch; what the record refuses is not tried again, unless the clock is off."""
        answers = []
        try:
            command = RecordNotices(
                window=batch.window,
                seats=batch.seats,
                result="delivered" if batch.state == "accepted" else "failed",
                reason=batch.reason,
                about=batch.about,
                via=batch.via,
                event=self._version(batch.organisation, batch.window, batch.occasion),
            )
            answers.append(self._do(batch.organisation, command, f"notices:{batch.id}", SERVICE))
        except Unreadable:
            return []
        except Refused as refused:
            if refused.rule == "one-clock":
                return []
        self._outbox.mark_recorded(batch.id)
        return answers

    def _version(self, organisation: str, window: str, occasion: str) -> int | None:
        """The version of the event that a notice tells, or of the deadline that it reminds of."""
        events = self._log.history(organisation).events_of(Stream(StreamKind.WINDOW, window))
        found = [one.version for one in events if occasion in _occasions(one)]
        return found[-1] if found else None

    def _do(self, organisation: str, command: RecordNotices, name: str, by: Actor) -> CommandResult:
        now = self._clock()
        order = order_of_program(command, name, by, now.at, now.offset_ms)
        return self._handling.handle(organisation, order)


def _pause(outcome: DeliveryOutcome, attempts: int) -> timedelta:
    """How long a letter waits for its next try.

    A server that cannot be reached is no fault of the letter: it is tried again soon, by one
    letter, so that all leave as soon as it is there.
    """
    if outcome.reason == UNREACHABLE:
        return FIRST_PAUSE
    return min(FIRST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)


def _occasions(one: RecordedEvent) -> tuple[str, ...]:
    """What a notice of this event calls it: by its position, or the deadline that it sets."""
    closes = one.fact.closes if isinstance(one.fact, policy.DEADLINES) else ""
    return str(one.position), str(closes)


def _place(handed: Mapping[str, str], address: str) -> str:
    """The address that a letter came back from; empty where it is not known at which it was."""
    named = [one for one in handed if one.casefold() == address.casefold()]
    require("known", named or not address, f"the letter was not accepted for {address}")
    told = named or list(handed)
    several = f"it was accepted for {len(told)} addresses: say from which it came back"
    require("known", len(told) <= 1, several)
    return told[0] if told else ""
