"""Makes the letter of a notice: its text, its addresses, and the receipt that it carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec import structs

from domain.messages import RecordedEvent
from domain.notices import NO_ADDRESS, RECEIPT, Notice
from domain.ports.address_book import SECRETARIAT, Directory
from domain.ports.mail import Letter
from domain.ports.outbox import DeliveryOutcome, QueuedNotice
from domain.silence.events import NoticesRepeated
from domain.streams import Stream, StreamKind
from workflows.notifications.content import LetterWriter, letter_content
from workflows.notifications.round_cache import NotifiedRecord

UNSIGNED: Final = "its receipt could not be signed"


class LetterMaker:
    """Makes letters from the record.

    `receipt` gives the receipt of the response that an event records, or None; `is_signed` says
    whether a key signs receipts at an instant (UTC); `mark` gives what the record calls an
    address. `reply_to` is the address of the mailbox that is read for answers; `{}` in it stands
    for the letter's reference.
    """

    def __init__(
        self,
        record: NotifiedRecord,
        writer: LetterWriter,
        *,
        receipt: Callable[[RecordedEvent], bytes | None],
        is_signed: Callable[[datetime], bool],
        mark: Callable[[str], str],
        reply_to: str = "",
    ) -> None:
        self._record, self._writer = record, writer
        self._receipt, self._is_signed = receipt, is_signed
        self._mark, self._reply_to = mark, reply_to

    def letter(
        self, queued: QueuedNotice, directory: Directory, *, delivers: bool
    ) -> Letter | DeliveryOutcome:
        """The letter of a notice; or why there is none, which is then what became of it.

        Without an address there is none where letters are really delivered. Raises Unreadable.
        """
        notice = queued.notice
        matter = letter_content(self._record, notice)
        entry = directory.entry_of(notice.organisation, matter.body.id, notice.to)
        addresses = self._addresses(notice, entry.addresses)
        if not addresses and delivers:
            return DeliveryOutcome(state="given up", reason=NO_ADDRESS)
        receipt = self._receipt(matter.event) if notice.about == RECEIPT else b""
        if receipt is None:
            return DeliveryOutcome(state="given up", reason=UNSIGNED)
        matter = structs.replace(matter, signed=self._is_signed(queued.queued_at))
        subject, text = self._writer.write(matter, entry.language)
        office = directory.entry_of(notice.organisation, matter.body.id, SECRETARIAT)
        reply_to = office.addresses
        if self._reply_to:
            reply_to = (self._reply_to.replace("{}", notice.reference),)
            subject = f"{subject} [Placet {notice.reference}]"
        return Letter(
            key=notice.key,
            to=addresses,
            subject=subject,
            text=text,
            language=entry.language,
            at=queued.queued_at,
            reply_to=reply_to,
            attached={f"receipt-{notice.position}.txt": receipt.decode()} if receipt else {},
        )

    def _addresses(self, notice: Notice, addresses: Sequence[str]) -> Sequence[str]:
        """Where a letter goes: to all addresses, unless only some are to get it again."""
        history = self._record.history(notice.organisation)
        marks = {
            mark
            for event in history.events_of(Stream(StreamKind.WINDOW, notice.window))
            if str(event.position) == notice.occasion and isinstance(event.fact, NoticesRepeated)
            for mark in event.fact.addresses
        }
        return [address for address in addresses if not marks or self._mark(address) in marks]
