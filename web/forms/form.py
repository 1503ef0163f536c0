"""An act of the catalogue as a form: its fields here and now, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from domain.actors import Role
from domain.languages import LANGUAGES
from web.forms import choice_labels, field_values
from web.forms.fields import Choice, Field, FormErrors, Values, field_errors
from web.i18n.labels import N_
from workflows.acts import erasable_texts
from workflows.acts import parameter as acts
from workflows.acts.act import AnyAct
from workflows.acts.choices import UNITS
from workflows.acts.field_types import typed
from workflows.acts.parameter import Parameter, Widget
from workflows.acts.request import Request, request
from workflows.history.sentences.wording import Translate

SEAT: Final = "order.seat"
"""The path of the seat that acts."""
YES_OR_NO = (acts.Choice(value="yes", label=N_("Yes")), acts.Choice(value="no", label=N_("No")))


@dataclass(frozen=True, kw_only=True)
class Form:
    """One act that may be asked for. Where several functions may give it, the form asks which.

    `target` is the id of the noun that it is about, empty where the act begins one.
    """

    act: AnyAct
    target: str
    shown: Any
    say: Translate
    language: str
    functions: tuple[Role, ...] | None = None
    """The functions in which the reader may do it; None where log-in is not in force."""
    own_seats: frozenset[str] | None = None
    """The seats for which the reader may act; None where log-in is not in force."""

    @property
    def title(self) -> str:
        return self.say(self.act.title)

    @property
    def does(self) -> str:
        """What the act is for."""
        return self.say(_text(self.act.does, self.shown))

    @property
    def roles(self) -> tuple[Role, ...]:
        """The functions in which it may be done here and now."""
        roles = self.act.roles_in(self.shown)
        if self.functions is None:
            return roles
        return tuple(role for role in roles if role in self.functions)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields; first, where there is a choice, that for the function.

        Where people log in there is no field for a second person: another person confirms the act.
        """
        role = () if len(self.roles) == 1 else (self._role(),)
        applying = (
            parameter
            for parameter in self.act.parameters
            if parameter.label
            and (parameter.applies is None or parameter.applies(self.shown))
            and not (self.functions is not None and parameter.path == self.act.second)
        )
        named = groupby(applying, key=self._is_by_name)
        groups = ((by_name, list(group)) for by_name, group in named)
        fields = (
            self._by_name(group) if by_name else self._each(group) for by_name, group in groups
        )
        return (*role, *(field for some in fields for field in some))

    @cached_property
    def first_fields(self) -> tuple[Field, ...]:
        """What is asked on a page of its own first; nothing once all of it has an answer."""
        first = tuple(field for field in self.fields if field.name in self.act.first_fields)
        offered = ({choice.value for choice in field.choices} for field in first)
        answered = all({*field.value} & known for field, known in zip(first, offered, strict=True))
        return () if answered else first

    @cached_property
    def first_faults(self) -> dict[str, str]:
        """What is wrong with the answers to that; nothing before somebody has given any."""
        given = Values({name: [text] for name, text in getattr(self.shown, "chosen", {}).items()})
        answered = [field for field in self.first_fields if field.name in given.texts]
        required = [replace(field, required=True) for field in answered]
        return field_errors(required, given)

    def request(self, values: Values) -> Request:
        """What the form asks for once it is filled in. Raises FormErrors with all that is wrong."""
        missing = field_errors(self.fields, values)
        try:
            found = field_values.read(self.act, self.shown, values, self.say, self.language)
        except FormErrors as errors:
            raise FormErrors({**errors.faults, **missing}) from errors
        if missing:
            raise FormErrors(missing)
        found = {**self.act.on_pages, **found}
        role = self.roles[0] if len(self.roles) == 1 else Role(values.text("role"))
        if self.act.listed_on:
            on_page = {str(self.act.listed_on): self.target, **found}
            return request(self.act, self.shown, "", role, on_page)
        return request(self.act, self.shown, self.target, role, found)

    # --- Fields -----------------------------------------------------------------------------------

    def _role(self) -> Field:
        choices = tuple(Choice(str(role), self.say(str(role))) for role in self.roles)
        label = self.say("In which function you act")
        return Field(name="role", label=label, kind="one", choices=choices, required=True)

    def _is_by_name(self, parameter: Parameter[Any]) -> bool:
        """Whether it has a field for each language, or for each of its choices."""
        return typed(self.act.command, parameter.path).by_name

    def _by_name(self, group: Sequence[Parameter[Any]]) -> Iterator[Field]:
        """A field for each name of each map; those of one language stand together.

        The reader's own language comes first, and the others are folded away.
        """
        if group[0].choices:
            for parameter in group:
                for choice in parameter.choices(self.shown) or () if parameter.choices else ():
                    words = {
                        "rule": choice.value,
                        "choice": choice_labels.label(choice, self.say, self.language),
                    }
                    yield self._named(parameter, choice.value, words, hint=choice.hint)
            return
        for tag in sorted(LANGUAGES, key=lambda tag: tag != self.language):
            words = {"language": self.say(LANGUAGES[tag])}
            for parameter in group:
                fold = "" if tag == self.language else N_("Other languages")
                yield self._named(parameter, tag, words, language=tag, fold=fold)

    def _named(
        self,
        parameter: Parameter[Any],
        name: str,
        words: dict[str, str],
        *,
        hint: str = "",
        language: str = "",
        fold: str = "",
    ) -> Field:
        of_language = bool(language) and not fold
        return Field(
            name=field_values.field_name(parameter, name),
            one_of=of_language and field_values.required(self.act, parameter, self.shown),
            label=self.say(_text(parameter.label, self.shown)) % words,
            kind="long" if parameter.widget is Widget.LONG else "text",
            hint=" ".join(filter(None, (self._say(hint), self._fate(parameter)))),
            language=language,
            fold=self._say(fold or parameter.fold),
        )

    def _each(self, group: Sequence[Parameter[Any]]) -> Iterator[Field]:
        for parameter in group:
            yield from self._field(parameter)

    def _field(self, parameter: Parameter[Any]) -> Iterator[Field]:
        """Its field; for a local time also one for its offset, where clocks show it twice."""
        choices = self._choices(parameter)
        kind = _widget(
            parameter, typed(self.act.command, parameter.path), chosen=choices is not None
        )
        value = parameter.value(self.shown) if parameter.value else ""
        if parameter.path == SEAT and self.own_seats and choices and len(choices) == 1:
            kind, value = Widget.FIXED, choices[0].value
        if parameter.field in self.act.first_fields:
            kind = Widget.FIXED if value in {each.value for each in choices or ()} else kind
        if kind is Widget.LENGTH:
            yield from self._length(parameter, value)
            return
        shown_as = _kind(kind, choices or ())
        required = field_values.required(self.act, parameter, self.shown)
        if shown_as == "select" and required and not value and choices and len(choices) == 1:
            value = choices[0].value
        yield Field(
            name=parameter.field,
            label=self.say(_text(parameter.label, self.shown)),
            kind=shown_as,
            hint=self._hint(parameter, kind),
            choices=choice_labels.ordered(choices or (), self.say, self.language),
            required=required,
            fold=self._say(parameter.fold),
            value=(value,) if parameter.value or value else (),
        )
        if kind is Widget.WHEN:
            zone = field_values.zone(parameter, self.shown, Values())
            yield Field(
                name=f"{parameter.field}-hour",
                label=self.say("At what hour"),
                kind="hour",
                hint=self.say("Empty where it is not known. Local time in %(zone)s.")
                % {"zone": zone},
            )
        if kind in {Widget.MOMENT, Widget.WHEN}:
            yield Field(
                name=f"{parameter.field}-offset",
                label=self.say("Offset from UTC, such as +02:00"),
                hint=self.say("Only for a time that clocks show twice, in the night of a change."),
                fold=self.say("An hour that clocks show twice") if kind is Widget.WHEN else "",
            )

    def _length(self, parameter: Parameter[Any], value: str) -> Iterator[Field]:
        """A number, and its unit: first those of the rules, or their unit alone."""
        number, _, unit = value.partition(" ") if value[:1].isdecimal() else ("", "", value)
        label = self.say(_text(parameter.label, self.shown))
        units = tuple(Choice(unit, self.say(name)) for unit, name in UNITS.items())
        yield Field(
            name=parameter.field,
            label=label,
            kind="number",
            hint=self._hint(parameter, Widget.TEXT),
            value=(number,) if number else (),
        )
        yield Field(
            name=f"{parameter.field}-unit",
            label=self.say("Unit of the length"),
            kind="select",
            choices=units,
            value=(unit or "hours",),
        )

    def _hint(self, parameter: Parameter[Any], kind: Widget) -> str:
        """What helps to fill it in, and whether it can be erased later.

        For a local time without a hint of its own it is its zone.
        """
        hint = _text(parameter.hint, self.shown)
        if hint or kind is not Widget.MOMENT:
            return " ".join(filter(None, (self._say(hint), self._fate(parameter))))
        zone = field_values.zone(parameter, self.shown, Values())
        return self.say("Local time in %(zone)s.") % {"zone": zone}

    def _fate(self, parameter: Parameter[Any]) -> str:
        """Whether its text can be erased later."""
        return self._say(erasable_texts.fate(self.act.command, parameter.path))

    def _choices(self, parameter: Parameter[Any]) -> Sequence[acts.Choice] | None:
        """What it offers; None where it is written. Of seats, those of the reader only."""
        if parameter.path == SEAT and self.own_seats:
            offered = (parameter.choices(self.shown) if parameter.choices else None) or ()
            known = {choice.value: choice for choice in offered}
            seats = sorted(self.own_seats)
            return [known.get(seat, acts.Choice(value=seat, text=seat)) for seat in seats]
        if parameter.choices:
            return parameter.choices(self.shown)
        return YES_OR_NO if typed(self.act.command, parameter.path).kind is bool else None

    def _say(self, text: str) -> str:
        return self.say(text) if text else ""


def _text(text: acts.Text[Any], shown: Any) -> str:
    return text if isinstance(text, str) else text(shown)


def _kind(widget: Widget, choices: Sequence[acts.Choice]) -> str:
    """How a field is asked for: a list of texts as one long one."""
    if widget in {Widget.LINES, Widget.PARAGRAPHS}:
        return "long"
    if widget is Widget.WHEN:
        return "day"
    return choice_labels.kind(str(widget), choices)


def _widget(parameter: Parameter[Any], kind: Any, *, chosen: bool) -> Widget:
    """How it is asked for: as the entry says, else by its type and whether it has choices."""
    if parameter.choices and not chosen:
        return Widget.TEXT
    if parameter.widget:
        return parameter.widget
    if kind.moment:
        return Widget.MOMENT
    if kind.texts:
        return Widget.MANY if chosen else Widget.LINES
    return Widget.SELECT if chosen else Widget.TEXT
