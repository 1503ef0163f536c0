"""What each text of each event holds, so that whatever may hold personal data is sealed.

A text that somebody writes freely is either sealed, or it stays on record for ever because it is
part of what a body or its secretariat published; forms ask for no name of a person there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from domain.access import events as access
from domain.agenda import events as agenda
from domain.body import events as body
from domain.corrections import FactCorrected
from domain.documents import events as documents
from domain.erasures import AUTHORITY, TextErased
from domain.messages import Fact
from domain.sealed_texts import SEALED_PATHS
from domain.session import events as session
from domain.silence import events as silence
from domain.symbols import SymbolReserved


class Content(StrEnum):
    """What a text may hold."""

    SEALED = "sealed"
    """Something that is written freely and may hold personal data: a key of it can be erased."""
    RECORD = "of record"
    """Public text of a body or its secretariat: a title, a rule, an office, a symbol, a source."""
    CHOSEN = "chosen"
    """One of several: the id, number or code of something, or a word from a list."""
    COMPUTED = "made by the program"
    """Such as a hash, a citation of a rule, or the proof of a deadline."""


ENVELOPE: Final[Mapping[str, Content]] = {
    "source": Content.RECORD,
    AUTHORITY: Content.SEALED,
    "order.waivers.*": Content.SEALED,
    "actor.name": Content.RECORD,
    "actor.seat": Content.CHOSEN,
    "actor.principal": Content.CHOSEN,
    "actor.authenticated_by": Content.COMPUTED,
    "findings.*.rule": Content.COMPUTED,
    "findings.*.because": Content.COMPUTED,
    "pack": Content.COMPUTED,
    "command_id": Content.COMPUTED,
    "command_hash": Content.COMPUTED,
    "caused_by": Content.COMPUTED,
}
"""The texts around each fact; `order.` names those of the order itself.

The authority of an opening and of an erasure is of record. The hash of the command is sealed as
soon as any text of the command is.
"""
_RECORD, _CHOSEN, _COMPUTED = Content.RECORD, Content.CHOSEN, Content.COMPUTED
_DEADLINE: Final = (
    "deadline.calendars.* deadline.convention deadline.hour deadline.length deadline.local"
    " deadline.rule deadline.steps.* deadline.tzdata deadline.zone"
)
_RESPONSE: Final = {
    _RECORD: "response.channel",
    _CHOSEN: "response.kind response.seats.* response.on_behalf_of.* response.items.*",
    _COMPUTED: "response.evidence response.text_hash rule citation",
}
_DECIDED: Final = {_CHOSEN: "items.*", _COMPUTED: "rule citation"}

_OTHERS: Final[Mapping[type[Fact], Mapping[Content, str]]] = {
    body.BodyEstablished: {
        _RECORD: "names.* symbol_series.* duty_station mandate",
        _CHOSEN: "parent zone",
    },
    body.BodyCompleted: {
        _RECORD: "names.* symbol_series.* duty_station mandate",
        _CHOSEN: "parent",
    },
    body.RulePackAdopted: {_RECORD: "parameters.*", _CHOSEN: "pack", _COMPUTED: "version hash"},
    body.SeatFilled: {_RECORD: "holder names.* office group", _CHOSEN: "seat capacity zone"},
    body.SeatVacated: {_CHOSEN: "seat"},
    body.SeatEmpowered: {_RECORD: "acts_for.*", _CHOSEN: "seat"},
    body.CalendarPublished: {_RECORD: "duty_station version", _CHOSEN: "holidays.* weekend.*"},
    session.SessionScheduled: {_RECORD: "number venue", _CHOSEN: "body zone"},
    session.MeetingsPlanned: {
        _RECORD: "meetings.*.track",
        _CHOSEN: "meetings.*.starts meetings.*.ends meetings.*.interpretation.*",
    },
    session.SessionPostponed: {},
    session.SessionReconvened: {_RECORD: "venue"},
    session.SessionCancelled: {},
    session.SessionOpened: {},
    session.SessionClosed: {},
    session.SessionShared: {_CHOSEN: "bodies.*"},
    agenda.AgendaStarted: {_RECORD: "type", _CHOSEN: "body session approved_by"},
    agenda.ItemProposed: {
        _RECORD: "titles.* proposer legal_basis.* memorandum subjects.*",
        _CHOSEN: "item id under proposer_kind working_translations.*",
    },
    agenda.ItemAmended: {_RECORD: "titles.*", _CHOSEN: "item"},
    agenda.ItemDescribed: {
        _RECORD: "proposer legal_basis.* memorandum subjects.*",
        _CHOSEN: "item proposer_kind",
    },
    agenda.ItemCleared: {_CHOSEN: "item particulars.*"},
    agenda.ItemWithdrawn: {_CHOSEN: "item sub_items.*"},
    agenda.ItemMoved: {_CHOSEN: "item after under"},
    agenda.ItemsRenumbered: {_CHOSEN: "numbers.*"},
    agenda.HeadingProposed: {_RECORD: "titles.*", _CHOSEN: "id before"},
    agenda.HeadingAmended: {_RECORD: "titles.*", _CHOSEN: "heading"},
    agenda.HeadingMoved: {_RECORD: "titles.*", _CHOSEN: "heading before"},
    agenda.HeadingWithdrawn: {_RECORD: "titles.*", _CHOSEN: "heading"},
    agenda.ItemAnnotated: {_RECORD: "heading paragraphs.* footnotes.*", _CHOSEN: "item language"},
    agenda.DocumentsPlanned: {_RECORD: "documents.*", _CHOSEN: "item"},
    agenda.WorkOrganized: {
        _RECORD: "slots.*.track slots.*.entries.*.titles.*",
        _CHOSEN: "slots.*.starts slots.*.ends slots.*.entries.*.item",
        _COMPUTED: "text_hash",
    },
    agenda.ItemsSubmitted: {_CHOSEN: "items.* to", _COMPUTED: "text_hash"},
    agenda.ItemsPutUnderSilence: {_CHOSEN: "items.* window"},
    agenda.ItemsApproved: {_RECORD: "by", _CHOSEN: "items.* window manner"},
    agenda.ItemsNotApproved: {_CHOSEN: "items.* window", _COMPUTED: "reason"},
    agenda.ApprovalSuspended: {_CHOSEN: "items.* window"},
    agenda.AgendaDocumentRegistered: {_RECORD: "type", _CHOSEN: "document"},
    agenda.AgendaPublished: {_CHOSEN: "document missing.* changes"},
    agenda.AgendaAdopted: {
        _RECORD: "amendments.*.titles.*",
        _CHOSEN: "items.* amendments.*.act amendments.*.item amendments.*.after amendments.*.under",
        _COMPUTED: "text_hash",
    },
    agenda.ReportDrafted: {_RECORD: "by document", _CHOSEN: "languages.*"},
    agenda.ReportAdopted: {_RECORD: "document oral_amendments.*"},
    agenda.ItemsDecided: {_RECORD: "by", _CHOSEN: "items.* result manner"},
    agenda.ObjectionNoted: {_RECORD: "channel", _CHOSEN: "seats.* items.*"},
    agenda.ReportDeferred: {_RECORD: "to"},
    agenda.AgendaShared: {_CHOSEN: "bodies.*"},
    silence.SilenceOpened: {
        _RECORD: "subject.titles.* channel mandate",
        _CHOSEN: "body length relaunch_of policy.sub_items subject.type subject.agenda"
        " subject.session subject.document subject.items.* subject.under.*",
        _COMPUTED: f"text_hash roster_hash {_DEADLINE}",
    },
    silence.NoticesRecorded: {
        _RECORD: "via",
        _CHOSEN: "seats.* result about",
        _COMPUTED: "address",
    },
    silence.NoticesRepeated: {_CHOSEN: "seats.* about", _COMPUTED: "addresses.*"},
    silence.ResponseReceived: {**_RESPONSE, _COMPUTED: "response.evidence response.text_hash"},
    silence.LateResponseReceived: _RESPONSE,
    silence.ResponseRefused: {**_RESPONSE, _COMPUTED: f"{_RESPONSE[_COMPUTED]} reason"},
    silence.ResponseAtMargin: _RESPONSE,
    silence.ResponseFoundAfterClose: {**_RESPONSE, _CHOSEN: f"{_RESPONSE[_CHOSEN]} items.*"},
    silence.ResponseRuledUpon: {
        _RECORD: "seconded_by.name",
        _CHOSEN: "seconded_by.seat seconded_by.principal",
        _COMPUTED: "seconded_by.authenticated_by",
    },
    silence.ObjectionWithdrawn: {_CHOSEN: "seats.*", _COMPUTED: "evidence"},
    silence.SilenceBroken: _DECIDED,
    silence.SilenceExtended: {_COMPUTED: _DEADLINE},
    silence.SilenceSuspended: {},
    silence.SilenceResumed: {_COMPUTED: _DEADLINE},
    silence.SilenceSuperseded: {_CHOSEN: "by", _COMPUTED: "rule citation"},
    silence.SilenceHeld: {_CHOSEN: "about", _COMPUTED: "rule citation"},
    silence.SilenceReleased: {},
    silence.SilenceLapsed: _DECIDED,
    silence.ApprovalConfirmed: _DECIDED,
    silence.ApprovalRevoked: _DECIDED,
    silence.OutcomeAnnounced: {_CHOSEN: "manner"},
    silence.MatterReferred: {_CHOSEN: "to"},
    silence.OutcomeTold: {_CHOSEN: "approved.* broken.*"},
    silence.MatterDecided: {_RECORD: "by", _CHOSEN: "result manner"},
    silence.RevisionAnnounced: {_RECORD: "wording", _COMPUTED: "text_hash"},
    silence.SilenceShared: {_CHOSEN: "bodies.*"},
    documents.DocumentRegistered: {
        _RECORD: "symbol type titles.* cited.* changes",
        _CHOSEN: "body agenda original distribution languages.*",
    },
    documents.VersionIssued: {_RECORD: "job_number stamps", _CHOSEN: "language"},
    documents.VersionReissued: {_RECORD: "job_number stamps", _CHOSEN: "language"},
    documents.DocumentPublished: {_CHOSEN: "missing.*"},
    SymbolReserved: {_RECORD: "printed", _CHOSEN: "document"},
    FactCorrected: {},
    TextErased: {_RECORD: "reason", _COMPUTED: "paths.*"},
    access.SettingsChanged: {_RECORD: "names.*", _CHOSEN: "zone"},
    access.ColoursChanged: {_CHOSEN: "head links"},
    access.RoleGranted: {_CHOSEN: "principal body seat"},
    access.RoleRevoked: {_CHOSEN: "principal body seat"},
}
"""Whatever is not sealed, by the paths of texts with `*` for members of lists and keys of maps."""


def contents(kind: type[Fact]) -> Mapping[str, Content]:
    """What each text of an event holds, by its path, as far as it is listed here.

    What a correction replaces is sealed where it is sealed in the event that is corrected.
    """
    found = dict.fromkeys(SEALED_PATHS.get(kind, ()), Content.SEALED)
    for content, paths in _OTHERS.get(kind, {}).items():
        found |= dict.fromkeys(paths.split(), content)
    if kind is FactCorrected:
        found |= dict.fromkeys(("was.*", "now.*"), Content.SEALED)
    return found


def unlisted(kind: type[Fact]) -> set[str]:
    """The texts of an event of which nobody has said what they hold."""
    return set(text_paths(kind)) - contents(kind).keys()


def text_paths(kind: Any, path: str = "") -> Iterator[str]:
    """The paths of all texts in values of a type; words from a closed type are none."""
    if kind is str:
        yield path
    elif isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind)
        for field in structs.fields(kind):
            yield from text_paths(hints[field.name], f"{path}.{field.name}".lstrip("."))
    elif get_origin(kind) in {tuple, Mapping}:
        yield from text_paths(get_args(kind)[-1 if get_origin(kind) is Mapping else 0], f"{path}.*")
    else:
        for part in get_args(kind):
            yield from text_paths(part, path)
