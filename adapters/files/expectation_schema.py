"""The JSON Schema of an expectation: what a case file may say that must be so after a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from adapters.files.rule_packs import rules_of_packs
from adapters.files.type_schemas import SCALARS, one_of, schema_of_fields
from domain.agenda.agenda import STAGES
from domain.cases import COUNTED, DATES, FOUND, MASTHEAD, NAMED, OUTCOMES, Expectation
from domain.record_rules import RECORD
from domain.silence.phase import Phase

SAID: Final = {"type": "string", "minLength": 1}
APPROVALS: Final = (
    "proposed",
    "submitted",
    "under silence",
    "approved",
    "not approved",
    "approval suspended",
    "added orally",
)
"""Where an item may stand."""


@cache
def expectation_schema() -> dict[str, Any]:
    """What an expectation may hold. Nothing in it is empty: an empty value would expect nothing."""
    fields = schema_of_fields(Expectation, _fields().__getitem__)
    return {"type": "object", "minProperties": 1, **fields}


def _fields() -> dict[str, dict[str, Any]]:
    """The schema of each field, by its name."""
    return {
        "of": {**SAID, "description": "whose state is meant, such as window/w1"},
        "stage": one_of("stage of an agenda", STAGES),
        "phase": one_of("phase of a window", Phase),
        "outcome": _by_name(None, "part", one_of("outcome", OUTCOMES)),
        "deadline": SAID,
        "items": _by_name(None, "item", one_of("standing of an item", APPROVALS)),
        "dates": _by_name(DATES, "date of a session", SAID),
        "masthead": _by_name(MASTHEAD, "part of a masthead", SAID),
        "symbols": _by_name(None, "symbol", SAID),
        "holders": _by_name(None, "seat", SAID),
        "seats": _by_name(NAMED, "group of seats", {"type": "array", "items": SAID}),
        "counts": _by_name(
            sorted({name for names in COUNTED.values() for name in names}), "count", SCALARS[int]
        ),
        "rules": _by_name(sorted(rules_of_packs()), "rule", one_of("finding", FOUND)),
        "refused": one_of("rule", sorted({*rules_of_packs(), *RECORD})),
    }


def _by_name(names: Iterable[str] | None, title: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Values by names, at least one; any names where none are given."""
    known = {"propertyNames": one_of(title, names)} if names is not None else {}
    return {"type": "object", "minProperties": 1, "additionalProperties": {**value}, **known}
