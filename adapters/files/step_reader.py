"""One step of a case, or a step in a file of its own: the act, its fields and its circumstances."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, Final

from adapters.codec import JsonCodec
from adapters.files.act_fields import refuse_mistyped_words, without_open_words
from adapters.files.case_schema import CIRCUMSTANCES, step_schema
from adapters.files.field_checks import Checks, Place, unknown_word
from adapters.files.field_words import WORDS
from adapters.files.located_yaml import Lines
from adapters.files.number_ranges import Ranges
from adapters.files.step_circumstances import CircumstancesReader
from adapters.files.step_expectations import ExpectationReader
from adapters.files.step_inheritance import Inherited
from domain.cases import ALSO, MODES, Step
from domain.ports.errors import MalformedValue
from domain.rules import Refused
from domain.type_registry import COMMANDS

WORDS_OF_ACTS: Final = frozenset(title for title, _ in WORDS.values())
"""What a step may get wrong when it expects to be refused for it."""


class StepReader:
    """Reads the steps of one file, in which these seats and items are entered."""

    def __init__(
        self, checks: Checks, lines: Lines, codec: JsonCodec, names: Set[str] = frozenset()
    ) -> None:
        self._checks, self._codec = checks, codec
        self._ranges = Ranges(checks, names)
        self._circumstances = CircumstancesReader(checks)
        self._expectations = ExpectationReader(checks, codec)
        self._lines = _lines_by_step(lines)

    def read(self, place: Place, value: Any, inherited: Inherited) -> Step:
        """One step. Raises CaseError."""
        key, mode = self._mode(place, value, inherited)
        verb = value[key]
        kind = self._kind((*place, key), verb)
        value = self._ranges.expand(place, inherited.with_time(value, key, mode))
        fields = _fields_of_act(value, key, kind, inherited)
        self._expectations.require_known_rules((*place, "expect"), value.get("expect"))
        actor = self._circumstances.actor((*place, "who"), value.get("who", "secretariat"))
        self._check_schema(place, verb, fields, value)
        when = self._circumstances.when(place, value, mode)
        command = self._command(place, fields, kind) if kind else None
        return Step(
            line=self._checks.line((*place, key)),
            mode=mode,
            verb=verb,
            command=command,
            actor=actor,
            when=when,
            **self._basis(place, value, inherited.source if mode == "attested" else ""),
            expect=self._expectations.read((*place, "expect"), value.get("expect"), command),
            place=f"{place[0]}.{int(place[1]) + 1}" if place else "",
            lines=self._lines.get(place, {}),
        )

    def _mode(self, place: Place, value: Any, inherited: Inherited) -> tuple[str, str]:
        """The field that holds the act, and the mode in which it is done."""
        if not isinstance(value, dict):
            self._checks.fail(place, "a step is a list of fields, beginning with its act")
        keys = [key for key in (*MODES, ALSO) if key in value]
        if len(keys) != 1:
            because = f"a step begins with one of {', '.join(MODES)} and its act, or with {ALSO}"
            self._checks.fail(place, because)
        if place and keys[0] == "live":
            because = "live acts are for single steps on a real store; in a case write simulated"
            self._checks.fail((*place, "live"), because)
        if keys[0] == ALSO and not inherited.mode:
            self._checks.fail((*place, ALSO), "there is no step before, whose mode it could take")
        return keys[0], inherited.mode if keys[0] == ALSO else keys[0]

    def _kind(self, place: Place, verb: Any) -> Any:
        """The class of the command; None for a wait."""
        known = (*COMMANDS, "wait")
        if not isinstance(verb, str) or verb not in known:
            self._checks.fail(place, unknown_word(verb, known, "act"))
        return COMMANDS.get(verb)

    def _check_schema(
        self, place: Place, verb: str, fields: Mapping[str, Any], value: Mapping[str, Any]
    ) -> None:
        """Raise CaseError for a field of the act, or a circumstance, that does not fit."""
        spared = WORDS_OF_ACTS if _expects_refusal(value) else frozenset[str]()
        circumstances = {name: x for name, x in value.items() if name in CIRCUMSTANCES}
        self._checks.check_schema(place, {**fields, **circumstances}, step_schema(verb), spared)

    def _command(self, place: Place, fields: Any, kind: Any) -> Any:
        refuse_mistyped_words(self._checks, place, fields, kind)
        self._checks.check_times(place, fields, kind)
        try:
            return self._codec.from_plain(fields, kind)
        except Refused as error:
            self._checks.fail(place, error.because)
        except MalformedValue as error:
            what = str(error).removeprefix(f"{kind.__name__}: ")
            self._checks.fail(place, what)

    def _basis(self, place: Place, value: Mapping[str, Any], source: str) -> dict[str, Any]:
        """What is told of the act itself; `source` is what it rests on where it names none."""
        return {
            "received": self._circumstances.received(place, value),
            "happened": self._circumstances.happened(place, value),
            "source": value.get("source", source),
            "authority": value.get("authority", ""),
            "waivers": self._circumstances.waivers((*place, "waive"), value.get("waive", {})),
            "command_id": value.get("id", ""),
            "offset_ms": int(value["offset_ms"]) if "offset_ms" in value else None,
        }


def _fields_of_act(
    value: Mapping[str, Any], key: str, kind: Any, inherited: Inherited
) -> dict[str, Any]:
    """The own fields of an act; its stream may be the usual one of its file."""
    fields = {name: x for name, x in value.items() if name != key and name not in CIRCUMSTANCES}
    if kind is None:
        return fields
    fields = without_open_words(fields, kind)
    stream = kind.__struct_fields__[0]
    if stream in inherited.defaults:
        fields.setdefault(stream, inherited.defaults[stream])
    return fields


def _expects_refusal(value: Mapping[str, Any]) -> bool:
    expected = value.get("expect")
    return isinstance(expected, dict) and expected.get("refused") == "known"


def _lines_by_step(lines: Lines) -> Mapping[Place, Mapping[tuple[str, ...], int]]:
    """The lines of everything in each step of a case, by their places in it."""
    found: dict[Place, dict[tuple[str, ...], int]] = {}
    for path, line in lines.items():
        if len(path) > 2 and path[0] in {"given", "steps"}:
            own = tuple(str(part + 1) if isinstance(part, int) else part for part in path[2:])
            found.setdefault(path[:2], {})[own] = line
    return found
