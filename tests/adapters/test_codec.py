"""What the record holds is written compactly, read back the same, and checked on its way in."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from adapters.codec import JsonCodec
from adapters.eventstore import envelope
from adapters.eventstore.envelope import EventRow, encode_event, event_from_row
from adapters.eventstore.sparse_json import encode_sparse, sparse_copy
from adapters.files.rule_packs import MalformedPack, RulePacks
from domain.actors import Actor
from domain.agenda.commands import AmendItem, AnnotateItem
from domain.body.events import BodyEstablished, SeatFilled
from domain.canonical import canonical_json
from domain.deadlines import Deadline
from domain.event_proofs import event_hash
from domain.messages import Fact
from domain.ports.codec import Codec
from domain.ports.errors import MalformedValue, Unavailable
from domain.ports.rule_packs import RulePackRepository
from domain.rules import Finding, Force, Result
from domain.session import SessionPart
from domain.session.events import Meeting, MeetingsPlanned
from domain.silence.commands import OpenSilence
from domain.silence.events import Policy, SilenceOpened, Subject
from domain.times import When
from domain.type_registry import COMMANDS, EVENTS, NAMES
from event_factory import body, recorded

CODEC: Codec = JsonCodec()
PACKS: RulePackRepository = RulePacks()


def row(name: str, state: bytes) -> EventRow:
    return EventRow(id=1, originator_id="body/wg7", originator_version=1, topic=name, state=state)


def every_struct(kind: type[Struct] = Struct) -> Iterator[type[Struct]]:
    """The values that the domain knows, from the ground up."""
    for subclass in kind.__subclasses__():
        if subclass.__module__.startswith("domain."):
            yield subclass
            yield from every_struct(subclass)


def all_fields(kind: type[Struct]) -> Any:
    """Hypothesis builds each of them by its type, also where it has a default."""
    return dict.fromkeys(kind.__struct_fields__, ...)


def test_plain_values_say_times_as_text_and_instants_in_utc() -> None:
    vienna = datetime(2023, 10, 5, 10, tzinfo=timezone(timedelta(hours=2)))
    deadline = Deadline(
        local="10:00", zone="Europe/Vienna", utc=vienna, length="", rule="", tzdata="2025b"
    )

    plain: Any = CODEC.to_plain(
        {"part": SessionPart(starts=When("2023-10"), ends=When("2023-10")), 1: deadline}
    )

    assert type(plain["part"]["starts"]) is str
    assert plain["part"]["opened"] is None
    assert plain["1"]["utc"] == "2023-10-05T08:00:00Z"
    assert plain["1"]["calendars"] == []


@pytest.mark.parametrize("value", [object(), b"bytes", 1.5, datetime(2023, 1, 1), "\ud800"])  # noqa: DTZ001
def test_what_has_no_plain_form_is_refused(value: object) -> None:
    with pytest.raises(MalformedValue):
        CODEC.to_plain([value])


def test_text_stands_for_numbers_truth_and_times() -> None:
    command = CODEC.from_plain(
        {
            "window": "w1",
            "body": "no",
            "subject": {"type": "other", "items": ["1", "yes"]},
            "threshold": "2",
            "by_item": "yes",
            "names_withheld": "False",
            "closes": "2023-10-05T10:00[Europe/Vienna]",
        },
        OpenSilence,
    )

    assert command.threshold == 2
    assert (command.by_item, command.names_withheld) == (True, False)
    assert command.closes.exact == datetime(2023, 10, 5, 8, tzinfo=UTC)
    assert (command.body, command.subject.items) == ("no", ("1", "yes"))


@pytest.mark.parametrize(
    ("value", "kind", "complaint"),
    [
        ({"agenda": "a", "item": "1", "titles": {}}, AmendItem, "reason"),
        ({"agenda": "a", "item": 1, "titles": {}, "reason": ""}, AmendItem, "Expected `str`"),
        ({"agenda": "a", "itme": "1"}, AnnotateItem, "unknown field itme; it has agenda, item"),
        ({"names": {}, "fictional": "perhaps"}, BodyEstablished, "Expected `bool`"),
        ({"meetings": [{"day": "soon"}]}, MeetingsPlanned, "'soon' is not a time"),
        ({"meetings": [{"day": 3}]}, MeetingsPlanned, "expected When as text, got int"),
        ({"meetings": [{"day": "2023", "dya": ""}]}, MeetingsPlanned, "unknown field dya"),
        ([], Meeting, "Expected `object`"),
    ],
)
def test_what_comes_in_is_checked(value: object, kind: type, complaint: str) -> None:
    with pytest.raises(MalformedValue, match=complaint):
        CODEC.from_plain(value, kind)


@pytest.mark.parametrize("kind", [*EVENTS.values(), *COMMANDS.values()])
def test_every_event_and_command_survives_the_codec(kind: type[Fact]) -> None:
    """Each is built from the simplest values that its fields take."""

    @settings(max_examples=5, deadline=None)
    @given(st.builds(kind))
    def survives(value: object) -> None:
        assert CODEC.from_plain(CODEC.to_plain(value), kind) == value
        if isinstance(value, Fact):
            event = recorded(body("wg7"), 1, fact=value)
            assert event_from_row("un", row(event.name, encode_event(event))).fact == value

    build_values_of_the_domain()
    survives()


def build_values_of_the_domain() -> None:
    """Tell Hypothesis how; a time may be unknown without being that one object."""
    for part in every_struct():
        st.register_type_strategy(part, lambda kind: st.builds(kind, **all_fields(kind)))
    times = [When("2023"), When("unknown"), When("2023-10-05T10:00+02:00")]
    st.register_type_strategy(When, st.sampled_from(times))
    zones = st.sampled_from([UTC, timezone(timedelta(hours=2))])
    early, late = datetime(1900, 1, 1), datetime(2900, 1, 1)  # noqa: DTZ001
    st.register_type_strategy(datetime, st.datetimes(early, late, timezones=zones))


def without_empty_fields(value: Any) -> Any:
    """What is written of a value, field by field: the plain form without what is empty."""
    if isinstance(value, Struct):
        found = {}
        for field in structs.fields(value):
            default = {} if field.default_factory is dict else field.default
            held = getattr(value, field.name)
            if not (default in ("", None, False, (), "unknown", {}) and held == default):
                found[field.name] = without_empty_fields(held)
        return found
    if isinstance(value, Mapping):
        return {str(key): without_empty_fields(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [without_empty_fields(item) for item in value]
    return CODEC.to_plain(value)


@pytest.mark.parametrize("kind", [*NAMES, Actor, Finding])
def test_a_value_is_written_at_once_as_it_would_be_field_by_field(kind: type[Struct]) -> None:
    """Whatever its fields hold; so that an event has the same bytes and hash for ever."""

    @settings(max_examples=5, deadline=None)
    @given(st.builds(kind, **all_fields(kind)))
    def written_the_same(value: Struct) -> None:
        assert msgspec.json.encode(without_empty_fields(value)) == encode_sparse(sparse_copy(value))

    build_values_of_the_domain()
    written_the_same()


@pytest.mark.parametrize("kind", [*COMMANDS.values(), Actor])
def test_canonical_json_is_that_of_the_plain_form(kind: type[Struct]) -> None:
    """By which a repeated command is known; also of text that has several forms in Unicode."""

    @settings(max_examples=5, deadline=None)
    @given(st.builds(kind, **all_fields(kind)), st.dictionaries(st.text(), st.text()))
    def same(value: Struct, waivers: dict[str, str]) -> None:
        said = {"of": value, "waivers": waivers, "effective": When("2023")}
        assert canonical_json(CODEC.to_plain(said)) == CODEC.to_canonical_json(said)

    build_values_of_the_domain()
    same()


@pytest.mark.parametrize(
    "value",
    [
        "é",
        "e\u0301",
        "\u2028",
        '\x00\x1f\x7f"\\/',
        {"b": 1, "a": {2: "B", "1": None}},
        {"é": 1, "z": 2},
    ],
)
def test_canonical_json_of_signs_is_that_of_the_plain_form(value: object) -> None:
    assert canonical_json(CODEC.to_plain([value])) == CODEC.to_canonical_json([value])


def test_the_bytes_of_an_event_are_compact_and_say_no_column_twice() -> None:
    event = recorded(body("wg7"), 1, "c1")

    assert json.loads(encode_event(event)) == {
        "fact": {"names": {"en": "body/wg7 1"}},
        "effective": "2026-11",
        "received_at": "2026-11-23T12:00:00Z",
        "recorded_at": "2026-11-23T12:00:00Z",
        "actor": {"role": "secretariat", "authenticated_by": "none"},
        "command_id": "c1",
    }


def test_a_default_that_says_something_is_written() -> None:
    """So that another default in a later version cannot change what was recorded."""
    fact = SilenceOpened(
        body="b", subject=Subject(type="other"), text_hash="", roster_hash="", seats=0,
        policy=Policy(), closes=When("unknown"),
    )  # fmt: skip
    found = json.loads(encode_event(recorded(body("wg7"), 1, fact=fact)))["fact"]

    assert found["policy"] == {"threshold": 1, "grace_seconds": 120}
    assert "deadline" not in found
    assert (found["seats"], found["closes"]) == (0, "unknown")


def test_an_event_survives_with_all_its_circumstances() -> None:
    fact = SeatFilled(
        seat="s", holder="h", names={"fr": "é"}, capacity="member", since=When("2023")
    )
    event = structs.replace(
        recorded(body("wg7"), 1, "c1", fact=fact),
        position=1,
        source="a letter",
        authority="rule 11",
        findings=(Finding("r", Result.VIOLATED, "because"),),
        waivers={"r": "why"},
        pack="p",
        command_hash="h",
        caused_by="c0",
        reads={"body/wg7": 0},
        virtual=True,
    )

    assert event_from_row("un", row(event.name, encode_event(event))) == event


def test_the_hash_is_over_place_and_bytes() -> None:
    """Computed once by `printf 'event/v1\\nun\\nbody/wg7\\n1\\nname\\n{}' | sha256sum`."""
    expected = "501ae988aa9a1ece3a920c60d0256db57bcc001780e6aac8baa5118e333235af"

    assert event_hash("un", "body/wg7", 1, "name", b"{}") == expected


def test_an_unknown_event_is_named() -> None:
    state = encode_event(recorded(body("wg7"), 1))

    with pytest.raises(Unavailable, match=r"body\.moved\.v9.*written by a newer version"):
        event_from_row("un", row("body.moved.v9", state))


@pytest.mark.parametrize("state", [b"", b"\xff", b"[]", b'{"fact":{}}'])
def test_damaged_bytes_are_refused(state: bytes) -> None:
    with pytest.raises(MalformedValue):
        event_from_row("un", row("body.established.v1", state))


def test_an_old_event_is_read_as_what_followed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through two translations; its name in the record stays the old one."""
    older = ("body.founded.v2", lambda raw: {"name": raw["called"]})
    newer = ("body.established.v1", lambda raw: {"names": {"en": raw["name"]}})
    monkeypatch.setitem(envelope.UPCASTS, "body.founded.v1", older)
    monkeypatch.setitem(envelope.UPCASTS, "body.founded.v2", newer)
    state = encode_event(recorded(body("wg7"), 1)).replace(
        b'{"names":{"en":"body/wg7 1"}}', b'{"called":"A"}'
    )

    event = event_from_row("un", row("body.founded.v1", state))

    assert event.fact == BodyEstablished(names={"en": "A"})
    assert event.name == "body.founded.v1"


def test_the_shipped_packs_survive_as_contents() -> None:
    shipped = PACKS.shipped()

    assert {"generic", "untoc-working-groups"} <= shipped.keys()
    for pack in shipped.values():
        assert PACKS.read(PACKS.content_of(pack)) == pack
    assert shipped["generic"].rules["silence-minimum-length"].force is Force.WAIVE
    assert shipped["generic"].rules["silence-scope"].force is Force.REFUSE


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "truncated"),
        (b'{"id": "p"}', "version"),
        (b'{"id":"p","version":"1","title":"","rules":{"r":{"demand":"","citation":"","force":"x"}}}',
         "Invalid enum value 'x'"),
        (b'{"id":"p","version":"1","title":"","rules":{"r":{"demnd":""}}}', "unknown field demnd"),
    ],
)  # fmt: skip
def test_a_malformed_pack_is_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(MalformedPack, match=complaint):
        PACKS.read(content)
