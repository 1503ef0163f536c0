"""The composition root: the one place where adapters are put into the ports of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from adapters import store_factory, structured_logging, time_zone_data
from adapters.accounts.account_ports import account_ports
from adapters.codec import JsonCodec
from adapters.eventstore.program_version import program_version
from adapters.files import high_water_marks, input_files, rule_packs
from adapters.identity.providers import IdentityProviders
from adapters.keys.keyring import Keyring
from adapters.keys.public_keys import PublicKeys
from adapters.mail.transports import Transports
from adapters.sqlite.intake import ATTEMPTS_FILE, ReservedAttemptsFile
from adapters.sqlite.schema import SCHEMA
from adapters.store_factory import AnyStore
from adapters.structured_logging import SilentLog
from adapters.system_clock import utc_now
from adapters.worker_process import slice_workers
from web.cli_ports import Environment
from web.letters import writer_for
from workflows.application import Application
from workflows.ports import Ports
from workflows.projections.parking import Alarm

time_zone_data.use_shipped()
CODEC, PACKS = JsonCodec(), rule_packs.RulePacks()


def environment() -> Environment:
    """What the command line works in; the program's log goes to standard error."""
    structured_logging.configure()
    return Environment(
        open=open_application,
        create=create_application,
        temporary=temporary_application,
        places=store_factory,
        files=input_files.FileReaders(CODEC),
        public_keys=PublicKeys.read,
        mail=Transports(),
        identity_providers=IdentityProviders(utc_now),
        packs=PACKS,
        codec=CODEC,
        log=structured_logging.logger(),
        now=utc_now,
        version=program_version(),
        store_format=SCHEMA,
    )


def open_application(
    place: str | Path, *, read_only: bool = False, log: Alarm | None = None
) -> Application:
    """The application on a store that is there. Raises Unavailable with one clear sentence."""
    store = store_factory.open_store(place, read_only=read_only)
    return application(store, log or structured_logging.logger())


def create_application(place: str | Path, *, virtual: bool = False) -> Application:
    """The application on an empty store. Raises Unavailable where there is one."""
    return application(store_factory.create_store(place, virtual=virtual), SilentLog())


@contextmanager
def temporary_application() -> Iterator[Application]:
    """The application on a store that is gone afterwards. Raises Unavailable."""
    with store_factory.temporary_store() as store, closing(application(store, SilentLog())) as made:
        yield made


def application(store: AnyStore, log: Alarm) -> Application:
    """The application on an open store. Raises Unavailable for time zones of unknown release."""
    clock, heartbeat = store.clock(), store.heartbeat()
    ports = Ports(
        store=store,
        views=store.views,
        intake_queue=store.intake(),
        attempts_log=ReservedAttemptsFile(store.home / ATTEMPTS_FILE),
        marks=high_water_marks.HighWaterMarkFile(store.home),
        keys=Keyring(store.home),
        address_book=store.address_book(),
        accounts=account_ports(store.accounts()),
        outbox=store.outbox_place(),
        packs=PACKS,
        codec=CODEC,
        tzdata=time_zone_data.release(),
        clock=clock,
        heartbeat=heartbeat,
        record_heartbeat=lambda: heartbeat.beat(clock.own, utc_now()),
        now=utc_now,
        writer=writer_for(program_version(), store.name),
        receipt_files=input_files.receipts_in,
        slice_workers=slice_workers("web.rebuild_worker", store.place),
        log=log,
    )
    return Application(ports)
