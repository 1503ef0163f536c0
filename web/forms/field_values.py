"""What the fields of a form say, as values of the act's parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from domain.languages import LANGUAGES
from web.forms.fields import NOT_OFFERED, FieldError, Values
from web.i18n.labels import N_
from workflows.acts.act import AnyAct
from workflows.acts.field_types import Typed, typed
from workflows.acts.parameter import Parameter, Widget
from workflows.history.sentences.wording import Translate

IN_NO_LANGUAGE: Final = N_("This is needed, in at least one language.")


def read(act: AnyAct, shown: Any, values: Values, say: Translate) -> Mapping[str, object]:
    """The values of all parameters that were given, by path. Raises FieldError.

    `shown` is looked at only for time zones and for the names of maps, so that a response can be
    read before anything of the record is.
    """
    found: dict[str, object] = {}
    for parameter in act.parameters:
        if parameter.label:
            found |= _read(parameter, typed(act.command, parameter.path), shown, values, say)
    names = {parameter.path: parameter.field for parameter in act.parameters}
    for check in act.checks:
        if wrong := check(found):
            raise FieldError(names[wrong[0]], say(wrong[1]))
    return found


def required(act: AnyAct, parameter: Parameter[Any], shown: Any) -> bool:
    """Whether it must be given here and now."""
    if callable(parameter.required):
        return parameter.required(shown)
    return (
        typed(act.command, parameter.path).required
        if parameter.required is None
        else parameter.required
    )


def zone(parameter: Parameter[Any], shown: Any, values: Values) -> str:
    """The time zone of a local time; it may depend on other fields."""
    return parameter.zone(shown, values.text) if parameter.zone else "UTC"


def _read(
    parameter: Parameter[Any], kind: Typed, shown: Any, values: Values, say: Translate
) -> Mapping[str, object]:
    if kind.by_name:
        return _by_name(parameter, kind, shown, values, say)
    if parameter.entry:
        return _entries(parameter, parameter.entry, values)
    if kind.texts:
        return {parameter.path: listed} if (listed := values.many(parameter.field)) else {}
    if not (text := values.text(parameter.field)):
        return {}
    if parameter.pattern and not re.fullmatch(parameter.pattern[0], text):
        raise FieldError(parameter.field, say(parameter.pattern[1]))
    if parameter.split:
        return parameter.split(text)
    if parameter.widget is Widget.DAY:
        return {parameter.path: values.day(parameter.field)}
    if kind.moment:
        return {parameter.path: values.moment(parameter.field, zone(parameter, shown, values))}
    try:
        return {parameter.path: READ[kind.kind](text)}
    except ValueError as error:
        raise FieldError(parameter.field, say(NOT_OFFERED)) from error


def _entries(
    parameter: Parameter[Any], entry: Callable[[str], object], values: Values
) -> Mapping[str, object]:
    """What the lines of a list mean."""
    try:
        found = tuple(entry(line) for line in values.many(parameter.field))
    except ValueError as error:
        raise FieldError(parameter.field, str(error)) from error
    return {parameter.path: found} if found else {}


def _by_name(
    parameter: Parameter[Any], kind: Typed, shown: Any, values: Values, say: Translate
) -> Mapping[str, object]:
    """A map from languages, or from the names that there are to choose from, to texts."""
    texts = ((name, values.text(f"{parameter.field}-{name}")) for name in _names(parameter, shown))
    given = {name: text for name, text in texts if text}
    if kind.required and not given:
        raise FieldError(f"{parameter.field}-en", say(IN_NO_LANGUAGE))
    return {parameter.path: given} if given else {}


def _names(parameter: Parameter[Any], shown: Any) -> Iterator[str]:
    if parameter.choices is None:
        yield from LANGUAGES
        return
    yield from (choice.value for choice in parameter.choices(shown) or ())


READ: Final[Mapping[Any, Callable[[str], object]]] = {
    str: str,
    int: int,
    bool: "yes".__eq__,
}
"""How texts become values, by the type of the command's field."""
