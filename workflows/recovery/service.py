"""The state of a whole store: how it is doing, whether its log is whole, what after a restore."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.ports.clock import RecordingClock
from domain.ports.codec import Codec
from domain.ports.errors import Unavailable
from domain.ports.event_store import Head
from domain.ports.keys import Keyring
from domain.ports.store import Heartbeat, Store
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.projections.runner import ProjectionRunner
from workflows.recovery import holds_after_restore, organisation_health, rollback_detection
from workflows.recovery.health import Health
from workflows.recovery.organisation_health import Outbox
from workflows.recovery.premature_records import premature_records
from workflows.recovery.rollback_detection import RollbackDetector


class Outboxes(Protocol):
    """The outbox of the store, if there is one."""

    @property
    def has_outbox(self) -> bool: ...

    @property
    def outbox(self) -> Outbox: ...

    def archive_outbox(self, now: datetime) -> None: ...


class Recovery:
    """Looks after one store as a whole.

    `receipt_files` gives the receipts of a folder by their file names; it raises Unavailable.
    `mail_problems` says what of answers by mail needs a person.
    """

    def __init__(
        self,
        store: Store,
        handling: CommandHandler,
        projections: ProjectionRunner,
        continuity: RollbackDetector,
        outboxes: Outboxes,
        *,
        keys: Keyring,
        codec: Codec,
        clock: RecordingClock,
        heartbeat: Heartbeat,
        receipt_files: Callable[[Path], Mapping[str, bytes]],
        mail_problems: Callable[[], Sequence[str]],
    ) -> None:
        self.store, self.continuity = store, continuity
        self._handling, self._projections, self._outboxes = handling, projections, outboxes
        self._keys, self._codec, self._clock = keys, codec, clock
        self._heartbeat, self._receipt_files = heartbeat, receipt_files
        self._mail_problems = mail_problems

    def health(self, at: datetime) -> Health:
        """How the store is doing at `at` (UTC); looking changes nothing. Raises Unavailable."""
        warnings, faults = list(self.store.warnings), list[str]()
        try:
            if not self._keys.in_force(at):
                warnings.append("Responses get no signed receipts: there is no key.")
        except Unavailable as error:
            faults.append(str(error))
        if doubt := self.store.clock_doubt():
            warnings.append(f"Nothing vouches for the clock here: {doubt}.")
        if self.continuity.unconfirmed():
            warnings.append(rollback_detection.UNCONFIRMED)
        return Health(
            organisations=organisation_health.organisations(
                self.store,
                self._projections.views,
                self._outboxes.outbox if self._outboxes.has_outbox else None,
                self._handling.decision_context,
                at,
            ),
            offset_ms=self._clock.read().offset_ms,
            served=self._heartbeat.served_at(),
            losses=tuple(map(str, self.continuity.losses())),
            warnings=warnings,
            faults=[*faults, *self._mail_problems()],
            early=() if self.store.virtual else [*premature_records(self.store, at)],
        )

    def ends(self) -> Mapping[str, Head]:
        """Where the log of each organisation ends. Raises Unavailable."""
        found = {}
        for name in self.store.organisations():
            history = self.store.history(name)
            (newest,) = history.since(history.last_position() - 1, 1)
            found[name] = Head(newest.position, newest.recorded_at)
        return found

    def accept_restored(self) -> list[CommandResult]:
        """Accept a log in the place of a later one: hold what runs, rebuild the rows.

        The outbox is put aside, and a new one begins when the store is served. Raises Unavailable
        while another process serves a store in a folder.
        """
        with self.store.server_lock():
            self._projections.rebuild()
            moment = self._clock.read()
            self._outboxes.archive_outbox(moment.at)
            answers = []
            for name in self.store.organisations():
                windows = self._projections.unfinished_windows(name)
                answers += holds_after_restore.hold_running_windows(
                    self._handling, self.store, name, windows, moment
                )
            self._projections.follow()
            self.continuity.accept()
        return answers

    def unsupported_receipts(self, folder: Path) -> dict[str, str]:
        """The receipts in a folder that the log does not bear out, each with why.

        Raises Unavailable when the folder or the public keys cannot be read.
        """
        files = self._receipt_files(folder)
        return rollback_detection.unsupported_receipts(
            self.store, files, self._keys.public(), self._codec
        )
