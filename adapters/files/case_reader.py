"""Case files: YAML in which every scalar is text, checked against a published JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from adapters.codec import JsonCodec
from adapters.files.case_schema import case_schema
from adapters.files.field_checks import Checks
from adapters.files.located_yaml import Lines, load_yaml
from adapters.files.relative_times import write_out_times
from adapters.files.step_inheritance import Inherited
from adapters.files.step_reader import StepReader
from domain.cases import Case, Step

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
        return _CaseReading(Checks(str(path), lines), lines, self._codec).case(value, path, now)

    def read_step(self, path: Path) -> Step:
        """Read a file that holds one step. Raises CaseError."""
        value, lines = load_yaml(path)
        return StepReader(Checks(str(path), lines), lines, self._codec).read((), value, Inherited())


class _CaseReading:
    """One case file being read, with what is needed to say where something is wrong."""

    def __init__(self, checks: Checks, lines: Lines, codec: JsonCodec) -> None:
        self._checks, self._lines, self._codec = checks, lines, codec

    def case(self, value: Any, path: Path, now: datetime | None) -> Case:
        self._checks.check_schema((), value, case_schema())
        anchor = self._checks.parse_when(("now",), value.get("now", "unknown"))
        if anchor.has_hour:
            value = write_out_times(self._checks, (), value, now or anchor.exact)
        moved = now is not None and anchor.has_hour and now != anchor.exact
        timeline = None if moved else value.get("timeline")
        lines = [self._checks.line(("timeline", n)) for n in range(len(timeline or ()))]
        return Case(
            name=value.get("case", path.stem),
            title=value.get("title", path.stem),
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
        places = [(part, n) for part in ("given", "steps") for n in range(len(value.get(part, ())))]
        for place in places[MOST:]:
            self._checks.fail(place, f"a case has at most {MOST} steps")
        reader = StepReader(self._checks, self._lines, self._codec, frozenset(_names(value)))
        inherited = Inherited(source=value.get("source", ""), defaults=value.get("defaults", {}))
        for part, number in places:
            fields = value[part][number]
            step = reader.read((part, number), fields, inherited)
            inherited = inherited.after(step, fields)
            yield step


def _names(value: Any) -> Iterator[str]:
    """The seats and items that a file enters, as it writes them."""
    for part in ("given", "steps"):
        for step in value.get(part, ()):
            yield from (step[key] for key in ("seat", "item") if isinstance(step.get(key), str))
