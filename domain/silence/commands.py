"""What may be asked of a silence window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field

from domain.silence.events import Subject
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When


class ToWindow(Struct, frozen=True, kw_only=True, dict=True):
    """A command to a window."""

    window: str

    @cached_property
    def stream(self) -> Stream:
        return Stream(StreamKind.WINDOW, self.window)


class OpenSilence(ToWindow, frozen=True, kw_only=True):
    """Put a text under silence.

    `body` is the one whose roster answers. Say the end by `length` (`72 hours`, `14 days`,
    `10 working days`; the rule pack's, unless given) or by `closes`, a local minute with its
    zone. `text` is the text by language, unless the subject is agenda items, whose submitted
    text is taken. `threshold`, `by_item` and `names_withheld` are the pack's, unless given.
    """

    body: str
    subject: Subject
    length: str = ""
    closes: When = UNKNOWN
    text: Mapping[str, str] = field(default_factory=dict)
    threshold: int | None = None
    by_item: bool | None = None
    names_withheld: bool | None = None
    channel: str = ""
    mandate: str = ""
    relaunch_of: str = ""


class RecordNotices(ToWindow, frozen=True, kw_only=True):
    """Record what became of notices: `delivered`, `failed`, `resolved` or `waived`.

    `about` is what they were about: `opening` (also when empty), `extension`, `suspension`,
    `resumption`, `supersession`, `reminder` or `outcome`. Resolved or waived without `about`
    means all that failed. `via` is the way they went, such as `smtp mail.example.org`. With
    `bounced` a letter came back from one address, whose mark is `address`, and reached its seat
    at another. `event` is the version in the window's stream of what the notice was about.
    """

    seats: tuple[str, ...]
    result: str
    reason: str = ""
    about: str = ""
    via: str = ""
    address: str = ""
    event: int | None = None


class RepeatNotices(ToWindow, frozen=True, kw_only=True):
    """Send seats a notice again: `opening`, `extension`, `suspension`, `resumption`,
    `supersession` or `outcome`, for this reason.

    `addresses` are marks of addresses in the directory, to send it to these only.
    """

    seats: tuple[str, ...]
    reason: str
    about: str = "opening"
    addresses: tuple[str, ...] = ()


class Respond(ToWindow, frozen=True, kw_only=True):
    """Answer: `no objection`, `editorial comment`, `substantive comment`, `amendment`,
    `objection`, `reservation`, `interpretative statement`, `explanation of position`, `unclear`.

    `seats` answer for themselves, and for members that they are empowered to act for
    (`on_behalf_of`). `items` narrows it to parts of the text. `text_hash` names the text that
    was answered; `evidence` is the SHA-256 of a letter or mail on file.
    """

    kind: str
    seats: tuple[str, ...] = ()
    on_behalf_of: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    text: str = ""
    wording: str = ""
    text_hash: str = ""
    channel: str = ""
    evidence: str = ""


class RuleOnResponse(ToWindow, frozen=True, kw_only=True):
    """Rule whether the response with this number breaks the silence.

    `second` names the second person, another than who rules, who is needed once an approval was
    recorded. Where people log in it is empty: the second person confirms with an account.
    """

    number: int
    breaks: bool
    reason: str
    second: str = ""


class WithdrawObjection(ToWindow, frozen=True, kw_only=True):
    """Withdraw the objection with this number; it stays on record.

    `seats` are those, among who objected, for which it is withdrawn, and members that it spoke
    for. A seat that names none withdraws for itself. Staff that enters it for them cites the letter
    (`evidence`, its SHA-256), and names them unless there is one only.
    """

    number: int
    reason: str = ""
    seats: tuple[str, ...] = ()
    evidence: str = ""


class ExtendSilence(ToWindow, frozen=True, kw_only=True):
    """Move the end of an open window to a later one; all seats are notified."""

    closes: When
    reason: str


class SuspendSilence(ToWindow, frozen=True, kw_only=True):
    """Stop the clock of an open window."""

    reason: str


class ResumeSilence(ToWindow, frozen=True, kw_only=True):
    """Let the clock run again, to a new end given by `length` or by `closes`."""

    length: str = ""
    closes: When = UNKNOWN


class SupersedeSilence(ToWindow, frozen=True, kw_only=True):
    """End a window whose text or roster must change; `by` names the window that follows."""

    reason: str
    by: str = ""


class HoldSilence(ToWindow, frozen=True, kw_only=True):
    """Hold the close of a window for review by people, beside whatever else holds it.

    `about` is `review` (also when empty), `letter`, `notices`, `outage`, `clock`,
    `restored backup`, `incoming mail`, `mailbox` or `response`; then `response` is its number, and
    a ruling on it ends the hold.
    """

    reason: str
    about: str = ""
    response: int = 0


class ReleaseSilence(ToWindow, frozen=True, kw_only=True):
    """End a hold, so that the clock may record the lapse when nothing else is in doubt.

    `hold` is its number, which may be left out where one hold stands only.
    """

    reason: str
    hold: int = 0


class RecordLapse(ToWindow, frozen=True, kw_only=True):
    """Record that the deadline passed unbroken.

    `outage_minutes` is the longest time, in the last 24 hours before the deadline, in which
    no response could have been received through the server.
    """

    outage_minutes: int = 0


class AnnounceOutcome(ToWindow, frozen=True, kw_only=True):
    """Say how the outcome was announced: by letter, at a meeting, noted in a decision."""

    manner: str
    note: str = ""


class ReferMatter(ToWindow, frozen=True, kw_only=True):
    """Send a matter on after a break.

    `to` is `consultations`, `a meeting`, `a vote`, `another body` or `abandoned`.
    """

    to: str
    reason: str = ""


class TellOutcome(ToWindow, frozen=True, kw_only=True):
    """Tell what a source says of some items of a past silence, when it leaves out the others.

    `approved` stood when the silence ended, `broken` did not. What is named in neither is not
    known: its outcome is `unknown` from then on, until something else tells it.
    """

    approved: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class DecideMatter(ToWindow, frozen=True, kw_only=True):
    """Enter what a meeting decided on the text after its silence failed.

    `result` is `agreed`, `adopted`, `declined` or `not agreed` (the body tried and failed to).
    `manner` is `consensus`, `without a vote`, `vote` or, when empty, not stated. Figures of a vote
    are given where they are known.
    """

    result: str
    manner: str = ""
    by: str = ""
    in_favour: int | None = None
    against: int | None = None
    abstaining: int | None = None
    note: str = ""


class AnnounceRevision(ToWindow, frozen=True, kw_only=True):
    """Announce an amended text without a new silence on it; say `text`, `wording` or a `note`."""

    text: Mapping[str, str] = field(default_factory=dict)
    wording: str = ""
    note: str = ""


class ShareSilence(ToWindow, frozen=True, kw_only=True):
    """Name further bodies for whose decision a past silence was too; history only.

    A silence that runs asks the roster of one body, so that each body has one of its own.
    """

    bodies: tuple[str, ...]


ResponseCommand = Respond | RuleOnResponse | WithdrawObjection
NoticeCommand = RecordNotices | RepeatNotices
LifecycleCommand = (
    ExtendSilence | SuspendSilence | ResumeSilence | SupersedeSilence | HoldSilence | ReleaseSilence
)
"""What moves a window that has not ended, or ends it without an outcome."""
OutcomeCommand = RecordLapse | AnnounceOutcome | ReferMatter
FollowUpCommand = TellOutcome | DecideMatter | AnnounceRevision | ShareSilence
"""What is entered of a silence that is past."""
WindowCommand = (
    OpenSilence
    | ResponseCommand
    | NoticeCommand
    | LifecycleCommand
    | OutcomeCommand
    | FollowUpCommand
)
"""All that may be asked of a window."""
_KINDS: Final = frozenset(get_args(WindowCommand))


def is_window_command(command: object) -> TypeGuard[WindowCommand]:
    return type(command) in _KINDS
