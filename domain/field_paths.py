"""Places in a fact, such as `subject.titles.en` or `slots.0.entries.1.item`: reading and replacing.

A path is made of names of fields, keys of maps and numbers of list members (from 0), with dots
between them. A value is told as text: a text, time or number as it is, truth as `yes` or `no`,
anything else as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from domain.times import When

ABSENT: Final = object()
"""What stands under a key that a map does not hold yet."""

TRUTH: Final = {"yes": True, "no": False}


class UnknownPath(ValueError):
    """A path leads nowhere, or a value does not fit where it leads; the message says why."""


def value_at(value: object, path: str) -> object:
    """What stands at a path; ABSENT for a new key of a map. Raises UnknownPath."""
    return _walk(value, type(value), path)[0]


def replace_at(value: object, path: str, text: str) -> Any:
    """The same value with what a text tells at a path. Raises UnknownPath."""
    return _put(value, type(value), path, text)


def to_text(value: object) -> str:
    """A value as text; nothing for what is not there."""
    if value is ABSENT or value is None:
        return ""
    return str(value) if isinstance(value, str | int) else json.dumps(_plain(value))


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return {name: _plain(getattr(value, name)) for name in _hints(type(value))}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in structs.fields(kind)}


def _walk(value: object, kind: Any, path: str) -> tuple[object, Any]:
    """What stands at a path, and of which type it has to be."""
    if not path:
        return value, kind
    step, rest, inner = _step(value, kind, path)
    return _walk(_inner(value, step), inner, rest)


def _put(value: Any, kind: Any, path: str, text: str) -> Any:
    if not path:
        return _read(text, kind)
    step, rest, inner = _step(value, kind, path)
    new = _put(_inner(value, step), inner, rest, text)
    if isinstance(step, int):
        return (*value[:step], new, *value[step + 1 :])
    return (
        {**value, step: new}
        if isinstance(value, Mapping)
        else structs.replace(value, **{step: new})
    )


def _step(value: object, kind: Any, path: str) -> tuple[str | int, str, Any]:
    """The first step of a path, what is left of it, and the type of what stands there."""
    step, _, rest = path.partition(".")
    if isinstance(value, Struct):
        own: Any = type(value)
        hints = _hints(own)
        if step not in hints:
            raise UnknownPath(f"there is no field {step}; there are {', '.join(hints)}")
        return step, rest, hints[step]
    if isinstance(value, Mapping):  # its values are texts, and a key may hold dots
        return path, "", get_args(_bare(kind))[1]
    if isinstance(value, tuple):
        if not (step.isascii() and step.isdecimal() and int(step) < len(value)):
            raise UnknownPath(f"there is no member {step}; there are {len(value)}, counted from 0")
        return int(step), rest, get_args(_bare(kind))[0]
    raise UnknownPath(f"nothing stands below it: {path}")


def _inner(value: Any, step: str | int) -> object:
    if isinstance(step, int):
        return value[step]
    return value.get(step, ABSENT) if isinstance(value, Mapping) else getattr(value, step)


def _bare(kind: Any) -> Any:
    """The type of what may be missing, without that it may."""
    if get_origin(kind) in {Union, UnionType}:
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind


def _read(text: str, kind: Any) -> Any:
    """What a text tells, where a value of this type has to stand."""
    if kind is bool:
        return text == "yes"
    if kind is When:
        return When.from_stored(text)
    if kind in {str, int}:
        return kind(text)
    if _bare(kind) is not kind and not text.strip():
        return None
    try:
        return _made(text if _bare(kind) is int else json.loads(text), kind)
    except json.JSONDecodeError as error:
        raise UnknownPath(f"write it as JSON, such as {_sample(kind)}: {error}") from error


def _sample(kind: Any) -> str:
    return '["1", "2"]' if get_origin(_bare(kind)) is tuple else '{"en": "..."}'


def _made(value: Any, kind: Any) -> Any:
    """A value of this type from plain ones. Raises UnknownPath or ValueError."""
    bare = _bare(kind)
    if get_origin(bare) is tuple and isinstance(value, list):
        return tuple(_made(one, get_args(bare)[0]) for one in value)
    if isinstance(value, dict):
        return _of_map(value, bare)
    return _single(value, bare)


def _single(value: Any, kind: Any) -> Any:
    """Truth, a number, a text or a time from a plain value. Raises UnknownPath, ValueError."""
    if kind is bool and (value in TRUTH or isinstance(value, bool)):
        return TRUTH.get(value, value)
    if kind is int and not isinstance(value, bool | float | list):
        return int(value)
    if isinstance(value, str) and kind in {str, When}:
        return When.from_stored(value) if kind is When else value
    raise UnknownPath(f"{json.dumps(value)} does not fit there")


def _of_map(value: Mapping[str, Any], kind: Any) -> Any:
    made: Any = kind
    if not (isinstance(kind, type) and issubclass(kind, Struct)):
        if get_origin(kind) is not Mapping:
            raise UnknownPath(f"{json.dumps(value)} does not fit there")
        return {key: _made(one, get_args(kind)[1]) for key, one in value.items()}
    hints = _hints(made)
    needed = {field.name for field in structs.fields(made) if field.required}
    wrong = [*(value.keys() - hints.keys()), *(needed - value.keys())]
    if wrong:
        raise UnknownPath(f"unknown or missing: {', '.join(sorted(wrong))}")
    return made(**{name: _made(one, hints[name]) for name, one in value.items()})
