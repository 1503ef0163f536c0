"""Orders that wait for one organisation's record, and are served together in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Final

from domain.canonical import digest
from domain.decision_context import CanLogIn, DecisionContext, anybody
from domain.lent_states import LentStates
from domain.messages import Order, RecordedEvent
from domain.ports.errors import Unavailable, Unreadable, VersionConflict
from domain.ports.event_store import AppendableHistory, EncodedAppend, EventStore, StreamReader
from domain.ports.rule_packs import RulePackRepository
from domain.rules import Refused
from domain.state_cache import CachedState, StagedStates, StateCache
from domain.streams import Stream
from workflows.commands.command_result import CommandResult
from workflows.commands.event_builder import events_of_order

MOST_PER_TRANSACTION: Final = 64
"""How many orders share one transaction at most."""
POLL_SECONDS: Final = 1.0
"""Seconds after which who waits looks for itself, as who served may have been broken off."""
INTERRUPTED: Final = "it was broken off before it was known what became of it; send it again"


@dataclass(eq=False)
class PendingCommand:
    """An order with the hash of its command and the papers that it cites; and what came of it."""

    order: Order
    command_hash: str
    files: Mapping[str, bytes]
    prepared: EncodedAppend | None = None
    error: Exception | None = None
    answer: CommandResult | None = None
    is_done: bool = False
    """Whether it was served; then its answer, or what was the matter, is there."""
    _asleep: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._asleep.acquire()

    def wait(self) -> None:
        """Until woken, and at most a while; who was woken before does not fall asleep."""
        self._asleep.acquire(timeout=POLL_SECONDS)

    def notify(self) -> None:
        """Let its thread look again: it was served, or the turn is free."""
        try:
            self._asleep.release()
        except RuntimeError:  # awake already
            return

    def replay_answer(self, done: Sequence[RecordedEvent]) -> None:
        """Answer as the same command was answered before; another one is refused."""
        because = f"command id {self.order.command_id} was used before, for another command"
        same = done[0].command_hash == self.command_hash
        self.prepared, self.answer = None, CommandResult(tuple(done), repeated=True)
        self.error = None if same else Refused("command-id-once", because)

    def result(self) -> CommandResult:
        """What came of it. Raises what was the matter."""
        if self.error:
            raise self.error
        if self.answer is None:
            raise Unavailable(INTERRUPTED)
        return self.answer


class UncommittedHistory:
    """A history as it will be once what is decided already has been appended."""

    def __init__(self, history: StreamReader) -> None:
        self._history = history
        self._added: list[EncodedAppend] = []

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        added = [
            event for append in self._added for event in append.events if event.stream == stream
        ]
        return [*self._history.events_of(stream), *added]

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when neither holds them."""
        for append in self._added:
            if digest in append.contents:
                return append.contents[digest]
        return self._history.content(digest)

    def add(self, prepared: EncodedAppend) -> None:
        """Count in what will be appended."""
        self._added.append(prepared)


class CommandQueue:
    """Those who wait for one organisation, and what is remembered of its record.

    The thread that gets the turn serves all that wait by then, in order of arrival, in one
    transaction; none waits for others to come. All are answered after the commit, or fail with
    it. Who was served by another need not take the turn, so that it can order again and share a
    commit.
    `served` is called with how many shared each transaction; `can_log_in` is looked up while a
    decision is taken, so that it is as new as the states on which that rests.
    """

    def __init__(
        self,
        journal: EventStore,
        packs: RulePackRepository,
        tzdata: str,
        served: Callable[[int], object] = lambda _: None,
        can_log_in: CanLogIn = anybody,
    ) -> None:
        self._served, self._can_log_in = served, can_log_in
        self._journal, self._packs, self._tzdata = journal, packs, tzdata
        self._waiting: deque[PendingCommand] = deque()
        self._lock = Lock()
        self._memory = StateCache()

    @property
    def length(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def lend(self) -> LentStates | None:
        """What is remembered, for those who read now; None where the log has gone on from there.

        One look at the end of the log tells: what another process has recorded by now is never
        missed. Nothing is lent before the first order, nor by an empty log.
        """
        memory = self._memory
        head, last = memory.head, self._journal.last_position()
        if head is None or head.position != last or not last:
            return None
        return LentStates(memory, partial(self._remember, last))

    def _remember(self, position: int, stream: Stream, read: CachedState) -> None:
        """Remember what a reader has read since the log ended at this position, if it still does.

        Where somebody has the turn it is left, so that no reader waits for those who order.
        """
        if self._lock.acquire(blocking=False):
            try:
                head = self._memory.head
                if head and head.position == position == self._journal.last_position():
                    self._memory.keep(stream, read)
            finally:
                self._lock.release()
                self._wake_next()

    def submit(self, order: Order, command_hash: str, files: Mapping[str, bytes]) -> CommandResult:
        """Wait, and carry an order out. Raises Refused, TooLarge, Unavailable."""
        entry = PendingCommand(order, command_hash, files)
        self._waiting.append(entry)
        try:
            while not entry.is_done:
                if self._lock.acquire(blocking=False):
                    self._take_turn(entry)
                    break
                entry.wait()
        except BaseException:
            with suppress(ValueError):  # it is not carried out after its caller has gone
                self._waiting.remove(entry)
            self._wake_next()
            raise
        return entry.result()

    def _take_turn(self, entry: PendingCommand) -> None:
        """Serve until this order is over, then leave the turn to the first who still waits."""
        try:
            while entry in self._waiting:
                self._serve()
        finally:
            self._lock.release()
            self._wake_next()

    def _wake_next(self) -> None:
        if self._waiting:
            with suppress(IndexError):  # it was served meanwhile
                self._waiting[0].notify()

    def _serve(self) -> None:
        """Serve those who wait; where their transaction fails, all of them fail."""
        group: list[PendingCommand] = []
        try:
            self._call(group)
            if not self._ahead(group):
                self._in_turn(group)
        except BaseException as error:
            self._memory = StateCache()
            for entry in group:
                entry.error = Unavailable(str(error) or INTERRUPTED)
            if not isinstance(error, Unavailable | VersionConflict):
                raise
        finally:
            self._served(len(group))
            for entry in group:
                made = entry.prepared.events if entry.prepared else ()
                entry.answer, entry.is_done = entry.answer or CommandResult(tuple(made)), True
                entry.notify()

    def _call(self, group: list[PendingCommand]) -> None:
        """Call up the next in order of arrival; what is said twice waits for the first time."""
        ids: set[str] = set()
        while self._waiting and len(group) < MOST_PER_TRANSACTION:
            if self._waiting[0].order.command_id in ids:
                break
            group.append(self._waiting.popleft())
            ids.add(group[-1].order.command_id)

    def _ahead(self, group: Sequence[PendingCommand]) -> bool:
        """Decide by what is remembered, and append if the log still ends there.

        Otherwise False: then nothing happened, and nothing of it is remembered.
        """
        if self._memory.head is None:
            return False
        position = self._memory.head.position
        history, staged = UncommittedHistory(self._journal), StagedStates(self._memory)
        for entry in group:
            self._decide(entry, history, staged)
        for entry in group:
            if entry.error and self._journal.events_of_command(entry.order.command_id):
                return False
        prepared = [entry.prepared for entry in group if entry.prepared]
        try:
            self._journal.append_after(position, prepared)
        except VersionConflict:
            return False
        staged.commit()
        return True

    def _in_turn(self, group: Sequence[PendingCommand]) -> None:
        """Decide while no one else can append, so that no order loses a race twice."""
        with self._journal.append_transaction() as transaction:
            self._memory.catch_up(transaction)
            staged = StagedStates(self._memory)
            for entry in group:
                if done := transaction.events_of_command(entry.order.command_id):
                    entry.replay_answer(done)
                else:
                    self._decide(entry, transaction, staged)
                unreadable = isinstance(
                    entry.error, Unreadable
                )  # its own misfortune, like a refusal
                if isinstance(entry.error, Unavailable) and not unreadable:
                    raise entry.error
        staged.commit()

    def _decide(
        self, entry: PendingCommand, history: AppendableHistory, staged: StagedStates
    ) -> None:
        """Decide on an order, and let those after it see what it causes."""
        entry.prepared = entry.error = None
        world = DecisionContext(history, self._packs, self._tzdata, staged, self._can_log_in)
        try:
            events, made = events_of_order(
                entry.order, world, entry.command_hash, self._journal.organisation
            )
            contents = {digest(content): content for content in made}
            entry.prepared = self._journal.encode(events, {**contents, **entry.files}, staged.head)
        except Exception as error:  # noqa: BLE001  (whatever is the matter with it is its own)
            entry.error = error
            return
        history.add(entry.prepared)
        staged.apply(entry.prepared.events)
        for name, content in contents.items():
            staged.stage_content(name, content)
