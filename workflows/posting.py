"""The notice service: reads the log, queues notices, sends them, records what became of them.

No transaction is open while a letter is under way. After a crash between the server's acceptance
and our noting it, the letter is sent again under the same Message-ID: SMTP can promise no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.facts import UNDER_WAY, Actor, Kind, Order, Recorded, Role, Stream
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
from domain.ports import ChangedMeanwhile, History, Log, Parked, Unavailable, Unreadable
from domain.rules import Refused, insist
from domain.silence import Window
from domain.silence.commands import RecordNotices
from domain.silence.events import ResponseRefused
from domain.world import World
from workflows import legible, matters, notices
from workflows.following import PAGE
from workflows.handling import Answer, Handling
from workflows.legible import Page
from workflows.outgoing import Moment, Outbox, Way, Writer
from workflows.parking import Alarm, Patience, because, calm, cry
from workflows.replay import AsOf

SERVICE: Final = Actor(role=Role.NOTICES)
AT_ONCE: Final = 20
"""How many letters are sent in one round, so that what became of them is recorded soon."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
PATIENCE: Final = timedelta(days=1)
"""After how long a letter that no server takes is given up."""
NO_ADDRESS: Final = "no address in the directory"
UNSIGNED: Final = "its receipt could not be signed"
TOO_LATE: Final = "not sent before the deadline"
NOT_READ: Final = "what it would tell cannot be read"
AHEAD: Final = (
    "The outbox has read further than this log goes: it belongs to another copy of the store."
    " Take outbox.db away; what the record says was told is not told again."
)


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
        self._receipts, self._alarm = receipts, alarm
        self._again = Patience()

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
        try:
            sent = self._send()
        finally:
            self.way.rest()
        return Round(tuple(sent), (*recorded, *self.settle()))

    def settle(self) -> list[Answer]:
        """Queue what the log tells, give up what comes too late, and record; send nothing.

        The silence clock does so before it looks, so that it approves nothing of which somebody
        was to be told and was not. Where letters reach nobody, nothing is recorded of them.
        """
        now = self._clock().at
        for organisation in self._log.organisations():
            self._follow(self._log.history(organisation), now)
        if not self.way.reaches:
            return []
        for one in self._too_late(now):
            given_up = Outcome(state="given up", reason=TOO_LATE, answer=one.answer)
            self._outbox.settle(one.notice.key, given_up, now, before=one.state)
        return [answer for one in self._outbox.batches() for answer in self._record(one)]

    def _too_late(self, now: datetime) -> list[Queued]:
        """Notices that were to be sent before a deadline that is past, and are not under way."""
        windows: dict[tuple[str, str], Window] = {}
        late = []
        for one in self._outbox.waiting():
            place = (one.notice.organisation, one.notice.window)
            try:
                if place not in windows:
                    windows[place] = self._window(one.notice)
            except Unreadable:  # such a window is not approved by silence either
                continue
            under_way = one.state == "being sent" and now < one.next_at + UNDER_WAY
            if not under_way and notices.useless(one.notice, windows[place], now):
                late.append(one)
        return late

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

    def _follow(self, history: History, now: datetime) -> None:
        """Queue what the events since the last time tell. Raises Unavailable, see AHEAD."""
        name = history.organisation
        if self._outbox.position(name) > history.last_position():
            raise Unavailable(AHEAD)
        while page := legible.page(history, start := self._outbox.position(name), PAGE):
            known = self._outbox.parked(name)
            told, fresh = self._told(history, page, known)
            with suppress(ChangedMeanwhile):  # another process was faster: read on from there
                self._outbox.queue(name, told, now, after=start, position=page.end, parked=fresh)
                for one in fresh:
                    cry(self._alarm, "notices", one)
        self._try_again(history, now)

    def _told(
        self, history: History, page: Page, known: Mapping[str, Parked]
    ) -> tuple[list[Notice], list[Parked]]:
        """What the events of a page tell, and the streams that have to be parked at it.

        Of a parked stream nothing is told before it can be told in order.
        """
        letters, fresh, world = list[Notice](), dict[str, Parked](), self._handling.world(history)
        began = self._outbox.began(history.organisation)
        before = self._handling.world(AsOf(history, began))
        for one in page.events:
            stream = str(one.stream)
            if stream not in known and stream not in fresh:
                try:
                    letters += self._of_event(one, world, before if one.position <= began else None)
                except Exception as error:  # noqa: BLE001 (one window must not silence all others)
                    fresh[stream] = _parked(one, because(error))
        if page.broken and page.broken.stream not in {*known, *fresh} and _is_window(page.broken):
            broken = page.broken
            fresh[broken.stream] = Parked(
                organisation=history.organisation,
                stream=broken.stream,
                position=broken.position,
                because=str(broken),
            )
        return letters, list(fresh.values())

    def _of_event(self, one: Recorded, world: World, before: World | None) -> list[Notice]:
        return list(notices.told_by(one, world, before, receipts=self._has(one)))

    def _try_again(self, history: History, now: datetime) -> None:
        """Tell what parked streams have to tell, if that is possible by now."""
        name = history.organisation
        known = self._outbox.parked(name)
        if not known:
            self._again.forget(name)
        elif self._again.due(name):
            for one in known.values():
                self._mend(history, one, now)

    def _mend(self, history: History, parked: Parked, now: datetime) -> None:
        """Tell what a parked stream has to tell, or leave it parked."""
        stands = self._outbox.position(history.organisation)
        try:
            events = [
                one
                for one in history.of(Stream.parse(parked.stream))
                if parked.position <= one.position <= stands
            ]
            told, fresh = self._told(history, Page(events), {})
        except Exception as error:  # noqa: BLE001 (as when it was parked)
            because(error)
            return
        if not fresh:
            with suppress(ChangedMeanwhile):  # there are later events: it is tried again
                self._outbox.mend(parked, told, now, after=stands)
                calm(self._alarm, "notices", parked)

    def parked(self, organisation: str) -> dict[str, Parked]:
        """The windows of an organisation whose notices cannot be told, by their ids."""
        found = self._outbox.parked(organisation)
        return {stream.partition("/")[2]: one for stream, one in found.items()}

    def _has(self, one: Recorded) -> bool:
        """Whether there is a receipt for this event."""
        return isinstance(one.fact, notices.RESPONSES) and self._receipt(one) is not None

    def _receipt(self, one: Recorded) -> bytes | None:
        """The receipt of a response. One that was refused may name seats that never sent it."""
        sent = not isinstance(one.fact, ResponseRefused)
        return self._receipts(one.organisation, one.position, sent)

    def _window(self, notice: Notice) -> Window:
        world = self._handling.world(self._log.history(notice.organisation))
        return world.window(notice.window)

    def _send(self) -> list[tuple[Notice, Outcome]]:
        """Send what is due; when the server cannot be reached, the rest waits."""
        done: list[tuple[Notice, Outcome]] = []
        directory = self._directory()
        for one in self._outbox.due(self._clock().at, AT_ONCE):
            now = self._clock().at
            try:
                useless = notices.useless(one.notice, self._window(one.notice), now)
            except Unreadable:  # what cannot be read cannot be told; it waits for the repair
                self._put_off(one, now)
                continue
            late = self.way.reaches and useless
            if late or not self._outbox.claim(one.notice.key, now, self.way.via):
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
            return Outcome(state="given up", reason=NO_ADDRESS)
        receipt = self._receipt(matter.event) if notice.about == RECEIPT else b""
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


def _parked(one: Recorded, reason: str) -> Parked:
    """The stream of an event that could not be told, parked there."""
    return Parked(
        organisation=one.organisation,
        stream=str(one.stream),
        position=one.position,
        because=reason,
    )


def _is_window(error: Unreadable) -> bool:
    """Whether an event that cannot be read may have had something to tell."""
    return error.stream.startswith(f"{Kind.WINDOW}/")
