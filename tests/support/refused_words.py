"""The words that neither names nor prose of the project use, and where one of them stands.

Code speaks the terms of event sourcing; a word of our own costs each newcomer an hour. Events,
commands and their fields keep the names that are on disk, names of tests are sentences, and texts
in string literals are what users read: these three are not looked at.

    python tests/support/refused_words.py [FOLDER ...]    (all folders where none is named)
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from domain.type_registry import COMMANDS, EVENTS  # noqa: E402 - it is run as a program, too

FOLDERS: Final = ("domain", "adapters", "workflows", "web", "tests", "docs", ".")
"""The top folders; `.` is what lies beside them."""

NAMES: Final = {
    "one": "event, response, row, item, seat, window",
    "way": "transport, manner, how",
    "fresh": "new, current, catch_up",
    "sight": "stream_reader",
    "growing": "appendable_history",
    "outlook": "staged_states",
    "turn": "transaction, lock",
    "gone": "deleted, removed",
    "mine": "own",
}
"""Names that stand for too much: refused as a whole name, allowed as a part of one."""

PARTS: Final = {
    "told": "text, values, on_progress, decoded; said to seats: notified",
    "untold": "not_notified, not_stated",
    "anew": "again, rebuilt, recomputed",
    "nobody": "no process, none",
    "whoever": "caller",
    "cry": "raise_alarm",
    "calm": "clear_alarm",
    "insist": "require",
    "insists": "require",
    "insisted": "required",
    "insisting": "retrying",
    "judge": "enforce",
    "deed": "execution",
    "dear": "expensive",
    "twin": "json, representation",
    "twins": "json, representations",
    "paper": "evidence, attachment",
    "papers": "evidence, attachments",
    "patience": "timeout, backoff",
    "patient": "timeout",
    "asked": "command, command_hash, options",
    "heard": "received, recorded",
    "unheard": "unconsidered",
    "unsure": "stale, unanswered",
    "foreseen": "cautions, expected, dry_run",
    "foresee": "dry_run",
    "mend": "unpark",
    "mended": "unparked",
    "recalled": "requeued",
    "shelf": "intake_queue",
    "aside": "reserved, archived",
    "beside": "adjacent, with",
    "meanwhile": "concurrent",
    "thaw": "decode",
    "alike": "identical, same",
    "whereto": "destination",
    "careless": "without_admission, unsafe",
}
"""Words that are refused wherever a name has them as a part: `told_all`, `NobodyKnows`."""

PROSE: Final = {
    r"\banew\b": "again",
    r"\bwhoever\b": "the caller, the process that, those who",
    r"\b(?:is|are|were|was|too) dear\b": "expensive",
    r"\bthe deed\b": "the execution",
    r"\btwins?\b": "JSON representation; implementation",
    r"\bcr(?:y|ies) (?:of|the) alarm\b": "raises an alarm",
    r"\boutlives? faults\b": "is restarted after errors",
}
"""Of prose only what has no good use; ordinary English stays."""

WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Finding:
    """One place where a refused word stands; `path` is relative to the project."""

    path: str
    line: int
    text: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text} (say: {self.instead})"


def released_names() -> frozenset[str]:
    """Names of events, commands and their fields: on disk, in case files, on the command line."""
    kinds = {*EVENTS.values(), *COMMANDS.values()}
    fields = {name for kind in kinds for name in kind.__struct_fields__}  # type: ignore[attr-defined]
    return frozenset({kind.__name__ for kind in kinds} | fields)


def objection_to(name: str) -> str:
    """What to say instead of a name; empty for a good one."""
    if name.startswith("test_"):
        return ""
    words = [word.lower() for word in WORD.findall(name)]
    whole = NAMES.get(name.strip("_").lower(), "")
    return whole or next((PARTS[word] for word in words if word in PARTS), "")


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Each name in a Python source with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def prose_in(source: str) -> Iterator[tuple[int, str]]:
    """Each line of a comment or docstring in a Python source."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield from enumerate(text.splitlines(), node.lineno)


def _refused_names(path: str, source: str, released: frozenset[str]) -> Iterator[Finding]:
    for line, name in names_in(source):
        if (instead := objection_to(name)) and name not in released:
            yield Finding(path, line, name, instead)


def _refused_prose(path: str, lines: Iterator[tuple[int, str]]) -> Iterator[Finding]:
    for number, line in lines:
        for pattern, instead in PROSE.items():
            for found in re.finditer(pattern, line, re.IGNORECASE):
                yield Finding(path, number, found.group(), instead)


def findings_in(path: str, content: str, released: frozenset[str]) -> Iterator[Finding]:
    """All refused words of a file: Markdown has prose alone, Python names as well."""
    if path.endswith(".py"):
        yield from _refused_names(path, content, released)
        yield from _refused_prose(path, prose_in(content))
    else:
        yield from _refused_prose(path, iter(enumerate(content.splitlines(), 1)))


def files_of(folder: str) -> list[Path]:
    """The Python and Markdown files of a top folder, but for this table and the changes."""
    here = ROOT / folder
    found = here.iterdir() if folder == "." else here.rglob("*")
    left_out = {Path(__file__).resolve(), ROOT / "CHANGELOG.md"}
    return sorted(f for f in found if f.suffix in {".py", ".md"} and f not in left_out)


def findings(folder: str) -> list[Finding]:
    """All refused words of a top folder, in order of file and line."""
    released = released_names()
    files = ((str(f.relative_to(ROOT)), f.read_text(encoding="utf-8")) for f in files_of(folder))
    found = (each for path, content in files for each in findings_in(path, content, released))
    return sorted(found, key=lambda finding: (finding.path, finding.line))


def main(*folders: str) -> int:
    """Print what stands in these folders; 1 when there is anything."""
    found = [finding for folder in folders or FOLDERS for finding in findings(folder)]
    for finding in found:
        print(finding)
    print(f"{len(found)} refused words", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*(folder.rstrip("/") for folder in sys.argv[1:])))
