"""The JSON Schema of case files, of whole ones and of single acts, made from the commands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from adapters.files.expectation_schema import expectation_schema
from adapters.files.type_schemas import SCALARS, TEXT, definitions, one_of
from domain.actors import Role
from domain.cases import ALSO, MODES, NOTHING, Expectation
from domain.type_registry import COMMANDS

_ORGANISATION: Final = {
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9.-]*$",
    "description": "a name of small letters, digits, dots and hyphens",
}
_DEFAULTS: Final = {
    "type": "object",
    "properties": dict.fromkeys(("body", "session", "agenda", "window", "document"), TEXT),
    "additionalProperties": False,
}
_WHO: Final = {
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
CIRCUMSTANCES: Final[Mapping[str, Any]] = {
    "who": _WHO,
    "when": TEXT,
    "received": TEXT,
    "happened": TEXT,
    "source": TEXT,
    "authority": TEXT,
    "waive": {"type": "object", "additionalProperties": TEXT},
    "id": TEXT,
    "offset_ms": SCALARS[int],
    "remark": TEXT,
    "expect": {"$ref": "#/$defs/Expectation"},
}
"""The schemas of what is told of an act beside its own fields."""


@cache
def _parts() -> dict[str, Any]:
    """The schema of every command, of its parts and of an expectation, by class name."""
    parts = definitions(COMMANDS.values())
    return dict(sorted({**parts, Expectation.__name__: expectation_schema()}.items()))


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
        "properties": {**own["properties"], **CIRCUMSTANCES},
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
            "organisation": _ORGANISATION,
            "source": TEXT,
            "fictional": SCALARS[bool],
            "asserts": one_of("word here", (NOTHING,)),
            "remark": TEXT,
            "missing": {"type": "array", "items": TEXT},
            "now": TEXT,
            "defaults": _DEFAULTS,
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
