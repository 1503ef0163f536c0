"""The types and defaults of what acts ask for, read from the fields of their commands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct, structs

from domain.times import When
from workflows.acts.stated_circumstances import Circumstances

ORDER = "order."
"""How the path of a circumstance begins."""


class Typed(Struct, frozen=True, kw_only=True):
    """The type of a field without `None`, whether it may be None, and whether it has a default."""

    kind: Any
    optional: bool
    required: bool

    @property
    def texts(self) -> bool:
        """Whether it is a list of texts."""
        return get_origin(self.kind) is tuple

    @property
    def by_name(self) -> bool:
        """Whether it is a map from names, such as languages, to texts."""
        return get_origin(self.kind) is Mapping

    @property
    def moment(self) -> bool:
        """Whether it is a point in time."""
        return self.kind is When


@cache
def typed(command: type, path: str) -> Typed:
    """The type of the field at a path. Raises LookupError where there is none."""
    kind, required = _at(_root(command, path), path.removeprefix(ORDER))
    inner = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    bare = tuple(kind for kind in inner if kind is not NoneType)
    return Typed(kind=bare[0], optional=len(bare) < len(inner), required=required)


def _root(command: type, path: str) -> type:
    return Circumstances if path.startswith(ORDER) else command


def _at(kind: Any, path: str) -> tuple[Any, bool]:
    """The annotation at a path below a Struct, and whether all on the way lack a default."""
    name, _, below = path.partition(".")
    known = isinstance(kind, type) and issubclass(kind, Struct)
    fields = {field.name: field for field in structs.fields(kind)} if known else {}
    if name not in fields:
        raise LookupError(f"{kind} has no field {name}")
    found = get_type_hints(kind)[name]
    required = fields[name].default is NODEFAULT and fields[name].default_factory is NODEFAULT
    if not below:
        return found, required
    deeper, too = _at(found, below)
    return deeper, required and too


def made(kind: Any, values: Mapping[str, object]) -> Any:
    """A Struct of the values at these paths. Raises TypeError where a field is missing."""
    here: dict[str, object] = {}
    below: dict[str, dict[str, object]] = {}
    for path, value in values.items():
        name, _, rest = path.partition(".")
        if rest:
            below.setdefault(name, {})[rest] = value
        else:
            here[name] = value
    hints = get_type_hints(kind) if below else {}
    return kind(**here, **{name: made(hints[name], values) for name, values in below.items()})
