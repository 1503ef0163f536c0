"""What the application needs from outside to work on one store, in one structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.ports.accounts import AccountPorts
from domain.ports.address_book import AddressBook
from domain.ports.clock import RecordingClock
from domain.ports.codec import Codec
from domain.ports.high_water_marks import MarkStore
from domain.ports.intake import AttemptsLog, IntakeQueue
from domain.ports.keys import Keyring
from domain.ports.outbox import OutboxPlace
from domain.ports.read_models import Views
from domain.ports.rule_packs import RulePackRepository
from domain.ports.slice_workers import SliceWorkers
from domain.ports.store import Heartbeat, Store
from workflows.notifications.content import LetterWriter
from workflows.projections.parking import Alarm


@dataclass(frozen=True, kw_only=True)
class Ports:
    """What the application needs from outside to work on one store."""

    store: Store
    views: Callable[[], Views]
    """Opens the rows kept from the log; not called before somebody wants them."""
    intake_queue: IntakeQueue
    attempts_log: AttemptsLog
    marks: MarkStore
    keys: Keyring
    address_book: AddressBook
    accounts: AccountPorts
    outbox: OutboxPlace
    packs: RulePackRepository
    codec: Codec
    tzdata: str
    """The release of the time zone database that is in use."""
    clock: RecordingClock
    heartbeat: Heartbeat
    record_heartbeat: Callable[[], None]
    """Notes that this process serves the store now. Raises Unavailable."""
    now: Callable[[], datetime]
    """The time of this machine (UTC)."""
    writer: Callable[[str], LetterWriter]
    """Writes letters, given the address at which the pages are seen."""
    receipt_files: Callable[[Path], Mapping[str, bytes]]
    """The receipts in a folder, by their file names. Raises Unavailable."""
    slice_workers: SliceWorkers
    """Starts processes that rebuild rows beside this one."""
    log: Alarm
    """The program's own log."""
