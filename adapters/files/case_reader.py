"""Case files: YAML in which every scalar is text, checked against a published JSON Schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any, Final, cast, get_args, get_origin

from msgspec import Struct

from adapters.codec import JsonCodec, field_types, is_struct
from adapters.files.case_schema import (
    CIRCUMSTANCES,
    USUAL,
    WORDS,
    case_schema,
    rules_of_packs,
    step_schema,
)
from adapters.files.field_checks import Checks, Place, shorten, unknown_word
from adapters.files.located_yaml import Lines, load_yaml
from adapters.files.number_ranges import Ranges
from domain.actors import Actor, Role
from domain.cases import ALSO, COUNTED, MODES, NOTHING, OF, Case, Expectation, Step
from domain.messages import Command
from domain.ports.errors import MalformedValue
from domain.record_rules import RECORD
from domain.rules import Refused
from domain.streams import Stream, StreamKind
from domain.symbols import Symbol
from domain.times import When
from domain.type_registry import COMMANDS

COUNTED_FROM_NOW: Final = re.compile(
    r"^(?P<day>day of )?now(?: (?P<sign>[+-]) (?P<count>\d+) (?P<unit>days|hours|minutes))?$"
)
NEARLY: Final = 0.85
"""From which likeness on a word is taken for a mistyped one."""
WORDS_OF_ACTS: Final = frozenset(title for title, _ in WORDS.values())
"""What a step may get wrong when it expects to be refused for it."""
MOST: Final = 5_000
"""How many steps a case may have."""


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
        value, lines = load_yaml(path)
        reading = _Reading(str(path), lines, self._codec)
        return reading.case(value, path.stem, now)

    def read_step(self, path: Path) -> Step:
        """Read a file that holds one step. Raises CaseError."""
        value, lines = load_yaml(path)
        return _Reading(str(path), lines, self._codec).step((), value, _Before())


@dataclass(frozen=True)
class _Before:
    """What a step takes from its file and from the step before it."""

    mode: str = ""
    when: str = ""
    source: str = ""
    defaults: Mapping[str, str] | None = None


class _Reading:
    """One file being read, with what is needed to say where something is wrong."""

    def __init__(self, file: str, lines: Lines, codec: JsonCodec) -> None:
        self._lines, self._codec = lines, codec
        self._checks = Checks(file, lines)
        self._ranges = Ranges(self._checks, frozenset())

    def case(self, value: Any, name: str, now: datetime | None) -> Case:
        self._checks.check_schema((), value, case_schema())
        anchor = self._checks.parse_when(("now",), value.get("now", "unknown"))
        if anchor.has_hour:
            value = self._counted_from((), value, now or anchor.exact)
        self._ranges = Ranges(self._checks, frozenset(_names(value)))
        moved = now is not None and anchor.has_hour and now != anchor.exact
        timeline = None if moved else value.get("timeline")
        lines = [self._checks.line(("timeline", n)) for n in range(len(timeline or ()))]
        return Case(
            name=value.get("case", name),
            title=value.get("title", name),
            organisation=value["organisation"],
            source=value.get("source", ""),
            fictional=value.get("fictional", "no") == "yes",
            steps=tuple(self._steps(value)),
            timeline=None if timeline is None else tuple(timeline),
            timeline_lines=tuple(lines),
            now=anchor,
            asserts=value.get("asserts", ""),
            missing=tuple(value.get("missing", ())),
        )

    def _steps(self, value: Any) -> Iterator[Step]:
        """Each step in turn; one may take mode and time from that before it."""
        source, defaults = value.get("source", ""), value.get("defaults", {})
        before = _Before(source=source, defaults=defaults)
        places = [(part, n) for part in ("given", "steps") for n in range(len(value.get(part, ())))]
        for place in places[MOST:]:
            self._checks.fail(place, f"a case has at most {MOST} steps")
        for part, number in places:
            fields = value[part][number]
            step = self.step((part, number), fields, before)
            before = _Before(step.mode, fields.get("when", ""), source, defaults)
            if "when" not in fields and (ALSO in fields or step.mode == "simulated"):
                before = _Before(step.mode, str(step.when), source, defaults)
            yield step

    def step(self, place: Place, value: Any, before: _Before) -> Step:
        """One step. Raises CaseError."""
        key, mode = self._mode(place, value, before)
        verb = value[key]
        known = (*COMMANDS, "wait")
        if not isinstance(verb, str) or verb not in known:
            self._checks.fail((*place, key), unknown_word(verb, known, "act"))
        value = self._ranges.expand(place, {**_inherited(value, key, mode, before)})
        fields = {name: x for name, x in value.items() if name not in {key, *CIRCUMSTANCES}}
        kind = COMMANDS.get(verb)
        if kind:
            fields = _opened(fields, kind)
            own = cast(type[Struct], kind).__struct_fields__[0]
            if before.defaults and own in before.defaults:
                fields.setdefault(own, before.defaults[own])
        self._rules_are_known((*place, "expect"), value.get("expect"))
        actor = self._actor((*place, "who"), value.get("who", "secretariat"))
        spared = WORDS_OF_ACTS if _expects_refusal(value) else frozenset[str]()
        whole = {**fields, **_circumstances(value)}
        self._checks.check_schema(place, whole, step_schema(verb), spared)
        when = self._checks.parse_when((*place, "when"), value.get("when", "unknown"))
        if mode == "simulated" and not _exact(when):
            self._checks.fail(
                (*place, "when"), f"a simulated act needs its instant, not {shorten(str(when))}"
            )
        command = self._command(place, fields, kind) if kind else None
        attested = before.source if mode == "attested" else ""
        return Step(
            line=self._checks.line((*place, key)),
            mode=mode,
            verb=verb,
            command=command,
            actor=actor,
            when=when,
            received=self._received(place, value),
            source=value.get("source", attested),
            authority=value.get("authority", ""),
            waivers=self._waivers((*place, "waive"), value.get("waive", {})),
            command_id=value.get("id", ""),
            offset_ms=int(value["offset_ms"]) if "offset_ms" in value else None,
            expect=self._expectation((*place, "expect"), value.get("expect"), command),
            place=f"{place[0]}.{int(place[1]) + 1}" if place else "",
            lines=self._by_step.get(place, {}),
        )

    def _mode(self, place: Place, value: Any, before: _Before) -> tuple[str, str]:
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
        if keys[0] == ALSO and not before.mode:
            self._checks.fail((*place, ALSO), "there is no step before, whose mode it could take")
        return keys[0], before.mode if keys[0] == ALSO else keys[0]

    @cached_property
    def _by_step(self) -> Mapping[Place, Mapping[tuple[str, ...], int]]:
        """The lines of everything in each step, by their places in it."""
        found: dict[Place, dict[tuple[str, ...], int]] = {}
        for path, line in self._lines.items():
            if len(path) > 2 and path[0] in {"given", "steps"}:
                own = tuple(str(part + 1) if isinstance(part, int) else part for part in path[2:])
                found.setdefault(path[:2], {})[own] = line
        return found

    def _command(self, place: Place, fields: Any, kind: Any) -> Any:
        for (owner, name), words in USUAL.items():
            for where, value in _values(fields, kind, owner, name):
                near = difflib.get_close_matches(value, words, n=1, cutoff=NEARLY)
                if near and value not in words:
                    self._checks.fail(
                        (*place, *where), unknown_word(value, words, name, listed=True)
                    )
        self._checks.check_times(place, fields, kind)
        try:
            return self._codec.from_plain(fields, kind)
        except Refused as error:
            self._checks.fail(place, error.because)
        except MalformedValue as error:
            what = str(error).removeprefix(f"{kind.__name__}: ")
            self._checks.fail(place, what)

    def _received(self, place: Place, value: Any) -> When:
        received = self._checks.parse_when((*place, "received"), value.get("received", "unknown"))
        if "received" in value and not _exact(received):
            because = f"a receipt has its instant, not {shorten(str(received))}"
            self._checks.fail((*place, "received"), because)
        return received

    def _waivers(self, place: Place, waivers: Mapping[str, str]) -> Mapping[str, str]:
        for rule in waivers:
            if rule not in rules_of_packs():
                own = "a rule of the record is never waived" if rule in RECORD else ""
                known = sorted(rules_of_packs())
                self._checks.fail(
                    (*place, rule), own or unknown_word(rule, known, "rule of a pack")
                )
        return waivers

    def _rules_are_known(self, place: Place, expected: Any) -> None:
        """Raise CaseError for an expectation that names a rule which there is not."""
        if not isinstance(expected, dict):
            return
        packs = rules_of_packs()
        for rule in expected["rules"] if isinstance(expected.get("rules"), dict) else ():
            if rule in RECORD and rule not in packs:
                because = f"{rule} is a rule of the record: it finds nothing; expect `refused`"
                self._checks.fail((*place, "rules", rule), because)
            if rule not in packs:
                what = unknown_word(rule, sorted(packs), "rule of a pack")
                self._checks.fail((*place, "rules", rule), what)
        refused = expected.get("refused", "")
        if isinstance(refused, str) and refused and refused not in {*packs, *RECORD}:
            known = sorted({*packs, *RECORD})
            self._checks.fail((*place, "refused"), unknown_word(refused, known, "rule"))

    def _expectation(self, place: Place, value: Any, command: Command | None) -> Expectation | None:
        if value is None:
            return None
        expectation: Expectation = self._codec.from_plain(value, Expectation)
        if not [*expectation.asserted_places()]:
            self._checks.fail(
                place, "nothing is expected here; leave it out, or say what must be so"
            )
        if expectation.deadline and not _exact(
            self._checks.parse_when((*place, "deadline"), expectation.deadline)
        ):
            self._checks.fail((*place, "deadline"), "a deadline is expected with its hour and zone")
        self._dates(place, expectation)
        self._symbols((*place, "symbols"), expectation)
        if command is None and (expectation.refused or expectation.rules):
            field = "refused" if expectation.refused else "rules"
            self._checks.fail((*place, field), "a wait asks no rule, and nothing refuses it")
        self._of(place, expectation, command)
        return expectation

    def _dates(self, place: Place, expectation: Expectation) -> None:
        for name in ("starts", "ends", "opened", "closed"):
            if name in expectation.dates:
                self._checks.parse_when((*place, "dates", name), expectation.dates[name])
        if not re.fullmatch("[1-9][0-9]?", expectation.dates.get("part", "1")):
            self._checks.fail((*place, "dates", "part"), "the number of a part is expected here")
        for name in ("date", "published"):
            if name in expectation.masthead:
                self._checks.parse_when((*place, "masthead", name), expectation.masthead[name])

    def _symbols(self, place: Place, expectation: Expectation) -> None:
        for text in expectation.symbols:
            try:
                Symbol.parse(text)
            except Refused as refused:
                self._checks.fail((*place, text), refused.because)

    def _of(self, place: Place, expectation: Expectation, command: Command | None) -> None:
        """Raise CaseError for what cannot be expected of the stream that is meant."""
        try:
            of = Stream.parse(expectation.of) if expectation.of else None
        except ValueError:
            known = ", ".join(StreamKind)
            how = f"write the kind and the id, as window/w1; kinds are {known}"
            self._checks.fail((*place, "of"), f"{shorten(expectation.of)}: {how}")
        of = of or (command.stream if command else None)
        ofstate = [
            path for path in expectation.asserted_places() if path[0] in OF or path[0] == "counts"
        ]
        if of is None and ofstate:
            self._checks.fail(place, "say whose state is expected: of: window/..., agenda/...")
        for field, *name in ofstate:
            if of and field in OF and of.kind not in OF[field]:
                kinds = " or ".join(OF[field])
                self._checks.fail((*place, field), f"{field} is of a {kinds}, not of {of}")
            if of and field == "counts" and name[0] not in COUNTED[of.kind]:
                known = ", ".join(COUNTED[of.kind]) or NOTHING
                what = f"{name[0]} is not counted of a {of.kind}; counted are {known}"
                self._checks.fail((*place, field, *name), what)

    def _actor(self, place: Place, value: Any) -> Actor:
        if isinstance(value, dict):
            texts = {name: x for name, x in value.items() if isinstance(x, str)}
            role = value.get("role", "other")
            return Actor(
                role=self._role((*place, "role"), role),
                name=texts.get("name", ""),
                seat=texts.get("seat", ""),
            )
        if isinstance(value, str) and value.startswith("seat "):
            return Actor(role=Role.SEAT, seat=value.removeprefix("seat ").strip())
        return Actor(role=self._role(place, value))

    def _role(self, place: Place, value: Any) -> Role:
        try:
            return Role(value)
        except ValueError:
            known = [str(role) for role in Role]
            self._checks.fail(place, unknown_word(value, known, "function", listed=True))

    def _counted_from(self, place: Place, value: Any, now: datetime) -> Any:
        """The same values, with every time that counts from `now` written out."""
        if isinstance(value, dict):
            return {
                key: x if key == "now" else self._counted_from((*place, key), x, now)
                for key, x in value.items()
            }
        if isinstance(value, list):
            return [self._counted_from((*place, n), item, now) for n, item in enumerate(value)]
        found = COUNTED_FROM_NOW.match(value)
        if not found:
            return value
        try:
            then = now
            if found["count"]:
                then += timedelta(**{found["unit"]: int(found["sign"] + found["count"])})
        except (OverflowError, ValueError):
            self._checks.fail(place, f"{shorten(value)} lies outside of what a calendar holds")
        if found["day"]:
            return f"{then:%Y-%m-%d}"
        return f"{then.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _names(value: Any) -> Iterator[str]:
    """The seats and items that a file enters, as it writes them."""
    for part in ("given", "steps"):
        for step in value.get(part, ()):
            yield from (step[key] for key in ("seat", "item") if isinstance(step.get(key), str))


def _inherited(value: Mapping[str, Any], key: str, mode: str, before: _Before) -> Mapping[str, Any]:
    """The fields of a step, with the time of the step before where it has none of its own.

    History is told without a time where none is known; only `also` says that it is the same.
    """
    takes = key == ALSO or mode == "simulated"
    return (
        {**value, "when": before.when} if takes and "when" not in value and before.when else value
    )


def _opened(fields: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    """The fields of an act, with `none` and `unknown` as what they mean of a list."""
    hints, found = field_types(kind), dict[str, Any]()
    for name, value in fields.items():
        hint = hints.get(name)
        if value == "unknown" and _is_optional_list(hint):
            continue
        found[name] = [] if value == "none" and _is_optional_list(hint) else value
        if get_origin(hint) is tuple and isinstance(value, list) and is_struct(get_args(hint)[0]):
            member = get_args(hint)[0]
            found[name] = [_opened(x, member) if isinstance(x, dict) else x for x in value]
    return found


def _is_optional_list(hint: Any) -> bool:
    inner = get_args(hint)
    return NoneType in inner and any(get_origin(member) is tuple for member in inner)


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


def _expects_refusal(value: Mapping[str, Any]) -> bool:
    expected = value.get("expect")
    return isinstance(expected, dict) and expected.get("refused") == "known"


def _exact(when: When) -> bool:
    return when.has_hour and when.earliest == when.latest


def _circumstances(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: x for key, x in value.items() if key in CIRCUMSTANCES}
