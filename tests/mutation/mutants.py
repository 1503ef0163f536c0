"""The single changes that can be made to a module, each as another text of the same file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Final

_COMPARED: Final[dict[type[ast.cmpop], tuple[str, ...]]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
_COMBINED: Final[dict[type[ast.operator], ast.operator]] = {
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.FloorDiv(),
    ast.FloorDiv: ast.Mult(),
    ast.BitOr: ast.BitAnd(),
    ast.BitAnd: ast.BitOr(),
}
_CALLED: Final = {
    "max": "min",
    "min": "max",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "reversed": "list",
    "popleft": "pop",
    "append": "appendleft",
    "earliest": "latest",
    "latest": "earliest",
}
_SQL: Final = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN|WHERE|ORDER BY)\b")
_SAID: Final = (
    (" >= ", " > "),
    (" <= ", " < "),
    (" > ", " >= "),
    (" < ", " <= "),
    (" = ", " <> "),
    (" AND ", " OR "),
    (" DESC", ""),
    ("NOT EXISTS", "EXISTS"),
    ("MAX(", "MIN("),
    (" OR IGNORE", ""),
    (" ON CONFLICT DO NOTHING", ""),
    (" FOR UPDATE", ""),
    (" IMMEDIATE", ""),
    ("=ON", "=OFF"),
    ("=FULL", "=NORMAL"),
)
_BLOCKS: Final = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Mutant:
    """One change of a module: where it stands, which lines it touches, and the new text."""

    module: str
    number: int
    what: str
    lines: tuple[int, int]
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a patch without context."""
        pair = (self.before.splitlines(), self.after.splitlines())
        found = unified_diff(*pair, self.module, self.module, n=0, lineterm="")
        return "\n".join(found)

    @property
    def change(self) -> tuple[str, ...]:
        """The changed lines alone, which stay the same when others move."""
        return tuple(
            text_line for text_line in self.diff.splitlines()[2:] if not text_line.startswith("@@")
        )


@dataclass(frozen=True)
class _Change:
    node: ast.expr | ast.stmt | ast.keyword | ast.comprehension
    what: str
    text: str


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines; the same ones each time."""
    encoded = source.splitlines(keepends=True)
    starts = [0]
    for text_line in encoded:
        starts.append(starts[-1] + len(text_line.encode()))
    raw = source.encode()
    found: dict[str, Mutant] = {}
    for statement, change in _changes(ast.parse(source)):
        first, last = _place(change.node, starts)
        after = (raw[:first] + change.text.encode() + raw[last:]).decode()
        if after in found or not _compiles(after):
            continue
        lines = (statement.lineno, change.node.end_lineno or statement.lineno)  # type: ignore[union-attr]
        found[after] = Mutant(module, len(found) + 1, change.what, lines, source, after)
    return list(found.values())


def _place(node: ast.AST, starts: list[int]) -> tuple[int, int]:
    """The bytes at which a node begins and ends."""
    found: dict[str, int] = vars(node)
    first = starts[found["lineno"] - 1] + found["col_offset"]
    return first, starts[found["end_lineno"] - 1] + found["end_col_offset"]


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _changes(tree: ast.Module) -> Iterator[tuple[ast.stmt, _Change]]:
    """Each change with the statement in which it is made."""
    for statement in _statements(tree):
        for change in _of_statement(statement):
            yield statement, change
        for node in _expressions(statement):
            for change in _of_expression(node):
                yield statement, change


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement's own line, without the blocks below it and what only types say."""
    waiting: list[ast.AST] = []
    for name, value in ast.iter_fields(statement):
        if name in {*_BLOCKS, "handlers", "annotation", "returns", "decorator_list", "cases"}:
            continue
        if name == "args" and isinstance(value, ast.arguments):
            waiting += [*value.defaults, *(default for default in value.kw_defaults if default)]
            continue
        waiting += [entry for entry in _listed(value) if isinstance(entry, ast.AST)]
    if isinstance(statement, ast.Match):
        waiting += [case.guard for case in statement.cases if case.guard]
    if _is_docstring(statement):
        return
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.JoinedStr):  # its parts have no places of their own
            waiting += ast.iter_child_nodes(node)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_docstring(statement: ast.stmt) -> bool:
    found = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(found, ast.Constant) and isinstance(found.value, str)


def _of_statement(statement: ast.stmt) -> Iterator[_Change]:
    match statement:
        case ast.Expr() if not _is_docstring(statement):
            yield _Change(statement, "left out", "pass")
        case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue() | ast.Break():
            yield _Change(statement, "left out", "pass")
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield _Change(statement, "left out", "pass")
        case ast.Return(value=ast.expr() as value):
            yield from _returned(value)
        case ast.If(test=test) | ast.While(test=test):
            yield from _denied(test)
        case ast.With(items=items):
            yield from (_without(item) for item in items)
        case ast.Try(handlers=handlers):
            for handler in handlers:
                first, last = handler.body[0], handler.body[-1]
                yield _Change(_joined(first, last), "not caught", "raise")
        case ast.Match(cases=cases):
            yield from (_denied_guard(case) for case in cases if case.guard)
        case _:
            pass


def _returned(value: ast.expr) -> Iterator[_Change]:
    """Another thing returned: nothing, and for what is true or false always one of them."""
    if isinstance(value, ast.Constant) and value.value is None:
        return
    yield _Change(value, "returns nothing", "None")
    if isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp) or _asks(value):
        yield _Change(value, "returns True", "True")
        yield _Change(value, "returns False", "False")


def _asks(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id in {"any", "all", "bool", "isinstance"}


def _denied(test: ast.expr) -> Iterator[_Change]:
    yield _Change(test, "denied", f"not ({ast.unparse(test)})")


def _denied_guard(case: ast.match_case) -> _Change:
    assert case.guard
    return _Change(case.guard, "guard left out", "True")


def _without(item: ast.withitem) -> _Change:
    nothing = "__import__('contextlib').nullcontext()"
    return _Change(item.context_expr, "not entered", nothing)


def _joined(first: ast.stmt, last: ast.stmt) -> ast.stmt:
    """The place of several statements as that of one."""
    values = {"lineno": first.lineno, "col_offset": first.col_offset}
    return ast.Pass(**values, end_lineno=last.end_lineno, end_col_offset=last.end_col_offset)


def _of_expression(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            yield from _either(node)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _Change(node, "not denied", f"({ast.unparse(operand)})")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield _Change(node, "sign turned", ast.unparse(operand))
        case ast.BinOp(op=op) if type(op) in _COMBINED:
            other = ast.BinOp(node.left, _COMBINED[type(op)], node.right)
            yield _Change(node, "combined otherwise", f"({ast.unparse(other)})")
        case ast.Constant():
            yield from _constant(node)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield _Change(node, "always so", f"({ast.unparse(body)})")
            yield _Change(node, "never so", f"({ast.unparse(orelse)})")
            yield from _denied(test)
        case ast.Call():
            yield from _called(node)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for generator in node.generators:
                yield from (_Change(test, "filter left out", "True") for test in generator.ifs)
        case ast.Set(elts=elements) | ast.List(elts=elements, ctx=ast.Load()):
            yield from _fewer(node, elements)
        case ast.Starred() | ast.Slice() | _:
            pass


def _compared(node: ast.Compare) -> Iterator[_Change]:
    for place, op in enumerate(node.ops):
        for other in _COMPARED.get(type(op), ()):
            parts = [ast.unparse(node.left)]
            for n, right in enumerate(node.comparators):
                word = other if n == place else _word(node.ops[n])
                parts += [word, ast.unparse(right)]
            yield _Change(node, f"compared by {other}", f"({' '.join(parts)})")


def _word(op: ast.cmpop) -> str:
    shown = ast.unparse(ast.Compare(ast.Name("a"), [op], [ast.Name("b")]))
    return shown.removeprefix("a ").removesuffix(" b")


def _either(node: ast.BoolOp) -> Iterator[_Change]:
    other = ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    yield _Change(node, "and for or", f"({ast.unparse(other)})")
    for place in range(len(node.values)):
        rest = [value for n, value in enumerate(node.values) if n != place]
        left = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        yield _Change(node, "one part left out", f"({ast.unparse(left)})")


def _constant(node: ast.Constant) -> Iterator[_Change]:
    value = node.value
    if isinstance(value, bool):
        yield _Change(node, "turned round", str(not value))
    elif isinstance(value, int | float):
        yield _Change(node, "one more", repr(value + 1))
        if value:
            yield _Change(node, "one less", repr(value - 1))
    elif isinstance(value, str) and _SQL.search(value):
        for old, new in _SAID:
            for entry in re.finditer(re.escape(old), value):
                text = value[: entry.start()] + new + value[entry.end() :]
                yield _Change(node, f"asks{new or ' without' + old}", repr(text))


def _called(node: ast.Call) -> Iterator[_Change]:
    function, arguments = node.func, node.args
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in _CALLED:
        whole = f"{ast.unparse(function.value)}." if isinstance(function, ast.Attribute) else ""
        yield _again(node, f"{whole}{_CALLED[name]}", arguments, node.keywords)
    if len(arguments) > 1 and not isinstance(arguments[0], ast.Starred):
        swapped = [arguments[1], arguments[0], *arguments[2:]]
        yield _again(node, ast.unparse(function), swapped, node.keywords)
    for place in range(len(node.keywords)):
        rest = [keyword for n, keyword in enumerate(node.keywords) if n != place]
        yield _again(node, ast.unparse(function), arguments, rest)


def _again(
    node: ast.Call, function: str, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> _Change:
    call = ast.Call(ast.Name("f"), arguments, keywords)
    return _Change(node, "called otherwise", function + ast.unparse(call).removeprefix("f"))


def _fewer(node: ast.Set | ast.List, elements: list[ast.expr]) -> Iterator[_Change]:
    for place in range(len(elements)):
        rest = [element for n, element in enumerate(elements) if n != place]
        empty = "set()" if isinstance(node, ast.Set) and not rest else ""
        left = ast.Set(rest) if isinstance(node, ast.Set) else ast.List(rest, ast.Load())
        yield _Change(node, "one element left out", empty or ast.unparse(left))
