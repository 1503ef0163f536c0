"""What can be wrong with values of an act, of one or several at once, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.canonical import canonical_json
from domain.time_zones import is_zone
from workflows.acts.act import Check
from workflows.acts.parameter import N_

EITHER: Final = N_("Give either a length or a deadline.")
NO_ZONE: Final = N_("This is no time zone: write it as the IANA names it, such as Africa/Nairobi.")
NO_TEXT: Final = N_("There is no title in one of these languages.")
TOO_LONG: Final = N_("Reasons and wording are too long together: shorten them.")
LARGEST: Final = 56 * 1024
"""How many bytes the texts of one response may have; its event holds them with the rest."""


def exactly_one(first: str, second: str) -> Check:
    """That one of a length and a deadline is given."""
    return lambda values: (first, EITHER) if _given(values, first, second) != 1 else None


def at_most_one(first: str, second: str) -> Check:
    """That a length and a deadline are not both given."""
    return lambda values: (first, EITHER) if _given(values, first, second) > 1 else None


def _given(values: Mapping[str, object], *paths: str) -> int:
    return sum(bool(values.get(path)) for path in paths)


def known_zone(path: str) -> Check:
    """That what is called a time zone is one."""

    def unknown(values: Mapping[str, Any]) -> bool:
        return bool(values.get(path)) and not is_zone(values[path])

    return lambda values: (path, NO_ZONE) if unknown(values) else None


def translated(languages: str, texts: str) -> Check:
    """That there is a text in each language in which it is called a working translation."""

    def untranslated(values: Mapping[str, Any]) -> bool:
        return not {*values.get(languages, ())} <= {*values.get(texts, {})}

    return lambda values: (languages, NO_TEXT) if untranslated(values) else None


def short_together(first: str, second: str) -> Check:
    """That one event can hold reasons and wording."""
    return lambda values: (first, TOO_LONG) if too_long(values, first, second) else None


def too_long(values: Mapping[str, object], *paths: str) -> bool:
    """Whether one event could not hold the texts at these paths."""
    return len(canonical_json([str(values.get(path, "")) for path in paths])) > LARGEST
