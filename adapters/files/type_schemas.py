"""The JSON Schema of a type: of a command, of its parts, and of their fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from adapters.codec import is_struct
from adapters.files.field_words import WORDS
from domain.times import When

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

OPEN: Final = ("none", "unknown")
"""Words in place of a list that may be untold: that it is empty, and that it is not known."""


def definitions(kinds: Iterable[Any]) -> dict[str, Any]:
    """The schemas of these structs and of all structs in them, by class name."""
    found: dict[str, Any] = {}
    waiting = [*kinds]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in found:
            found[kind.__name__] = _schema_of_struct(kind)
            waiting += _structs_in(get_type_hints(kind).values())
    return found


def _schema_of_struct(kind: Any) -> dict[str, Any]:
    """The schema of a command, or of a part of one, by its fields."""
    hints = get_type_hints(kind)
    return schema_of_fields(kind, lambda name: _schema_of_field(kind, name, hints[name]))


def schema_of_fields(kind: Any, schema_of: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The schema of an object that has the fields of a struct, each with its own schema."""
    fields = structs.fields(kind)
    return {
        "type": "object",
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "properties": {field.name: schema_of(field.name) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _schema_of_field(kind: type, name: str, hint: Any) -> dict[str, Any]:
    schema = _schema_of_type(hint)
    if (kind, name) in WORDS:
        words = one_of(*WORDS[kind, name])
        return {**schema, "items": words} if "items" in schema else words
    return schema


def _schema_of_type(kind: Any) -> dict[str, Any]:
    """The schema of a field's type. In a case file every scalar is written as text."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _schema_of_type(inner[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema_of_type(inner[1])}
    if origin in {Union, UnionType}:
        schema = _schema_of_type(next(member for member in inner if member is not NoneType))
        return {"anyOf": [schema, {"enum": [*OPEN]}]} if schema.get("type") == "array" else schema
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return one_of("word", kind)
    if is_struct(kind):
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return dict(SCALARS[kind])


def one_of(title: str, words: Iterable[str]) -> dict[str, Any]:
    """The schema of a text that is one of these words; `title` tells what such a word is."""
    return {"type": "string", "title": title, "enum": [str(word) for word in words]}


def _structs_in(kinds: Iterable[Any]) -> Iterator[type[Struct]]:
    for kind in kinds:
        if is_struct(kind):
            yield kind
        else:
            yield from _structs_in(get_args(kind))
