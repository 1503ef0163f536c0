"""The state of a silence window: an outcome from events alone, a phase from events and now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, structs

from domain.actors import Role
from domain.awaited import Awaited
from domain.deadlines import Deadline
from domain.messages import RecordedEvent
from domain.rules import require
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    MatterDecided,
    MatterReferred,
    NoticesRecorded,
    ObjectionWithdrawn,
    OutcomeAnnounced,
    OutcomeTold,
    Policy,
    Response,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    ResponseRuledUpon,
    RevisionAnnounced,
    SilenceBroken,
    SilenceExtended,
    SilenceHeld,
    SilenceLapsed,
    SilenceOpened,
    SilenceReleased,
    SilenceResumed,
    SilenceShared,
    SilenceSuperseded,
    SilenceSuspended,
    Subject,
)
from domain.silence.holds import OUTAGE, Hold
from domain.silence.phase import Phase, PhaseInputs, awaited_in, phase_at
from domain.silence.responses import BREAKING, HARMLESS, ReceivedResponse, Ruling, Withdrawal
from domain.times import UNKNOWN, When, is_before, shift


class Window(Struct, frozen=True, kw_only=True):
    """What the rules must remember about a silence procedure."""

    id: str = ""
    body: str = ""
    subject: Subject = Subject(type="")
    text_hash: str = ""
    roster_hash: str = ""
    seats: int | None = None
    policy: Policy = Policy()
    opened: When = UNKNOWN
    closes: When = UNKNOWN
    deadline: Deadline | None = None
    length: str = ""
    attested: bool = False
    channel: str = ""
    mandate: str = ""
    relaunch_of: str = ""
    responses: tuple[ReceivedResponse, ...] = ()
    delivered: frozenset[str] = frozenset()
    """Seats that were told of the opening."""
    undelivered: frozenset[tuple[str, str]] = frozenset()
    """What failed to reach whom, and is neither resolved nor waived: (about, seat)."""
    excused: frozenset[str] = frozenset()
    """Seats that need not have been told of the opening, by a waiver with its reason."""
    broken: frozenset[str] = frozenset()
    broken_whole: bool = False
    lapsed: When | None = None
    ended: When = UNKNOWN
    """When the outcome that it has came; unknown while it has none."""
    approved: tuple[str, ...] = ()
    suspended: bool = False
    first_closes: When = UNKNOWN
    """The end that was told at the opening."""
    since: When = UNKNOWN
    """Since when its clock has been running."""
    ran_microseconds: int = 0
    """How long its clock had run when it was stopped last."""
    holds: tuple[Hold, ...] = ()
    """The holds that stand beside each other."""
    held_so_far: int = 0
    """How often it was held, which numbers the holds."""
    superseded: str = ""
    reviewed: bool = False
    """Whether the presiding officer ended a hold about an outage after the deadline in force."""
    in_doubt: frozenset[str] = frozenset()
    """The parts whose approval is suspended by what was found after the close."""
    revoked: bool = False
    announced: tuple[OutcomeAnnounced, ...] = ()
    referred: tuple[MatterReferred, ...] = ()
    shared: tuple[str, ...] = ()
    """Further bodies for whose decision it was too, as a source tells."""
    told: frozenset[str] = frozenset()
    """Items of which a source tells the outcome, where it tells nothing of the others."""
    decided: tuple[tuple[When, MatterDecided], ...] = ()
    """What meetings made of the matter afterwards, and when."""
    revisions: tuple[tuple[When, RevisionAnnounced], ...] = ()
    """Amended texts that were announced without a procedure of their own."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The separable parts under silence: items when declared so, else one undivided text."""
        return self.subject.items if self.policy.by_item and self.subject.items else ("",)

    @property
    def unreached_seats(self) -> frozenset[str]:
        """Seats that something failed to reach which must reach all."""
        return frozenset(seat for _, seat in self.undelivered)

    @property
    def hold_reason(self) -> str:
        """Why it is held, by all holds that stand; empty when none does."""
        return "; ".join(one.reason for one in self.holds)

    @property
    def time_run(self) -> timedelta:
        """How long its clock had run when it was stopped last."""
        return timedelta(microseconds=self.ran_microseconds)

    @property
    def is_over(self) -> bool:
        """Whether the window has ended, in whatever way."""
        return bool(self.lapsed or self.broken_whole or self.superseded)

    @property
    def approval_is_suspended(self) -> bool:
        """Whether an approval is suspended by responses that were found after the close."""
        return bool(self.in_doubt)

    @property
    def unruled_late_responses(self) -> frozenset[int]:
        """The responses that were found after the close and wait for a ruling by two persons."""
        return frozenset(
            one.number
            for one in self.found_after_close
            if one.ruled is None and self.in_doubt & {*self.parts_concerned(one.response)}
        )

    @property
    def found_after_close(self) -> tuple[ReceivedResponse, ...]:
        """What was found after the close and breaks the silence, or may do so."""
        return tuple(
            one
            for one in self.responses
            if one.standing == "found after the close" and one.broke_silence is not False
        )

    @property
    def approved_parts(self) -> tuple[str, ...]:
        """The parts that are approved and not broken since, suspended ones among them."""
        if not self.lapsed or self.revoked:
            return ()
        parts = self.parts if self.parts == ("",) else self.approved
        return tuple(part for part in parts if part not in self.broken)

    def parts_concerned(self, response: Response) -> tuple[str, ...]:
        """The parts that a response concerns: all of them, unless it names items.

        Whether an item that it names stands for its sub-items too, the policy says.
        """
        if self.parts == ("",) or not response.items:
            return self.parts
        named = {*response.items}
        return tuple(part for part in self.parts if named & self._answers_for(part))

    def _answers_for(self, part: str) -> frozenset[str]:
        """The items an objection to which is one to this part."""
        above = self._above(part)
        match self.policy.sub_items:
            case "with their parent":
                return frozenset({part, *above})
            case "together":
                top = above[-1] if above else part
                family = (one for one in self.parts if top in {one, *self._above(one)})
                return frozenset(family)
        return frozenset({part})

    def _above(self, part: str) -> tuple[str, ...]:
        """The parent of a part, its parent, and so on."""
        found: list[str] = []
        while (part := self.subject.under.get(part, "")) and part not in found:
            found.append(part)
        return tuple(found)

    def approved_parts_concerned(self, response: Response) -> tuple[str, ...]:
        """The approved parts that a response concerns; an undivided text stands as a whole."""
        return tuple(part for part in self.parts_concerned(response) if part in self.approved_parts)

    def items_of(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The approved items that these parts are; an undivided text is all of them."""
        return self.approved if parts == ("",) else parts

    @property
    def uncounted(self) -> tuple[ReceivedResponse, ...]:
        """Objections and amendments that came and do not count, whatever the reason."""
        return tuple(
            one
            for one in self.responses
            if one.response.kind in BREAKING and not (one.breaks is None or one.breaks)
        )

    @property
    def unconsidered_responses(self) -> tuple[ReceivedResponse, ...]:
        """What came in time and may be an objection, but could not count: people look at it."""
        return tuple(
            one
            for one in self.responses
            if one.standing == "refused"
            if one.response.kind not in HARMLESS or one.response.wording.strip()
            if one.rule != "window-open"
            if self.suspended or is_before(one.received, self.closes) is not False
        )

    def received(self, number: int) -> ReceivedResponse:
        """The response with this number. Raises Refused when there is none."""
        require(
            "known",
            0 < number <= len(self.responses),
            f"window {self.id} has no response {number}",
        )
        return self.responses[number - 1]

    def due(self, now: datetime) -> bool:
        """Whether the clock may record the lapse: deadline and grace are past, nothing pending."""
        if self.is_over or self.suspended or self.attested or not self.closes.has_hour:
            return False
        return now >= self.due_from

    @property
    def due_from(self) -> datetime:
        """The end of the grace after a deadline whose hour is known (UTC)."""
        return shift(self.closes.latest, timedelta(seconds=self.policy.grace_seconds))

    @property
    def reminder_due_from(self) -> datetime:
        """When seats that are silent are reminded of the deadline (UTC)."""
        return shift(self.closes.latest, -timedelta(hours=self.policy.reminder_hours))

    def phase(self, now: datetime) -> Phase:
        """Where the window stands at `now` (UTC). No stored state depends on the time."""
        return phase_at(self.phase_inputs, now)

    @property
    def phase_inputs(self) -> PhaseInputs:
        """What its phase depends on, apart from the moment."""
        return PhaseInputs(
            closes=self.closes,
            attested=self.attested,
            superseded=bool(self.superseded),
            doubted=self.approval_is_suspended,
            broken=bool(self.broken),
            broken_whole=self.broken_whole,
            revoked=self.revoked,
            lapsed=bool(self.lapsed),
            suspended=self.suspended,
            held=bool(self.holds),
        )

    @property
    def unruled(self) -> tuple[ReceivedResponse, ...]:
        """The responses that may break the silence and wait for a ruling."""
        return tuple(one for one in self.responses if one.effective and one.breaks is None)

    def awaited(self, now: datetime) -> Awaited:
        """What it waits for at `now` (UTC), and from whom."""
        return awaited_in(self.phase(now), unruled=bool(self.unruled))

    def outcome(self, part: str) -> str:
        """What became of one part (an item, or `` for the whole text): approved, broken, open.

        Where a source tells the outcome of other parts only, it is unknown.
        """
        if self.broken_whole or part in self.broken or (self.revoked and part in self.parts):
            return "broken"
        if self.lapsed:
            return "approval suspended" if self._doubtful(part) else "approved"
        if part in self.told:
            return "approved"
        return "unknown" if self.told else "open"

    def _doubtful(self, part: str) -> bool:
        """Whether the approval of a part is suspended; of the whole, where that of any part is."""
        undivided = self.parts == ("",)
        return self.approval_is_suspended if undivided or not part else part in self.in_doubt

    def evolve(self, recorded: RecordedEvent) -> Window:
        """Remember one fact. Never refuses: it already happened."""
        after = self._remember(recorded)
        same = (after.is_over, after.revoked) == (self.is_over, self.revoked)
        return after if same else structs.replace(after, ended=recorded.effective)

    def _remember(self, recorded: RecordedEvent) -> Window:
        """Remember a move of the procedure as a whole."""
        match recorded.fact:
            case SilenceOpened() as fact:
                return structs.replace(
                    self,
                    id=recorded.stream.id,
                    opened=recorded.effective,
                    since=recorded.effective,
                    first_closes=fact.closes,
                    attested=recorded.attested,
                    **structs.asdict(fact),
                )
            case NoticesRecorded() as fact:
                return self._told(fact, recorded)
            case SilenceExtended() | SilenceResumed() as fact:
                return structs.replace(
                    self,
                    closes=fact.closes,
                    deadline=fact.deadline,
                    suspended=False,
                    since=recorded.effective if self.suspended else self.since,
                    reviewed=False,
                )
            case SilenceSuspended():
                ran = self.time_run + (recorded.effective.latest - self.since.latest)
                whole = ran // timedelta(microseconds=1)
                return structs.replace(self, suspended=True, ran_microseconds=whole)
            case SilenceReleased() as fact:
                return self._release(fact, recorded)
            case SilenceHeld() as fact:
                return self._hold(fact, recorded)
            case SilenceSuperseded(reason=reason):
                return structs.replace(self, superseded=reason or "superseded")
            case OutcomeAnnounced() as fact:
                return structs.replace(self, announced=(*self.announced, fact))
            case MatterReferred() as fact:
                return structs.replace(self, referred=(*self.referred, fact))
            case SilenceShared(bodies=bodies):
                return structs.replace(self, shared=(*self.shared, *bodies))
            case OutcomeTold() as fact:
                return self._outcome_told(fact, recorded.effective)
            case MatterDecided() as fact:
                return structs.replace(self, decided=(*self.decided, (recorded.effective, fact)))
            case RevisionAnnounced() as fact:
                return structs.replace(
                    self, revisions=(*self.revisions, (recorded.effective, fact))
                )
        return self._hear(recorded)

    def _hear(self, recorded: RecordedEvent) -> Window:
        """Remember a response, a ruling on it, or what followed."""
        match recorded.fact:
            case ResponseReceived() as fact:
                return self._keep(fact.number, fact.response, recorded, "counted")
            case LateResponseReceived() as fact:
                return self._keep(fact.number, fact.response, recorded, "late")
            case ResponseRefused() as fact:
                return self._keep(fact.number, fact.response, recorded, "refused")
            case ResponseAtMargin() as fact:
                return self._keep(fact.number, fact.response, recorded, "at the margin")
            case ResponseFoundAfterClose() as fact:
                after = self._keep(fact.number, fact.response, recorded, "found after the close")
                if not fact.suspends:
                    return after
                parts = fact.items or self.approved_parts_concerned(fact.response)
                return structs.replace(after, in_doubt=self.in_doubt | {*self._parts_of(parts)})
            case ResponseRuledUpon(number=number) as fact:
                after = self._ruled(fact, recorded)
                left = [
                    one for one in self.holds if one.response != number and not one.is_unnumbered
                ]
                return structs.replace(after, holds=tuple(left))
            case ObjectionWithdrawn() as fact:
                return self._withdraw(fact, recorded)
            case SilenceBroken(items=items):
                broken = self.broken | {*items}
                whole = not items or broken >= {*self.parts}
                return structs.replace(self, broken=broken, broken_whole=whole)
            case SilenceLapsed(items=items):
                return structs.replace(self, lapsed=recorded.effective, approved=items, holds=())
            case ApprovalConfirmed(items=items):
                return structs.replace(self, in_doubt=self.in_doubt - {*self._parts_of(items)})
            case ApprovalRevoked(items=items):
                return self._revoke(items)
        return self

    def _told(self, fact: NoticesRecorded, recorded: RecordedEvent) -> Window:
        """What became of notices; only those that must reach all can stand in the way."""
        if fact.about in {"reminder", "outcome"} or fact.result == "bounced":
            return self
        seats = {*fact.seats}
        about = fact.about or "opening"
        if fact.result == "failed":
            untold = self.undelivered | {(about, one) for one in seats}
            still = self.delivered - seats if about == "opening" else self.delivered
            return structs.replace(self, undelivered=untold, delivered=still)
        one_kind = fact.about or fact.result == "delivered"
        left = {
            (what, seat)
            for what, seat in self.undelivered
            if seat not in seats or (one_kind and what != about)
        }
        told = seats if about == "opening" and fact.result != "waived" else set()
        excused = seats if about == "opening" and fact.result == "waived" else set()
        after = structs.replace(
            self,
            undelivered=frozenset(left),
            delivered=self.delivered | told,
            excused=self.excused | excused,
        )
        people = recorded.actor.role is not Role.NOTICES
        settled = people and after.all_notified
        holds = [
            one
            for one in self.holds
            if not (one.is_unnumbered or (settled and one.is_about_notices))
        ]
        return structs.replace(after, holds=tuple(holds))

    def _outcome_told(self, fact: OutcomeTold, when: When) -> Window:
        """What a source tells of some parts; once all are told, the window is over."""
        told = self.told | {*fact.approved, *fact.broken}
        broken = self.broken | {*fact.broken}
        after = structs.replace(
            self, told=told, broken=broken, broken_whole=broken >= {*self.parts}
        )
        if after.broken_whole or not (told | broken) >= {*self.parts}:
            return after
        stands = tuple(part for part in self.parts if part not in broken)
        return structs.replace(after, lapsed=when, approved=stands)

    @property
    def all_notified(self) -> bool:
        """Whether nobody is left to tell: nothing failed, and each seat was told or is excused."""
        told = len(self.delivered | self.excused) >= (self.seats or 0)
        return not self.undelivered and (told or not self.policy.notices_required)

    def _hold(self, fact: SilenceHeld, recorded: RecordedEvent) -> Window:
        number = fact.hold or self.held_so_far + 1
        hold = Hold(
            number=number,
            reason=fact.reason or "held",
            about=fact.about,
            response=fact.waits_for,
            by_clock=recorded.actor.role is Role.CLOCK,
        )
        return structs.replace(self, holds=(*self.holds, hold), held_so_far=number)

    def _release(self, fact: SilenceReleased, recorded: RecordedEvent) -> Window:
        """One hold ends; of the time before holds had numbers, all of them."""
        ended = [one for one in self.holds if fact.hold in {0, one.number}]
        past = recorded.effective.latest >= self.closes.latest
        looked = past and any(one.about in {OUTAGE, ""} for one in ended)
        left = tuple(one for one in self.holds if one not in ended)
        return structs.replace(self, holds=left, reviewed=self.reviewed or looked)

    def _parts_of(self, items: tuple[str, ...]) -> tuple[str, ...]:
        """The parts that these items are; all of them where a text does not tell its items."""
        return items if items and self.parts != ("",) else self.parts

    def _revoke(self, items: tuple[str, ...]) -> Window:
        """These are gone, and whether they were approved is in doubt no more."""
        broken = self.broken | {*items}
        revoked = not items or broken >= {*self.approved}
        left = self.in_doubt - {*self._parts_of(items)}
        return structs.replace(self, broken=broken, revoked=revoked, in_doubt=left)

    def _withdraw(self, fact: ObjectionWithdrawn, recorded: RecordedEvent) -> Window:
        one = Withdrawal(names=frozenset(fact.seats), when=recorded.effective)
        before_ = self.responses[fact.number - 1].withdrawals
        return self._change(fact.number, withdrawals=(*before_, one))

    def _keep(
        self, number: int, response: Response, recorded: RecordedEvent, standing: str
    ) -> Window:
        kept = ReceivedResponse(
            number=number,
            response=response,
            received=recorded.effective,
            standing=standing,
            offset_ms=recorded.offset_ms,
            margin_ms=getattr(recorded.fact, "margin_ms", 0),
            rule=getattr(recorded.fact, "rule", "") if standing == "refused" else "",
            waits=getattr(recorded.fact, "waits", False),
        )
        return structs.replace(self, responses=(*self.responses, kept))

    def _ruled(self, fact: ResponseRuledUpon, recorded: RecordedEvent) -> Window:
        ruling = Ruling(
            by=recorded.actor, second=fact.second, reason=fact.reason, when=recorded.effective
        )
        return self._change(fact.number, ruled=fact.breaks, ruling=ruling)

    def _change(self, number: int, **changes: Any) -> Window:
        responses = [
            structs.replace(one, **changes) if one.number == number else one
            for one in self.responses
        ]
        return structs.replace(self, responses=tuple(responses))
