"""YAML in which every scalar is text, with the line of each value, so that errors can point.

Files come from anybody: what is read is bounded in size, depth and number of values, and nothing
in a file can stand for something elsewhere in it (no aliases), so that reading is always quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from adapters.files import bounded_files
from domain.ports.errors import CaseError, Unavailable

Lines = dict[tuple[str | int, ...], int]

DEEPEST: Final = 30
"""How many lists and maps may stand in each other; no file that is meant needs ten."""
MOST: Final = 200_000
"""How many values a file may hold."""
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BYTE_ORDER_MARKS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def field_name(path: tuple[str | int, ...]) -> str:
    """The name of a field for a message: `steps.3.expect.deadline`, counted from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def load_yaml(path: Path) -> tuple[Any, Lines]:
    """The file as plain values, and the line of each of them by its path. Raises CaseError."""
    return parse_yaml(file_content(path), str(path))


def file_content(path: Path) -> bytes:
    """The bytes of a file. Raises CaseError where it cannot be read."""
    try:
        return bounded_files.read_file(path)
    except Unavailable as error:
        raise CaseError(str(path), 1, "", str(error).removeprefix(f"{path} ")) from error


def parse_yaml(content: bytes, file: str) -> tuple[Any, Lines]:
    """Like `load`, of the bytes of a file."""
    text = _text(content, file)
    try:
        return _Values(file).of(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise CaseError(file, _line(error, text), "", f"not YAML: {_problem(error)}") from error


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        other = _BYTE_ORDER_MARKS.get(content[:2])
        what = f"cannot be read: byte {error.start + 1} ({content[error.start]:#04x}) is not UTF-8"
        hint = f"; the file seems to be {other}" if other else ""
        raise CaseError(file, line, "", f"{what}{hint}") from error


def _line(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark:
        return int(mark.line) + 1
    place = getattr(error, "position", None)
    return text.count("\n", 0, place) + 1 if isinstance(place, int) else 1


def _problem(error: yaml.YAMLError) -> str:
    """What is wrong, in one line."""
    strange = getattr(error, "character", None)
    if isinstance(strange, int):
        return f"the character U+{strange:04X} is not allowed"
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    return str(problem).splitlines()[0]


class _Values:
    """Makes values of what a parser tells, one after another, without ever going down itself."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: Lines = {}
        self._open: list[_Nest] = []
        self._count = 0

    def of(self, events: Iterator[Any]) -> tuple[Any, Lines]:
        """The one document of a file, with its lines."""
        found: list[Any] = []
        for event in events:
            line = event.start_mark.line + 1
            match event:
                case yaml.AliasEvent():
                    self._fail(line, f"*{event.anchor}: write out what is meant, without an alias")
                case yaml.DocumentStartEvent() if found:
                    self._fail(line, "a file holds one document only")
                case yaml.ScalarEvent():
                    self._plain(event, line)
                    self._put(event.value, line, found)
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    self._plain(event, line)
                    self._begin(isinstance(event, yaml.MappingStartEvent), line, found)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    self._open.pop()
        if not found or found == [""]:
            self._fail(1, "the file is empty")
        return found[0], self._lines

    def _plain(self, event: Any, line: int) -> None:
        """Refuse tags, which would make something else than text of a value, and too much."""
        if event.tag:
            self._fail(line, f"{event.tag}: every value is text, and has no tag")
        self._count += 1
        if self._count > MOST:
            self._fail(line, f"the file holds more than {MOST} values")

    def _begin(self, named: bool, line: int, found: list[Any]) -> None:
        if len(self._open) == DEEPEST:
            self._fail(line, f"lists and fields stand in each other, more than {DEEPEST} deep")
        if self._open and self._open[-1].expects_key:
            self._fail(line, "a key must be a word")
        value: Any = {} if named else []
        path = self._put(value, line, found)
        self._open.append(_Nest(value, path))

    def _put(self, value: Any, line: int, found: list[Any]) -> tuple[str | int, ...]:
        """Put a value, or the key of one, where it belongs; the path of where that is."""
        if not self._open:
            found.append(value)
            self._lines[()] = line
            return ()
        nest = self._open[-1]
        if nest.expects_key:
            if value in nest.value:
                self._fail(line, "is given twice", field_name((*nest.path, value)))
            nest.key, nest.line = value, line
            return nest.path
        path = (*nest.path, nest.take(value))
        self._lines[path] = line if nest.line is None else nest.line
        nest.line = None
        return path

    def _fail(self, line: int, what: str, field: str = "") -> None:
        raise CaseError(self._file, line, field, what)


class _Nest:
    """A list or map that is being filled."""

    def __init__(self, value: Any, path: tuple[str | int, ...]) -> None:
        self.value, self.path = value, path
        self.key: str | None = None
        self.line: int | None = None

    @property
    def expects_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def take(self, value: Any) -> str | int:
        """Add a value; the key or number under which it stands."""
        if isinstance(self.value, list):
            self.value.append(value)
            return len(self.value) - 1
        key, self.key = self.key, None
        self.value[key] = value
        return key or ""


def dump_yaml(values: Any) -> bytes:
    """The text of plain values, in their order."""
    written: str = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000)
    return written.encode()
