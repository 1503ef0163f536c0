"""The program as tests put it together: the application on real adapters, without any pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher

from adapters import store_factory, structured_logging, time_zone_data
from adapters.accounts.account_ports import account_ports
from adapters.accounts.passwords import Argon2Passwords
from adapters.codec import JsonCodec
from adapters.files.high_water_marks import HighWaterMarkFile
from adapters.files.input_files import FileReaders, receipts_in
from adapters.files.rule_packs import RulePacks
from adapters.keys.keyring import Keyring
from adapters.sqlite.intake import ATTEMPTS_FILE, ReservedAttemptsFile
from adapters.store_factory import AnyStore
from adapters.structured_logging import SilentLog
from adapters.worker_process import slice_workers
from domain.cases import Case
from domain.ports.clock import ClockReading, RecordingClock
from domain.rules import RulePack
from workflows.application import Application
from workflows.notifications.content import LetterWriter
from workflows.ports import Ports
from workflows.projections.parking import Alarm
from workflows.scenarios.player import Verdict

time_zone_data.use_shipped()
CODEC: Final = JsonCodec()
PACKS: Final = RulePacks()
QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The same hashes as of the program, made in a moment."""
FILES: Final = FileReaders(CODEC)


class Quiet(SilentLog):
    """A log that says nothing."""


class SettableClock:
    """The clock of a store, in whose place a story may put another one."""

    def __init__(self, clock: RecordingClock) -> None:
        self.clock = clock

    def read(self) -> ClockReading:
        """The time of the clock that is in place."""
        return self.clock.read()


class SettableLog:
    """A log in whose place a story may put another one."""

    def __init__(self, log: Alarm) -> None:
        self.log = log

    @property
    def info(self) -> Callable[..., object]:
        """Where a line goes; asked each time, and no step between when it is measured."""
        return self.log.info

    @property
    def error(self) -> Callable[..., object]:
        """Where a line of what went wrong goes."""
        return self.log.error


class Placet(Application):
    """The application with what tests look at beside: its store, its clock, its log, its rows."""

    def __init__(self, store: AnyStore, log: Alarm | None = None, *, tzdata: str = "") -> None:
        watch, own = store.heartbeat(), store.clock()
        self._settable_clock = SettableClock(own)
        self._settable_log = SettableLog(log or structured_logging.logger())
        self.store, self.codec = store, CODEC
        self.intake_queue = store.intake()
        self.reserved_attempts = ReservedAttemptsFile(store.home / ATTEMPTS_FILE)
        self.keys = Keyring(store.home)
        super().__init__(
            Ports(
                store=store,
                views=store.views,
                intake_queue=self.intake_queue,
                attempts_log=self.reserved_attempts,
                marks=HighWaterMarkFile(store.home),
                keys=self.keys,
                address_book=store.address_book(),
                accounts=account_ports(store.accounts(), Argon2Passwords(QUICK)),
                outbox=store.outbox_place(),
                packs=PACKS,
                codec=CODEC,
                tzdata=tzdata or time_zone_data.release(),
                clock=self._settable_clock,
                heartbeat=watch,
                record_heartbeat=lambda: watch.beat(own.own, now()),
                now=now,
                writer=lambda address: letters(store.name, address),
                receipt_files=receipts_in,
                slice_workers=slice_workers("web.rebuild_worker", store.place),
                log=self._settable_log,
            )
        )
        self.handling, self.intake = self._handling, self._intake

    @property
    def clock(self) -> Any:
        """The clock by which the store is written."""
        return self._settable_clock.clock

    @clock.setter
    def clock(self, clock: RecordingClock) -> None:
        self._settable_clock.clock = clock

    @property
    def alarm(self) -> Alarm:
        """The program's own log."""
        return self._settable_log.log

    @alarm.setter
    def alarm(self, log: Alarm) -> None:
        self._settable_log.log = log

    @property
    def views(self) -> Any:
        """The rows kept from the log."""
        return self.projections.views


def letters(store: str, address: str) -> LetterWriter:
    """What writes letters; only who sends any needs the templates of the web."""
    from web.letters import writer_for

    return writer_for("0.1.0", store)(address)


@contextmanager
def open_application(place: str | Path) -> Iterator[Placet]:
    """The application on a store that is there."""
    placet = Placet(store_factory.open_store(place))
    try:
        yield placet
    finally:
        placet.close()


def now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def read_case(path: Path, moment: datetime | None = None) -> Case:
    """A case file, read."""
    return FILES.case(path, moment)


def play_in_temporary_store(case: Case) -> Verdict:
    """Play a case in a store of its own, thrown away afterwards."""
    with store_factory.temporary_store() as store:
        placet = Placet(store, Quiet())
        try:
            return placet.scenarios.play(case, alone=True)
        finally:
            placet.close()


def shipped_packs() -> Mapping[str, RulePack]:
    """The rule packs that ship with the program, by id."""
    return PACKS.shipped()
