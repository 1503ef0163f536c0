"""Receipts made from the record, at any time and always with the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.ports.codec import Codec
from domain.ports.errors import Unavailable
from domain.ports.event_store import History
from domain.ports.keys import Keyring
from domain.ports.text_proofs import TextProof
from domain.rules import require
from domain.silence.events import Response, ResponseRefused
from workflows.commands.command_result import CommandResult
from workflows.history.as_of import HistoryAsOf
from workflows.history.read_limit import ReadableLog
from workflows.history.redaction import Redaction
from workflows.receipts.format import Receipt, format_receipt, statement
from workflows.receipts.text_proof import format_text_proof


class Unsigned(Unavailable):
    """No receipt can be signed now. The response is recorded nevertheless."""


class ReceiptIssuer:
    """Makes the receipts of a store's responses."""

    def __init__(
        self,
        log: ReadableLog,
        world_of: Callable[[History], DecisionContext],
        keys: Keyring,
        codec: Codec,
        lent: Callable[[str], DecisionContext | None] = lambda _: None,
        *,
        proof_of: Callable[[str, int], TextProof] | None = None,
    ) -> None:
        """`lent` gives the states of an organisation as they stand now, where it has them.

        `proof_of` gives what proves the texts of an event.
        """
        self._log, self._world_of, self.keys, self._codec = log, world_of, keys, codec
        self._lent, self._proof_of = lent, proof_of

    def issue(self, organisation: str, position: int, *, to_sender: bool = False) -> bytes | None:
        """The receipt of the response at this position; None where it has none, see `lacks`.

        `to_sender` says that only its sender will get it: then it is made, with the names of the
        seats, also where names are withheld. Raises Unsigned, and Refused for no such event.
        """
        event = self._event(organisation, position)
        return None if self.lacks(event, to_sender=to_sender) else self._made(event)

    def issued(self, organisation: str, position: int, *, to_sender: bool = False) -> bytes | None:
        """The same; None also where none can be signed."""
        try:
            return self.issue(organisation, position, to_sender=to_sender)
        except Unsigned:
            return None

    def text_proof(self, organisation: str, position: int, *, to_sender: bool = False) -> bytes:
        """The proof of the text of the response at this position, for its sender.

        Raises Refused where there is none: of what has no receipt, or once the text is erased.
        """
        because = self.reason_for_none(organisation, position, to_sender=to_sender)
        require("known", not because, because)
        proof = self._proof_of(organisation, position) if self._proof_of else None
        because = f"event {position} holds no sealed text, or none that is still there"
        require("known", proof and proof.texts, because)
        assert proof is not None  # noqa: S101 (required above; the checker of types cannot know)
        return format_text_proof(proof, self._codec)

    def reason_for_none(self, organisation: str, position: int, *, to_sender: bool = False) -> str:
        """Why the event at this position has no receipt; empty when it has one."""
        return self.lacks(self._event(organisation, position), to_sender=to_sender)

    def lacks(self, event: RecordedEvent, *, to_sender: bool = False) -> str:
        """Why an event at hand has no receipt; empty when it has one."""
        if not is_received_response(event):
            return f"event {event.position} is no response that Placet received"
        organisation = event.organisation
        world = self._lent(organisation) or self._world_of(self._log.history(organisation))
        if not to_sender and Redaction(world).withholds_names(event.stream.id):
            return "names are withheld in this procedure: its receipts are for their senders only"
        return ""

    def is_due(self, event: RecordedEvent, *, to_sender: bool = False) -> bool:
        """Whether a response has a receipt, and a key to sign it; it is not made for that."""
        try:
            return not self.lacks(event, to_sender=to_sender) and self.is_signed(event.recorded_at)
        except Unavailable:
            return False

    def is_signed(self, at: datetime) -> bool:
        """Whether a key signs what is recorded at an instant (UTC).

        So it is not where the keys cannot be read.
        """
        try:
            return bool(self.keys.in_force(at))
        except Unavailable:
            return False

    def for_answer(self, answer: CommandResult) -> bytes | None:
        """The receipt for the person who has just responded; None when that was no response.

        It names the seats and goes to that person alone. Raises Unsigned.
        """
        event = response_in(answer.events)
        return self.issue(event.organisation, event.position, to_sender=True) if event else None

    def _event(self, organisation: str, position: int) -> RecordedEvent:
        here = [
            event
            for event in self._log.history(organisation).since(position - 1, 1)
            if event.position == position
        ]
        require("known", here, f"{organisation} has no event {position}")
        return here[0]

    def _made(self, event: RecordedEvent) -> bytes:
        try:
            key_id = self.keys.in_force(event.recorded_at)
            if not key_id:
                raise Unsigned("There is no key for receipts; `placet key create` makes one.")
            receipt = self._receipt(event, key_id)
            signature = self.keys.sign(key_id, statement(receipt, self._codec))
        except Unavailable as error:
            raise Unsigned(str(error)) from error
        return format_receipt(receipt, signature, self._codec)

    def _receipt(self, event: RecordedEvent, key_id: str) -> Receipt:
        """What the record said of the response when it had just been appended."""
        then = HistoryAsOf(self._log.history(event.organisation), event.position)
        window = self._world_of(then).window(event.stream.id)
        kept, fact = window.responses[-1], event.fact
        refused = fact if isinstance(fact, ResponseRefused) else None
        return Receipt(
            organisation=event.organisation,
            window=event.stream.id,
            number=kept.number,
            answered=kept.response.kind,
            seats=kept.response.seats,
            on_behalf_of=kept.response.on_behalf_of,
            items=kept.response.items,
            standing=kept.standing,
            rule=refused.rule if refused else "",
            reason=refused.reason if refused else "",
            received_at=event.received_at,
            deadline=str(window.closes),
            recorded_at=event.recorded_at,
            clock_offset_ms=event.offset_ms,
            text_hash=window.text_hash,
            command_id=event.command_id,
            event=event.name,
            version=event.version,
            event_hash=event.hash,
            simulated=event.virtual,
            key_id=key_id,
        )


def is_received_response(event: RecordedEvent) -> bool:
    """Whether this is a response that Placet itself received; what a source tells is not."""
    return isinstance(getattr(event.fact, "response", None), Response) and not event.attested


def response_in(events: Sequence[RecordedEvent]) -> RecordedEvent | None:
    """The response among the events that one order caused, if Placet received one."""
    return next((event for event in events if is_received_response(event)), None)
