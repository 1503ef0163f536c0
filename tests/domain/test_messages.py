"""Commands and events: each noun counts its own, and no value is lost between the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

import pytest
from msgspec import Struct, structs

from domain.access import commands as access_commands
from domain.access import events as access_events
from domain.access.commands import ToOrganisation
from domain.agenda import commands as agenda_commands
from domain.agenda import events as agenda_events
from domain.body import commands as body_commands
from domain.body import events as body_events
from domain.corrections import CorrectFact, FactCorrected
from domain.documents import commands as document_commands
from domain.documents import events as document_events
from domain.erasures import EraseText, TextErased
from domain.messages import Fact
from domain.session import commands as session_commands
from domain.session import events as session_events
from domain.silence import commands as silence_commands
from domain.silence import events as silence_events
from domain.symbols import SymbolReserved
from domain.type_registry import COMMANDS, EVENTS
from story import Story

EVENTS_OF: Final[Mapping[str, Any]] = {
    "agenda": agenda_events.AgendaEvent,
    "body": body_events.BodyEvent,
    "session": session_events.SessionEvent,
    "document": document_events.DocumentEvent,
    "window": silence_events.WindowEvent,
    "organisation": access_events.OrganisationEvent,
}
"""The union of each noun's events, by how their names on disk begin."""
OTHERS: Final[Mapping[str, set[type[Fact]]]] = {
    "symbol": {SymbolReserved},
    "record": {FactCorrected, TextErased},
}
COMMANDS_OF: Final[tuple[Any, ...]] = (
    agenda_commands.AgendaCommand,
    body_commands.BodyCommand,
    session_commands.SessionCommand,
    document_commands.DocumentCommand,
    silence_commands.WindowCommand,
    access_commands.OrganisationCommand,
)


@pytest.mark.parametrize("noun", sorted(EVENTS_OF))
def test_the_union_of_a_noun_holds_all_of_its_events(noun: str) -> None:
    """What is registered under the noun's name, and nothing else."""
    registered = {kind for name, kind in EVENTS.items() if name.partition(".")[0] == noun}

    assert registered == {*get_args(EVENTS_OF[noun])}


def test_every_event_is_one_of_a_noun() -> None:
    """But for the reservation of a symbol, correction and erasure, which any stream may hold."""
    counted: set[Any] = {kind for union in EVENTS_OF.values() for kind in get_args(union)}
    others: set[Any] = {kind for kinds in OTHERS.values() for kind in kinds}

    assert {*EVENTS.values()} == counted | others
    assert not counted & others


def test_every_command_is_one_of_a_noun() -> None:
    """But for correction and erasure, which may be addressed to any stream."""
    counted: list[Any] = [kind for union in COMMANDS_OF for kind in get_args(union)]

    assert {*COMMANDS.values()} - {CorrectFact, EraseText} == {*counted}
    assert len(counted) == len({*counted})


# --- no value is lost between a command and its event ---------------------------------------------

ADDRESS: Final = frozenset({"agenda", "body", "session", "document", "window", "of"})
"""The field by which a command names its stream: the stream of the event says it."""

ELSEWHERE: Final[Mapping[str, Mapping[str, str]]] = {
    "OpenSilence": {
        "text": "it is a content, which the event names by its hash",
        "threshold": "it is part of the policy",
        "by_item": "it is part of the policy",
        "names_withheld": "it is part of the policy",
    },
    "AnnounceRevision": {"text": "it is a content, which the event names by its hash"},
    "ResumeSilence": {"length": "the deadline, with its proof, was computed by it"},
    "HoldSilence": {"response": "the event calls it `waits_for`"},
    "RecordLapse": {"outage_minutes": "it decides only whether the event comes about"},
}
"""Fields of commands that have no field of the same name in their event, with the reason."""

EVENT_OF: Final[Mapping[str, str]] = {
    "StartAgenda": "AgendaStarted",
    "ProposeItem": "ItemProposed",
    "AmendItem": "ItemAmended",
    "DescribeItem": "ItemDescribed",
    "ClearItem": "ItemCleared",
    "WithdrawItem": "ItemWithdrawn",
    "MoveItem": "ItemMoved",
    "RenumberItems": "ItemsRenumbered",
    "ProposeHeading": "HeadingProposed",
    "AmendHeading": "HeadingAmended",
    "MoveHeading": "HeadingMoved",
    "WithdrawHeading": "HeadingWithdrawn",
    "AnnotateItem": "ItemAnnotated",
    "PlanDocuments": "DocumentsPlanned",
    "OrganizeWork": "WorkOrganized",
    "SubmitItems": "ItemsSubmitted",
    "ApproveItems": "ItemsApproved",
    "AdoptAgenda": "AgendaAdopted",
    "DraftReport": "ReportDrafted",
    "AdoptReport": "ReportAdopted",
    "DecideItems": "ItemsDecided",
    "NoteObjection": "ObjectionNoted",
    "DeferReport": "ReportDeferred",
    "ShareAgenda": "AgendaShared",
    "EstablishBody": "BodyEstablished",
    "CompleteBody": "BodyCompleted",
    "AdoptRulePack": "RulePackAdopted",
    "FillSeat": "SeatFilled",
    "VacateSeat": "SeatVacated",
    "EmpowerSeat": "SeatEmpowered",
    "PublishCalendar": "CalendarPublished",
    "ScheduleSession": "SessionScheduled",
    "PlanMeetings": "MeetingsPlanned",
    "PostponeSession": "SessionPostponed",
    "ReconveneSession": "SessionReconvened",
    "CancelSession": "SessionCancelled",
    "OpenSession": "SessionOpened",
    "CloseSession": "SessionClosed",
    "ShareSession": "SessionShared",
    "RegisterDocument": "DocumentRegistered",
    "IssueVersion": "VersionIssued",
    "ReissueVersion": "VersionReissued",
    "PublishDocument": "DocumentPublished",
    "OpenSilence": "SilenceOpened",
    "RecordNotices": "NoticesRecorded",
    "RepeatNotices": "NoticesRepeated",
    "Respond": "ResponseReceived",
    "RuleOnResponse": "ResponseRuledUpon",
    "WithdrawObjection": "ObjectionWithdrawn",
    "ExtendSilence": "SilenceExtended",
    "SuspendSilence": "SilenceSuspended",
    "ResumeSilence": "SilenceResumed",
    "SupersedeSilence": "SilenceSuperseded",
    "HoldSilence": "SilenceHeld",
    "ReleaseSilence": "SilenceReleased",
    "RecordLapse": "SilenceLapsed",
    "AnnounceOutcome": "OutcomeAnnounced",
    "ReferMatter": "MatterReferred",
    "TellOutcome": "OutcomeTold",
    "DecideMatter": "MatterDecided",
    "AnnounceRevision": "RevisionAnnounced",
    "ShareSilence": "SilenceShared",
    "CorrectFact": "FactCorrected",
    "EraseText": "TextErased",
    "ChangeSettings": "SettingsChanged",
    "ChangeColours": "ColoursChanged",
    "GrantRole": "RoleGranted",
    "RevokeRole": "RoleRevoked",
}
"""Which event tells that a command was done."""
KINDS: Final = {kind.__name__: kind for kind in EVENTS.values()}


def field_values(kind: Any) -> set[str]:
    return {field.name for field in structs.fields(kind)}


@pytest.mark.parametrize("command", sorted(COMMANDS.values(), key=str))
def test_every_field_of_a_command_is_in_its_event(command: Any) -> None:
    """Under the same name, or it is listed above with the reason why not."""
    name = command.__name__
    whole = issubclass(command, ToOrganisation)
    address = "" if whole else next(iter(command.__struct_fields__))
    event = KINDS[EVENT_OF[name]]
    found: Any = silence_events.Response if name == "Respond" else event
    missing = field_values(command) - field_values(found) - {address}

    assert whole or address in ADDRESS
    assert {*ELSEWHERE.get(name, {})} == missing


def test_the_events_tell_what_commands_said(story: Story) -> None:
    """Each value of a played command stands in the event; a default alone proves nothing."""
    story.body()
    body, session = {"body": "b"}, {"session": "s"}
    day = {"starts": "2026-08-10", "ends": "2026-08-11"}
    later = {"starts": "2026-08-17", "ends": "2026-08-18"}
    played: list[tuple[str, dict[str, Any]]] = [
        ("complete body", {**body, "duty_station": "Vienna", "parent": "p", "mandate": "m"}),
        (
            "fill seat",
            {
                **body,
                "seat": "north",
                "holder": "Northland",
                "names": {"en": "Northland"},
                "capacity": "officer",
                "office": "Chair",
                "group": "First",
                "zone": "Europe/Vienna",
                "since": "2026-01-01",
                "until": "2027-01-01",
                "voice": True,
            },
        ),
        (
            "empower seat",
            {**body, "seat": "north", "acts_for": ["east"], "until": "2026-12-01"},
        ),
        ("vacate seat", {**body, "seat": "north", "until": "2026-11-01", "reason": "recalled"}),
        ("schedule session", {**session, **body, **day, "number": "1", "venue": "Hall"}),
        ("postpone session", {**session, **later, "reason": "a storm"}),
        (
            "register document",
            {
                "document": "d",
                **body,
                "symbol": "FX/1",
                "type": "report",
                "titles": {"en": "Report"},
                "original": "en",
                "distribution": "General",
                "masthead_date": "2026-02-01",
                "languages": ["en", "fr"],
            },
        ),
        (
            "issue version",
            {
                "document": "d",
                "language": "en",
                "job_number": "V.26-1",
                "stamps": "010226",
                "masthead_date": "2026-02-01",
            },
        ),
    ]
    for verb, values in played:
        story.do(verb, **values)
        event = story.events()[-1].fact
        if verb == "register document":
            event = next(
                event.fact for event in story.events() if isinstance(event.fact, REGISTERED)
            )
        assert not lost(values, COMMANDS[verb], event)


REGISTERED: Final = document_events.DocumentRegistered


def lost(values: Mapping[str, Any], command: Any, event: Fact) -> list[str]:
    """The fields whose value is not the one in the event."""
    address = next(iter(command.__struct_fields__))
    return [
        name
        for name, value in values.items()
        if name != address and plain(getattr(event, name, None)) != plain(value)
    ]


def plain(value: Any) -> Any:
    return [*value] if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    "name", ["result", "manner", "by", "in_favour", "against", "abstaining", "note"]
)
def test_what_a_meeting_decides_is_told_alike_of_items_and_of_a_matter(name: str) -> None:
    """Four messages hold it field by field: what is stored stays in its order for ever."""
    messages = (
        agenda_commands.DecideItems,
        agenda_events.ItemsDecided,
        silence_commands.DecideMatter,
        silence_events.MatterDecided,
    )
    fields = {field_of(message, name) for message in messages}

    assert 1 == len(fields)


def field_of(kind: Any, name: str) -> tuple[str, str, str]:
    """Name, type and default of a field."""
    field = next(field for field in structs.fields(kind) if field.name == name)
    return field.name, str(field.type), str(field.default)


class Renamed(Struct, frozen=True, kw_only=True):
    """The ruling, had its second person been renamed in the command alone."""

    window: str
    number: int
    breaks: bool
    reason: str
    other_person: str = ""


def test_without_the_list_a_renamed_field_would_be_lost() -> None:
    """The control: the check above finds what copying by equal names once lost."""
    missing = field_values(Renamed) - field_values(silence_events.ResponseRuledUpon) - {"window"}

    assert {"other_person"} == missing
