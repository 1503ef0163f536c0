"""Where the program says why something was refused, found or doubted: read from its own source.

A text of the source is a pattern: `item {} is {}`, with `{}` for each value in it. What is only
handed on, such as the reason of another refusal, is no text of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("domain", "workflows", "web", "adapters")
CALLS: Final[Mapping[str, int]] = {
    "require": 2,
    "make_finding": 2,
    "Refused": 1,
    "Doubt": 1,
    "UnreadableTable": 0,
    "UnclearTime": 0,
    "SkippedTime": 0,
    "RepeatedTime": 0,
}
"""What gives a reason, and which of its arguments that is."""
Node = TypeVar("Node", bound=ast.AST)
PROBLEMS: Final = frozenset({"name_problem", "url_name_problem", "plain_id_problem"})
"""Functions whose answers stand in reasons of others."""


class Site(NamedTuple):
    """A reason in the source."""

    place: str
    pattern: str


def sites(sources: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Every reason in these sources, by their names; in those of the program without any."""
    for name, source in (sources or _sources()).items():
        yield from _Module(name, ast.parse(source)).sites()


def _sources() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text()
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


class _Module:
    """One module, with its constants and functions."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree
        self.functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }

    def sites(self) -> Iterator[Site]:
        for scope in (self.tree, *self.functions.values()):
            for call in _own_nodes(scope, ast.Call):
                yield from self._of_call(call, scope)
        for function in self.functions.values():
            answers = ast.unparse(function.returns) if function.returns else ""
            if answers == "CheckResult":
                yield from self._of_answers(function)
            elif function.name in PROBLEMS:
                yield from self._of_returns(function)

    def _of_call(self, call: ast.Call, scope: ast.AST) -> Iterator[Site]:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        place = CALLS.get(name, -1)
        relays = self.name == "domain/rules.py" and name != "require"
        if relays or not 0 <= place < len(call.args):
            return
        for pattern in self.patterns(call.args[place], scope):
            yield Site(f"{self.name}:{call.lineno}", pattern)

    def _of_answers(self, function: ast.FunctionDef) -> Iterator[Site]:
        for node in _own_nodes(function, ast.Return):
            if isinstance(node.value, ast.Tuple):
                for pattern in self.patterns(node.value.elts[1], function):
                    yield Site(f"{self.name}:{node.lineno}", pattern)

    def _of_returns(self, function: ast.FunctionDef) -> Iterator[Site]:
        for node in _own_nodes(function, ast.Return):
            for pattern in self.patterns(node.value, function):
                yield Site(f"{self.name}:{node.lineno}", pattern)

    def patterns(self, node: ast.AST | None, scope: ast.AST, depth: int = 0) -> Sequence[str]:
        """What an expression can say; nothing where it hands on what was said elsewhere."""
        if depth > 6:
            return ()
        match node:
            case ast.Constant(value=str(text)):
                return (text,) if text else ()
            case ast.JoinedStr(values=values):
                return (_joined(values),)
            case ast.IfExp(body=body, orelse=orelse):
                return (*self.patterns(body, scope, depth), *self.patterns(orelse, scope, depth))
            case ast.BoolOp(values=options):
                return tuple(p for each in options for p in self.patterns(each, scope, depth))
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                both = (self.patterns(left, scope, depth), self.patterns(right, scope, depth))
                return tuple(map("".join, product(*both)))
            case ast.Name(id=name):
                return self._of_name(name, scope, depth)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                function = self.functions[name]
                returned = _own_nodes(function, ast.Return)
                return tuple(
                    p for each in returned for p in self.patterns(each.value, function, depth + 1)
                )
        return ()

    def _of_name(self, name: str, scope: ast.AST, depth: int) -> Sequence[str]:
        for each in (scope, self.tree):
            found: list[str] = []
            for node in _own_nodes(each, ast.stmt):
                match node:
                    case (
                        ast.Assign(targets=[ast.Name(id=target)], value=value)
                        | ast.AnnAssign(target=ast.Name(id=target), value=value)
                    ) if target == name:
                        found += self.patterns(value, each, depth + 1)
                    case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
                        said = self.patterns(value, each, depth + 1)
                        found += map("".join, product(tuple(found), said))
            if found:
                return found
        return ()


def _own_nodes(scope: ast.AST, kind: type[Node]) -> Iterator[Node]:
    """The nodes of this kind in a scope, without those of functions inside it, in their order."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, kind):
            yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _own_nodes(child, kind)


def _joined(values: Sequence[ast.expr]) -> str:
    return "".join(
        str(value.value) if isinstance(value, ast.Constant) else "{}" for value in values
    )
