"""Corrections: a fact entered wrongly is put right by a later event; nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from domain.facts import Fact, Recorded, Stream
from domain.rules import insist
from domain.times import UnclearTime, When


@dataclass(frozen=True, kw_only=True)
class FactCorrected(Fact):
    """An earlier event of this stream is to be read with these values, for this reason."""

    version: int
    was: Mapping[str, str]
    now: Mapping[str, str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class CorrectFact:
    """Correct an event, named by its stream and version, field by field.

    `effective` is the time at which it took effect; any other name is a field of the event that
    holds a text, a time or a number.
    """

    of: str
    version: int
    now: Mapping[str, str]
    reason: str

    @property
    def stream(self) -> Stream:
        return Stream.parse(self.of)


def value_of(one: Recorded, name: str) -> object:
    if name == "effective":
        return one.effective
    value = getattr(one.fact, name, None)
    simple = name in {field.name for field in fields(one.fact)} and isinstance(value, str | int)
    insist(
        "correction-names-a-fact",
        simple,
        f"event {one.version} of {one.stream} has no field {name} that can be corrected",
    )
    return value


def applied(one: Recorded, correction: FactCorrected) -> Recorded:
    """The event as it is to be read. Raises Refused for a value of the wrong kind."""
    changes: dict[str, object] = {}
    for name, text in correction.now.items():
        kind: Any = type(value_of(one, name))
        read = When.stored if kind is When else kind
        try:
            changes[name] = text == "yes" if kind is bool else read(text)
        except ValueError as error:
            insist("correction-names-a-fact", False, f"{name}: {error}")
    effective = changes.pop("effective", one.effective)
    fact = replace(one.fact, **changes) if changes else one.fact
    return replace(one, fact=fact, effective=When.stored(str(effective)))


def insist_on_times(one: Recorded, now: Mapping[str, str]) -> None:
    """Raise Refused for a corrected time that nobody could enter."""
    for name, text in now.items():
        if isinstance(value_of(one, name), When):
            try:
                When(text)
            except UnclearTime as error:
                insist("correction-names-a-fact", False, f"{name}: {error}")


def corrected(history: Sequence[Recorded]) -> list[Recorded]:
    """The history as it is to be read: later corrections applied to the events they name."""
    read = list(history)
    for one in history:
        if isinstance(one.fact, FactCorrected):
            place = one.fact.version - 1
            read[place] = applied(read[place], one.fact)
    return read


def affected(correction: Recorded, log: Sequence[Recorded]) -> list[Recorded]:
    """The events that were decided with the wrong fact in view, in order of position."""
    if not isinstance(correction.fact, FactCorrected):
        return []
    stream, version = str(correction.stream), correction.fact.version
    earlier = [one for one in log if one.position < correction.position]
    relied = {one.command_id for one in earlier if one.reads.get(stream, 0) >= version}
    return [one for one in earlier if one.command_id in relied]
