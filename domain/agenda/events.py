"""What is recorded of an agenda, from the first proposed item to the adopted report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field, structs

from domain.messages import Fact
from domain.organization_of_work import Slot
from domain.times import UNKNOWN, When


class AgendaStarted(Fact, frozen=True, kw_only=True):
    """An agenda was begun for a body, and where there is one for a part of its session."""

    body: str
    session: str = ""
    part: int = 1
    type: str = "provisional agenda"
    approved_by: str = ""


class ItemProposed(Fact, frozen=True, kw_only=True):
    """An item was proposed, with its titles, proposer, legal basis and explanatory memorandum.

    `id` is its lasting identity, by the order of proposals in its agenda.
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
    id: str = ""


class ItemAmended(Fact, frozen=True, kw_only=True):
    """A proposed item was changed before its approval."""

    item: str
    titles: Mapping[str, str]
    reason: str


class ItemDescribed(Fact, frozen=True, kw_only=True):
    """Particulars of an item were changed, but not its text; empty fields stayed as they were."""

    item: str
    reason: str
    proposer_kind: str = ""
    proposer: str = ""
    legal_basis: tuple[str, ...] = ()
    memorandum: str = ""
    subjects: tuple[str, ...] = ()


class ItemCleared(Fact, frozen=True, kw_only=True):
    """Particulars of an item were taken off, and nothing put in their place; its text stayed."""

    item: str
    particulars: tuple[str, ...]
    reason: str


class ItemWithdrawn(Fact, frozen=True, kw_only=True):
    """A proposed item was taken back before its approval, with its sub-items."""

    item: str
    reason: str
    sub_items: tuple[str, ...] = ()


class ItemMoved(Fact, frozen=True, kw_only=True):
    """An item got another place, with its sub-items, and kept its number.

    It stands behind `after`, on the same level; or as the last under `under`; or else first.
    """

    item: str
    reason: str
    after: str = ""
    under: str = ""


class ItemsRenumbered(Fact, frozen=True, kw_only=True):
    """Items got other numbers, all at once: each old number with the new one."""

    numbers: Mapping[str, str]
    reason: str


class HeadingProposed(Fact, frozen=True, kw_only=True):
    """A heading without a number was put before an item, or else at the end of the list.

    `id` is its lasting identity, by the order of proposals in its agenda.
    """

    id: str
    titles: Mapping[str, str]
    before: str = ""


class HeadingAmended(Fact, frozen=True, kw_only=True):
    """The words of a heading were changed, in these languages."""

    heading: str
    titles: Mapping[str, str]
    reason: str


class HeadingMoved(Fact, frozen=True, kw_only=True):
    """A heading was moved before an item, or else to the end of the list; no item moved.

    `titles` are those that it bore then.
    """

    heading: str
    titles: Mapping[str, str]
    reason: str
    before: str = ""


class HeadingWithdrawn(Fact, frozen=True, kw_only=True):
    """A heading was taken off the list, and no item with it; `titles` are those that it bore."""

    heading: str
    titles: Mapping[str, str]
    reason: str


class ItemAnnotated(Fact, frozen=True, kw_only=True):
    """An item received its annotation in one language: heading, paragraphs, footnotes."""

    item: str
    language: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()


class DocumentsPlanned(Fact, frozen=True, kw_only=True):
    """The documents of an item were listed, or it was stated that none is expected."""

    item: str
    documents: tuple[str, ...] = ()
    none_expected: bool = False
    note: str = ""


class WorkOrganized(Fact, frozen=True, kw_only=True):
    """The proposed organization of work laid the items out over the meetings.

    Its slots are a content with the hash `text_hash`; older events hold them themselves.
    """

    slots: tuple[Slot, ...] = ()
    text_hash: str = ""
    count: int = 0


class ItemsSubmitted(Fact, frozen=True, kw_only=True):
    """Proposed items were submitted for approval as one text with this hash."""

    items: tuple[str, ...]
    to: str
    text_hash: str


class ItemsPutUnderSilence(Fact, frozen=True, kw_only=True):
    """Submitted items came under a silence procedure of its own stream."""

    items: tuple[str, ...]
    window: str


class ItemsApproved(Fact, frozen=True, kw_only=True):
    """Items were approved: by an unbroken silence procedure, or in another stated way."""

    items: tuple[str, ...]
    by: str = ""
    window: str = ""
    manner: str = ""


class ItemsNotApproved(Fact, frozen=True, kw_only=True):
    """Items were not approved: their silence was broken, or they were turned down."""

    items: tuple[str, ...]
    window: str = ""
    reason: str = ""


class ApprovalSuspended(Fact, frozen=True, kw_only=True):
    """An approval by silence was suspended: an objection in time was found after the close."""

    items: tuple[str, ...]
    window: str


class AgendaDocumentRegistered(Fact, frozen=True, kw_only=True):
    """A document of this agenda received its symbol and masthead date."""

    document: str
    type: str
    masthead_date: When


class AgendaPublished(Fact, frozen=True, kw_only=True):
    """The provisional agenda was out in all required languages, or a waiver named the others.

    With `changes`, the symbol of its first document, what came out is a change of that one.
    """

    document: str
    missing: tuple[str, ...] = ()
    changes: str = ""


class Amendment(Struct, frozen=True, kw_only=True):
    """One spoken change at adoption: add, delete, defer, retitle or reorder an item.

    An item is added under `under`, or else under the item that its number is a level below.
    """

    act: str
    item: str
    titles: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    reason: str = ""
    under: str = ""


class AgendaAdopted(Fact, frozen=True, kw_only=True):
    """The body adopted its agenda: as proposed, or with these oral amendments."""

    items: tuple[str, ...]
    text_hash: str
    amendments: tuple[Amendment, ...] = ()


class ReportDrafted(Fact, frozen=True, kw_only=True):
    """A draft report was put before the body.

    Where a source tells it, it may have been out in further languages, unless `no_others`.
    """

    by: str
    document: str = ""
    languages: tuple[str, ...] = ()
    no_others: bool = False


class ReportAdopted(Fact, frozen=True, kw_only=True):
    """The body adopted its report: as drafted, or with these oral amendments."""

    document: str = ""
    oral_amendments: tuple[str, ...] = ()
    ad_referendum: bool = False


class ItemsDecided(Fact, frozen=True, kw_only=True):
    """A meeting decided on items, or on the agenda as a whole: agreed, declined, or not agreed."""

    result: str
    items: tuple[str, ...] = ()
    manner: str = ""
    by: str = ""
    in_favour: int | None = None
    against: int | None = None
    abstaining: int | None = None
    note: str = ""


class ObjectionNoted(Fact, frozen=True, kw_only=True):
    """Somebody objected while no silence ran. It is kept and shown, and breaks nothing."""

    number: int
    seats: tuple[str, ...]
    items: tuple[str, ...] = ()
    text: str = ""
    channel: str = ""
    names_withheld: bool = False

    @property
    def shown(self) -> ObjectionNoted:
        """It as everybody may see it: without names, where the body withholds them."""
        if not self.names_withheld:
            return self
        return structs.replace(self, seats=("withheld",) * len(self.seats))


class ReportDeferred(Fact, frozen=True, kw_only=True):
    """The adoption of the report was deferred to a later meeting or session."""

    to: str = ""
    until: When = UNKNOWN
    reason: str = ""


class AgendaShared(Fact, frozen=True, kw_only=True):
    """An agenda is that of further bodies too, as for a joint meeting."""

    bodies: tuple[str, ...]


ItemListEvent = (
    ItemProposed
    | ItemAmended
    | ItemDescribed
    | ItemCleared
    | ItemWithdrawn
    | ItemMoved
    | ItemsRenumbered
)
"""How the list of items was made: its items, their numbers and their places."""
HeadingEvent = HeadingProposed | HeadingAmended | HeadingMoved | HeadingWithdrawn
"""What became of headings without a number."""
ItemDetailEvent = ItemAnnotated | DocumentsPlanned | WorkOrganized
"""What was put to items without a change of their text."""
ApprovalEvent = (
    ItemsSubmitted
    | ItemsPutUnderSilence
    | ItemsApproved
    | ItemsNotApproved
    | ApprovalSuspended
    | ItemsDecided
)
"""How the approval of items went."""
PublicationEvent = AgendaDocumentRegistered | AgendaPublished | AgendaAdopted
ReportEvent = ReportDrafted | ReportAdopted | ReportDeferred
AgendaEvent = (
    AgendaStarted
    | AgendaShared
    | ItemListEvent
    | HeadingEvent
    | ItemDetailEvent
    | ApprovalEvent
    | ObjectionNoted
    | PublicationEvent
    | ReportEvent
)
"""All that is recorded of an agenda."""
_KINDS: Final = frozenset(get_args(AgendaEvent))


def is_agenda_event(event: Fact) -> TypeGuard[AgendaEvent]:
    """Whether it is one of those above.

    A correction is none of them: it is applied to the event that it names
    (`domain.corrections`), and changes no state itself. Nor is an event of a later version.
    """
    return type(event) in _KINDS
