"""Corrections: a fact entered wrongly is put right by a later event; nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, structs

from domain import field_paths
from domain.agenda.events import WorkOrganized
from domain.erasures import TextErased, apply_erasure
from domain.messages import Fact, RecordedEvent
from domain.rules import Refused
from domain.streams import Stream
from domain.times import When


class FactCorrected(Fact, frozen=True, kw_only=True):
    """An earlier event of this stream is to be read with these values, for this reason."""

    version: int
    was: Mapping[str, str]
    now: Mapping[str, str]
    reason: str


class CorrectFact(Struct, frozen=True, kw_only=True):
    """Correct an event, named by its stream and version, field by field.

    `effective` is the time at which it took effect; any other name is a field of the event, or a
    place in it (`titles.fr`, `slots.0.entries.1.item`; members of lists are counted from 0). What
    is no text, time, number or truth is written as JSON: `["1", "2"]`.
    """

    of: str
    version: int
    now: Mapping[str, str]
    reason: str

    @property
    def stream(self) -> Stream:
        return Stream.parse(self.of)


def value_of(event: RecordedEvent, path: str) -> object:
    """What an event holds at a place. Raises Refused when there is no such place."""
    if path == "effective":
        return event.effective
    try:
        return field_paths.value_at(event.fact, path)
    except field_paths.UnknownPath as error:
        because = f"event {event.version} of {event.stream} has no {path} to be corrected: {error}"
        raise Refused("correction-names-a-fact", because) from error


def apply_correction(event: RecordedEvent, correction: FactCorrected) -> RecordedEvent:
    """The event as it is to be read. Raises Refused for a value of the wrong kind."""
    fact, effective = event.fact, event.effective
    for path, text in correction.now.items():
        if is_in_content(fact, path):
            continue
        value_of(event, path)
        try:
            if path == "effective":
                effective = When.from_stored(text)
            else:
                fact = field_paths.replace_at(fact, path, text)
        except (ValueError, TypeError) as error:
            raise Refused("correction-names-a-fact", f"{path}: {error}") from error
    stated = event.stated or ("effective" in correction.now and not event.attested)
    return structs.replace(event, fact=fact, effective=effective, stated=stated)


def is_in_content(fact: Fact, path: str) -> bool:
    """Whether a place is not in the event but in the content that it refers to.

    Such a correction makes another content, and names that one in the event instead.
    """
    inside = isinstance(fact, WorkOrganized) and bool(fact.text_hash)
    return inside and path.partition(".")[0] == "slots"


def apply_corrections(history: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The history as it is to be read: corrections and erasures applied to what they name."""
    read = list(history)
    for event in history:
        if isinstance(event.fact, FactCorrected):
            place = event.fact.version - 1
            read[place] = apply_correction(read[place], event.fact)
        elif isinstance(event.fact, TextErased):
            place = event.fact.version - 1
            read[place] = apply_erasure(read[place], event, event.fact)
    return read


_CHANGES_READING: Final = (FactCorrected, TextErased)


def changes_reading(fact: Fact) -> bool:
    """Whether earlier events of its stream are read otherwise from now on."""
    return isinstance(fact, _CHANGES_READING)


def affected_events(correction: RecordedEvent, log: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The events that were decided with the wrong fact in view, in order of position."""
    if not isinstance(correction.fact, FactCorrected):
        return []
    stream, version = str(correction.stream), correction.fact.version
    earlier = [event for event in log if event.position < correction.position]
    relied = {event.command_id for event in earlier if event.reads.get(stream, 0) >= version}
    return [event for event in earlier if event.command_id in relied]
