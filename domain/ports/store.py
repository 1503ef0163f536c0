"""The ports of a store: the log of events with what a store of any kind offers beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from domain.ports.accounts import AccountTables
from domain.ports.address_book import AddressBook
from domain.ports.clock import RecordingClock
from domain.ports.drafts import DraftStore
from domain.ports.event_store import EventLog
from domain.ports.incoming_mail import IncomingMailStore
from domain.ports.outbox import OutboxPlace
from domain.ports.text_proofs import TextProof


class IntegrityReport(Protocol):
    """What a whole store is found to hold, compared with its own hashes."""

    @property
    def events(self) -> int: ...

    @property
    def contents(self) -> int: ...

    @property
    def faults(self) -> Sequence[str]: ...

    @property
    def notes(self) -> Sequence[str]: ...

    @property
    def sound(self) -> bool: ...


class LeaderElection(Protocol):
    """Whether this process is the one that follows the log."""

    @property
    def is_leader(self) -> bool: ...

    def try_lead(self) -> bool:
        """Take or keep the lead, if no other process has it; whether it is here."""

    def close(self) -> None:
        """Let another process lead."""


class Heartbeat(Protocol):
    """When a store was served, by whichever processes."""

    def served_at(self) -> datetime | None:
        """When the store was served last (UTC), as far as that is remembered."""

    def longest_gap(self, since: datetime, until: datetime) -> timedelta:
        """The longest time between two moments (UTC) without a server."""


class Standby(Struct, frozen=True):
    """A copy of a store that follows a primary, and can only be read until it takes its place."""

    replayed_at: datetime | None = None
    """When the last change that is here was committed on the primary (UTC), if that is known."""


class Store(EventLog, Protocol):
    """One store, open."""

    @property
    def name(self) -> str: ...

    @property
    def virtual(self) -> bool:
        """Whether it is a throw-away store, which may hold simulated acts."""

    @property
    def format(self) -> int: ...

    @property
    def made_by(self) -> str: ...

    @property
    def warnings(self) -> Sequence[str]:
        """What operators should know, in sentences."""

    @property
    def connections(self) -> tuple[int, int] | None:
        """How many connections are lent out, and how many may be; None where there is no bound."""

    def standby(self) -> Standby | None:
        """How a store that can only be read follows its primary; None for one that takes acts.

        Raises Unavailable.
        """

    @property
    def has_views(self) -> bool:
        """Whether there are views; asking makes none."""

    @property
    def confirm_first(self) -> bool:
        """Whether a host that has no marks of its log asks a person before it closes anything.

        So it is where whatever knows how far the log reached may have been restored with it.
        """

    @property
    def home(self) -> Path:
        """The folder of this host for keys and marks; it need not exist yet."""

    def clock(self) -> RecordingClock:
        """The clock by which the store is written."""

    def heartbeat(self) -> Heartbeat:
        """When the store was served."""

    def incoming_mail(self) -> IncomingMailStore:
        """Where messages are kept that came by mail."""

    def outbox_place(self) -> OutboxPlace:
        """Where letters wait."""

    def accounts(self) -> AccountTables:
        """Accounts and their credentials."""

    def address_book(self) -> AddressBook:
        """How seats and officers are reached."""

    def drafts(self) -> DraftStore:
        """Where forms in progress lie."""

    def clock_doubt(self) -> str:
        """Why nothing vouches for the clock; empty where something does."""

    def server_lock(self) -> AbstractContextManager[None]:
        """The right to serve this store. Raises Unavailable where another process has it."""

    def leader_election(self) -> LeaderElection:
        """The lead in following the log."""

    def check(self) -> IntegrityReport:
        """Read everything and compare it with its hashes."""

    def destroy_erased_texts(self) -> int:
        """Destroy the keys of all texts that the record says are erased; of how many events.

        Raises Unavailable; what was not destroyed is destroyed the next time.
        """

    def forget_deleted(self) -> None:
        """Overwrite what was deleted in files and tables beside the log. Raises Unavailable."""

    def text_proof(self, organisation: str, position: int) -> TextProof:
        """The proofs of the texts of the event at a position: of those whose key is there.

        Raises KeyError for no such event, and Unavailable.
        """

    def backup(self, target: Path, apart: Path | None = None) -> IntegrityReport:
        """Copy the store into a new folder, with all that lies beside its log, and check the copy.

        With `apart` what lies beside the log goes into that folder, which is new too. Raises
        Unavailable; then no copy is left.
        """

    def close(self) -> None:
        """Close all files and connections."""


Progress = Callable[[str, int, int], None]
"""Hears of progress: organisation, position reached, last position."""


class StorePlaces(Protocol):
    """Stores by where they are: a folder, or the address of a database."""

    def upgrade_store(self, place: str | Path) -> tuple[int, int]:
        """Bring a store's tables to this program's version; the versions before and after.

        Raises Unavailable.
        """

    def copy_store(
        self,
        source: str | Path,
        target: str | Path,
        on_progress: Progress,
        only: Sequence[str] = (),
    ) -> IntegrityReport:
        """Copy a log to another store, and check the whole other store. Raises Unavailable."""

    def restore_store(
        self, source: Path, target: Path, apart: Path | None = None, broken: Path | None = None
    ) -> IntegrityReport:
        """Make a store in a new folder from a backup, and check it.

        `apart` is where the second part of the backup is, and `broken` the folder of the store
        that it replaces, whose marks tell what is missing. Raises Unavailable.
        """

    def without_password(self, place: str) -> str:
        """A folder as it is, an address without its password."""
