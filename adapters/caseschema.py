"""The JSON Schema of case files, made from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from domain.cases import MODES, Expectation
from domain.facts import Role
from domain.register import COMMANDS
from domain.times import When

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
    int: {"type": "string", "pattern": "^-?[0-9]+$"},
    bool: {"type": "string", "enum": ["yes", "no"]},
    When: {"type": "string", "description": "a time with its precision, or `unknown`"},
}
TEXTS: Final = {"type": "object", "additionalProperties": TEXT}


def _schema(kind: Any) -> dict[str, Any]:
    """The schema of a field's type. In a case file every scalar is written as text."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _schema(inner[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema(inner[1])}
    if origin in {Union, UnionType}:
        return _schema(next(one for one in inner if one is not NoneType))
    if is_dataclass(kind):
        return {"$ref": f"#/$defs/{cast(type, kind).__name__}"}
    return dict(SCALARS[kind])


def _object(kind: Any) -> dict[str, Any]:
    """The schema of a command, or of a part of one, by its fields."""
    hints = get_type_hints(kind)
    needed = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]
    return {
        "type": "object",
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "properties": {field.name: _schema(hints[field.name]) for field in fields(kind)},
        "required": needed,
        "additionalProperties": False,
    }


@cache
def _parts() -> dict[str, Any]:
    """The schema of every command, of its parts and of an expectation, by class name."""
    found: dict[str, Any] = {}
    waiting: list[Any] = [*COMMANDS.values(), Expectation]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in found:
            found[kind.__name__] = _object(kind)
            waiting += _dataclasses(get_type_hints(kind).values())
    return dict(sorted(found.items()))


def _dataclasses(kinds: Iterable[Any]) -> Iterator[Any]:
    for kind in kinds:
        if is_dataclass(kind):
            yield kind
        else:
            yield from _dataclasses(get_args(kind))


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
            "organisation": {"type": "string", "pattern": "^[a-z0-9][a-z0-9.-]*$"},
            "source": TEXT,
            "fictional": {"enum": ["yes", "no"]},
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


def published() -> dict[str, Any]:
    """The whole schema as one document, for editors and for docs."""
    acts = []
    for verb in (*COMMANDS, "wait"):
        one = {k: v for k, v in step_schema(verb).items() if k not in {"$schema", "$defs"}}
        for mode in MODES:
            spelt = {"properties": {mode: {"const": verb}, **one["properties"]}}
            # an act's own stream may come from `defaults`, so nothing but the act is required
            acts.append({**one, **spelt, "required": [mode]})
    whole = dict(case_schema())
    step = {"type": "array", "items": {"anyOf": acts}}
    whole["properties"] = {**whole["properties"], "given": step, "steps": step}
    return {**whole, "$defs": _parts()}
