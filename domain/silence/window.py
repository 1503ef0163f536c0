"""The state of a silence window: an outcome from events alone, a phase from events and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.deadlines import Deadline
from domain.facts import Recorded, Role, changed, fields_of
from domain.rules import insist
from domain.silence.events import (
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
from domain.silence.responses import BREAKING, HARMLESS, Received, Ruling
from domain.times import UNKNOWN, When, before, later


class Phase(StrEnum):
    """Where a window stands at a moment."""

    OPEN = "open"
    SUSPENDED = "suspended"
    BEING_VERIFIED = "deadline passed, being verified"
    HELD = "held for review"
    BROKEN = "broken"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly approved"
    APPROVAL_SUSPENDED = "approval suspended"
    SUPERSEDED = "superseded"
    UNKNOWN = "outcome unknown"


@dataclass(frozen=True, kw_only=True)
class Window:
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
    responses: tuple[Received, ...] = ()
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
    held: str = ""
    superseded: str = ""
    held_by_people: bool = False
    reviewed: bool = False
    """Whether the presiding officer ended a hold after the deadline that is in force."""
    doubts: frozenset[int] = frozenset()
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
    def failed(self) -> frozenset[str]:
        """Seats that something failed to reach which must reach all."""
        return frozenset(seat for _, seat in self.undelivered)

    @property
    def over(self) -> bool:
        """Whether the window has ended, in whatever way."""
        return bool(self.lapsed or self.broken_whole or self.superseded)

    @property
    def doubted(self) -> bool:
        """Whether an approval is suspended by responses that were found after the close."""
        return bool(self.doubts)

    def still_approved(self, response: Response) -> tuple[str, ...]:
        """The approved items that a response concerns; an undivided text stands as a whole."""
        narrowed = response.items if self.parts != ("",) else ()
        stand = tuple(part for part in self.approved if part not in self.broken)
        return tuple(part for part in stand if not narrowed or part in narrowed)

    @property
    def uncounted(self) -> tuple[Received, ...]:
        """Objections and amendments that came and do not count, whatever the reason."""
        return tuple(
            one
            for one in self.responses
            if one.response.kind in BREAKING and not (one.breaks is None or one.breaks)
        )

    @property
    def unheard(self) -> tuple[Received, ...]:
        """What came in time and may be an objection, but could not count: people look at it."""
        return tuple(
            one
            for one in self.responses
            if one.standing == "refused" and one.response.kind not in HARMLESS
            if one.rule != "window-open"
            if self.suspended or before(one.received, self.closes) is not False
        )

    def received(self, number: int) -> Received:
        """The response with this number. Raises Refused when there is none."""
        insist(
            "known",
            0 < number <= len(self.responses),
            f"window {self.id} has no response {number}",
        )
        return self.responses[number - 1]

    def due(self, now: datetime) -> bool:
        """Whether the clock may record the lapse: deadline and grace are past, nothing pending."""
        if self.over or self.suspended or self.attested or not self.closes.hourly:
            return False
        return now >= self.due_from

    @property
    def due_from(self) -> datetime:
        """The end of the grace after a deadline whose hour is known (UTC)."""
        return later(self.closes.latest, timedelta(seconds=self.policy.grace_seconds))

    @property
    def reminded_from(self) -> datetime:
        """When seats that are silent are reminded of the deadline (UTC)."""
        return later(self.closes.latest, -timedelta(hours=self.policy.reminder_hours))

    def phase(self, now: datetime) -> Phase:
        """Where the window stands at `now` (UTC). No stored state depends on the time."""
        if self.superseded:
            return Phase.SUPERSEDED
        if self.doubted:
            return Phase.APPROVAL_SUSPENDED
        if self.broken_whole or self.revoked:
            return Phase.BROKEN
        if self.lapsed:
            return Phase.PARTLY_APPROVED if self.broken else Phase.APPROVED
        if self.suspended:
            return Phase.SUSPENDED
        if self.held:
            return Phase.HELD
        if self.attested and not (self.closes.hourly and now < self.closes.latest):
            return Phase.UNKNOWN
        return Phase.OPEN if now < self.closes.latest else Phase.BEING_VERIFIED

    def outcome(self, part: str) -> str:
        """What became of one part (an item, or `` for the whole text): approved, broken, open.

        Where a source tells the outcome of other parts only, it is unknown.
        """
        if self.broken_whole or part in self.broken or (self.revoked and part in self.parts):
            return "broken"
        if self.lapsed:
            return "approval suspended" if self.doubted else "approved"
        if part in self.told:
            return "approved"
        return "unknown" if self.told else "open"

    def evolve(self, recorded: Recorded) -> Window:
        """Remember one fact. Never refuses: it already happened."""
        after = self._remember(recorded)
        same = (after.over, after.revoked) == (self.over, self.revoked)
        return after if same else changed(after, ended=recorded.effective)

    def _remember(self, recorded: Recorded) -> Window:
        """Remember a move of the procedure as a whole."""
        match recorded.fact:
            case SilenceOpened() as fact:
                return changed(
                    self,
                    id=recorded.stream.id,
                    opened=recorded.effective,
                    attested=recorded.attested,
                    **fields_of(fact),
                )
            case NoticesRecorded() as fact:
                return self._told(fact)
            case SilenceExtended() | SilenceResumed() as fact:
                return changed(
                    self._released(),
                    closes=fact.closes,
                    deadline=fact.deadline,
                    suspended=False,
                    reviewed=False,
                )
            case SilenceSuspended():
                return changed(self, suspended=True)
            case SilenceReleased():
                past = recorded.effective.latest >= self.closes.latest
                return changed(self._released(), reviewed=self.reviewed or past)
            case SilenceHeld(reason=reason):
                people = self.held_by_people or recorded.actor.role is not Role.CLOCK
                return changed(self, held=reason or "held", held_by_people=people)
            case SilenceSuperseded(reason=reason):
                return changed(self, superseded=reason or "superseded")
            case OutcomeAnnounced() as fact:
                return changed(self, announced=(*self.announced, fact))
            case MatterReferred() as fact:
                return changed(self, referred=(*self.referred, fact))
            case SilenceShared(bodies=bodies):
                return changed(self, shared=(*self.shared, *bodies))
            case OutcomeTold() as fact:
                return self._outcome_told(fact, recorded.effective)
            case MatterDecided() as fact:
                return changed(self, decided=(*self.decided, (recorded.effective, fact)))
            case RevisionAnnounced() as fact:
                return changed(self, revisions=(*self.revisions, (recorded.effective, fact)))
        return self._hear(recorded)

    def _hear(self, recorded: Recorded) -> Window:
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
                return (
                    changed(after, doubts=after.doubts | {fact.number}) if fact.suspends else after
                )
            case ResponseRuledUpon(number=number) as fact:
                after = self._ruled(fact, recorded)
                return changed(after, doubts=self.doubts - {number}, held="", held_by_people=False)
            case ObjectionWithdrawn(number=number):
                return self._change(number, withdrawn=True)
            case SilenceBroken(items=items):
                broken = self.broken | {*items}
                whole = not items or broken >= {*self.parts}
                return changed(self, broken=broken, broken_whole=whole)
            case SilenceLapsed(items=items):
                return changed(self, lapsed=recorded.effective, approved=items, held="")
            case ApprovalRevoked(items=items):
                return self._revoke(items)
        return self

    def _told(self, fact: NoticesRecorded) -> Window:
        """What became of notices; only those that must reach all can stand in the way."""
        if fact.about in {"reminder", "outcome"} or fact.result == "bounced":
            return self
        seats = {*fact.seats}
        about = fact.about or "opening"
        if fact.result == "failed":
            return changed(self, undelivered=self.undelivered | {(about, one) for one in seats})
        one_kind = fact.about or fact.result == "delivered"
        left = {
            (what, seat)
            for what, seat in self.undelivered
            if seat not in seats or (one_kind and what != about)
        }
        told = seats if about == "opening" and fact.result != "waived" else set()
        excused = seats if about == "opening" and fact.result == "waived" else set()
        return changed(
            self,
            undelivered=frozenset(left),
            delivered=self.delivered | told,
            excused=self.excused | excused,
            held=self.held if self.held_by_people else "",
        )

    def _outcome_told(self, fact: OutcomeTold, when: When) -> Window:
        """What a source tells of some parts; once all are told, the window is over."""
        told = self.told | {*fact.approved, *fact.broken}
        broken = self.broken | {*fact.broken}
        after = changed(self, told=told, broken=broken, broken_whole=broken >= {*self.parts})
        if after.broken_whole or not (told | broken) >= {*self.parts}:
            return after
        stands = tuple(part for part in self.parts if part not in broken)
        return changed(after, lapsed=when, approved=stands)

    def _released(self) -> Window:
        """No longer held, whoever had held it."""
        return changed(self, held="", held_by_people=False)

    def _revoke(self, items: tuple[str, ...]) -> Window:
        """These are gone; nobody needs to rule on what concerns nothing that stands still."""
        broken = self.broken | {*items}
        after = changed(self, broken=broken, revoked=not items or broken >= {*self.approved})
        doubts = {n for n in self.doubts if after.still_approved(self.responses[n - 1].response)}
        return changed(after, doubts=frozenset() if after.revoked else frozenset(doubts))

    def _keep(self, number: int, response: Response, recorded: Recorded, standing: str) -> Window:
        kept = Received(
            number=number,
            response=response,
            received=recorded.effective,
            standing=standing,
            offset_ms=recorded.offset_ms,
            margin_ms=getattr(recorded.fact, "margin_ms", 0),
            rule=getattr(recorded.fact, "rule", ""),
        )
        return changed(self, responses=(*self.responses, kept))

    def _ruled(self, fact: ResponseRuledUpon, recorded: Recorded) -> Window:
        ruling = Ruling(
            by=recorded.actor, second=fact.second, reason=fact.reason, when=recorded.effective
        )
        return self._change(fact.number, ruled=fact.breaks, ruling=ruling)

    def _change(self, number: int, **changes: Any) -> Window:
        responses = [
            changed(one, **changes) if one.number == number else one for one in self.responses
        ]
        return changed(self, responses=tuple(responses))
