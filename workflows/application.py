"""The application: one store, and everything that reads and changes it, built from ports.

Pages, forms, the API and the command line use it, and know no adapter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec import structs

from domain.access.roles import Identity
from domain.actors import Actor, Role
from domain.canonical import canonical_json
from domain.cases import Step
from domain.erasures import TextErased
from domain.intake_entry import IntakeEntry
from domain.messages import Order, RecordedEvent
from domain.notices import Notice
from domain.ports.clock import ClockReading, Moment
from domain.ports.drafts import DraftStore
from domain.ports.errors import Unavailable
from domain.silence.commands import Respond
from workflows.accounts.service import AccountService
from workflows.acts.account_endings import AccountEndings
from workflows.acts.authorization import Authorization
from workflows.acts.pending import ANOTHER, PendingActs
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import NO_FILES, CommandHandler
from workflows.commands.orders import order_of_acts
from workflows.history.read_limit import LimitedLog
from workflows.incoming.service import IncomingMail
from workflows.notifications.addresses import Addresses
from workflows.notifications.service import Notifications
from workflows.ports import Ports
from workflows.processes import lost_attempts
from workflows.processes.clock_round import ClockRound
from workflows.processes.log_follower import LogFollower
from workflows.processes.processes import Processes
from workflows.processes.response_intake import Intake
from workflows.processes.silence_clock import SilenceClock
from workflows.projections import due_windows, lag
from workflows.projections.catch_up import FOLLOWER
from workflows.projections.rows import BodyRow
from workflows.projections.runner import ProjectionRunner
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer
from workflows.recovery.rollback_detection import RollbackDetector
from workflows.recovery.service import Recovery
from workflows.scenarios.service import Scenarios


class Application:
    """One store, and everything that reads and changes it."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._handling = CommandHandler(
            ports.store, ports.packs, ports.codec, tzdata=ports.tzdata, logger=ports.log
        )
        self._intake = Intake(
            ports.intake_queue,
            ports.attempts_log,
            decide=self._decide,
            hold=lambda lost: lost_attempts.hold_for_lost_attempts(
                self._handling, lost, ports.clock.read()
            ),
            canonical=lambda command: canonical_json(ports.codec.to_plain(command)),
            alarm=ports.log,
        )
        self._handling.vouches = self._intake.has_taken_in
        self._handling.can_log_in = self._can_log_in

    # --- What changes the record ------------------------------------------------------------------

    def execute(
        self,
        organisation: str,
        act: Step | Sequence[Step],
        command_id: str,
        stamp: ClockReading | None = None,
        files: Mapping[str, bytes] = NO_FILES,
        *,
        seen: int | None = None,
        identity: Identity | None = None,
        second: Identity | None = None,
    ) -> CommandResult:
        """Carry out an act on this store, now; said again under its id, it is done once.

        Several acts on one noun become one append, all of them or none; each is decided on what
        those before it cause. `stamp` is when it was received, if that was earlier; `files` are
        the papers it cites, by their SHA-256. With `seen`, the version of the noun's stream that
        the sender looked at, it is refused if that has gone on. `identity` is who has logged in: a
        role of theirs must have allowed each act when it was received, and the record holds their
        principal. Without one, where log-in is not in force, nobody is asked. `second` is another
        person who confirms it now, of whom the same holds. Raises Refused
        (ActsRefused where several acts were given), TooLarge and Unavailable; then nothing was
        recorded.
        """
        order = self._order(
            organisation, act, command_id, stamp, seen=seen, identity=identity, second=second
        )
        answer = self._handling.handle(organisation, order, files)
        if any(isinstance(event.fact, TextErased) for event in answer.events):
            self._destroy_erased_texts()
        return answer

    def _destroy_erased_texts(self) -> None:
        """Carry out what is recorded; what cannot be done now is done when the store is served."""
        try:
            self._ports.store.destroy_erased_texts()
        except Unavailable as error:
            self._ports.log.error("text_not_erased", because=str(error))

    def preview(
        self,
        organisation: str,
        act: Step | Sequence[Step],
        command_id: str,
        stamp: Moment | None = None,
        *,
        seen: int | None = None,
        identity: Identity | None = None,
        second: Identity | None = None,
        unconfirmed: bool = False,
    ) -> tuple[RecordedEvent, ...]:
        """The events that an act, or several, would cause now, without positions.

        Nothing is recorded. `unconfirmed` is said of an act that another person, who is not known
        yet, has to confirm: then it is previewed as if somebody had. Raises Refused as `execute`
        would.
        """
        order = self._order(
            organisation, act, command_id, stamp, seen=seen, identity=identity, second=second
        )
        if unconfirmed:
            order = structs.replace(order, second=ANOTHER)
        return self._handling.dry_run(organisation, order)

    def _order(
        self,
        organisation: str,
        act: Step | Sequence[Step],
        command_id: str,
        stamp: Moment | None,
        *,
        seen: int | None,
        identity: Identity | None,
        second: Identity | None,
    ) -> Order:
        """The order of acts, each of which this identity may do. Raises Refused otherwise."""
        now = self._ports.clock.read()
        at, acts = (stamp or now).at, (act,) if isinstance(act, Step) else act
        allowed = [
            self.authorization.authorised(organisation, single, identity, at)
            if identity
            else single
            for single in acts
        ]
        other = second and self.authorization.authorised(organisation, acts[0], second, at).actor
        return order_of_acts(allowed, command_id, now, stamp, seen, second=other or None)

    def _decide(self, entry: IntakeEntry) -> CommandResult:
        """Carry out a response as it was taken in. Raises Refused, TooLarge and Unavailable."""
        act = Step(
            line=0,
            mode="live",
            verb="respond",
            command=self._ports.codec.from_plain(json.loads(entry.response), Respond),
            actor=Actor(role=Role.SEAT, seat=entry.seat),
        )
        stamp = ClockReading(entry.received_at, entry.offset_ms)
        return self.execute(
            entry.organisation, act, entry.command_id, stamp, identity=entry.identity
        )

    # --- What is read -----------------------------------------------------------------------------

    @cached_property
    def queries(self) -> Queries:
        """Everything that is shown."""
        return Queries(
            LimitedLog(self._ports.store),
            self.projections.views,
            self._handling.decision_context,
            self.notifications.addresses.read_or_none,
            self._handling.lent_context,
            returning=self.notifications.returning_addresses,
        )

    @cached_property
    def authorization(self) -> Authorization:
        """Who may do and see what, by the roles that are granted."""
        return Authorization(self.queries)

    @cached_property
    def pending(self) -> PendingActs:
        """What the first of two persons has confirmed, until another one does."""
        ports = self._ports
        return PendingActs(
            self.drafts,
            self.authorization,
            ports.codec,
            now=lambda: ports.clock.read().at,
            execute=self.execute,
            preview=self.preview,
        )

    @cached_property
    def projections(self) -> ProjectionRunner:
        """The rows kept from the log, and what brings them up to its end."""
        ports = self._ports
        return ProjectionRunner(
            ports.store,
            ports.views,
            self._handling.decision_context,
            ports.log,
            workers=ports.slice_workers,
            can_write=lambda: ports.store.standby() is None,
        )

    @cached_property
    def receipts(self) -> ReceiptIssuer:
        """What answers those who respond, and the keys that sign it."""
        ports = self._ports
        return ReceiptIssuer(
            LimitedLog(ports.store),
            self._handling.decision_context,
            ports.keys,
            ports.codec,
            self._handling.lent_context,
            proof_of=ports.store.text_proof,
        )

    @cached_property
    def drafts(self) -> DraftStore:
        """Forms that somebody has begun, and acts that wait for a second person."""
        return self._ports.store.drafts()

    # --- What works beside ------------------------------------------------------------------------

    @cached_property
    def notifications(self) -> Notifications:
        """Letters, and the addresses to which they go."""
        ports = self._ports
        return Notifications(
            ports.store,
            self._handling,
            ports.outbox,
            Addresses(
                ports.address_book, ports.store, self._handling.decision_context, self._bodies
            ),
            writer=ports.writer,
            receipts=self.receipts,
            due=self._to_remind,
            to_notify=self._to_notify,
            clock=ports.clock,
            alarm=ports.log,
            forget_deleted=ports.store.forget_deleted,
        )

    @cached_property
    def _incoming_mail(self) -> IncomingMail:
        """What came by mail, until people have dealt with it."""
        ports = self._ports
        return IncomingMail(
            ports.store.incoming_mail(),
            self.notifications,
            body_of=self._body_of_letter,
            clock=ports.clock,
            alarm=ports.log,
            note_returned=self.accounts.mailed_links.note_returned,
        )

    def _body_of_letter(self, letter: Notice) -> str:
        """The body whose silence procedure a letter was about."""
        world = self._handling.present_context(letter.organisation)
        return world.window(letter.window).body

    @cached_property
    def processes(self) -> Processes:
        """The silence clock, the intake, the follower and incoming mail, of this process."""
        ports, gap = self._ports, self._ports.heartbeat.longest_gap
        return Processes(
            commands=self._handling,
            intake=self._intake,
            clock=ClockRound(
                ports.store,
                self.projections,
                SilenceClock(self._handling, ports.store, gap, ports.log),
                self._intake,
                self.notifications,
                mail=self._incoming_mail,
                clock=ports.clock,
                now=ports.now,
                require_log=self.recovery.continuity.require_not_shortened,
                unconfirmed=self.recovery.continuity.unconfirmed,
            ),
            follower=LogFollower(
                self.projections, ports.store.leader_election, self.recovery.continuity.record_marks
            ),
            mail=self._incoming_mail,
            record_heartbeat=ports.record_heartbeat,
            finish_erasures=ports.store.destroy_erased_texts,
            now=ports.now,
        )

    @cached_property
    def accounts(self) -> AccountService:
        """Who may log in, and how; no part of the record."""
        ports = self._ports
        return AccountService(
            tables=ports.accounts.tables,
            passwords=ports.accounts.passwords,
            codes=ports.accounts.codes,
            secrets=ports.accounts.secrets,
            now=lambda: ports.clock.read().at,
            log=ports.log,
            erase_drafts=self.drafts.erase,
        )

    @cached_property
    def account_endings(self) -> AccountEndings:
        """The end of accounts and invitations, and of the roles that they have."""
        return AccountEndings(
            tables=self._ports.accounts.tables,
            queries=lambda: self.queries,
            now=self.accounts.now,
            execute=self.execute,
            require_another_account=self.accounts.directory.require_another,
            disable_account=self.accounts.directory.disable,
            erase_account=self.accounts.directory.erase,
            withdraw_invitation=self._withdraw_invitation,
            take_identity=self.accounts.directory.remove_identity,
        )

    def _can_log_in(self, principal: str) -> bool:
        return self.account_endings.can_log_in(principal)

    def _withdraw_invitation(self, hash_: str) -> bool:
        """Take an invitation back, with the letters that would still bring it."""
        invitation = self._ports.accounts.tables.invitation(hash_)
        taken = self.accounts.invitations.take_back(hash_)
        if taken and invitation:
            self.accounts.mailed_links.forget(invitation.principal)
        return taken

    @cached_property
    def recovery(self) -> Recovery:
        """The store as a whole: how it is doing, and what to do after a restore."""
        ports = self._ports
        return Recovery(
            ports.store,
            self._handling,
            self.projections,
            RollbackDetector(
                ports.store, ports.marks, self._followers, asks=ports.store.confirm_first
            ),
            self.notifications,
            keys=ports.keys,
            codec=ports.codec,
            clock=ports.clock,
            heartbeat=ports.heartbeat,
            receipt_files=ports.receipt_files,
            mail_problems=self._incoming_mail.problems,
        )

    @cached_property
    def scenarios(self) -> Scenarios:
        """Cases, played into a throw-away store."""
        ports = self._ports
        return Scenarios(ports.store, self._handling, ports.codec, ports.now)

    def close(self) -> None:
        """Close the files of the store and all that was opened beside it."""
        opened = vars(self)
        if "projections" in opened:
            self.projections.close()
        if "notifications" in opened:
            self.notifications.close()
        if "_incoming_mail" in opened:
            self._incoming_mail.close()
        if "processes" in opened:
            self.processes.follower.close()
        if "drafts" in opened:
            self.drafts.close()
        self._ports.intake_queue.close()
        self._ports.accounts.tables.close()
        self._ports.store.close()

    # --- What the parts ask of each other ---------------------------------------------------------

    def _bodies(self) -> Mapping[str, list[str]]:
        """The ids of all bodies, by organisation."""
        self.projections.catch_up_or_wait(lag.WAIT_SECONDS)
        rows, names = self.projections.views.rows, self._ports.store.organisations()
        return {name: [row.id for row in rows(BodyRow, name)] for name in names}

    def _to_remind(self) -> Mapping[str, Sequence[str]]:
        """The windows of which somebody may have to be reminded now, by organisation."""
        self.projections.catch_up_or_wait(lag.WAIT_SECONDS)
        return due_windows.windows_to_remind(self.projections.views, self._ports.clock.read().at)

    def _to_notify(self) -> Mapping[str, Sequence[str]]:
        """The windows with which a new outbox begins, where the rows are up to date."""
        ends, projections = lag.log_ends(self._ports.store), self.projections
        projections.catch_up_or_wait(lag.WAIT_SECONDS)
        views = projections.views
        complete = [name for name, end in ends.items() if views.position(FOLLOWER, name) >= end]
        listed = due_windows.windows_to_notify(views)
        stale = projections.windows_with_stale_rows
        return {name: [*listed.get(name, ()), *stale(name)] for name in complete}

    def _followers(self) -> Mapping[str, Callable[[str], int]]:
        """Who reads the log, each with the position up to which it was read."""
        found: dict[str, Callable[[str], int]] = {}
        if self._ports.store.has_views:
            views = self.projections.views
            found["whoever made the rows"] = lambda name: views.position(FOLLOWER, name)
        if self.notifications.has_outbox:
            found["the outbox"] = self.notifications.outbox.position
        return found
