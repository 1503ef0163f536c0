"""What the fields of a form say, as values of the act's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from domain.languages import LANGUAGES
from web.forms.fields import FieldError, FormErrors, Values
from web.i18n.labels import N_
from workflows.acts.act import AnyAct
from workflows.acts.field_types import Typed, typed
from workflows.acts.parameter import Parameter, Widget
from workflows.acts.request import NOT_OFFERED, faults
from workflows.history.sentences.wording import Translate

IN_NO_LANGUAGE: Final = N_("This is needed, in at least one language.")
FOR_NONE: Final = N_("This is needed for at least one of them.")


def read(
    act: AnyAct, shown: Any, values: Values, say: Translate, language: str = "en"
) -> Mapping[str, object]:
    """The values of all parameters that were given, by path.

    Raises FormErrors with all that is wrong, also with what the act does not take on any surface.
    `shown` is looked at only for time zones, for the names of maps and for closed choices, so that
    a response can be read before anything of the record is. `language` is the reader's.
    """
    found: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for parameter in act.parameters:
        if parameter.label:
            try:
                found |= _read(parameter, typed(act.command, parameter.path), shown, values, say)
            except FieldError as error:
                wrong[_field(act, parameter, shown, language)] = error.why
    for parameter in act.parameters:
        if parameter.gives_way_to in found and _is_as_offered(parameter, shown, found):
            del found[parameter.path]
    fields = {entry.path: _field(act, entry, shown, language) for entry in act.parameters}
    for path, fault in faults(act, shown, found).items():
        wrong.setdefault(fields[path], say(fault.why))
    for check in act.checks:
        if failed := check(found):
            wrong.setdefault(fields[failed[0]], say(failed[1]))
    if wrong:
        raise FormErrors(wrong)
    return found


def _is_as_offered(parameter: Parameter[Any], shown: Any, found: Mapping[str, object]) -> bool:
    """Whether it still has the value that the page put into it."""
    offered = parameter.value(shown) if parameter.value else None
    return parameter.path in found and found[parameter.path] == offered


def _field(act: AnyAct, parameter: Parameter[Any], shown: Any, language: str) -> str:
    """The field at which a fault is told: of texts in languages, the one in the reader's own.

    Of a map with other names it is the first.
    """
    if not typed(act.command, parameter.path).by_name:
        return parameter.field
    name = next(_names(parameter, shown), "") if parameter.choices else language
    return field_name(parameter, name)


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
        return _entries(parameter, parameter.entry, values, say)
    if kind.texts:
        every = parameter.widget is Widget.PARAGRAPHS
        listed = values.lines(parameter.field) if every else values.many(parameter.field)
        return {parameter.path: listed} if listed else {}
    if parameter.widget is Widget.WHEN:
        at = values.day_and_hour(parameter.field, zone(parameter, shown, values), say)
        return {parameter.path: at} if at.known else {}
    if not (text := values.text(parameter.field)):
        return {}
    if parameter.widget is Widget.LENGTH and text.isdecimal():
        text = f"{int(text)} {values.text(f'{parameter.field}-unit')}".strip()
    if parameter.pattern and not parameter.matches(text):
        raise FieldError(parameter.field, say(parameter.pattern[1]))
    if parameter.split:
        return _split(parameter.field, parameter.split, text, say)
    if parameter.widget is Widget.DAY:
        return {parameter.path: values.day(parameter.field, say)}
    if kind.moment:
        at = values.moment(parameter.field, zone(parameter, shown, values), say)
        return {parameter.path: at}
    try:
        return {parameter.path: READ.get(kind.kind, kind.kind)(text)}
    except ValueError as error:
        raise FieldError(parameter.field, say(NOT_OFFERED)) from error


def _split(
    field: str, split: Callable[[str], Mapping[str, object]], text: str, say: Translate
) -> Mapping[str, object]:
    """What one value means for several fields."""
    try:
        return split(text)
    except ValueError as error:
        raise FieldError(field, say(NOT_OFFERED)) from error


def _entries(
    parameter: Parameter[Any], entry: Callable[[str], object], values: Values, say: Translate
) -> Mapping[str, object]:
    """What the lines of a list mean."""
    try:
        found = tuple(entry(line) for line in values.many(parameter.field))
    except ValueError as error:
        raise FieldError(parameter.field, say(str(error))) from error
    return {parameter.path: found} if found else {}


def _by_name(
    parameter: Parameter[Any], kind: Typed, shown: Any, values: Values, say: Translate
) -> Mapping[str, object]:
    """A map from languages, or from the names that there are to choose from, to texts."""
    names = _names(parameter, shown)
    texts = ((name, values.text(field_name(parameter, name))) for name in names)
    given = {name: text for name, text in texts if text}
    if kind.required and not given:
        wrong = FOR_NONE if parameter.choices else IN_NO_LANGUAGE
        raise FieldError(parameter.field, say(wrong))
    return {parameter.path: given} if given else {}


def field_name(parameter: Parameter[Any], name: str) -> str:
    """The name of a map's field for one of its names, which may hold anything."""
    return f"{parameter.field}-{quote(name, safe='')}"


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
"""How texts become values, by the type of the command's field; of choices it is the type."""
