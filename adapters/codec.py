"""Facts and commands to and from plain values and JSON; what comes in is checked by its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, TypeGuard, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from domain.canonical import canonical_json
from domain.ports.errors import MalformedValue
from domain.times import When

_PLAIN: Final = {NoneType, bool, int}
_TRUTH: Final = {"yes": True, "true": True, "no": False, "false": False}


class JsonCodec:
    """The port `Codec`, made of msgspec."""

    def to_plain(self, value: object) -> object:
        """Text, numbers, truth values, lists and maps that say the same as `value`.

        Times become text, in UTC and with a Z where they are instants. Raises MalformedValue for
        what has no plain form, such as an instant without its offset.
        """
        return to_plain(value)

    def to_canonical_json(self, value: object) -> bytes:
        """What `canonical_json` makes of the plain form. Raises like `to_plain`."""
        return to_canonical_json(value)

    def from_plain(self, value: object, kind: type) -> Any:
        """A value of this kind. Text may stand for numbers, and yes, no, true, false for truth.

        Raises MalformedValue for a missing or an unknown field and for a value of the wrong type.
        """
        return from_plain(value, kind)


def to_plain(value: Any) -> Any:
    """Like `JsonCodec.to_plain`. Most values are text in ASCII, which is plain as it is."""
    kind = value.__class__
    return value if kind is str and value.isascii() else _converter(kind)(value)


def to_canonical_json(value: object) -> bytes:
    """Like `JsonCodec.to_canonical_json`, for values of the types that the record is made of.

    msgspec sorts and writes them in C, a tenth of the work. Text beyond ASCII it neither brings
    into one form of Unicode nor sorts as `canonical_json` does.
    """
    try:
        written = _SORTED.encode(value)
    except (TypeError, ValueError):  # such as a key that is not text
        return canonical_json(to_plain(value))
    return written if written.isascii() else canonical_json(to_plain(value))


_Converter = Callable[[Any], Any]


@cache
def _converter(kind: type) -> _Converter:
    """How values of this type become plain; looked up once for each type, for it is expensive."""
    if kind in _PLAIN:
        return lambda value: value
    if is_struct(kind):
        return _fieldwise(kind)
    if issubclass(kind, str):
        return lambda value: _text(value.value if isinstance(value, Enum) else value)
    if issubclass(kind, Mapping):
        return lambda value: {_text(str(key)): to_plain(item) for key, item in value.items()}
    if issubclass(kind, tuple | list):
        return lambda value: [to_plain(item) for item in value]
    if issubclass(kind, set | frozenset):
        return lambda value: sorted(to_plain(item) for item in value)
    if issubclass(kind, datetime):
        return _instant
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    return _refuse


def _fieldwise(kind: type[Struct]) -> _Converter:
    names, paths = zip(*_places(kind).items(), strict=True) if _places(kind) else ((), ())
    read = attribute_reader(*paths)
    return lambda value: dict(zip(names, map(to_plain, read(value)), strict=True))


def attribute_reader(*paths: str) -> Callable[[object], tuple[Any, ...]]:
    """What reads these attributes, all at once where there are several."""
    if len(paths) > 1:
        return attrgetter(*paths)
    return lambda value: tuple(attrgetter(path)(value) for path in paths)


def _places(kind: type[Struct]) -> Mapping[str, str]:
    """Each name in the plain form, and the dotted path to its value.

    A type whose plain form is not its fields one by one says so by `plain_fields`.
    """
    own: Mapping[str, str] = getattr(kind, "plain_fields", {})
    return own or dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))


def is_struct(kind: Any) -> TypeGuard[type[Struct]]:
    """Whether a type hint is a Struct, a value with named fields."""
    return isinstance(kind, type) and issubclass(kind, Struct)


def _refuse(value: object) -> Any:
    raise MalformedValue(f"{type(value).__name__} has no plain form: {value!r:.80}")


def written_by_hand(value: Any) -> Any:
    """The plain form of what msgspec does not write by itself: of times, above all."""
    return str(value) if value.__class__ is When else to_plain(value)


_SORTED: Final = msgspec.json.Encoder(enc_hook=written_by_hand, order="sorted")


def from_plain(value: object, kind: type) -> Any:
    """Like `JsonCodec.from_plain`."""
    try:
        return msgspec.convert(_loosened(value, kind), kind, strict=False, dec_hook=_entered)
    except (msgspec.ValidationError, MalformedValue) as error:
        raise MalformedValue(f"{getattr(kind, '__name__', kind)}: {error}") from error


def encode_json(value: object) -> bytes:
    """A plain value as JSON. Raises MalformedValue for text that is not Unicode."""
    try:
        return msgspec.json.encode(value)
    except (TypeError, ValueError) as error:
        raise MalformedValue(f"not to be written as JSON: {error}") from error


def decode_json(content: bytes | msgspec.Raw, kind: Any) -> Any:
    """A value of this kind from JSON, strictly. Raises MalformedValue."""
    try:
        return _decoder(kind).decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedValue(f"{getattr(kind, '__name__', kind)}: {error}") from error


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_decoded)


@cache
def field_types(kind: type[Struct]) -> Mapping[str, Any]:
    """The type of each field of a Struct, by the field's name and in their order."""
    known = get_type_hints(kind)
    return {name: known[name] for name in kind.__struct_fields__}


def _decoded(kind: type, value: object) -> object:
    """What msgspec does not know by itself: a When from its text, as it was stored."""
    if kind is When and isinstance(value, str):
        return _stored(value)
    raise ValueError(f"expected {kind.__name__} as text, got {type(value).__name__}")


def _entered(kind: type, value: object) -> object:
    """Like `_decoded`, where somebody enters it now."""
    if kind is When and isinstance(value, str):
        return When(value)
    return _decoded(kind, value)


@lru_cache(maxsize=4096)
def _stored(text: str) -> When:
    """Reading a time costs more than all the rest of an event, and times recur."""
    return When.from_stored(text)


def _text(value: str) -> str:
    try:
        value.isascii() or value.encode()
    except UnicodeEncodeError as error:
        raise MalformedValue(f"{value!r:.80} is not Unicode text") from error
    return str(value)


def _instant(value: datetime) -> str:
    written: str = msgspec.to_builtins(in_utc(value))
    return written


def in_utc(value: datetime) -> datetime:
    """The same instant. Raises MalformedValue for one without its offset."""
    if value.tzinfo is None:
        raise MalformedValue(f"{value.isoformat()} lacks its offset from UTC")
    return value.astimezone(UTC)


def _loosened(value: object, kind: Any) -> object:
    """The value with words of truth as truth values. Raises MalformedValue for unknown fields."""
    if get_origin(kind) in {Union, UnionType}:
        kinds = [member for member in get_args(kind) if member is not NoneType]
        return _loosened(value, kinds[0]) if len(kinds) == 1 else value
    if kind is bool and isinstance(value, str):
        return _TRUTH.get(value.strip().lower(), value)
    if isinstance(value, Mapping):
        return _loosened_map(value, kind)
    if isinstance(value, list | tuple) and get_origin(kind) in {tuple, list}:
        return [_loosened(item, get_args(kind)[0]) for item in value]
    return value


def _loosened_map(value: Mapping[Any, object], kind: Any) -> object:
    if is_struct(kind):
        hints = field_types(kind)
        if unknown := sorted(str(name) for name in value if name not in hints):
            raise MalformedValue(f"unknown field {', '.join(unknown)}; it has {', '.join(hints)}")
        return {name: _loosened(field, hints[name]) for name, field in value.items()}
    if get_origin(kind) in {dict, Mapping}:
        return {name: _loosened(item, get_args(kind)[1]) for name, item in value.items()}
    return value
