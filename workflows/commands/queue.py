"""Orders that wait for one organisation's record, and are served together in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from msgspec import Struct

from domain.canonical import digest
from domain.decide import decide
from domain.decision_context import World
from domain.messages import Order, Recorded
from domain.ports.errors import ChangedMeanwhile, Unavailable, Unreadable
from domain.ports.event_store import Growing, Journal, Prepared, Sight
from domain.ports.rule_packs import Packs
from domain.rules import Refused
from domain.state_cache import Memory, Outlook
from domain.streams import Stream
from workflows.commands.recording import sealed

TOGETHER: Final = 64
"""How many orders share one transaction at most."""
LOOKS: Final = 1.0
"""Seconds after which who waits looks for itself, as who served may have been broken off."""
BROKEN_OFF: Final = "it was broken off before it was known what became of it; send it again"


class Answer(Struct, frozen=True):
    """What a command caused; `repeated` when it had been done before under the same id."""

    events: tuple[Recorded, ...]
    repeated: bool = False


@dataclass(eq=False)
class Waiting:
    """An order with the hash of its command and the papers that it cites; and what came of it."""

    order: Order
    asked: str
    files: Mapping[str, bytes]
    prepared: Prepared | None = None
    error: Exception | None = None
    answer: Answer | None = None
    over: bool = False
    """Whether it was served; then its answer, or what was the matter, is there."""
    _asleep: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._asleep.acquire()

    def sleep(self) -> None:
        """Until woken, and at most a while; who was woken before does not fall asleep."""
        self._asleep.acquire(timeout=LOOKS)

    def wake(self) -> None:
        """Let its thread look again: it was served, or the turn is free."""
        with suppress(RuntimeError):  # awake already
            self._asleep.release()

    def say_again(self, done: Sequence[Recorded]) -> None:
        """Answer as the same command was answered before; another one is refused."""
        because = f"command id {self.order.command_id} was used before, for another command"
        same = done[0].command_hash == self.asked
        self.prepared, self.answer = None, Answer(tuple(done), repeated=True)
        self.error = None if same else Refused("command-id-once", because)

    def result(self) -> Answer:
        """What came of it. Raises what was the matter."""
        if self.error:
            raise self.error
        if self.answer is None:
            raise Unavailable(BROKEN_OFF)
        return self.answer


class Ahead:
    """A history as it will be once what is decided already has been appended."""

    def __init__(self, history: Sight) -> None:
        self._history = history
        self._added: list[Prepared] = []

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        added = [event for one in self._added for event in one.events if event.stream == stream]
        return [*self._history.of(stream), *added]

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when neither holds them."""
        for one in self._added:
            if digest in one.contents:
                return one.contents[digest]
        return self._history.content(digest)

    def add(self, prepared: Prepared) -> None:
        """Count in what will be appended."""
        self._added.append(prepared)


class Line:
    """Those who wait for one organisation, and what is remembered of its record.

    Whoever gets the turn serves all who wait by then, in order of arrival, in one transaction;
    nobody waits for company. All are answered after the commit, or told that it failed. Who was
    served by another need not take the turn, so that it can order again and share a commit.
    `served` is told how many shared each transaction.
    """

    def __init__(
        self,
        journal: Journal,
        packs: Packs,
        tzdata: str,
        served: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._served = served
        self._journal, self._packs, self._tzdata = journal, packs, tzdata
        self._waiting: deque[Waiting] = deque()
        self._turn = Lock()
        self._memory = Memory()

    @property
    def length(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def do(self, order: Order, asked: str, files: Mapping[str, bytes]) -> Answer:
        """Wait, and carry an order out. Raises Refused, TooLarge, Unavailable."""
        one = Waiting(order, asked, files)
        self._waiting.append(one)
        try:
            while not one.over:
                if self._turn.acquire(blocking=False):
                    self._take_turn(one)
                    break
                one.sleep()
        except BaseException:
            with suppress(ValueError):  # nobody carries it out behind the back of who gave up
                self._waiting.remove(one)
            self._wake_next()
            raise
        return one.result()

    def _take_turn(self, one: Waiting) -> None:
        """Serve until this order is over, then leave the turn to the first who still waits."""
        try:
            while one in self._waiting:
                self._serve()
        finally:
            self._turn.release()
            self._wake_next()

    def _wake_next(self) -> None:
        with suppress(IndexError):  # nobody waits
            self._waiting[0].wake()

    def _serve(self) -> None:
        """Serve those who wait; where their transaction fails, all of them are told so."""
        group: list[Waiting] = []
        try:
            self._call(group)
            if not self._ahead(group):
                self._in_turn(group)
        except BaseException as error:
            self._memory = Memory()
            for one in group:
                one.error = Unavailable(str(error) or BROKEN_OFF)
            if not isinstance(error, Unavailable | ChangedMeanwhile):
                raise
        finally:
            self._served(len(group))
            for one in group:
                made = one.prepared.events if one.prepared else ()
                one.answer, one.over = one.answer or Answer(tuple(made)), True
                one.wake()

    def _call(self, group: list[Waiting]) -> None:
        """Call up the next in order of arrival; what is said twice waits for the first time."""
        ids: set[str] = set()
        while self._waiting and len(group) < TOGETHER:
            if self._waiting[0].order.command_id in ids:
                break
            group.append(self._waiting.popleft())
            ids.add(group[-1].order.command_id)

    def _ahead(self, group: Sequence[Waiting]) -> bool:
        """Decide by what is remembered, and append if the log still ends there.

        Otherwise False: then nothing happened, and nothing of it is remembered.
        """
        if self._memory.head is None:
            return False
        position = self._memory.head.position
        sight, outlook = Ahead(self._journal), Outlook(self._memory)
        for one in group:
            self._decide(one, sight, outlook)
        if any(self._journal.by_command(one.order.command_id) for one in group if one.error):
            return False
        try:
            self._journal.append_after(position, [one.prepared for one in group if one.prepared])
        except ChangedMeanwhile:
            return False
        outlook.settle()
        return True

    def _in_turn(self, group: Sequence[Waiting]) -> None:
        """Decide while nobody else can append, so that nobody loses a race twice."""
        with self._journal.turn() as turn:
            self._memory.catch_up(turn)
            outlook = Outlook(self._memory)
            for one in group:
                if done := turn.by_command(one.order.command_id):
                    one.say_again(done)
                else:
                    self._decide(one, turn, outlook)
                unreadable = isinstance(one.error, Unreadable)  # its own misfortune, like a refusal
                if isinstance(one.error, Unavailable) and not unreadable:
                    raise one.error
        outlook.settle()

    def _decide(self, one: Waiting, sight: Growing, outlook: Outlook) -> None:
        """Decide on an order, and let those after it see what it causes."""
        one.prepared = one.error = None
        world = World(sight, self._packs, self._tzdata, outlook)
        try:
            decision = decide(one.order, world)
            events = sealed(one.order, decision, world, one.asked, self._journal.organisation)
            contents = {digest(content): content for content in decision.contents}
            one.prepared = self._journal.prepared(events, {**contents, **one.files}, outlook.head)
        except Exception as error:  # noqa: BLE001  (whatever is the matter with it is its own)
            one.error = error
            return
        sight.add(one.prepared)
        outlook.follow(one.prepared.events)
        for name, content in contents.items():
            outlook.keep_content(name, content)
