"""Case files: YAML in which every scalar is text, checked against a published JSON Schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema

from adapters.caseschema import CIRCUMSTANCES, case_schema, step_schema
from adapters.codec import JsonCodec
from adapters.marked import CaseError as CaseError
from adapters.marked import Lines, load
from domain.cases import MODES, Case, Expectation, Step
from domain.facts import Actor, Command, Kind, Role, Stream
from domain.register import COMMANDS
from domain.rules import Refused
from domain.times import UnclearTime, When

COUNTED = re.compile(
    r"^(?P<day>day of )?now(?: (?P<sign>[+-]) (?P<count>\d+) (?P<unit>days|hours|minutes))?$"
)


class CaseFiles:
    """Reads case files and single steps."""

    def __init__(self, codec: JsonCodec) -> None:
        self._codec = codec

    def read(self, path: Path, now: datetime | None = None) -> Case:
        """Read a case file. Raises CaseError naming file, line and field.

        Times written as `now - 3 days` or `day of now + 60 days` count from `now`, or else from
        the moment that the file itself gives as `now`. Counted from another moment, a case has no
        timeline to compare with.
        """
        value, lines = load(path)
        reading = _Reading(str(path), lines, self._codec)
        return reading.case(value, path.stem, now)

    def read_step(self, path: Path) -> Step:
        """Read a file that holds one step. Raises CaseError."""
        value, lines = load(path)
        return _Reading(str(path), lines, self._codec).step((), value, {}, "")


class _Reading:
    """One file being read, with what is needed to say where something is wrong."""

    def __init__(self, file: str, lines: Lines, codec: JsonCodec) -> None:
        self._file, self._lines, self._codec = file, lines, codec

    def case(self, value: Any, name: str, now: datetime | None) -> Case:
        self._validate((), value, case_schema())
        anchor = self._when(("now",), value.get("now", "unknown"))
        if anchor.hourly:
            value = _counted_from(value, now or anchor.exact)
        source = value.get("source", "")
        defaults = value.get("defaults", {})
        steps = [
            self.step((part, n), one, defaults, source)
            for part in ("given", "steps")
            for n, one in enumerate(value.get(part, []))
        ]
        moved = now is not None and anchor.hourly and now != anchor.exact
        timeline = None if moved else value.get("timeline")
        return Case(
            name=value.get("case", name),
            title=value.get("title", name),
            organisation=value["organisation"],
            source=source,
            fictional=value.get("fictional", "no") == "yes",
            steps=tuple(steps),
            timeline=None if timeline is None else tuple(timeline),
            now=anchor,
        )

    def step(
        self,
        path: tuple[str | int, ...],
        value: Any,
        defaults: Mapping[str, str],
        source: str,
    ) -> Step:
        if not isinstance(value, dict):
            raise self._error(path, "a step is a list of fields, beginning with its act")
        modes = [mode for mode in MODES if mode in value]
        if len(modes) != 1:
            raise self._error(path, f"a step begins with one of {', '.join(MODES)} and its act")
        mode = modes[0]
        verb = value[mode]
        if verb not in {*COMMANDS, "wait"}:
            raise self._error((*path, mode), _unknown(verb, (*COMMANDS, "wait"), "act"))
        told = {key: x for key, x in value.items() if key not in {mode, *CIRCUMSTANCES}}
        kind = COMMANDS.get(verb)
        if kind:
            own = next(iter(kind.__dataclass_fields__))  # type: ignore[attr-defined]
            if own in defaults:
                told.setdefault(own, defaults[own])
        actor = self._actor((*path, "who"), value.get("who", "secretariat"))
        self._validate(path, {**told, **_circumstances(value)}, step_schema(verb))
        when = self._when((*path, "when"), value.get("when", "unknown"))
        if mode == "simulated" and not _exact(when):
            raise self._error((*path, "when"), f"a simulated act needs its instant, not {when}")
        command = self._command(path, told, kind) if kind else None
        return Step(
            line=self._lines.get((*path, mode), 1),
            mode=mode,
            verb=verb,
            command=command,
            actor=actor,
            when=when,
            received=self._received(path, value),
            source=value.get("source", source if mode == "attested" else ""),
            authority=value.get("authority", ""),
            waivers=value.get("waive", {}),
            command_id=value.get("id", ""),
            offset_ms=int(value["offset_ms"]) if "offset_ms" in value else None,
            expect=self._expectation(path, value, command),
        )

    def _command(self, path: tuple[str | int, ...], told: Any, kind: Any) -> Any:
        try:
            return self._codec.of_plain(told, kind)
        except (ValueError, Refused) as error:
            raise self._error(path, str(error)) from error

    def _received(self, path: tuple[str | int, ...], value: Any) -> When:
        received = self._when((*path, "received"), value.get("received", "unknown"))
        if "received" in value and not _exact(received):
            raise self._error((*path, "received"), f"a receipt has its instant, not {received}")
        return received

    def _expectation(
        self, path: tuple[str | int, ...], value: Any, command: Command | None
    ) -> Expectation | None:
        if "expect" not in value:
            return None
        where = (*path, "expect")
        told: Expectation = self._codec.of_plain(value["expect"], Expectation)
        if told.deadline and not _exact(self._when((*where, "deadline"), told.deadline)):
            raise self._error((*where, "deadline"), "a deadline is expected with its hour and zone")
        try:
            of = Stream.parse(told.of) if told.of else None
        except ValueError as error:
            raise self._error((*where, "of"), str(error)) from error
        if of is None and command is not None:
            of = command.stream
        if of is None:
            raise self._error(where, "say whose state is expected: of: window/..., agenda/...")
        ofwindow = told.phase or told.outcome or told.deadline
        if ofwindow and of.kind is not Kind.WINDOW:
            raise self._error(where, f"phase, outcome and deadline are a window's, not of {of}")
        return told

    def _actor(self, path: tuple[str | int, ...], value: Any) -> Actor:
        if isinstance(value, dict):
            return Actor(
                role=self._role((*path, "role"), value.get("role", "other")),
                name=value.get("name", ""),
                seat=value.get("seat", ""),
            )
        if value.startswith("seat "):
            return Actor(role=Role.SEAT, seat=value.removeprefix("seat "))
        return Actor(role=self._role(path, value))

    def _role(self, path: tuple[str | int, ...], value: str) -> Role:
        try:
            return Role(value)
        except ValueError as error:
            what = _unknown(value, [str(role) for role in Role], "function")
            raise self._error(path, what) from error

    def _when(self, path: tuple[str | int, ...], value: str) -> When:
        try:
            return When(value)
        except UnclearTime as error:
            raise self._error(path, str(error)) from error

    def _validate(self, path: tuple[str | int, ...], value: Any, schema: dict[str, Any]) -> None:
        validator = jsonschema.Draft202012Validator(schema)
        errors = list(validator.iter_errors(value))
        mistyped = (error for error in errors if error.validator == "additionalProperties")
        found = next(mistyped, None) or jsonschema.exceptions.best_match(errors)
        if found is None:
            return
        where = (*path, *found.absolute_path)
        if found.validator == "additionalProperties":
            known = found.schema.get("properties", {})
            strange = next(key for key in found.instance if key not in known)
            raise self._error((*where, strange), _unknown(strange, known, "field"))
        if found.validator == "required":
            missing = next(key for key in found.validator_value if key not in found.instance)
            raise self._error(where, f"{missing} is missing")
        raise self._error(where, found.message)

    def _error(self, path: tuple[str | int, ...], what: str) -> CaseError:
        line = next(
            self._lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self._lines
        )
        field = ".".join(str(x + 1) if isinstance(x, int) else x for x in path)
        return CaseError(self._file, line, field, what)


def _counted_from(value: Any, now: datetime) -> Any:
    """The same values, with every time that counts from `now` written out."""
    if isinstance(value, dict):
        return {key: x if key == "now" else _counted_from(x, now) for key, x in value.items()}
    if isinstance(value, list):
        return [_counted_from(one, now) for one in value]
    found = COUNTED.match(value)
    if not found:
        return value
    then = now
    if found["count"]:
        then += timedelta(**{found["unit"]: int(found["sign"] + found["count"])})
    return f"{then:%Y-%m-%d}" if found["day"] else f"{then.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _exact(when: When) -> bool:
    return when.hourly and when.earliest == when.latest


def _circumstances(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: x for key, x in value.items() if key in CIRCUMSTANCES}


def _unknown(word: str, known: Any, kind: str) -> str:
    near = difflib.get_close_matches(str(word), list(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"
    return f"{word!r} is no {kind}{hint}"
