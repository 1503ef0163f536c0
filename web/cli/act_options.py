"""The options of an act's command, from its parameters and the types of its fields."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from domain.actors import Role
from domain.streams import StreamKind
from web.cli import execute
from web.cli.execute import Office
from web.cli.output import AsJson, Organisation, StoreFolder
from web.cli.own_receipt import ReceiptFile
from workflows.acts.act import AnyAct
from workflows.acts.field_types import typed
from workflows.acts.parameter import Option, Parameter, Widget

NOUNS: Final[Mapping[StreamKind, str]] = {
    StreamKind.WINDOW: "The id of the silence procedure.",
    StreamKind.AGENDA: "The id of the agenda.",
    StreamKind.DOCUMENT: "The id of the document.",
    StreamKind.BODY: "The id of the body.",
}
"""What the argument of an act on a noun says of itself; an organisation has no id of its own."""


def options_of(act: AnyAct) -> Iterator[inspect.Parameter]:
    """All options in order: the noun, what is needed, the store, what is not needed, the rest."""
    own = [
        parameter
        for parameter in _in_order(act)
        if parameter.option and parameter.path != "order.waivers"
    ]
    needed = [parameter for parameter in own if is_needed(act, parameter)]
    optional = [parameter for parameter in own if parameter not in needed]
    if act.noun in NOUNS:
        yield _make("target", _target(act.noun))
    for parameter in needed:
        yield _make(argument(parameter), _annotation(act, parameter))
    yield _make("store", StoreFolder)
    for parameter in optional:
        yield _make(argument(parameter), _annotation(act, parameter), _default(act, parameter))
        if parameter.option and parameter.option.file:
            yield _make(f"{argument(parameter)}_file", _file_annotation(parameter.option), None)
    yield from _around(act)


def _around(act: AnyAct) -> Iterator[inspect.Parameter]:
    """In whose function, what is waived, and how the command line does it."""
    if Role.SEAT not in act.roles and len(act.roles) > 1:
        yield _by(act)
    if any(parameter.path == "order.waivers" for parameter in act.parameters):
        yield _make("waive", execute.Waive, None)
    yield _make("organisation", Organisation, "")
    yield _make("authority", execute.Authority, "")
    yield _make("yes", execute.Yes, False)
    yield _make("id_", execute.CommandId, "")
    if act.receipt:
        yield _make("receipt", ReceiptFile, None)
    yield _make("json", AsJson, False)


def _by(act: AnyAct) -> inspect.Parameter:
    """In which of several functions; the secretariat's unless told."""
    if Role.PRESIDING_OFFICER in act.roles:
        return _make("by", execute.By, Office.SECRETARIAT)
    names = {role.name: role.value for role in act.roles}
    offices: Any = StrEnum("offices", names)  # type: ignore[misc]  # the members are data
    option = typer.Option("--by", help="In whose function this is done.")
    return _make("by", Annotated[offices, option], offices(act.roles[0]))


def _in_order(act: AnyAct) -> list[Parameter[Any]]:
    """Its parameters in the order of the command line: as the entry says, else the reason last."""
    if act.options:
        known = {parameter.path: parameter for parameter in act.parameters}
        return [known[path] for path in act.options] + [
            parameter for parameter in act.parameters if parameter.path not in act.options
        ]
    return sorted(act.parameters, key=lambda parameter: parameter.path == "reason")


def is_needed(act: AnyAct, parameter: Parameter[Any]) -> bool:
    """Whether the command line demands it: always needed, and nothing fills it in."""
    if isinstance(parameter.required, bool):
        return parameter.required
    preset = act.preset({}) if act.preset else {}
    needed = typed(act.command, parameter.path).required
    return parameter.required is None and needed and parameter.path not in preset


def _make(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def _target(noun: StreamKind) -> Any:
    """The id of the noun, also where it is written as a stream."""
    return Annotated[
        str,
        typer.Argument(
            metavar=str(noun).upper(),
            help=NOUNS[noun],
            callback=lambda name: name.removeprefix(f"{noun}/"),
        ),
    ]


def argument(parameter: Parameter[Any]) -> str:
    """The name of its argument, which no other argument of the command has."""
    return "value_" + parameter.path.replace(".", "_")


def _annotation(act: AnyAct, parameter: Parameter[Any]) -> Any:
    """The type of an option with its name and help, from the type of the command's field."""
    option, kind = parameter.option or Option(""), typed(act.command, parameter.path)
    name = parameter.option_name
    more: dict[str, Any] = {"help": option.help}
    if option.metavar or kind.texts:
        more["metavar"] = option.metavar or "TEXT"
    if option.minimum is not None:
        more["min"] = option.minimum
    needed = is_needed(act, parameter)
    if parameter.widget is Widget.FILE:
        file = typer.Option(name, exists=True, dir_okay=False, **more)
        return Annotated[Path | None, file]
    if kind.texts or kind.by_name:
        return Annotated[list[str] if needed else list[str] | None, typer.Option(name, **more)]
    scalar: Any = str if kind.moment else kind.kind
    return Annotated[scalar | None if kind.optional else scalar, typer.Option(name, **more)]


def _file_annotation(option: Option) -> Any:
    name, words = option.file or ("", "")
    return Annotated[list[str] | None, typer.Option(name, metavar="LANGUAGE=FILE", help=words)]


def _default(act: AnyAct, parameter: Parameter[Any]) -> Any:
    """What an option is where it is not given: empty as the type has it."""
    kind = typed(act.command, parameter.path)
    if parameter.widget is Widget.FILE or kind.texts or kind.by_name or kind.optional:
        return None
    return "" if kind.moment else kind.kind()
