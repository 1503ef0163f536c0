"""The trail has a sentence for every event that the record can hold."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from msgspec import structs

from adapters.codec import is_struct
from domain.access.roles import AccessRole
from domain.actors import Actor, Role
from domain.messages import Fact, RecordedEvent
from domain.silence.events import NoticesRecorded, Response, ResponseReceived, SilenceLapsed
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When
from domain.type_registry import EVENTS
from workflows.history.narration import actor_name, sentence
from workflows.history.redaction import WITHHELD
from workflows.history.sentences.wording import SpokenNames

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def sample(kind: Any) -> Any:
    """A value of this type with something in every field that has no default."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return sample(get_args(kind)[0])
    if origin is tuple:
        return (sample(get_args(kind)[0]),)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"en": "Some text"}
    if is_struct(kind):
        hints = get_type_hints(kind)
        make: Any = kind
        needed = [field.name for field in structs.fields(kind) if field.required]
        return make(**{name: sample(hints[name]) for name in needed})
    samples = {
        str: "word",
        AccessRole: AccessRole.MEMBER,
        When: UNKNOWN,
        int: 1,
        bool: True,
        datetime: NOW,
    }
    return samples[kind]


def recorded(name: str, fact: Fact, **changes: Any) -> RecordedEvent:
    kind = name.partition(".")[0]
    made = RecordedEvent(
        organisation="o",
        stream=Stream(StreamKind(kind if kind in set(StreamKind) else "agenda"), "x"),
        version=1,
        position=1,
        name=name,
        fact=fact,
        effective=UNKNOWN,
        received_at=NOW,
        recorded_at=NOW,
        actor=Actor(role=Role.SECRETARIAT),
    )
    return structs.replace(made, **changes)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_one_whole_sentence(name: str) -> None:
    found = sentence(recorded(name, sample(EVENTS[name])), str, "en")

    assert re.fullmatch(r"\S.*[.a-z]", found)
    assert "%(" not in found


@pytest.mark.parametrize("name", EVENTS)
def test_a_sentence_passes_through_the_readers_language(name: str) -> None:
    found = sentence(recorded(name, sample(EVENTS[name])), lambda text: f"«{text}»", "fr")

    assert found.startswith("«")


@pytest.mark.parametrize("name", EVENTS)
def test_attested_facts_read_as_told_by_the_source(name: str) -> None:
    event = recorded(name, sample(EVENTS[name]), source="a letter")

    assert sentence(event, str, "en").startswith("The source tells: ")


def test_an_event_without_a_sentence_is_an_error() -> None:
    with pytest.raises(TypeError, match="no sentence"):
        sentence(recorded("agenda.unheard_of.v1", Fact()), str, "en")


def test_silence_is_never_called_agreement() -> None:
    found = [sentence(recorded(name, sample(kind)), str, "en") for name, kind in EVENTS.items()]
    lapse = sentence(recorded("window.lapsed.v2", SilenceLapsed()), str, "en")

    assert not [entry for entry in found if "agreed" in entry or "unanimous" in entry]
    assert lapse == "No breaking objection was received in time: the text is approved."


def test_a_withheld_seat_is_said_to_be_withheld() -> None:
    answer = ResponseReceived(number=2, response=Response(kind="objection", seats=(WITHHELD,)))
    event = recorded("window.response_received.v2", answer)

    found = sentence(event, str, "en")

    assert found == ("Response 2 came in time: objection, from a seat whose name is withheld.")
    assert actor_name(Actor(role=Role.SEAT, seat=WITHHELD), str) == "a seat whose name is withheld"


@pytest.mark.parametrize("result", ["delivered", "failed", "resolved", "waived"])
def test_notices_tell_their_number_and_not_their_seats(result: str) -> None:
    fact = NoticesRecorded(seats=("east", "west"), result=result)

    found = sentence(recorded("window.notices_recorded.v1", fact), str, "en")

    assert "2" in found
    assert "east" not in found


def test_bodies_go_by_their_names_where_these_are_known() -> None:
    event = recorded("agenda.items_submitted.v1", sample(EVENTS["agenda.items_submitted.v1"]))

    found = sentence(event, str, "en", SpokenNames(bodies={"word": "the extended Bureau"}))

    assert found == "Submitted to the extended Bureau for approval: items word."
