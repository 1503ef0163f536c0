"""What may be asked of an agenda."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field

from domain.agenda.events import Amendment
from domain.organization_of_work import Slot
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When


class ToAgenda(Struct, frozen=True, kw_only=True, dict=True):
    """A command to an agenda."""

    agenda: str

    @cached_property
    def stream(self) -> Stream:
        return Stream(StreamKind.AGENDA, self.agenda)


class StartAgenda(ToAgenda, frozen=True, kw_only=True):
    """Begin an agenda for a body and, where there is one, for a part of its session.

    `type` is `provisional agenda`, `supplementary provisional agenda`, `addendum` or `reconvened
    session`; `approved_by` names the body that approves the items, such as an extended Bureau.
    """

    body: str
    session: str = ""
    part: int = 1
    type: str = "provisional agenda"
    approved_by: str = ""


class ProposeItem(ToAgenda, frozen=True, kw_only=True):
    """Propose an item, numbered as in the list (`2`, `1(b)`, `4 (b) (i)`).

    `under` names its parent item; unless given, it is the one that the number is a level below.
    `titles` by language; `working_translations` lists languages that no source has. `subjects`
    are words that rules look for: organizational, opening, adoption of the agenda, review
    mechanism, other matters, report. `memorandum` is its text or symbol, or `unknown`.
    """

    item: str
    titles: Mapping[str, str]
    under: str = ""
    working_translations: tuple[str, ...] = ()
    proposer_kind: str = "unknown"
    proposer: str = ""
    legal_basis: tuple[str, ...] = ()
    memorandum: str = "unknown"
    subjects: tuple[str, ...] = ()


class AmendItem(ToAgenda, frozen=True, kw_only=True):
    """Change the titles of an item that is neither approved nor under silence."""

    item: str
    titles: Mapping[str, str]
    reason: str


class DescribeItem(ToAgenda, frozen=True, kw_only=True):
    """Change particulars of an item, but not its text, while it is in preparation.

    What is not given stays as it is. Its text is the same: it need not be submitted again.
    """

    item: str
    reason: str
    proposer_kind: str = ""
    proposer: str = ""
    legal_basis: tuple[str, ...] = ()
    memorandum: str = ""
    subjects: tuple[str, ...] = ()


class ClearItem(ToAgenda, frozen=True, kw_only=True):
    """Take particulars off an item, with nothing in their place, while it is in preparation.

    `particulars` are proposer_kind, proposer, legal_basis, memorandum or subjects. Its text is the
    same: it need not be submitted again.
    """

    item: str
    particulars: tuple[str, ...]
    reason: str


class WithdrawItem(ToAgenda, frozen=True, kw_only=True):
    """Take back an item with its sub-items, none of which is approved or under silence."""

    item: str
    reason: str


class MoveItem(ToAgenda, frozen=True, kw_only=True):
    """Move an item with its sub-items; its number stays.

    It goes behind `after`, on the same level; or becomes the last item under `under`; or, where
    neither is given, the first of the agenda. Submitted items have to be submitted again.
    """

    item: str
    reason: str
    after: str = ""
    under: str = ""


class RenumberItems(ToAgenda, frozen=True, kw_only=True):
    """Give items other numbers, all at once: `{"2": "3", "3": "2"}`.

    Sub-items that are counted from them go along. Submitted items have to be submitted again.
    """

    numbers: Mapping[str, str]
    reason: str


class ProposeHeading(ToAgenda, frozen=True, kw_only=True):
    """Put a heading without a number before an item, or else at the end of the list.

    It heads the items that follow, up to the next heading. `titles` by language. It gets the next
    of the ids `h1`, `h2` and so on.
    """

    titles: Mapping[str, str]
    before: str = ""


class AmendHeading(ToAgenda, frozen=True, kw_only=True):
    """Change the words of a heading, named by its id, in these languages; the others stay.

    None of the items below it may be approved or under silence. Submitted ones have to be
    submitted again.
    """

    heading: str
    titles: Mapping[str, str]
    reason: str


class MoveHeading(ToAgenda, frozen=True, kw_only=True):
    """Move a heading before an item, or else to the end of the list; the items stay.

    No item that comes under it, or is under it no more, may be approved or under silence.
    """

    heading: str
    reason: str
    before: str = ""


class WithdrawHeading(ToAgenda, frozen=True, kw_only=True):
    """Take a heading off the list. The items below it stay.

    None of them may be approved or under silence.
    """

    heading: str
    reason: str


class AnnotateItem(ToAgenda, frozen=True, kw_only=True):
    """Annotate an item in one language."""

    item: str
    language: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()


class PlanDocuments(ToAgenda, frozen=True, kw_only=True):
    """List an item's documents by symbol, or state that none is expected."""

    item: str
    documents: tuple[str, ...] = ()
    none_expected: bool = False
    note: str = ""


class OrganizeWork(ToAgenda, frozen=True, kw_only=True):
    """Propose the organization of work: which items in which slot.

    A slot that ends at `24:00`, or before it begins, goes on into the next day.
    """

    slots: tuple[Slot, ...]


class SubmitItems(ToAgenda, frozen=True, kw_only=True):
    """Submit items (all that are not yet approved, unless named) for approval, as one text."""

    to: str = ""
    items: tuple[str, ...] = ()


class ApproveItems(ToAgenda, frozen=True, kw_only=True):
    """Approve submitted items otherwise than by a recorded window, such as at a meeting."""

    manner: str
    by: str = ""
    items: tuple[str, ...] = ()


class AdoptAgenda(ToAgenda, frozen=True, kw_only=True):
    """Adopt the agenda, as proposed or with oral amendments."""

    amendments: tuple[Amendment, ...] = ()


class DraftReport(ToAgenda, frozen=True, kw_only=True):
    """Put a draft report before the body, in these languages.

    In history, `no_others` is a source's statement that it was out in no further language.
    """

    by: str
    document: str = ""
    languages: tuple[str, ...] = ()
    no_others: bool = False


class AdoptReport(ToAgenda, frozen=True, kw_only=True):
    """Adopt the report, as drafted or as orally amended.

    `document` is its symbol, or `unknown` where it has none yet; unless that is given, it is the
    symbol of its draft.
    """

    document: str = ""
    oral_amendments: tuple[str, ...] = ()
    ad_referendum: bool = field(default=False)


class DecideItems(ToAgenda, frozen=True, kw_only=True):
    """Enter what a meeting decided on items that no silence has approved.

    `result` is `agreed`, `adopted`, `declined` or `not agreed` (the body tried and failed to).
    `manner` is `consensus`, `without a vote`, `vote` or, when empty, not told. Figures of a vote
    are given where they are told. Without `items` it is about all that are open.
    """

    result: str
    items: tuple[str, ...] = ()
    manner: str = ""
    by: str = ""
    in_favour: int | None = None
    against: int | None = None
    abstaining: int | None = None
    note: str = ""


class NoteObjection(ToAgenda, frozen=True, kw_only=True):
    """Keep an objection that was received while no silence ran on what it concerns."""

    seats: tuple[str, ...]
    items: tuple[str, ...] = ()
    text: str = ""
    channel: str = ""


class DeferReport(ToAgenda, frozen=True, kw_only=True):
    """Put off the adoption of the report: `to` a later meeting or session, `until` when."""

    reason: str
    to: str = ""
    until: When = UNKNOWN


class ShareAgenda(ToAgenda, frozen=True, kw_only=True):
    """Name further bodies whose agenda it is too, as for a joint meeting."""

    bodies: tuple[str, ...]


ListCommand = (
    ProposeItem | AmendItem | DescribeItem | ClearItem | WithdrawItem | MoveItem | RenumberItems
)
"""Acts on the list of items while it is in preparation."""
HeadingCommand = ProposeHeading | AmendHeading | MoveHeading | WithdrawHeading
"""Acts on headings without a number, at the same time."""
MeetingCommand = DecideItems | NoteObjection | DeferReport
"""What is entered of a meeting that is no adoption."""
AgendaCommand = (
    StartAgenda
    | ShareAgenda
    | ListCommand
    | HeadingCommand
    | AnnotateItem
    | PlanDocuments
    | OrganizeWork
    | SubmitItems
    | ApproveItems
    | MeetingCommand
    | AdoptAgenda
    | DraftReport
    | AdoptReport
)
"""All that may be asked of an agenda."""
_KINDS: Final = frozenset(get_args(AgendaCommand))


def is_agenda_command(command: object) -> TypeGuard[AgendaCommand]:
    return type(command) in _KINDS
