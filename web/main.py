"""The composition root: the one place where the parts are put together."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from adapters import structured_logging, time_zone_data
from adapters.codec import JsonCodec
from adapters.codec import MalformedValue as MalformedValue
from adapters.eventstore.integrity import Report as Report
from adapters.eventstore.version import program_version as program_version
from adapters.files import address_book as directory
from adapters.files import calendars, input_files, national_holidays
from adapters.files import case_schema as caseschema
from adapters.files.case_reader import CaseError as CaseError
from adapters.files.case_reader import CaseFiles
from adapters.files.high_water_marks import HighWaterMarkFile
from adapters.files.rule_packs import RulePacks
from adapters.keys.keyring import Keyring
from adapters.keys.public_keys import PublicKeys
from adapters.mail.folder import FolderTransport
from adapters.mail.screen import ScreenTransport
from adapters.mail.smtp import SmtpTransport
from adapters.postgres.address import named as named
from adapters.postgres.leader_election import PostgresLeaderElection
from adapters.postgres.read_models import PostgresViews
from adapters.sqlite.intake import ATTEMPTS_FILE, ReservedAttemptsFile
from adapters.sqlite.outbox import FILE as OUTBOX
from adapters.sqlite.outbox import Outbox as Outbox
from adapters.sqlite.read_models import SqliteViews
from adapters.sqlite.schema import SCHEMA
from adapters.sqlite.server_lock import SoleLeader
from adapters.sqlite.store import SqliteStore as SqliteStore
from adapters.store_factory import AnyStore as AnyStore
from adapters.store_factory import copy_store as copy_store
from adapters.store_factory import create_store as create_store
from adapters.store_factory import open_store
from adapters.store_factory import upgrade_store as upgrade_store
from domain.actors import Actor, Role
from domain.body.commands import PublishCalendar
from domain.canonical import canonical_json
from domain.cases import Case, Step
from domain.messages import Order
from domain.ports.address_book import Directory
from domain.ports.clock import Stamp as Stamp
from domain.ports.errors import Unavailable as Unavailable
from domain.ports.mail import Way
from domain.response_intake import IntakeEntry, LostAttempts
from domain.rules import RulePack, require
from domain.silence.commands import Respond
from domain.times import UNKNOWN
from web.http.context import AboutProgram
from web.letters import Letters
from web.rendering import Templates
from workflows.commands.handler import (
    NO_FILES,
    CommandHandler,
    CommandResult,
    require_unreserved_id,
)
from workflows.notifications.delivery import DeliveryRound, NotificationDelivery
from workflows.processes import response_intake
from workflows.processes.response_intake import Intake
from workflows.processes.silence_clock import SilenceClock
from workflows.projections import due_windows, lag
from workflows.projections.catch_up import FOLLOWER
from workflows.projections.parking import Alarm
from workflows.projections.rows import BodyRow
from workflows.projections.runner import ProjectionRunner
from workflows.queries.queries import Queries
from workflows.receipts import format as receipts
from workflows.receipts.issue import ReceiptIssuer, Unsigned
from workflows.recovery import health, restore
from workflows.recovery import rollback_detection as continuity
from workflows.recovery.health import Health
from workflows.recovery.rollback_detection import RollbackDetector
from workflows.scenarios import player as cases

STORE_FORMAT: Final = SCHEMA
"""The version of the tables that this program makes; it never opens newer ones."""
time_zone_data.use_shipped()
CODEC: Final = JsonCodec()
PACKS: Final = RulePacks()


def now() -> datetime:
    """The server's clock, in UTC."""
    return datetime.now(UTC)


def log_to_stderr() -> None:
    """Log one line per command to standard error."""
    structured_logging.configure()


def program_log() -> Alarm:
    """The program's own log."""
    log: Alarm = structured_logging.logger()
    return log


def tzdata() -> str:
    """The release of the time zone database that is in use, as the package `tzdata` numbers it.

    Raises Unavailable for zones from anywhere else: a proof names what was used.
    """
    return time_zone_data.release()


def shipped_packs() -> dict[str, RulePack]:
    """The rule packs that ship with the program, by id."""
    return dict(PACKS.shipped())


def read_case(path: Path, moment: datetime | None = None) -> Case:
    """A case file, read. Raises CaseError naming file, line and field."""
    return CaseFiles(CODEC).read(path, moment)


def read_step(path: Path) -> Step:
    """A file with one step, read. Raises CaseError."""
    return CaseFiles(CODEC).read_step(path)


def draft_calendar(duty_station: str, year: int, country: str) -> str:
    """A calendar file to be edited, with the country's national holidays. Raises Refused."""
    days = national_holidays.national_holidays(country, year)
    return calendars.draft_calendar(
        duty_station, year, country, national_holidays.library_version(), days
    )


def read_calendar(path: Path, body: str) -> PublishCalendar:
    """What a calendar file lets a body publish. Raises CaseError, also for a draft."""
    return calendars.read_calendar(path, body)


def case_schema() -> dict[str, Any]:
    """The JSON Schema of case files."""
    return caseschema.schema_document()


def verify_receipt(receipt: Path, keys: Path) -> receipts.Receipt:
    """What a receipt says, once it is proved by these public keys; no store is looked at.

    Raises NotValid, and Unavailable for files that cannot be read.
    """
    return receipts.verify_receipt(input_files.read_file(receipt), PublicKeys.read(keys), CODEC)


def read_paper(path: Path) -> bytes:
    """A paper or mail in a file. Raises Unavailable for what has no end or is too large."""
    return input_files.read_file(path, input_files.PAPER)


def read_text(path: Path) -> str:
    """A text in a file, without a byte order mark and its last line end. Raises Unavailable."""
    try:
        return input_files.read_file(path).decode("utf-8-sig").removesuffix("\n")
    except UnicodeDecodeError as error:
        strange = f"byte {error.start + 1} is not UTF-8"
        raise Unavailable(f"{path} cannot be read: {strange}.") from error


def read_directory(path: Path) -> Directory:
    """A file with addresses, read. Raises CaseError naming file, line and field."""
    return directory.read_address_book(path)


def smtp(host: str, port: int, *, sender: str, tls: str, user: str = "", password: str = "") -> Way:
    """Letters go to a mail server. Raises Unavailable for a password that would go in clear."""
    return SmtpTransport(host, port, sender=sender, tls=tls, user=user, password=password)


def mail_folder(folder: Path, *, sender: str) -> Way:
    """Letters are written to a folder. Raises Unavailable when it cannot be made."""
    return FolderTransport(folder, sender=sender)


def mail_screen(show: Callable[[str], None]) -> Way:
    """Letters are only shown."""
    return ScreenTransport(show)


class Quiet:
    """A logger for plays: thousands of simulated commands are nobody's news."""

    def info(self, event: str, **values: object) -> None:
        """Say nothing."""

    def error(self, event: str, **values: object) -> None:
        """Say nothing."""


class Placet:
    """One store with its views, and everything that reads and changes it."""

    def __init__(self, store: AnyStore, logger: Alarm | None = None) -> None:
        self.store, self.codec = store, CODEC
        self.watch, self.clock = store.heartbeat(), store.clock()
        self.alarm: Alarm = logger or structured_logging.logger()
        self._shelf = store.intake()
        self.handling = CommandHandler(store, PACKS, CODEC, tzdata=tzdata(), logger=self.alarm)
        self.aside = ReservedAttemptsFile(store.home / ATTEMPTS_FILE)
        self.intake = Intake(
            self._shelf,
            self.aside,
            decide=self._decide,
            hold=self._hold_lost,
            told=lambda command: canonical_json(CODEC.to_plain(command)),
            alarm=self.alarm,
        )
        self.handling.vouches = self.intake.has_taken_in
        self.posting: NotificationDelivery | None = None
        self.doubt = ""
        """Why nothing vouches for the clock, so that no outcome may be recorded by it."""

    def prepare_intake(self) -> Iterator[str]:
        """Before serving: set room aside, and decide what the process before this one left.

        What could not be done, in sentences; the silence clock goes on trying, and lapses nothing
        meanwhile.
        """
        for act in (self.aside.prepare, lambda: self.intake.decide_pending(now())):
            try:
                act()
            except Unavailable as error:
                yield str(error)

    def _decide(self, entry: IntakeEntry) -> CommandResult:
        """Carry out a response as it was taken in. Raises Refused, TooLarge and Unavailable."""
        step = Step(
            line=0,
            mode="live",
            verb="respond",
            command=self.codec.from_plain(json.loads(entry.response), Respond),
            actor=Actor(role=Role.SEAT, seat=entry.seat),
        )
        stamp = Stamp(entry.received_at, entry.offset_ms)
        return self.do(entry.organisation, step, entry.command_id, stamp)

    def _hold_lost(self, lost: LostAttempts) -> CommandResult:
        """Hold a window to which something came that could not be kept. Raises Refused."""
        return response_intake.hold_for_lost_attempts(self.handling, lost, self.clock.read())

    @cached_property
    def views(self) -> SqliteViews | PostgresViews:
        """The rows kept from the log; not opened before somebody wants them."""
        return self.store.views()

    @cached_property
    def reading(self) -> Queries:
        """Everything that is shown."""
        return Queries(
            self.store, self.views, self.handling.decision_context, self._directory_or_none
        )

    @cached_property
    def keys(self) -> Keyring:
        """The keys that sign receipts."""
        return Keyring(self.store.home)

    @cached_property
    def receipts(self) -> ReceiptIssuer:
        """What answers those who respond."""
        return ReceiptIssuer(self.store, self.handling.decision_context, self.keys, self.codec)

    @cached_property
    def outbox(self) -> Outbox:
        """Notices that wait to be sent; made when somebody first wants to send any."""
        standing = {
            name: self.store.history(name).last_position() for name in self.store.organisations()
        }
        self.store.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Outbox(self.store.home / OUTBOX, standing)

    def directory(self) -> Directory:
        """How seats and officers are reached. Raises CaseError for a file that is damaged."""
        return directory.address_book_of_store(self.store.home)

    def mark(self, address: str) -> str:
        """The mark by which the record calls an address. Raises Unavailable."""
        return self._marker(address)

    def marks(
        self, organisation: str, window: str, seats: Iterable[str], addresses: Iterable[str]
    ) -> tuple[str, ...]:
        """The marks of addresses of seats of a window. Raises Refused for another address."""
        body = self.handling.decision_context(self.store.history(organisation)).window(window).body
        told = self.directory()
        known = {
            address.casefold()
            for seat in seats
            for address in told.of(organisation, body, seat).addresses
        }
        for address in addresses:
            theirs = address.casefold() in known
            require("known", theirs, f"the directory has no address {address} for these seats")
        return tuple(dict.fromkeys(map(self.mark, addresses)))

    @cached_property
    def _marker(self) -> Callable[[str], str]:
        return directory.address_marker(self.store.home)

    def _directory_or_none(self) -> Directory | None:
        """The directory; None where none was loaded, and one without addresses if it is damaged."""
        try:
            return self.directory() if (self.store.home / directory.FILE).is_file() else None
        except CaseError:
            return Directory()

    def load_directory(self, path: Path) -> Directory:
        """Put a file in the place of the directory. Raises CaseError and Unavailable."""
        return directory.load_address_book(path, self.store.home, self.addressees())

    def check_directory(self, path: Path) -> Directory:
        """Read a file as one that may be loaded here. Raises CaseError."""
        return directory.read_address_book(path, self.addressees())

    def addressees(self) -> dict[str, dict[str, list[str]]]:
        """The seats that there are or were, by organisation and body."""
        self.catch_up_or_wait(lag.PATIENT)
        found: dict[str, dict[str, list[str]]] = {}
        for name in self.store.organisations():
            world = self.handling.decision_context(self.store.history(name))
            bodies = [row.id for row in self.views.rows(BodyRow, name)]
            found[name] = {
                body: list(dict.fromkeys(one.seat for one in world.body(body).seats))
                for body in bodies
            }
        return found

    def configure_mail(self, way: Way, address: str = "") -> NotificationDelivery:
        """Let letters go this way from now on; `address` is where the pages are seen."""
        about = AboutProgram(version=program_version(), store=self.store.name)
        self.posting = NotificationDelivery(
            self.store,
            self.handling,
            self.outbox,
            way,
            writer=Letters(Templates(about), address),
            directory=self.directory,
            clock=self.clock.read,
            receipts=self._receipt,
            mark=self.mark,
            alarm=self.alarm,
        )
        return self.posting

    def _receipt(self, organisation: str, position: int, to_sender: bool) -> bytes | None:
        """The receipt of a response; None where there is none, or none can be signed."""
        try:
            return self.receipts.issue(organisation, position, to_sender=to_sender)
        except Unsigned:
            return None

    def send(self) -> DeliveryRound:
        """One round of the notice service. Raises Unavailable and CaseError."""
        self.catch_up_or_wait(lag.PATIENT)
        if self.posting is None:
            return DeliveryRound()
        windows = due_windows.windows_to_remind(self.views, self.clock.read().at)
        return self.posting.run_round(lambda organisation: windows.get(organisation, ()))

    def close(self) -> None:
        """Close the files of the store and of its views."""
        if "views" in vars(self):
            self.views.close()
        if "outbox" in vars(self):
            self.outbox.close()
        if "lead" in vars(self):
            self.lead.close()
        self._shelf.close()
        self.store.close()

    @cached_property
    def lead(self) -> PostgresLeaderElection | SoleLeader:
        """Whether this process is the one that follows the log."""
        return self.store.leader_election()

    def keep_following(self) -> None:
        """Follow the log, if it is this process that does. Raises Unavailable."""
        self.projections.lead = self.lead
        if self.lead.try_lead():
            self.follow()
            self.rollback_detector.record_marks()

    @cached_property
    def rollback_detector(self) -> RollbackDetector:
        """Whether the log still holds what was seen of it. To find out makes nothing."""

        def followers() -> dict[str, Callable[[str], int]]:
            found: dict[str, Callable[[str], int]] = {}
            if self.store.has_views:
                found["whoever made the rows"] = lambda name: self.views.position(FOLLOWER, name)
            if self.has_outbox:
                found["the outbox"] = self.outbox.position
            return found

        return RollbackDetector(self.store, HighWaterMarkFile(self.store.home), followers)

    def restored(self) -> list[CommandResult]:
        """Accept a log in the place of a later one: hold what runs, make the rows anew.

        The outbox is put aside, and a new one begins when the store is served. Raises Unavailable
        while another process serves a store in a folder.
        """
        with self.store.server_lock():
            self.rebuild()
            self._put_outbox_aside()
            moment = self.clock.read()
            answers = []
            for name in self.store.organisations():
                windows = self.projections.unfinished_windows(name)
                answers += restore.hold_running_windows(
                    self.handling, self.store, name, windows, moment
                )
            self.follow()
            self.rollback_detector.accept()
        return answers

    def _put_outbox_aside(self) -> None:
        if "outbox" in vars(self):
            vars(self).pop("outbox").close()
        for ending in ("", "-wal", "-shm"):
            file = self.store.home / (OUTBOX + ending)
            with suppress(FileNotFoundError):
                file.rename(file.with_name(f"outbox-{now():%Y%m%dT%H%M%S}.db{ending}"))

    def unsupported_receipts(self, folder: Path) -> dict[str, str]:
        """The receipts in a folder that the log does not bear out, each with why.

        Raises Unavailable when the folder or the public keys cannot be read.
        """
        try:
            found = sorted(folder.glob("*.txt"))
            files = {one.name: input_files.read_file(one) for one in found}
        except OSError as error:
            raise Unavailable(f"{folder} cannot be read: {error.strerror}.") from error
        return continuity.unsupported_receipts(self.store, files, self.keys.public(), CODEC)

    @property
    def has_outbox(self) -> bool:
        """Whether there is an outbox; asking makes none."""
        return "outbox" in vars(self) or (self.store.home / OUTBOX).is_file()

    def health(self, at: datetime) -> Health:
        """How the store is doing at `at` (UTC); looking changes nothing. Raises Unavailable."""
        warnings, faults = list(self.store.warnings), list[str]()
        try:
            if not self.keys.in_force(at):
                warnings.append("Responses get no signed receipts: there is no key.")
        except Unavailable as error:
            faults.append(str(error))
        if doubt := self.store.clock_doubt():
            warnings.append(f"Nothing vouches for the clock here: {doubt}.")
        outbox = self.outbox if self.has_outbox else None
        return Health(
            organisations=health.organisations(
                self.store, self.views, outbox, self.handling.decision_context, at
            ),
            offset_ms=self.clock.read().offset_ms,
            served=self.watch.served_at(),
            losses=tuple(map(str, self.rollback_detector.losses())),
            warnings=warnings,
            faults=faults,
            early=() if self.store.virtual else [*health.premature_records(self.store, at)],
        )

    @cached_property
    def projections(self) -> ProjectionRunner:
        """Keeps the rows up to the end of the log."""
        return ProjectionRunner(self.store, self.views, self.handling.decision_context, self.alarm)

    def catch_up_or_wait(self, waits: float = lag.LEADER_WAIT_SECONDS) -> int:
        """Let the rows reach the end that the log has now; how many events they still lack."""
        return self.projections.catch_up_or_wait(waits)

    def follow(self, told: Callable[[str, int, int], None] | None = None) -> int:
        """Bring the rows up to the end of the log; the number of events read."""
        return self.projections.follow(told)

    def rebuild(self, told: Callable[[str, int, int], None] | None = None) -> int:
        """Make the rows anew, beside the old ones, and put them in their place."""
        return self.projections.rebuild(told)

    def do(
        self,
        organisation: str,
        step: Step,
        command_id: str,
        stamp: Stamp | None = None,
        files: Mapping[str, bytes] = NO_FILES,
    ) -> CommandResult:
        """Carry out one step on this store, now. Raises Refused and Unavailable.

        `stamp` is when it was received, if that was earlier; `files` are the papers it cites.
        """
        return self.handling.handle(organisation, self.order(step, command_id, stamp), files)

    def order(self, step: Step, command_id: str, stamp: Stamp | None = None) -> Order:
        """The order that a step makes on this store, now. Raises Refused."""
        require_unreserved_id(step.command_id or command_id)
        simulated = step.mode == "simulated"
        require("virtual-store", not simulated, "simulated acts are played by `placet case run`")
        require("empty", step.command, "nothing happens by waiting in a real store")
        moment = self.clock.read()
        attested = step.mode == "attested"
        require("attested-source", not attested or step.source, "history needs its source")
        came = stamp or moment
        return Order(
            command=step.command,  # type: ignore[arg-type]  # insisted upon above
            command_id=step.command_id or command_id,
            actor=step.actor,
            at=max(moment.at, came.at),
            received_at=step.received.exact if step.received.known else came.at,
            source=step.source if attested else "",
            effective=step.when if attested or step.when.known else UNKNOWN,
            authority=step.authority,
            waivers=step.waivers,
            offset_ms=max(moment.offset_ms, came.offset_ms, key=abs),
        )

    def record_heartbeat(self) -> None:
        """Note that this process serves the store now."""
        self.watch.beat(self.clock.own, now())

    @cached_property
    def silence(self) -> SilenceClock:
        """The silence clock of this process."""
        return SilenceClock(self.handling, self.store, self.watch.longest_gap, self.alarm)

    def tick(self) -> list[CommandResult]:
        """Let the silence clock record what is due now, and before it what became of notices.

        Raises Unavailable, also when the log has become shorter than this process saw it.
        """
        self.rollback_detector.require_not_shortened()
        self.intake.decide_pending(now())
        answers = self.posting.record_pending() if self.posting else []
        self.catch_up_or_wait(lag.PATIENT)
        moment = self.clock.read()
        if self.doubt:
            return answers
        due = due_windows.due_windows(self.views, moment.at)
        for name in self.store.organisations():
            windows = dict.fromkeys(
                [*due.get(name, ()), *self.projections.windows_with_stale_rows(name)]
            )
            untold = self.posting.parked_windows(name) if self.posting else {}
            awaited = self.intake.pending_windows(name)
            answers += self.silence.run_once(name, windows, untold, moment, awaited)
        return answers

    def player(self, organisation: str, started: datetime) -> cases.Player:
        """A player of cases into this store; for throw-away stores."""
        require("virtual-store", self.store.virtual, "cases are played in throw-away stores only")
        return cases.Player(self.handling, self.store.history(organisation), CODEC, started=started)

    def play(self, case: Case, *, alone: bool = False) -> cases.Verdict:
        """Play a case: simulated acts under its own clock, history recorded now.

        A case that is `alone` in its store has its own clock also where it tells only history.
        """
        simulated = any(step.mode == "simulated" for step in case.steps)
        started = cases.started_at(case) if simulated or alone else now()
        return self.player(case.organisation, started).play(case)


@contextmanager
def open_application(
    place: str | Path, *, read_only: bool = False, logger: Alarm | None = None
) -> Iterator[Placet]:
    """The program on a store that is there. Raises Unavailable with one clear sentence."""
    placet = Placet(open_store(place, read_only=read_only), logger)
    try:
        yield placet
    finally:
        placet.close()


def _scratch() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="placet-")
    except OSError as error:
        because = f"there is no folder for temporary files: {error.strerror or error}"
        raise Unavailable(f"Nothing can be played: {because}.") from error


@contextmanager
def temporary_store() -> Iterator[Placet]:
    """The program on a store that is gone afterwards; simulated acts belong here."""
    with _scratch() as folder:
        placet = Placet(SqliteStore.create(Path(folder) / "store", virtual=True), Quiet())
        try:
            yield placet
        finally:
            placet.close()


def play_in_temporary_store(case: Case) -> cases.Verdict:
    """Play a case in a store of its own, thrown away afterwards."""
    with temporary_store() as placet:
        return placet.play(case, alone=True)
