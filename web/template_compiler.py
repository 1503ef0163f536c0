"""Templates compiled for one language: what does not depend on the page is done once.

Jinja looks up and calls `_` again for each cell of each row, and calls every function through its
context. That was half of the time of a board. Templates stay as they are written; when one is
compiled,

- a text of the program is replaced by its translation, with what is put into it, if anything;
- a call of one of our own plain functions becomes a filter, which Jinja calls directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer


class TranslatedEnvironment(Environment):
    """An environment whose templates are compiled for one language."""

    def use(self, translate: Callable[[str], str], functions: Mapping[str, Any]) -> None:
        """Compile texts by this translation, and calls of these functions as filters.

        The functions may also be handed about by name, like other globals.
        """
        self._compiler = _Compiler(translate, frozenset(functions))
        self.globals |= functions
        self.filters |= functions

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        compiled: nodes.Template = self._compiler.visit(parsed)
        compiled.set_environment(self)
        return compiled


class _Compiler(NodeTransformer):
    """Rewrites calls in the tree of a template."""

    def __init__(self, translate: Callable[[str], str], functions: frozenset[str]) -> None:
        self._translate, self._functions = translate, functions

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (the name is Jinja's)
        """Rewrite a call, its arguments first."""
        self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if called == "_" and isinstance(node.args[0], nodes.Const):
            return self._text(node.args[0].value, node)
        if called in self._functions and node.args:
            first, *rest = node.args
            return nodes.Filter(first, called, rest, node.kwargs, None, None, lineno=node.lineno)
        return node

    def _text(self, message: str, node: nodes.Call) -> nodes.Node:
        """The translation of a message; values are put in where Jinja's own `_` puts them."""
        line, text = node.lineno, self._translate(message)
        if not node.kwargs:
            return nodes.MarkSafeIfAutoescape(nodes.Const(text % {}, lineno=line), lineno=line)
        values = [
            nodes.Pair(nodes.Const(value.key, lineno=line), value.value, lineno=line)
            for value in node.kwargs
        ]
        pattern = nodes.MarkSafeIfAutoescape(nodes.Const(text, lineno=line), lineno=line)
        return nodes.Mod(pattern, nodes.Dict(values, lineno=line), lineno=line)
