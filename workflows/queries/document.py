"""A document with its language versions, the agenda that it is for, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from domain.agenda import Agenda
from domain.body import Body
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.messages import RecordedEvent
from domain.rules import Force, RulePack
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN
from workflows.queries.events import of_streams
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record

PUBLICATION_RULES: Final = (
    "all-languages-out",
    "simultaneous-issuance",
    "job-number-per-version",
    "approval-before-publication",
    "provisional-agenda-in-time",
    "issued-six-weeks-before",
    "every-item-scheduled",
    "slots-within-meetings",
)
"""The rules that the publication of a document is held against, as far as a pack has them."""


class DocumentForForm(Struct, frozen=True, kw_only=True):
    """What a form about a document needs."""

    organisation: str
    document: Document
    body: Body
    attested: bool
    """Whether a source tells of it: then nothing live is done with it on pages."""
    waivable: Mapping[str, str]
    """What the rules require of a publication that can be waived, by the id of the rule."""


class DocumentDetails(DocumentForForm, frozen=True, kw_only=True):
    """All that a document's page shows."""

    agenda: Agenda | None
    """The agenda that it is for."""
    pack: RulePack
    events: tuple[RecordedEvent, ...]
    names: RecordNames
    """What the bodies and seats are called of which the events speak, as of now."""


class DocumentQueries(Struct, frozen=True):
    """Reads documents."""

    record: Record

    def get(self, organisation: str, name: str, at: str = "") -> DocumentDetails:
        """A document with its history. Raises Refused when there is none."""
        world = self.record.context(organisation, at)
        document = world.document(name)
        body = world.body(document.body)
        pack = world.pack_of(body, UNKNOWN)
        events = of_streams(world, [Stream(StreamKind.DOCUMENT, name)])
        present = self.record.context(organisation) if at else world
        return DocumentDetails(
            organisation=organisation,
            document=document,
            body=body,
            attested=events[0].attested,
            waivable=_waivable(pack),
            agenda=world.agenda(document.agenda) if document.agenda else None,
            pack=pack,
            events=events,
            names=names_in(events, present),
        )

    def for_form(self, organisation: str, name: str) -> DocumentForForm:
        """A document as a form needs it. Raises Refused when there is none."""
        world = self.record.present(organisation)
        document = world.document(name)
        body = world.body(document.body)
        return DocumentForForm(
            organisation=organisation,
            document=document,
            body=body,
            attested=_attested(world, name),
            waivable=_waivable(world.pack_of(body, UNKNOWN)),
        )


def _attested(world: DecisionContext, name: str) -> bool:
    return world.events(Stream(StreamKind.DOCUMENT, name))[0].attested


def _waivable(pack: RulePack) -> Mapping[str, str]:
    return {
        name: rule.demand
        for name, rule in pack.rules.items()
        if name in PUBLICATION_RULES and rule.force is Force.WAIVE
    }
