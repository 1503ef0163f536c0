"""The JSON of values of the record: without their empty fields, and written in one go.

A field is left out only where its default is empty and it is empty. A default that says something
is always written, so that another default in a later version of the program cannot change what was
recorded.

msgspec leaves out either every default of a Struct or none. Therefore a value is copied into a
Struct of the same fields that knows the empty defaults only; that one is written in C. To make maps
of texts from the values first took five times as many instructions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, Final, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from adapters.codec import attribute_reader, field_types, is_struct, to_plain, written_by_hand
from domain.ports.errors import MalformedValue

_EMPTY: Final[tuple[object, ...]] = ("", None, False, (), "unknown")
_NEVER: Final = object()
_ENCODER: Final = msgspec.json.Encoder(enc_hook=written_by_hand)
_Change = Callable[[Any], object]


def encode_sparse(copy: Struct) -> bytes:
    """The JSON of a copy without empty fields. Raises MalformedValue for what is no Unicode."""
    try:
        return _ENCODER.encode(copy)
    except (TypeError, ValueError) as error:
        raise MalformedValue(f"not to be written as JSON: {error}") from error


def sparse_copy(value: Struct) -> Struct:
    """The value as a Struct that is written without empty fields."""
    return _copier(type(value))(value)


@cache
def _copier(kind: type[Struct]) -> Callable[[Any], Struct]:
    """What copies values of this type; made once for each type."""
    types = field_types(kind)
    fields = structs.fields(kind)
    copy = msgspec.defstruct(
        kind.__name__,
        [(field.name, Any, _default(field)) for field in fields],
        omit_defaults=True,
        frozen=True,
        gc=False,
    )
    changes = [
        (n, change)
        for n, field in enumerate(fields)
        if (change := _change(types[field.name], field))
    ]
    read = attribute_reader(*kind.__struct_fields__)
    if not changes:
        return lambda value: copy(*read(value))

    def copy_with_changes(value: object) -> Struct:
        parts = [*read(value)]
        for n, change in changes:
            parts[n] = change(parts[n])
        return copy(*parts)

    return copy_with_changes


def _default(field: structs.FieldInfo) -> Any:
    """The default where it is empty, else what no field is."""
    if field.default_factory is dict:
        return msgspec.field(default_factory=dict)
    return field.default if field.default in _EMPTY else msgspec.field(default=_NEVER)


def _change(kind: Any, field: structs.FieldInfo) -> _Change | None:
    """What becomes of a field before it is written; None where it is fit as it is."""
    default = field.default
    if default == "unknown":  # msgspec knows a default by its identity
        return lambda value: default if value == default else value
    if field.default_factory is dict:  # and an empty map by its type
        return lambda value: value if value.__class__ is dict else dict(value)
    return _change_of_type(kind)


def _change_of_type(kind: Any) -> _Change | None:
    if is_struct(kind):
        return sparse_copy
    if kind is datetime:
        return to_plain
    parts = [part for part in get_args(kind) if part not in {NoneType, Ellipsis}]
    changes = [change for part in parts if (change := _change_of_type(part))]
    if not changes:
        return None
    if len(parts) > 1:
        raise TypeError(f"it is not clear how {kind} is written")
    (change,) = changes
    if get_origin(kind) is tuple:
        return lambda value: [change(item) for item in value] if value else value
    return lambda value: None if value is None else change(value)
