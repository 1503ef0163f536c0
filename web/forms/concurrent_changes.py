"""Changes that others recorded while somebody filled in a form about the same noun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.messages import RecordedEvent
from domain.streams import Stream
from web.forms.fields import Field, Values
from web.forms.form_places import FormPlace
from workflows.queries.record_reader import Record

SEEN: Final = "seen"
"""The field that holds the version of the noun which its form was made from."""
BEFORE: Final = "before:"
"""How the fields begin that hold what stood in others at first."""


@dataclass(frozen=True)
class Overtaken:
    """A field whose beginning was changed by somebody else since: both versions."""

    field: Field
    recorded: Sequence[str]
    written: Sequence[str]


def version(record: Record, place: FormPlace) -> int:
    """The version of the noun that a form is about; 0 where the act begins one."""
    if not place.subject.id:
        return 0
    return record.version(place.organisation, _stream(place))


def since(record: Record, place: FormPlace, values: Values) -> Sequence[RecordedEvent]:
    """What was recorded of the noun since the form was made; nothing where that is not known."""
    seen = values.text(SEEN)
    if not place.subject.id or not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return ()
    return record.changes_since(place.organisation, _stream(place), int(seen))


def overtaken(fields: Sequence[Field], values: Values) -> Sequence[Overtaken]:
    """The fields that began with something else than what is recorded now.

    A form that does not say with what its fields began overtakes nothing.
    """
    return [
        Overtaken(field, field.value, values.shown(field))
        for field in fields
        if (before := values.texts.get(BEFORE + field.name)) is not None
        and field.kind != "fixed"
        and _plain(before) != _plain(field.value)
        and _plain(values.shown(field)) != _plain(field.value)
    ]


def beginnings(fields: Sequence[Field]) -> Mapping[str, str]:
    """What stands in the fields at first, to be sent along with what they become."""
    return {BEFORE + field.name: "\n".join(field.value) for field in fields if field.value}


def _stream(place: FormPlace) -> Stream:
    return Stream(place.subject.kind, place.subject.id)


def _plain(texts: Sequence[str]) -> list[str]:
    return "\n".join(texts).replace("\r\n", "\n").strip().split("\n")
