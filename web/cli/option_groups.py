"""Groups of options that several commands take: each is a dataclass, which lists them once.

An option of the group is a field whose type holds one. The other fields are filled in by commands.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Annotated, Any, get_args, get_origin, get_type_hints


def option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of each group in the place of the parameter that is the group.

    Typer reads its options; the command itself is called with the groups made of what was given.
    """
    groups: dict[str, Any] = {}
    options: list[inspect.Parameter] = []
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in inspect.signature(command).parameters.items():
        if is_dataclass(hints[name]):
            groups[name] = hints[name]
            options += _options(name, hints[name])
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            options.append(parameter.replace(annotation=hints[name], kind=kind))

    @wraps(command)
    def run(**given: Any) -> None:
        made = {name: _make(name, group, given) for name, group in groups.items()}
        command(**made, **given)

    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]  # Typer reads it
    run.__annotations__ = {option.name: option.annotation for option in options}
    return run


def _options(name: str, group: Any) -> Iterator[inspect.Parameter]:
    """The options of a group in the order of its fields; Typer gives several values as a list."""
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        if get_origin(hints[field.name]) is not Annotated:
            continue
        kind, option = get_args(hints[field.name])
        several = get_origin(kind) is Sequence
        yield inspect.Parameter(
            _argument(name, field.name),
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[list[str] | None if several else kind, option],
            default=None if several else field.default,
        )


def _make(name: str, group: Any, given: dict[str, Any]) -> Any:
    """The group of what was given for its options, which are taken out of it."""
    of_field = {field.name: given.pop(_argument(name, field.name), None) for field in fields(group)}
    return group(**{field: value for field, value in of_field.items() if value is not None})


def _argument(group: str, field: str) -> str:
    """The name of an option's argument, which no other argument of the command has."""
    return f"{group}_{field}"
