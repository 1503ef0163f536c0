"""The JSON Schema of case files, made from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from adapters.codec import is_struct
from adapters.files.rule_packs import RulePacks
from domain.actors import Role
from domain.agenda.adoption import AMENDMENT_ACTS
from domain.agenda.agenda import STAGES
from domain.agenda.commands import DecideItems, StartAgenda
from domain.agenda.events import Amendment
from domain.body.commands import FillSeat, PublishCalendar
from domain.calendars import WEEKDAYS
from domain.cases import (
    ALSO,
    COUNTED,
    DATES,
    FOUND,
    MASTHEAD,
    MODES,
    NAMED,
    NOTHING,
    OUTCOMES,
    Expectation,
)
from domain.record_rules import RECORD
from domain.silence.commands import DecideMatter, RecordNotices, ReferMatter, Respond
from domain.silence.events import Subject
from domain.silence.notice_decisions import ABOUT, RESULTS
from domain.silence.outcome_decisions import DESTINATIONS
from domain.silence.phase import Phase
from domain.silence.responses import KINDS
from domain.times import When
from domain.type_registry import COMMANDS
from domain.voting import MANNERS
from domain.voting import RESULTS as DECISIONS

CIRCUMSTANCES: Final = (
    "who",
    "when",
    "received",
    "source",
    "authority",
    "waive",
    "id",
    "offset_ms",
    "remark",
    "expect",
)
TEXT: Final = {"type": "string"}
SCALARS: Final[Mapping[Any, Mapping[str, object]]] = {
    str: TEXT,
    int: {
        "type": "string",
        "pattern": "^-?[0-9]{1,12}$",
        "description": "a whole number of at most 12 digits",
    },
    bool: {"type": "string", "title": "answer", "enum": ["yes", "no"]},
    When: {"type": "string", "description": "a time with its precision, or `unknown`"},
}
TEXTS: Final = {"type": "object", "additionalProperties": TEXT}
SAID: Final = {"type": "string", "minLength": 1}

OPEN: Final = ("none", "unknown")
"""Words in place of a list that may be untold: that it is empty, and that it is not known."""

WORDS: Final[Mapping[tuple[type, str], tuple[str, Iterable[str]]]] = {
    (Respond, "kind"): ("kind of response", sorted(KINDS)),
    (RecordNotices, "result"): ("result of a notice", RESULTS),
    (RecordNotices, "about"): ("matter of a notice", ABOUT),
    (ReferMatter, "to"): ("place to which a matter is referred", DESTINATIONS),
    (DecideMatter, "result"): ("decision of a meeting", DECISIONS),
    (DecideMatter, "manner"): ("manner of deciding", MANNERS),
    (DecideItems, "result"): ("decision of a meeting", DECISIONS),
    (DecideItems, "manner"): ("manner of deciding", MANNERS),
    (Amendment, "act"): ("oral amendment", AMENDMENT_ACTS),
    (PublishCalendar, "weekend"): ("day of the week", WEEKDAYS),
}
"""Fields that take one of some words: what such a word is, and which there are."""

USUAL: Final[Mapping[tuple[type, str], tuple[str, ...]]] = {
    (FillSeat, "capacity"): ("member", "officer", "group", "group chair", "observer"),
    (StartAgenda, "type"): (
        "provisional agenda",
        "supplementary provisional agenda",
        "addendum",
        "reconvened session",
    ),
    (Subject, "type"): (
        "agenda items",
        "decision text",
        "session dates",
        "list of entries",
        "other",
    ),
}
"""Fields that take any word, but in which a word that is nearly one of these is mistyped."""


def _one_of(title: str, words: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "title": title, "enum": [str(word) for word in words]}


@cache
def rules_of_packs() -> frozenset[str]:
    """The rules of all packs that ship with the program: those that find something."""
    return frozenset(rule for pack in RulePacks().shipped().values() for rule in pack.rules)


def _by_name(names: Iterable[str] | None, title: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Values by names, at least one; any names where none are given."""
    known = {"propertyNames": _one_of(title, names)} if names is not None else {}
    return {"type": "object", "minProperties": 1, "additionalProperties": {**value}, **known}


@cache
def _expectations() -> dict[str, Any]:
    """What an expectation may hold. Nothing in it is empty: an empty value would expect nothing."""
    approvals = (
        "proposed",
        "submitted",
        "under silence",
        "approved",
        "not approved",
        "approval suspended",
        "added orally",
    )
    return {
        "of": {**SAID, "description": "whose state is meant, such as window/w1"},
        "stage": _one_of("stage of an agenda", STAGES),
        "phase": _one_of("phase of a window", Phase),
        "outcome": _by_name(None, "part", _one_of("outcome", OUTCOMES)),
        "deadline": SAID,
        "items": _by_name(None, "item", _one_of("standing of an item", approvals)),
        "dates": _by_name(DATES, "date of a session", SAID),
        "masthead": _by_name(MASTHEAD, "part of a masthead", SAID),
        "symbols": _by_name(None, "symbol", SAID),
        "holders": _by_name(None, "seat", SAID),
        "seats": _by_name(NAMED, "group of seats", {"type": "array", "items": SAID}),
        "counts": _by_name(
            sorted({name for names in COUNTED.values() for name in names}), "count", SCALARS[int]
        ),
        "rules": _by_name(sorted(rules_of_packs()), "rule", _one_of("finding", FOUND)),
        "refused": _one_of("rule", sorted({*rules_of_packs(), *RECORD})),
    }


def _schema(kind: Any) -> dict[str, Any]:
    """The schema of a field's type. In a case file every scalar is written as text."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _schema(inner[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema(inner[1])}
    if origin in {Union, UnionType}:
        schema = _schema(next(member for member in inner if member is not NoneType))
        return {"anyOf": [schema, {"enum": [*OPEN]}]} if schema.get("type") == "array" else schema
    if is_struct(kind):
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return dict(SCALARS[kind])


def _object(kind: Any) -> dict[str, Any]:
    """The schema of a command, or of a part of one, by its fields."""
    hints = get_type_hints(kind)
    fields = structs.fields(kind)
    return {
        "type": "object",
        **({"minProperties": 1} if kind is Expectation else {}),
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "properties": {field.name: _field(kind, field.name, hints) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _field(kind: type, name: str, hints: Mapping[str, Any]) -> dict[str, Any]:
    if kind is Expectation:
        return dict(_expectations()[name])
    schema = _schema(hints[name])
    if (kind, name) in WORDS:
        words = _one_of(*WORDS[kind, name])
        return {**schema, "items": words} if "items" in schema else words
    return schema


@cache
def _parts() -> dict[str, Any]:
    """The schema of every command, of its parts and of an expectation, by class name."""
    found: dict[str, Any] = {}
    waiting: list[Any] = [*COMMANDS.values(), Expectation]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in found:
            found[kind.__name__] = _object(kind)
            waiting += _structs(get_type_hints(kind).values())
    return dict(sorted(found.items()))


def _structs(kinds: Iterable[Any]) -> Iterator[type[Struct]]:
    for kind in kinds:
        if is_struct(kind):
            yield kind
        else:
            yield from _structs(get_args(kind))


def _circumstances() -> dict[str, Any]:
    who = {
        "description": "a function, `seat NAME`, or role with name and seat",
        "anyOf": [
            {
                "type": "string",
                "anyOf": [{"enum": [str(role) for role in Role]}, {"pattern": "^seat ."}],
            },
            {
                "type": "object",
                "properties": {"role": {"enum": [*map(str, Role)]}, "name": TEXT, "seat": TEXT},
                "additionalProperties": False,
            },
        ],
    }
    return {
        "who": who,
        "when": TEXT,
        "received": TEXT,
        "source": TEXT,
        "authority": TEXT,
        "waive": TEXTS,
        "id": TEXT,
        "offset_ms": SCALARS[int],
        "remark": TEXT,
        "expect": {"$ref": "#/$defs/Expectation"},
    }


@cache
def act_schema(verb: str) -> dict[str, Any]:
    """The schema of one act's own fields."""
    return {**_parts()[COMMANDS[verb].__name__], "$defs": _parts()}


@cache
def step_schema(verb: str) -> dict[str, Any]:
    """The schema of one act's fields and circumstances, without its mode."""
    own: dict[str, Any] = {"properties": {}, "required": []}
    if verb in COMMANDS:
        own = _parts()[COMMANDS[verb].__name__]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": verb,
        "description": own.get("description", "Let the clock run until `when`."),
        "properties": {**own["properties"], **_circumstances()},
        "required": own.get("required", []),
        "additionalProperties": False,
        "$defs": _parts(),
    }


@cache
def case_schema() -> dict[str, Any]:
    """The schema of a whole case file; its steps are checked one by one with theirs."""
    steps = {"type": "array", "items": {"type": "object"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": "A Placet case file",
        "properties": {
            "case": TEXT,
            "title": TEXT,
            "organisation": {
                "type": "string",
                "pattern": "^[a-z0-9][a-z0-9.-]*$",
                "description": "a name of small letters, digits, dots and hyphens",
            },
            "source": TEXT,
            "fictional": SCALARS[bool],
            "asserts": _one_of("word here", (NOTHING,)),
            "remark": TEXT,
            "missing": {"type": "array", "items": TEXT},
            "now": TEXT,
            "defaults": {
                "type": "object",
                "properties": dict.fromkeys(
                    ("body", "session", "agenda", "window", "document"), TEXT
                ),
                "additionalProperties": False,
            },
            "given": steps,
            "steps": steps,
            "timeline": {"type": "array", "items": TEXT},
        },
        "required": ["organisation"],
        "additionalProperties": False,
    }


def schema_document() -> dict[str, Any]:
    """The whole schema as one document, for editors and for docs."""
    acts = []
    for verb in (*COMMANDS, "wait"):
        act = {k: v for k, v in step_schema(verb).items() if k not in {"$schema", "$defs"}}
        for mode in (*MODES, ALSO):
            spelt = {"properties": {mode: {"const": verb}, **act["properties"]}}
            # an act's own stream may come from `defaults`, so nothing but the act is required
            acts.append({**act, **spelt, "required": [mode]})
    whole = dict(case_schema())
    step = {"type": "array", "items": {"anyOf": acts}}
    whole["properties"] = {**whole["properties"], "given": step, "steps": step}
    return {**whole, "$defs": _parts()}
