"""The composition root: the one place where adapters are put into the ports of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from adapters import store_factory, structured_logging, time_zone_data
from adapters.codec import JsonCodec
from adapters.eventstore.version import program_version
from adapters.files.address_book import AddressBookFile
from adapters.files.high_water_marks import HighWaterMarkFile
from adapters.files.readers import FileReaders, receipts_in
from adapters.files.rule_packs import RulePacks
from adapters.keys.keyring import Keyring
from adapters.keys.public_keys import PublicKeys
from adapters.mail.transports import Transports
from adapters.sqlite.intake import ATTEMPTS_FILE, ReservedAttemptsFile
from adapters.sqlite.outbox_folder import OutboxFolder
from adapters.sqlite.schema import SCHEMA
from adapters.store_factory import AnyStore
from web.environment import Environment
from web.http.context import AboutProgram
from web.letters import Letters
from web.rendering import Templates
from workflows.application import Application, Ports
from workflows.projections.parking import Alarm

time_zone_data.use_shipped()
CODEC, PACKS = JsonCodec(), RulePacks()


def environment() -> Environment:
    """What the command line works in; the program's log goes to standard error."""
    structured_logging.configure()
    return Environment(
        open=existing,
        make=new,
        throwaway=throwaway,
        places=store_factory,
        files=FileReaders(CODEC),
        public_keys=PublicKeys.read,
        mail=Transports(),
        packs=PACKS,
        codec=CODEC,
        log=structured_logging.logger(),
        now=now,
        version=program_version(),
        store_format=SCHEMA,
    )


def existing(
    place: str | Path, *, read_only: bool = False, log: Alarm | None = None
) -> Application:
    """The application on a store that is there. Raises Unavailable with one clear sentence."""
    store = store_factory.open_store(place, read_only=read_only)
    return application(store, log or structured_logging.logger())


def new(place: str | Path, *, virtual: bool = False) -> Application:
    """The application on an empty store. Raises Unavailable where there is one."""
    return application(
        store_factory.create_store(place, virtual=virtual), structured_logging.SilentLog()
    )


@contextmanager
def throwaway() -> Iterator[Application]:
    """The application on a store that is gone afterwards. Raises Unavailable."""
    with store_factory.temporary_store() as store:
        made = application(store, structured_logging.SilentLog())
        try:
            yield made
        finally:
            made.close()


def application(store: AnyStore, log: Alarm) -> Application:
    """The application on an open store. Raises Unavailable for time zones of unknown release."""
    watch, clock, about = (
        store.heartbeat(),
        store.clock(),
        AboutProgram(program_version(), store.name),
    )
    ports = Ports(
        store=store,
        views=store.views,
        shelf=store.intake(),
        trace=ReservedAttemptsFile(store.home / ATTEMPTS_FILE),
        marks=HighWaterMarkFile(store.home),
        keys=Keyring(store.home),
        address_book=AddressBookFile(store.home),
        outbox=OutboxFolder(store.home),
        packs=PACKS,
        codec=CODEC,
        tzdata=time_zone_data.release(),
        clock=clock,
        heartbeat=watch,
        attend=lambda: watch.beat(clock.own, now()),
        now=now,
        writer=lambda address: Letters(Templates(about), address),
        receipt_files=receipts_in,
        log=log,
    )
    return Application(ports)


def now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)
