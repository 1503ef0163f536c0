"""What is recorded of a silence procedure. Any text may be its subject; it needs no agenda."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field

from domain.actors import Actor
from domain.deadlines import Deadline
from domain.messages import Fact
from domain.times import When


class Subject(Struct, frozen=True, kw_only=True):
    """What is under silence: agenda items, a decision text, session dates, a list, or other.

    `items` are its separable parts (items, paragraphs, entries); none means an undivided text.
    `under` names the parent of each of them that is a part of another one.
    """

    type: str
    titles: Mapping[str, str] = field(default_factory=dict)
    agenda: str = ""
    session: str = ""
    document: str = ""
    items: tuple[str, ...] = ()
    under: Mapping[str, str] = field(default_factory=dict)


class Policy(Struct, frozen=True, kw_only=True):
    """How this silence works, frozen at its opening; later changes of rules do not touch it."""

    threshold: int = 1
    by_item: bool = False
    reasons_required: bool = False
    names_withheld: bool = False
    grace_seconds: int = 120
    margin_seconds: int = 0
    """How far the clocks are allowed to be off: within it, an objection waits for a ruling."""
    notices_required: bool = False
    """Whether approval needs each seat told, or the failure to tell it waived."""
    longest_outage_minutes: int = 0
    """How long the server may have been down in the last 24 hours; 0 means any time."""
    reminder_hours: int = 0
    """How long before the deadline silent seats are reminded; 0 means never."""
    sub_items: str = ""
    """How sub-items stand or fall where items do so separately: `with their parent`, `together`
    with it and with each other, or `on their own`, which is meant when it is empty."""


class SilenceOpened(Fact, frozen=True, kw_only=True):
    """A text came under silence: approved unless somebody entitled objects before the deadline."""

    body: str
    subject: Subject
    text_hash: str
    roster_hash: str
    seats: int | None
    policy: Policy
    closes: When
    deadline: Deadline | None = None
    length: str = ""
    channel: str = ""
    mandate: str = ""
    relaunch_of: str = ""


class NoticesRecorded(Fact, frozen=True, kw_only=True):
    """What became of the notices to these seats: delivered, failed, resolved, waived or bounced.

    `bounced` from one address leaves notified those who were reached at another. `address` is the
    mark of an address: only the key that stands with the directory says which one it is. `event`
    is the version, in this stream, of the event that the letters were about.
    """

    seats: tuple[str, ...]
    result: str
    reason: str = ""
    about: str = ""
    via: str = ""
    address: str = ""
    event: int | None = None


class NoticesRepeated(Fact, frozen=True, kw_only=True):
    """It was ordered that seats are sent again what they were notified of, with what holds by now.

    `addresses` are marks of addresses, where not all of a seat's are meant. What becomes of the
    letters is recorded like that of others.
    """

    seats: tuple[str, ...]
    about: str
    reason: str
    addresses: tuple[str, ...] = ()


class Response(Struct, frozen=True, kw_only=True):
    """What a seat answered, to the whole text or to some of its items."""

    kind: str
    seats: tuple[str, ...] = ()
    on_behalf_of: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    text: str = ""
    wording: str = ""
    text_hash: str = ""
    channel: str = ""
    evidence: str = ""


class ResponseReceived(Fact, frozen=True, kw_only=True):
    """A response was received in time from somebody entitled.

    `waits` says that it waits for a ruling, although its kind is harmless: it asks for wording.
    """

    number: int
    response: Response
    waits: bool = False


class LateResponseReceived(Fact, frozen=True, kw_only=True):
    """A response came at or after the deadline: kept, without effect, sent on to the meeting."""

    number: int
    response: Response
    rule: str = ""
    citation: str = ""


class ResponseRefused(Fact, frozen=True, kw_only=True):
    """A response could not count, by this rule; it is kept."""

    number: int
    response: Response
    rule: str
    reason: str
    citation: str = ""


class ResponseAtMargin(Fact, frozen=True, kw_only=True):
    """A response came so near the deadline that clocks cannot tell: the officer rules on it."""

    number: int
    response: Response
    margin_ms: int
    rule: str = ""
    citation: str = ""


class ResponseFoundAfterClose(Fact, frozen=True, kw_only=True):
    """A response received in time was found after the close; an approval may be suspended by it.

    `responses` are those that could break the silence together with it, and `items` what is
    suspended of a text that stands or falls by items.
    """

    number: int
    response: Response
    suspends: bool
    waits: bool = False
    items: tuple[str, ...] = ()
    rule: str = ""
    citation: str = ""
    responses: tuple[int, ...] = ()


class ResponseRuledUpon(Fact, frozen=True, kw_only=True):
    """The presiding officer ruled whether a response breaks the silence.

    Where it takes two persons, the second one confirmed it with an account (`seconded_by`), or is
    named by an office (`second`) where log-in is not in force.
    """

    number: int
    breaks: bool
    reason: str
    second: str = ""
    seconded_by: Actor | None = None


class ObjectionWithdrawn(Fact, frozen=True, kw_only=True):
    """An objection was withdrawn. It stays on record, and a broken silence stays broken.

    `seats` are those for which it is withdrawn, and members that it spoke for; none means all.
    """

    number: int
    reason: str = ""
    seats: tuple[str, ...] = ()
    evidence: str = ""


class SilenceBroken(Fact, frozen=True, kw_only=True):
    """Objections reached the threshold: the whole text, or these items, are not approved."""

    items: tuple[str, ...] = ()
    by: tuple[int, ...] = ()
    rule: str = ""
    citation: str = ""


class SilenceExtended(Fact, frozen=True, kw_only=True):
    """The deadline was moved to a later one while the window was open."""

    closes: When
    reason: str
    deadline: Deadline | None = None


class SilenceSuspended(Fact, frozen=True, kw_only=True):
    """The clock was stopped, for consultations or another reason."""

    reason: str


class SilenceResumed(Fact, frozen=True, kw_only=True):
    """The clock runs again, to a new deadline."""

    closes: When
    deadline: Deadline | None = None


class SilenceSuperseded(Fact, frozen=True, kw_only=True):
    """The window ended without outcome because its text or its roster had to change."""

    reason: str
    by: str = ""
    rule: str = ""
    citation: str = ""


class SilenceHeld(Fact, frozen=True, kw_only=True):
    """The close was held for review by people; nothing is approved meanwhile.

    Several holds may stand beside each other, each with its number and with what it is about;
    `waits_for` is the number of the response whose ruling ends it.
    """

    reason: str
    hold: int = 0
    about: str = ""
    waits_for: int = 0
    rule: str = ""
    citation: str = ""


class SilenceReleased(Fact, frozen=True, kw_only=True):
    """The presiding officer ended the hold of this number; the clock may try again to close."""

    reason: str
    hold: int = 0


class SilenceLapsed(Fact, frozen=True, kw_only=True):
    """No breaking objection came in time: text or items are approved as of the deadline.

    `responses` are those in time that might have broken it, and that did not.
    """

    items: tuple[str, ...] = ()
    rule: str = ""
    citation: str = ""
    responses: tuple[int, ...] = ()


class ApprovalConfirmed(Fact, frozen=True, kw_only=True):
    """A suspended approval stands again: the response was ruled no objection, or not in time.

    Or what was ruled to break it does not reach the threshold. `responses` are those ruled upon.
    """

    items: tuple[str, ...] = ()
    rule: str = ""
    citation: str = ""
    responses: tuple[int, ...] = ()


class ApprovalRevoked(Fact, frozen=True, kw_only=True):
    """A suspended approval is gone: the objection found after the close does break the silence.

    `responses` are all that broke it, those that were counted before the close included.
    """

    items: tuple[str, ...] = ()
    rule: str = ""
    citation: str = ""
    responses: tuple[int, ...] = ()


class OutcomeAnnounced(Fact, frozen=True, kw_only=True):
    """The outcome went out in writing, or was announced or noted at a meeting."""

    manner: str
    note: str = ""


class MatterReferred(Fact, frozen=True, kw_only=True):
    """After a break the matter went on elsewhere, or it was abandoned."""

    to: str
    reason: str = ""


class OutcomeTold(Fact, frozen=True, kw_only=True):
    """A source stated what became of some items of a past silence; of the others it is silent."""

    approved: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class MatterDecided(Fact, frozen=True, kw_only=True):
    """After the silence the matter was decided at a meeting; what became of the silence stands."""

    result: str
    manner: str = ""
    by: str = ""
    in_favour: int | None = None
    against: int | None = None
    abstaining: int | None = None
    note: str = ""


class RevisionAnnounced(Fact, frozen=True, kw_only=True):
    """An amended text was announced after the silence, without a new procedure on it."""

    text_hash: str = ""
    """Names the text by language among the contents; empty where it is not stated."""
    wording: str = ""
    note: str = ""


class SilenceShared(Fact, frozen=True, kw_only=True):
    """A source tells that the silence was for the decision of further bodies too."""

    bodies: tuple[str, ...]


ResponseEvent = (
    ResponseReceived
    | LateResponseReceived
    | ResponseRefused
    | ResponseAtMargin
    | ResponseFoundAfterClose
)
"""What became of a response when it came."""
ClockEvent = SilenceExtended | SilenceSuspended | SilenceResumed
HoldEvent = SilenceHeld | SilenceReleased
OutcomeEvent = (
    SilenceBroken
    | SilenceLapsed
    | SilenceSuperseded
    | ApprovalConfirmed
    | ApprovalRevoked
    | OutcomeTold
)
"""What decides, alone or together with others, what became of the text."""
FollowUpEvent = (
    OutcomeAnnounced | MatterReferred | MatterDecided | RevisionAnnounced | SilenceShared
)
"""What followed upon the outcome, without a change of it."""
WindowEvent = (
    SilenceOpened
    | NoticesRecorded
    | NoticesRepeated
    | ResponseEvent
    | ResponseRuledUpon
    | ObjectionWithdrawn
    | ClockEvent
    | HoldEvent
    | OutcomeEvent
    | FollowUpEvent
)
"""All that is recorded of a window."""
_KINDS: Final = frozenset(get_args(WindowEvent))


def is_window_event(event: Fact) -> TypeGuard[WindowEvent]:
    """Whether it is one of those above.

    A correction is none of them: it is applied to the event that it names
    (`domain.corrections`), and changes no state itself. Nor is an event of a later version.
    """
    return type(event) in _KINDS
