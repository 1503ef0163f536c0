"""The one way to change anything: fold what is needed, decide, append together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from time import perf_counter_ns
from typing import Protocol

from msgspec import structs

from domain.actors import UNPROVED
from domain.canonical import digest
from domain.decision_context import CanLogIn, DecisionContext, anybody
from domain.messages import Order, RecordedEvent
from domain.ports.codec import Codec
from domain.ports.event_store import EventLog, EventStore, History
from domain.ports.rule_packs import RulePackRepository
from domain.rules import Refused, require
from domain.state_cache import StagedStates
from domain.type_registry import VERBS
from workflows.commands.command_result import CommandResult
from workflows.commands.event_builder import events_of_order
from workflows.commands.order_checks import require_circumstances, require_evidence
from workflows.commands.queue import CommandQueue

NO_FILES: Mapping[str, bytes] = {}


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
        self._making = Lock()
        self._lines: dict[str, CommandQueue] = {}
        self.served: Callable[[int], object] = lambda _: None
        """Told how many orders shared each transaction."""
        self.recorded: Callable[[CommandResult], object] = lambda _: None
        """Told what each order caused, as soon as that is recorded."""
        self.vouches: Vouching = lambda _, __: False
        """Asked about a response that was long under way: whether the intake took it in then."""
        self.can_log_in: CanLogIn = anybody
        """Whether the person of a principal can log in now."""

    @property
    def queue_length(self) -> int:
        """How many orders wait to be served."""
        return sum(line.length for line in list(self._lines.values()))

    def decision_context(
        self, history: History, staged: StagedStates | None = None
    ) -> DecisionContext:
        """The record as it stands now; what is `staged` of it is not read again."""
        return DecisionContext(history, self._packs, self._tzdata, staged, self._able)

    def present_context(self, organisation: str) -> DecisionContext:
        """The record as it stands now, lent by the queue where that remembers it."""
        history = self._log.history(organisation)
        return self.lent_context(organisation) or self.decision_context(history)

    def lent_context(
        self, organisation: str, history: History | None = None
    ) -> DecisionContext | None:
        """The record as it stands now, if the queue remembers it; see `CommandQueue.lend`.

        What it does not remember is read from `history`, or else from the log itself.
        """
        line = self._lines.get(organisation)
        lent = line.lend() if line else None
        if lent is None:
            return None
        history = history or self._log.history(organisation)
        return DecisionContext(history, self._packs, self._tzdata, lent, self._able)

    def dry_run(self, organisation: str, order: Order) -> tuple[RecordedEvent, ...]:
        """The events that an order would cause now, without positions; nothing is recorded.

        Raises Refused as `do` would.
        """
        require_circumstances(order, lambda: self.vouches(organisation, order))
        self._require_known_waivers(order)
        world = self.present_context(organisation)
        return tuple(events_of_order(order, world, self._hash(order), organisation)[0])

    def handle(
        self, organisation: str, order: Order, files: Mapping[str, bytes] = NO_FILES
    ) -> CommandResult:
        """Carry an order out. A repeated command id answers as the first time did.

        `files` are papers that a response cites as evidence, by their SHA-256; they are kept with
        its events. Raises Refused with the rule, TooLarge, Unavailable; then nothing was recorded.
        """
        began = perf_counter_ns()
        outcome, rule = "unavailable", ""
        try:
            answer = self._do(self._log.history(organisation), order, files)
            outcome = "repeated" if answer.repeated else "recorded"
            self.recorded(answer)
            rule = ", ".join(
                [finding.rule for event in answer.events for finding in event.findings]
            )
            return answer
        except Refused as refused:
            outcome, rule = "refused", refused.rule
            raise
        finally:
            self._logger.info(
                "command",
                organisation=organisation,
                command=VERBS[type(order.command)],
                acts=1 + len(order.further),
                stream=str(order.command.stream),
                by=str(order.actor.role),
                seat=order.actor.seat and "given",
                attested=order.attested,
                command_id=order.command_id,
                outcome=outcome,
                rule=rule,
                milliseconds=(perf_counter_ns() - began) // 100_000 / 10,
            )

    def _require_known_waivers(self, order: Order) -> None:
        if not order.waivers:
            return
        known = {rule for pack in self._packs.shipped().values() for rule in pack.rules}
        strange = ", ".join(sorted({*order.waivers} - known))
        require("known", not strange, f"no rule pack holds the rule {strange} that is to be waived")

    def _do(self, history: EventStore, order: Order, files: Mapping[str, bytes]) -> CommandResult:
        require_circumstances(order, lambda: self.vouches(history.organisation, order))
        self._require_known_waivers(order)
        require_evidence(order, files, history)
        return self._line(history).submit(order, self._hash(order), files)

    def _line(self, history: EventStore) -> CommandQueue:
        """Where orders of this organisation wait."""
        found = self._lines.get(history.organisation)
        if found is None:
            with self._making:
                made = CommandQueue(history, self._packs, self._tzdata, self.served, self._able)
                found = self._lines.setdefault(history.organisation, made)
        return found

    def _able(self, principal: str) -> bool:
        return self.can_log_in(principal)

    def _hash(self, order: Order) -> str:
        """What makes two orders the same command: all but the time of their arrival.

        How a person proved who they are is none of it: what is sent again after a new log-in is
        the same.
        """
        actor = order.actor
        if actor.authenticated_by != UNPROVED:
            actor = structs.replace(actor, authenticated_by=UNPROVED)
        meaning: dict[str, object] = {
            "command": VERBS[type(order.command)],
            "of": order.command,
            "actor": actor,
            "effective": order.effective,
            "source": order.source,
            "authority": order.authority,
            "waivers": order.waivers,
        }
        if order.stated:
            meaning["happened"] = order.happened
        if order.further:
            meaning["further"] = [(VERBS[type(command)], command) for command in order.further]
        return digest(self._codec.to_canonical_json(meaning))
