"""One event of the record, with its values to be corrected: each that is changed is one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_type_hints

from msgspec import Struct, field

from domain import field_paths
from domain.corrections import CorrectFact
from domain.languages import LANGUAGES
from domain.messages import RecordedEvent
from domain.streams import Stream
from workflows.acts.parameter import N_
from workflows.editing.rows import Column, Draft, Fate, Fault, Line, Plan, Row

BY_LANGUAGE: Final = frozenset({"names", "titles"})
"""Fields with texts by language, of which one that is missing can be added."""
NO_REASON: Final = N_("Say why it is corrected.")
NO_AUTHORITY: Final = N_("Say by what authority: a decision, a document, whoever confirmed it.")

COLUMNS: Final = (Column(name="value", label=N_("How it is to be read"), kind="long"),)


class FactForCorrection(Struct, frozen=True, kw_only=True):
    """An event of a stream as it is read now; none before one is chosen."""

    stream: Stream
    version: int
    """The version of the stream at which it stands so."""
    events: tuple[RecordedEvent, ...]
    """All that can be corrected, in order."""
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def event(self) -> RecordedEvent | None:
        """The one that was chosen."""
        number = self.chosen.get("event", "")
        return next((event for event in self.events if str(event.version) == number), None)


def rows(shown: FactForCorrection) -> tuple[Row, ...]:
    """Every value of the event that was chosen, by its place."""
    if shown.event is None:
        return ()
    values = _values(shown.event)
    return tuple(
        Row(key=path, cells={"value": text}, line=number)
        for number, (path, text) in enumerate(values, start=1)
    )


def _values(event: RecordedEvent) -> Iterator[tuple[str, str]]:
    """The places of an event with their values as texts; ids and hashes are never corrected."""
    yield "effective", str(event.effective)
    fact: Any = event.fact
    for name in get_type_hints(type(fact)):
        if name == "id" or name.endswith("hash") or name not in fact.__struct_fields__:
            continue
        value = getattr(fact, name)
        if isinstance(value, Mapping):
            keys = {
                **dict.fromkeys(value),
                **(dict.fromkeys(LANGUAGES) if name in BY_LANGUAGE else {}),
            }
            for key in keys:
                yield f"{name}.{key}", field_paths.to_text(value.get(key, field_paths.ABSENT))
        elif isinstance(value, bool):
            yield name, "yes" if value else "no"
        else:
            yield name, field_paths.to_text(value)


def called(_: FactForCorrection, row: Row) -> tuple[str, str]:
    """The place of a value, and the tag of its language where it has one."""
    name, _dot, key = row.key.partition(".")
    if name in BY_LANGUAGE and key in LANGUAGES:
        return name.replace("_", " "), key
    return row.key.replace("_", " "), ""


def plan(shown: FactForCorrection, draft: Draft) -> Plan:
    """One correction of all values that are to be read otherwise."""
    event = shown.event
    before = {row.key: row.text("value") for row in rows(shown)}
    changed = [
        row for row in draft.rows if row.key in before and row.text("value") != before[row.key]
    ]
    if event is None or not changed:
        return Plan()
    faults = []
    if not draft.answer("reason"):
        faults.append(Fault(line=0, why=NO_REASON, column="reason"))
    if not draft.answer("authority"):
        faults.append(Fault(line=0, why=NO_AUTHORITY, column="authority"))
    command = CorrectFact(
        of=str(shown.stream),
        version=event.version,
        now={row.key: row.text("value") for row in changed},
        reason=draft.answer("reason"),
    )
    lines = tuple(
        Line(
            called=f"{row.key}: {before[row.key] or '–'} → {row.text('value') or '–'}",
            fate=Fate.CHANGED,
        )
        for row in changed
    )
    if faults:
        return Plan(faults=tuple(faults))
    return Plan(
        commands=(command,),
        lines_of=(changed[0].line,),
        lines=lines,
        authority=draft.answer("authority"),
    )
