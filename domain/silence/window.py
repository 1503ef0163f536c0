"""The state of a silence window: an outcome from events alone, a phase from events and now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, assert_never

from msgspec import Struct, structs

from domain.actors import Role
from domain.awaited_action import Awaited
from domain.deadlines import Deadline
from domain.messages import FoldableEvent
from domain.rules import require
from domain.silence.end_notices import EndNotices
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    ClockEvent,
    LateResponseReceived,
    MatterDecided,
    MatterReferred,
    NoticesRecorded,
    NoticesRepeated,
    ObjectionWithdrawn,
    OutcomeAnnounced,
    OutcomeEvent,
    OutcomeTold,
    Policy,
    Response,
    ResponseAtMargin,
    ResponseEvent,
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
    WindowEvent,
    is_window_event,
)
from domain.silence.follow_up import FollowUp
from domain.silence.holds import Hold, Review
from domain.silence.notice_results import NoticeResults
from domain.silence.outcome import Result
from domain.silence.phase import Phase, awaited_in, phase_at
from domain.silence.plain_fields import PLAIN_FIELDS
from domain.silence.responses import BREAKING, HARMLESS, ReceivedResponse, Ruling, Withdrawal
from domain.silence.running_clock import RunningClock
from domain.silence.terms import WHOLE, Terms
from domain.times import When, is_before


class Window(Struct, frozen=True, kw_only=True):
    """What the rules must remember about a silence procedure, by what it is about."""

    plain_fields: ClassVar[Mapping[str, str]] = PLAIN_FIELDS

    id: str = ""
    terms: Terms = Terms()
    """What was fixed at the opening."""
    clock: RunningClock = RunningClock()
    """When it closes."""
    notices: NoticeResults = NoticeResults()
    """Who was notified of it."""
    responses: tuple[ReceivedResponse, ...] = ()
    review: Review = Review()
    """What holds its close, and what people looked at."""
    result: Result = Result()
    """What became of its text."""
    follow_up: FollowUp = FollowUp()
    """What followed upon that."""
    end_notices: EndNotices = EndNotices()
    """Who was notified of that."""

    @property
    def body(self) -> str:
        return self.terms.body

    @property
    def subject(self) -> Subject:
        return self.terms.subject

    @property
    def text_hash(self) -> str:
        return self.terms.text_hash

    @property
    def roster_hash(self) -> str:
        return self.terms.roster_hash

    @property
    def seats(self) -> int | None:
        return self.terms.seats

    @property
    def policy(self) -> Policy:
        return self.terms.policy

    @property
    def opened(self) -> When:
        return self.terms.opened

    @property
    def attested(self) -> bool:
        return self.terms.attested

    @property
    def parts(self) -> tuple[str, ...]:
        return self.terms.parts

    @property
    def closes(self) -> When:
        return self.clock.closes

    @property
    def deadline(self) -> Deadline | None:
        return self.clock.deadline

    @property
    def suspended(self) -> bool:
        return self.clock.suspended

    @property
    def delivered(self) -> frozenset[str]:
        return self.notices.delivered

    @property
    def unreached_seats(self) -> frozenset[str]:
        """Seats that something failed to reach which must reach all.

        A seat that answered knows of the opening, whatever became of the letter about it.
        """
        if not self.notices.undelivered:
            return frozenset()
        answered = {seat for each in self.responses for seat in each.response.seats}
        return frozenset(
            seat
            for about, seat in self.notices.undelivered
            if about != "opening" or seat not in answered
        )

    @property
    def holds(self) -> tuple[Hold, ...]:
        return self.review.holds

    @property
    def broken(self) -> frozenset[str]:
        return self.result.broken

    @property
    def broken_whole(self) -> bool:
        return self.result.broken_whole

    @property
    def lapsed(self) -> When | None:
        return self.result.lapsed

    @property
    def ended(self) -> When:
        return self.result.ended

    @property
    def approved(self) -> tuple[str, ...]:
        return self.result.approved

    @property
    def superseded(self) -> str:
        return self.result.superseded

    @property
    def in_doubt(self) -> frozenset[str]:
        return self.result.in_doubt

    @property
    def revoked(self) -> bool:
        return self.result.revoked

    @property
    def stated(self) -> frozenset[str]:
        return self.result.stated

    @property
    def is_over(self) -> bool:
        return self.result.is_over

    @property
    def shared(self) -> tuple[str, ...]:
        return self.follow_up.shared

    @property
    def is_held(self) -> bool:
        """Whether any hold stands."""
        return bool(self.holds)

    @property
    def hold_reason(self) -> str:
        """Why it is held, by all holds that stand; empty when none does."""
        return "; ".join(hold.reason for hold in self.holds)

    @property
    def approval_is_suspended(self) -> bool:
        """Whether an approval is suspended by responses that were found after the close."""
        return bool(self.in_doubt)

    @property
    def unruled_late_responses(self) -> frozenset[int]:
        """The responses that were found after the close and wait for a ruling by two persons."""
        return frozenset(
            response.number
            for response in self.found_after_close
            if response.ruled is None and self.in_doubt & {*self.parts_concerned(response.response)}
        )

    @property
    def found_after_close(self) -> tuple[ReceivedResponse, ...]:
        """What was found after the close and breaks the silence, or may do so."""
        return tuple(
            response
            for response in self.responses
            if response.standing == "found after the close" and response.broke_silence is not False
        )

    @property
    def approved_parts(self) -> tuple[str, ...]:
        """The parts that are approved and not broken since, suspended ones among them."""
        if not self.lapsed or self.revoked:
            return ()
        parts = self.parts if self.parts == WHOLE else self.approved
        return tuple(part for part in parts if part not in self.broken)

    def approved_parts_concerned(self, response: Response) -> tuple[str, ...]:
        """The approved parts that a response concerns; an undivided text stands as a whole."""
        return tuple(part for part in self.parts_concerned(response) if part in self.approved_parts)

    def items_of(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The approved items that these parts are; an undivided text is all of them."""
        return self.approved if parts == WHOLE else parts

    @property
    def uncounted(self) -> tuple[ReceivedResponse, ...]:
        """Objections and amendments that came and do not count, whatever the reason."""
        return tuple(
            response
            for response in self.responses
            if response.response.kind in BREAKING
            and not (response.breaks is None or response.breaks)
        )

    @property
    def unconsidered_responses(self) -> tuple[ReceivedResponse, ...]:
        """What came in time and may be an objection, but could not count: people look at it."""
        return tuple(
            response
            for response in self.responses
            if response.standing == "refused"
            if response.response.kind not in HARMLESS or response.response.wording.strip()
            if response.rule != "window-open"
            if self.suspended or is_before(response.received, self.closes) is not False
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
        return self.clock.from_end(timedelta(seconds=self.policy.grace_seconds))

    @property
    def reminder_due_from(self) -> datetime:
        """When seats that are silent are reminded of the deadline (UTC)."""
        return self.clock.from_end(-timedelta(hours=self.policy.reminder_hours))

    def phase(self, now: datetime) -> Phase:
        """Where the window stands at `now` (UTC). No stored state depends on the time."""
        return phase_at(self, now)

    @property
    def awaiting_ruling(self) -> frozenset[int]:
        """The numbers of the responses that wait for a ruling.

        Once the window has ended none does, but for those that suspend an approval: what broke
        stays broken, whatever anybody would rule.
        """
        if self.is_over:
            return self.unruled_late_responses
        return frozenset(response.number for response in self.unruled)

    @property
    def unruled(self) -> tuple[ReceivedResponse, ...]:
        """The responses that may break the silence and were never ruled on, also after its end."""
        return tuple(
            response
            for response in self.responses
            if response.effective and response.breaks is None
        )

    def awaited(self, now: datetime) -> Awaited:
        """What it waits for at `now` (UTC), and from whom."""
        return awaited_in(
            self.phase(now), unruled=bool(self.unruled), unreached=bool(self.unreached_seats)
        )

    def outcome(self, part: str) -> str:
        """What became of one part (an item, or `` for the whole text): approved, broken, open.

        Where a source tells the outcome of other parts only, it is unknown.
        """
        if self.broken_whole or part in self.broken or (self.revoked and part in self.parts):
            return "broken"
        if self.lapsed:
            return "approval suspended" if self._doubtful(part) else "approved"
        if part in self.stated:
            return "approved"
        return "unknown" if self.stated else "open"

    def _doubtful(self, part: str) -> bool:
        """Whether the approval of a part is suspended; of the whole, where that of any part is."""
        undivided = self.parts == WHOLE
        return self.approval_is_suspended if undivided or not part else part in self.in_doubt

    def parts_concerned(self, response: Response) -> tuple[str, ...]:
        """The parts that a response concerns: all of them, unless it names items."""
        return self.terms.parts_concerned(response)

    @property
    def all_notified(self) -> bool:
        """Whether all were notified: nothing failed, and each seat was notified or is excused."""
        reached = len(self.notices.delivered | self.notices.excused) >= (self.seats or 0)
        return not self.unreached_seats and (reached or not self.policy.notices_required)

    @property
    def end_is_unsettled(self) -> bool:
        """Whether it may have an end of which a seat is still to be notified by letter."""
        sent = self.end_notices
        return self.is_over and not self.attested and sent.by_letter and bool(sent.unsettled)

    def evolve(self, recorded: FoldableEvent) -> Window:
        """The window after one event. Never refuses: it already happened."""
        event = recorded.fact
        if not is_window_event(event):
            return self
        after = self._after(event, recorded)
        end_notices = self.end_notices.after(recorded, after.seats or 0)
        if end_notices is not self.end_notices:
            after = structs.replace(after, end_notices=end_notices)
        if (after.is_over, after.revoked) == (self.is_over, self.revoked):
            return after
        result = structs.replace(after.result, ended=recorded.effective)
        return structs.replace(after, result=result)

    def _after(self, event: WindowEvent, recorded: FoldableEvent) -> Window:
        match event:
            case SilenceOpened():
                return self._opened(event, recorded)
            case NoticesRecorded():
                return self._notified(event, recorded)
            case NoticesRepeated():
                return self  # what becomes of the letters is recorded like that of others
            case (
                ResponseReceived()
                | LateResponseReceived()
                | ResponseRefused()
                | ResponseAtMargin()
                | ResponseFoundAfterClose()
            ):
                return self._responded(event, recorded)
            case ResponseRuledUpon():
                return self._ruled(event, recorded)
            case ObjectionWithdrawn():
                return self._withdrawn(event, recorded)
            case SilenceExtended() | SilenceSuspended() | SilenceResumed():
                return self._clock_moved(event, recorded)
            case SilenceHeld() | SilenceReleased():
                review = self.review.after(event, recorded, self.closes)
                return structs.replace(self, review=review)
            case (
                SilenceBroken()
                | SilenceLapsed()
                | SilenceSuperseded()
                | ApprovalConfirmed()
                | ApprovalRevoked()
                | OutcomeTold()
            ):
                return self._concluded(event, recorded)
            case (
                OutcomeAnnounced()
                | MatterReferred()
                | MatterDecided()
                | RevisionAnnounced()
                | SilenceShared()
            ):
                follow_up = self.follow_up.after(event, recorded.effective)
                return structs.replace(self, follow_up=follow_up)
            case _:
                assert_never(event)

    def _opened(self, event: SilenceOpened, recorded: FoldableEvent) -> Window:
        return structs.replace(
            self,
            id=recorded.stream.id,
            terms=Terms.of(event, recorded),
            clock=RunningClock.of(event, recorded.effective),
        )

    def _notified(self, event: NoticesRecorded, recorded: FoldableEvent) -> Window:
        """What becomes of notices may also end the clock's hold about them."""
        if not NoticeResults.concern(event):
            return self
        after = structs.replace(self, notices=self.notices.after(event))
        if event.result == "failed":
            return after
        people = recorded.actor.role is not Role.NOTICES
        review = self.review.after_notices(all_notified_by_people=people and after.all_notified)
        return structs.replace(after, review=review)

    def _clock_moved(self, event: ClockEvent, recorded: FoldableEvent) -> Window:
        clock = self.clock.after(event, recorded.effective)
        moved = not isinstance(event, SilenceSuspended)
        review = self.review.restarted() if moved else self.review
        return structs.replace(self, clock=clock, review=review)

    def _responded(self, event: ResponseEvent, recorded: FoldableEvent) -> Window:
        """What is found after the close may suspend an approval; older events name no items."""
        responses = (*self.responses, ReceivedResponse.of(event, recorded))
        if not (isinstance(event, ResponseFoundAfterClose) and event.suspends):
            return structs.replace(self, responses=responses)
        parts = event.items or self.approved_parts_concerned(event.response)
        doubt = self.in_doubt | {*self.terms.parts_of(parts)}
        result = structs.replace(self.result, in_doubt=doubt)
        return structs.replace(self, responses=responses, result=result)

    def _ruled(self, event: ResponseRuledUpon, recorded: FoldableEvent) -> Window:
        ruling = Ruling(
            by=recorded.actor,
            second=event.second,
            reason=event.reason,
            when=recorded.effective,
            seconded_by=event.seconded_by,
        )
        after = self._with_response(event.number, ruled=event.breaks, ruling=ruling)
        return structs.replace(after, review=self.review.after_ruling(event.number))

    def _withdrawn(self, event: ObjectionWithdrawn, recorded: FoldableEvent) -> Window:
        withdrawal = Withdrawal(names=frozenset(event.seats), when=recorded.effective)
        earlier = self.responses[event.number - 1].withdrawals
        return self._with_response(event.number, withdrawals=(*earlier, withdrawal))

    def _with_response(self, number: int, **changes: Any) -> Window:
        responses = [
            structs.replace(response, **changes) if response.number == number else response
            for response in self.responses
        ]
        return structs.replace(self, responses=tuple(responses))

    def _concluded(self, event: OutcomeEvent, recorded: FoldableEvent) -> Window:
        result = self.result.after(event, recorded.effective, self.terms)
        review = self.review.ended() if isinstance(event, SilenceLapsed) else self.review
        return structs.replace(self, result=result, review=review)
