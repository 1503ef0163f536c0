"""Notifications of one store: its outbox, its addresses, and how letters leave the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from domain.ports.clock import RecordingClock
from domain.ports.errors import ParkedStream
from domain.ports.event_store import EventLog
from domain.ports.mail import MailTransport
from domain.ports.outbox import Outbox, OutboxPlace
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.notifications.addresses import Addressee, Addresses
from workflows.notifications.content import LetterWriter
from workflows.notifications.delivery import DeliveryRound, NotificationDelivery
from workflows.notifications.enqueue import Receipts
from workflows.notifications.outbox_start import OpenWindows
from workflows.projections.parking import Alarm


class Notifications:
    """Queues and sends letters, once it was said which way they go.

    `writer` writes letters, given the address at which the pages are seen. `receipts` are
    those of responses. `due` gives the windows, by organisation,
    of which somebody may have to be reminded now, `to_notify` those with which a new outbox begins;
    both raise Unavailable. `forget_deleted` overwrites what was deleted beside the log.
    """

    def __init__(
        self,
        log: EventLog,
        handling: CommandHandler,
        place: OutboxPlace,
        addresses: Addresses,
        *,
        writer: Callable[[str], LetterWriter],
        receipts: Receipts,
        due: Callable[[], Mapping[str, Sequence[str]]],
        to_notify: OpenWindows,
        clock: RecordingClock,
        alarm: Alarm,
        forget_deleted: Callable[[], None],
    ) -> None:
        self._forget_deleted = forget_deleted
        self._log, self._handling, self._place = log, handling, place
        self.addresses = addresses
        self._writer, self._receipts = writer, receipts
        self._due, self._to_notify = due, to_notify
        self._clock, self._alarm = clock, alarm
        self.delivery: NotificationDelivery | None = None
        """What sends letters, once somebody said which way they go."""

    @property
    def has_outbox(self) -> bool:
        """Whether there is an outbox; asking makes none."""
        return "outbox" in vars(self) or self._place.exists()

    @cached_property
    def outbox(self) -> Outbox:
        """Notices that wait to be sent; made when somebody first wants to send any."""
        names = self._log.organisations()
        return self._place.open({name: self._log.history(name).last_position() for name in names})

    def configure_mail(
        self, transport: MailTransport, address: str = "", reply_to: str = ""
    ) -> NotificationDelivery:
        """Let letters go this way from now on; `address` is where the pages are seen.

        `reply_to` is where answers are read, see `LetterMaker`.
        """
        self.delivery = NotificationDelivery(
            self._log,
            self._handling,
            self.outbox,
            transport,
            writer=self._writer(address),
            directory=self.addresses.read,
            clock=self._clock.read,
            receipts=self._receipts,
            mark=self.addresses.mark,
            windows=self._to_notify,
            alarm=self._alarm,
            reply_to=reply_to,
        )
        return self.delivery

    def send(self) -> DeliveryRound:
        """One round of sending. Raises Unavailable and CaseError."""
        windows = self._due()
        if self.delivery is None:
            return DeliveryRound()
        return self.delivery.run_round(lambda organisation: windows.get(organisation, ()))

    def record_pending(self) -> list[CommandResult]:
        """Record what became of letters, and queue what the log tells; send nothing."""
        return self.delivery.record_pending() if self.delivery else []

    def prepare(self, organisation: str, windows: Sequence[str]) -> list[CommandResult]:
        """The same for windows with whose organisation a new outbox has not begun yet."""
        return self.delivery.prepare(organisation, windows) if self.delivery else []

    def parked_windows(self, organisation: str) -> Mapping[str, ParkedStream]:
        """The windows of an organisation whose notices cannot be written, by their ids."""
        return self.delivery.parked_windows(organisation) if self.delivery else {}

    def erase_entry(self, who: Addressee, by: str, at: datetime) -> None:
        """Erase how somebody is reached, in the directory and wherever letters left a trace of it.

        Raises Refused for no such entry, CaseError and Unavailable.
        """
        for address in self.addresses.erase(who, by, at):
            if self.has_outbox:
                self.outbox.forget_address(address)
        self._forget_deleted()

    def returning_addresses(self) -> Mapping[str, datetime]:
        """The addresses, case-folded, from which the last letter came back, and when it was
        queued (UTC). Raises Unavailable.
        """
        return self.outbox.returning_addresses() if self.has_outbox else {}

    def archive_outbox(self, now: datetime) -> None:
        """Begin a new outbox when somebody next wants to send."""
        self.close()
        self._place.archive(now)

    def close(self) -> None:
        """Close the outbox, if it is open."""
        if "outbox" in vars(self):
            vars(self).pop("outbox").close()
