"""The fields of an act as a file writes them, by the types that its command gives them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, Final, get_args, get_origin

from adapters.codec import field_types, is_struct
from adapters.files.field_checks import Checks, Place, unknown_word
from adapters.files.field_words import USUAL

NEARLY: Final = 0.85
"""From which likeness on a word is taken for a mistyped one."""


def without_open_words(fields: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    """The fields of an act, with `none` and `unknown` as what they mean of a list."""
    hints, found = field_types(kind), dict[str, Any]()
    for name, value in fields.items():
        hint = hints.get(name)
        if value == "unknown" and _is_optional_list(hint):
            continue
        found[name] = [] if value == "none" and _is_optional_list(hint) else value
        if get_origin(hint) is tuple and isinstance(value, list) and is_struct(get_args(hint)[0]):
            member = get_args(hint)[0]
            found[name] = [
                without_open_words(x, member) if isinstance(x, dict) else x for x in value
            ]
    return found


def _is_optional_list(hint: Any) -> bool:
    inner = get_args(hint)
    return NoneType in inner and any(get_origin(member) is tuple for member in inner)


def refuse_mistyped_words(checks: Checks, place: Place, fields: Any, kind: Any) -> None:
    """Raise CaseError for a word that is nearly, but not quite, a usual one of its field."""
    for (owner, name), words in USUAL.items():
        for where, value in _values(fields, kind, owner, name):
            near = difflib.get_close_matches(value, words, n=1, cutoff=NEARLY)
            if near and value not in words:
                checks.fail((*place, *where), unknown_word(value, words, name, listed=True))


def _values(fields: Any, kind: Any, owner: type, name: str) -> Iterator[tuple[Place, str]]:
    """The values of one field of one class in an act, with their places."""
    if not is_struct(kind) or not isinstance(fields, dict):
        return
    if kind is owner and isinstance(fields.get(name), str):
        yield (name,), fields[name]
    hints = field_types(kind)
    for own in kind.__struct_fields__:
        if is_struct(hints[own]):
            for place, value in _values(fields.get(own), hints[own], owner, name):
                yield (own, *place), value
