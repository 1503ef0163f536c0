"""The one way to change anything: fold what is needed, decide, append together or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from time import perf_counter
from typing import Protocol

from domain.actors import Role
from domain.canonical import canonical_json, digest
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.messages import UNDER_WAY, Command, Order, RecordedEvent
from domain.ports.clock import CLOCK_TOLERANCE
from domain.ports.codec import Codec
from domain.ports.event_store import EventLog, EventStore, History
from domain.ports.rule_packs import RulePackRepository
from domain.rules import Refused, require
from domain.silence.commands import Respond
from domain.times import UNKNOWN
from domain.type_registry import COMMANDS
from workflows.commands.queue import CommandQueue
from workflows.commands.queue import CommandResult as CommandResult
from workflows.commands.recording import build_events

PROGRAM_ID_PREFIXES: Mapping[str, Role] = {
    "clock:": Role.CLOCK,
    "intake:": Role.CLOCK,
    "notices:": Role.NOTICES,
    "restored:": Role.SECRETARIAT,
}
"""How the ids of commands begin that the program itself gives, and in whose function it does."""

_PLAIN = re.compile(r"[^\s/?#\\]+")

NO_FILES: Mapping[str, bytes] = {}

VERBS: Mapping[type[Command], str] = {kind: verb for verb, kind in COMMANDS.items()}


Vouching = Callable[[str, Order], bool]
"""Whether an order of this organisation was taken in by the server at its time of receipt."""


class Logger(Protocol):
    """Takes one line per command."""

    def info(self, event: str, **values: object) -> object: ...


class CommandHandler:
    """Takes orders for the organisations of one log."""

    def __init__(
        self, log: EventLog, packs: RulePackRepository, codec: Codec, *, tzdata: str, logger: Logger
    ) -> None:
        self._log, self._packs, self._codec = log, packs, codec
        self._tzdata, self._logger = tzdata, logger
        self._plain_actor = lru_cache(maxsize=1024)(codec.to_plain)
        self._making = Lock()
        self._lines: dict[str, CommandQueue] = {}
        self.served: Callable[[int], object] = lambda _: None
        """Told how many orders shared each transaction."""
        self.recorded: Callable[[CommandResult], object] = lambda _: None
        """Told what each order caused, as soon as that is recorded."""
        self.vouches: Vouching = lambda _, __: False
        """Asked about a response that was long under way: whether the intake took it in then."""

    @property
    def queue_length(self) -> int:
        """How many orders wait to be served."""
        return sum(line.length for line in list(self._lines.values()))

    def decision_context(self, history: History) -> DecisionContext:
        """The record as it stands now."""
        return DecisionContext(history, self._packs, self._tzdata)

    def dry_run(self, organisation: str, order: Order) -> tuple[RecordedEvent, ...]:
        """The events that an order would cause now, without positions; nothing is recorded.

        Raises Refused as `do` would.
        """
        _insist_on_circumstances(order, lambda: self.vouches(organisation, order))
        self._insist_on_waivers(order)
        world = self.decision_context(self._log.history(organisation))
        decision = decide(order, world)
        return tuple(build_events(order, decision, world, self._hash(order), organisation))

    def handle(
        self, organisation: str, order: Order, files: Mapping[str, bytes] = NO_FILES
    ) -> CommandResult:
        """Carry an order out. A repeated command id answers as the first time did.

        `files` are papers that a response cites as evidence, by their SHA-256; they are kept with
        its events. Raises Refused with the rule, TooLarge, Unavailable; then nothing was recorded.
        """
        began = perf_counter()
        outcome, rule = "unavailable", ""
        try:
            answer = self._do(self._log.history(organisation), order, files)
            outcome = "repeated" if answer.repeated else "recorded"
            self.recorded(answer)
            rule = ", ".join(finding.rule for event in answer.events for finding in event.findings)
        except Refused as refused:
            outcome, rule = "refused", refused.rule
            raise
        else:
            return answer
        finally:
            self._logger.info(
                "command",
                organisation=organisation,
                command=VERBS[type(order.command)],
                stream=str(order.command.stream),
                by=str(order.actor.role),
                seat=order.actor.seat and "given",
                attested=order.attested,
                command_id=order.command_id,
                outcome=outcome,
                rule=rule,
                milliseconds=round((perf_counter() - began) * 1000, 1),
            )

    def _insist_on_waivers(self, order: Order) -> None:
        if not order.waivers:
            return
        known = {rule for pack in self._packs.shipped().values() for rule in pack.rules}
        strange = ", ".join(sorted({*order.waivers} - known))
        require("known", not strange, f"no rule pack holds the rule {strange} that is to be waived")

    def _do(self, history: EventStore, order: Order, files: Mapping[str, bytes]) -> CommandResult:
        _insist_on_circumstances(order, lambda: self.vouches(history.organisation, order))
        self._insist_on_waivers(order)
        _insist_on_evidence(order, files, history)
        return self._line(history).submit(order, self._hash(order), files)

    def _line(self, history: EventStore) -> CommandQueue:
        """Where orders of this organisation wait."""
        found = self._lines.get(history.organisation)
        if found is None:
            with self._making:
                made = CommandQueue(history, self._packs, self._tzdata, self.served)
                found = self._lines.setdefault(history.organisation, made)
        return found

    def _hash(self, order: Order) -> str:
        """What makes two orders the same command: all but the time of their arrival."""
        meaning = {
            "command": VERBS[type(order.command)],
            "of": self._codec.to_plain(order.command),
            "actor": self._plain_actor(order.actor),
            "effective": str(order.effective),
            "source": order.source,
            "authority": order.authority,
            "waivers": dict(order.waivers),
        }
        return digest(canonical_json(meaning))


def _insist_on_evidence(order: Order, files: Mapping[str, bytes], history: History) -> None:
    """A paper that a live response cites is kept: it comes along, or is in the store already."""
    cited = {getattr(order.command, "evidence", "")} - {""}
    if not (cited or files):
        return
    strange = ", ".join(name[:12] for name in {*files} - cited)
    require("evidence-kept", not strange, f"nothing cites the file {strange}")
    for name in cited - {*files} if not order.attested else set():
        try:
            history.content(name)
        except KeyError as error:
            raise Refused("evidence-kept", f"the file {name[:12]} did not come along") from error


def _insist_on_circumstances(order: Order, vouched: Callable[[], bool]) -> None:
    """What any order needs, whatever it asks for."""
    if order.attested:
        ahead = order.effective.known and order.effective.earliest > order.at
        because = f"{order.effective} lies ahead; it cannot be attested yet"
        require("attested-past", not ahead, because)
    elif order.effective != UNKNOWN:
        because = f"a live act cannot be dated {order.effective}; history needs its source"
        raise Refused("live-now", because)
    _insist_on_receipt(order, vouched)
    for beginning, role in PROGRAM_ID_PREFIXES.items():
        if order.command_id.startswith(beginning) and order.actor.role is not role:
            require_unreserved_id(order.command_id)
    if timedelta(milliseconds=abs(order.offset_ms or 0)) > CLOCK_TOLERANCE:
        because = f"the clock here is {order.offset_ms} ms off; only responses are taken until"
        require("one-clock", isinstance(order.command, Respond), because + " it is set")
    if not _PLAIN.fullmatch(order.command.stream.id):
        because = f"{order.command.stream.id!r:.80}: write it without spaces and slashes"
        raise Refused("plain-id", because)
    known = order.actor.role and order.command_id
    require("empty", known, "an order names its actor and its command id")


def require_unreserved_id(command_id: str) -> None:
    """Whoever is no part of the program takes none of its ids: else it could not act any more.

    Raises Refused.
    """
    taken = command_id.lower().startswith(tuple(PROGRAM_ID_PREFIXES))
    because = f"the id {command_id:.80} is kept for the program itself: take another one"
    require("ids-of-machines", not taken, because)


def _insist_on_receipt(order: Order, vouched: Callable[[], bool]) -> None:
    """When an order was received fits when it is recorded.

    Nobody pays for the time that the server itself took: what its intake vouches for may be old.
    """
    if order.at - order.received_at > UNDER_WAY and not vouched():
        on_behalf = isinstance(order.command, Respond) and order.actor.role is not Role.SEAT
        at = f"{order.received_at:%Y-%m-%d %H:%M} UTC"
        because = f"received {at}, brought in later: only responses are registered on behalf"
        require("live-now", on_behalf, because)
    require("live-now", order.received_at <= order.at, "nothing is received in the future")
