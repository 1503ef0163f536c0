"""An act of the catalogue as a command: what its options say is previewed, and done."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from domain.actors import Role
from domain.canonical import digest
from domain.ports.errors import Unavailable
from domain.streams import StreamKind
from domain.times import When
from web.cli import execute
from web.cli.act_options import argument, is_needed, options_of
from web.cli.context import environment
from web.cli.execute import ActOptions
from web.cli.names import named, with_ids
from workflows.acts import catalogue
from workflows.acts.act import AnyAct, Surface
from workflows.acts.field_types import typed
from workflows.acts.parameter import Option, Parameter, Widget
from workflows.acts.request import InvalidValues, Request, request
from workflows.application import Application

Options = list[inspect.Parameter]
Given = Mapping[str, Any]


def command(act: AnyAct) -> Callable[..., None]:
    """The function that Typer makes a command of."""

    def run(**given: Any) -> None:
        _run(act, given)

    options = list(options_of(act))
    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]  # Typer reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in options}
    run.__doc__ = act.help
    return run


def register(app: typer.Typer, noun: StreamKind, listed: Sequence[str] = ()) -> None:
    """Make each act on a noun that is given on the command line a command of this group.

    The help lists those that are `listed` first, in their order.
    """
    acts = [act for act in catalogue.of_noun(noun) if act.on(Surface.COMMAND_LINE)]
    order = {name: place for place, name in enumerate(listed)}
    for act in sorted(acts, key=lambda act: order.get(act.name, len(order))):
        app.command(act.name)(command(act))


# --- What the options say -------------------------------------------------------------------------


def _run(act: AnyAct, given: Given) -> None:
    """Do it as the options say. Raises Refused, Unavailable, UnclearTime and BadParameter."""
    values: dict[str, object] = {}
    files: dict[str, bytes] = {}
    for parameter in act.parameters:
        if parameter.option:
            values |= _value(act, parameter, given, files)
    values = {
        **(act.preset(values) if act.preset else {}),
        **values,
        "order.authority": given["authority"],
    }

    def ask(placet: Application, organisation: str) -> Request:
        target = given.get("target", "")
        shown = _shown(placet, act, organisation, target)
        ids = with_ids(act, named(placet, act, organisation, target), values)
        try:
            return request(act, shown, target, _role(act, given), ids, files)
        except InvalidValues as invalid:
            raise typer.BadParameter(" ".join(_faults(act, invalid))) from invalid

    options = ActOptions(
        store=given["store"],
        organisation=given["organisation"],
        yes=given["yes"],
        id=given["id_"],
        json=given["json"],
        receipt=given.get("receipt"),
    )
    execute.execute(options, act, ask)


def _shown(placet: Application, act: AnyAct, organisation: str, target: str) -> Any:
    """What closed choices depend on: an agenda and the rules of its body; otherwise on nothing."""
    if act.noun is StreamKind.AGENDA:
        placet.projections.follow()
        return placet.queries.agendas.for_form(organisation, target)
    return None


def _faults(act: AnyAct, invalid: InvalidValues) -> Iterator[str]:
    """What is wrong, option by option, and what may be written instead."""
    options = {parameter.path: parameter.option_name for parameter in act.parameters}
    for path, fault in invalid.faults.items():
        instead = f" Write one of: {', '.join(fault.offered)}." if fault.offered else ""
        yield f"{options[path]}: {fault.why}{instead}"


def _role(act: AnyAct, given: Given) -> Role:
    """In which function it is done: a seat's where one is named, else as `--by` says."""
    if given.get("value_order_seat"):
        return Role.SEAT
    others = [role for role in act.roles if role is not Role.SEAT]
    return Role(given["by"]) if "by" in given else others[0]


def _value(
    act: AnyAct, parameter: Parameter[Any], given: Given, files: dict[str, bytes]
) -> dict[str, object]:
    """The value of one option by its path; nothing where it is not given."""
    if parameter.path == "order.waivers":
        waived = pairs(given["waive"], "--waive", "RULE=REASON")
        return {parameter.path: waived} if waived else {}
    kind, value = typed(act.command, parameter.path), given[argument(parameter)]
    if kind.by_name:
        texts = _texts(
            parameter.option or Option(""), value, given.get(f"{argument(parameter)}_file")
        )
        return {parameter.path: texts} if texts else {}
    if value in (None, "", []) and not is_needed(act, parameter):
        return {}
    if parameter.widget is Widget.FILE:
        content = environment().files.evidence(value)
        files[digest(content)] = content
        return {parameter.path: digest(content)}
    if parameter.path == "order.received":
        return {parameter.path: When.from_instant(When(value).exact)}
    if kind.moment:
        return {parameter.path: When(value)}
    return {parameter.path: tuple(value) if kind.texts else value}


def _texts(option: Option, given: list[str] | None, named: list[str] | None) -> dict[str, str]:
    """Texts by language, as given and from files without their last line end."""
    texts = pairs(given, option.name, option.metavar)
    file = option.file[0] if option.file else ""
    for language, name in pairs(named, file, "LANGUAGE=FILE").items():
        if language in texts:
            raise typer.BadParameter(f"the text in {language} is given twice")
        try:
            texts[language] = environment().files.text(Path(name))
        except Unavailable as error:
            raise typer.BadParameter(str(error)) from error
    return texts


def pairs(given: list[str] | None, option: str, form: str) -> dict[str, str]:
    """What is written as `form`, such as `NAME=VALUE`, as a map. Raises BadParameter, else."""
    found: dict[str, str] = {}
    for pair in given or ():
        name, equals, value = pair.partition("=")
        if not (name and equals and value) or name in found:
            once = f"each {form.partition('=')[0].lower()} once"
            raise typer.BadParameter(f"{pair!r}: write {option} {form}, {once}")
        found[name] = value
    return found
