"""YAML in which every scalar is text, with the line of each value, so that errors can point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Lines = dict[tuple[str | int, ...], int]


class CaseError(Exception):
    """A case file cannot be read. Says where: file, line and field."""

    def __init__(self, file: str, line: int, field: str, what: str) -> None:
        super().__init__(f"{file}:{line}: {field}: {what}" if field else f"{file}:{line}: {what}")


def load(path: Path) -> tuple[Any, Lines]:
    """The file as plain values, and the line of each of them by its path."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(str(path), 0, "", f"cannot be read: {error}") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        what = getattr(error, "problem", None) or str(error)
        raise CaseError(str(path), line, "", f"not YAML: {what}") from error
    if node is None:
        raise CaseError(str(path), 1, "", "the file is empty")
    lines: Lines = {}
    return _texts(node, (), lines, str(path)), lines


def _texts(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_texts(sub, (*path, n), lines, file) for n, sub in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, sub in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise CaseError(file, line, "", "a key must be a word")
        if key.value in found:
            raise CaseError(file, line, key.value, "is given twice")
        found[key.value] = _texts(sub, (*path, key.value), lines, file)
        lines[(*path, key.value)] = line
    return found
