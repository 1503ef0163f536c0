"""A request: the command and the circumstances that an act's values make, on whatever surface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field

from domain.access.commands import ORGANISATION
from domain.actors import Role
from domain.cases import Step
from domain.languages import LANGUAGES
from domain.messages import Command
from domain.streams import Stream, StreamKind
from domain.type_registry import VERBS
from workflows.acts.act import AnyAct
from workflows.acts.field_types import ORDER, made, typed
from workflows.acts.parameter import N_, Parameter
from workflows.acts.stated_circumstances import Circumstances

NOT_OFFERED: Final = N_("This is not one of the answers that are offered here.")


class Request(Struct, frozen=True, kw_only=True):
    """What somebody asks for: a command, its circumstances, and the files that it cites."""

    command: Command
    circumstances: Circumstances
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """The request as a live step."""
        by = self.circumstances
        return Step(
            line=0,
            mode="live",
            verb=VERBS[type(self.command)],
            command=self.command,
            actor=by.actor,
            received=by.received,
            happened=by.happened,
            authority=by.authority,
            waivers=by.waivers,
            cites=by.cites,
        )


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong with a value, as a message id; and what may stand there instead, if listed."""

    why: str
    offered: tuple[str, ...] = ()


class InvalidValues(Exception):
    """Values that an act does not take, on any surface, each by its path."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__("; ".join(f"{path}: {fault.why}" for path, fault in faults.items()))
        self.faults = faults


def faults(act: AnyAct, shown: Any, values: Mapping[str, object]) -> Mapping[str, Fault]:
    """What is wrong with values at paths, whatever surface they come from.

    `shown` is what the act looks at, of which only closed choices may depend.
    """
    given = [parameter for parameter in act.parameters if values.get(parameter.path)]
    found = {
        parameter.path: fault
        for parameter in given
        if (fault := _fault(act, parameter, shown, values[parameter.path]))
    }
    for check in act.invariants:
        if wrong := check(values):
            found.setdefault(wrong[0], Fault(why=wrong[1]))
    return found


def _fault(act: AnyAct, parameter: Parameter[Any], shown: Any, value: Any) -> Fault | None:
    """What is wrong with one value by itself: with its form, or with what it names."""
    if parameter.pattern and not parameter.matches(str(value)):
        return Fault(why=parameter.pattern[1])
    kind = typed(act.command, parameter.path)
    if kind.by_name and parameter.choices is None:
        offered: tuple[str, ...] | None = tuple(LANGUAGES)
    elif parameter.closed and parameter.choices:
        choices = parameter.choices(shown)
        offered = None if choices is None else tuple(choice.value for choice in choices)
    else:
        offered = None
    names = value if kind.texts or kind.by_name else (value,)
    if offered is None or {*names} <= {*offered}:
        return None
    return Fault(why=NOT_OFFERED, offered=offered)


def request(  # noqa: PLR0917 (an act, on what, by whom, with what)
    act: AnyAct,
    shown: Any,
    target: str,
    role: Role,
    values: Mapping[str, object],
    files: Mapping[str, bytes] | None = None,
) -> Request:
    """The request that values at paths make, on the noun with the id `target`.

    An act that begins a noun gets the id among its values. Raises InvalidValues, and TypeError for
    a missing one.
    """
    if wrong := faults(act, shown, values):
        raise InvalidValues(wrong)
    around = {path.removeprefix(ORDER): v for path, v in values.items() if path.startswith(ORDER)}
    by: Circumstances = made(Circumstances, {"role": role, **around})
    within = {path: value for path, value in values.items() if not path.startswith(ORDER)}
    named = _target(act, target) if target or act.noun is StreamKind.ORGANISATION else {}
    more = act.derived(by) if act.derived else {}
    command: Command = made(act.command, {**named, **within, **more})
    return Request(command=command, circumstances=by, files=files or {})


def _target(act: AnyAct, target: str) -> Mapping[str, object]:
    """The field that says what a command is about: its noun, or any stream by kind and id."""
    if hasattr(act.command, "of"):
        own = act.noun is StreamKind.ORGANISATION  # it has one stream, by whatever name it is known
        return {"of": str(ORGANISATION if own else Stream(act.noun, target))}
    return {} if act.noun is StreamKind.ORGANISATION else {str(act.noun): target}
