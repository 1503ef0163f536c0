"""Acts on a window as forms: what each is called, who may give it, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.actors import Actor, Role
from domain.messages import Command
from domain.silence import Phase
from domain.silence.window import Window
from domain.times import UNKNOWN, When
from web.forms.fields import Choice, Field, Values
from web.i18n.labels import N_
from web.presenters import window as windows
from workflows.history import narration
from workflows.queries.window import WindowAtMoment

Titles = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """The window that a form is about, and in which words the form speaks."""

    shown: WindowAtMoment
    titles: Titles
    say: narration.Translate
    language: str

    @property
    def window(self) -> Window:
        return self.shown.window

    @property
    def zone(self) -> str:
        """The zone in which the deadline of the window is told."""
        return windows.deadline_zone(self.window)

    def seats(self) -> tuple[Choice, ...]:
        """The seats that were asked: the roster is no secret, only who answered can be."""
        return tuple(
            Choice(
                one.seat,
                f"{narration.localized_name(one.names, self.language) or one.holder} ({one.seat})",
            )
            for one in self.shown.roster
        )

    def seat_field(self, label: str, name: str = "seat", kind: str = "select") -> Field:
        """Asks for seats of the roster."""
        return Field(name=name, label=label, kind=kind, choices=self.seats(), required=True)

    def _title(self, item: str) -> str:
        return narration.localized_name(self.titles.get(item, {}), self.language)

    def items(self) -> Field:
        """Asks which separable parts are meant."""
        choices = tuple(
            Choice(
                item,
                f"{item} {self._title(item)}".strip(),
            )
            for item in self.window.subject.items
        )
        return Field(
            name="items",
            label=self.say("Which parts it concerns"),
            kind="many",
            choices=choices,
            hint=self.say("Tick none for the whole text."),
        )

    def numbers(self, chosen: Callable[[int], bool]) -> Field:
        """Asks which response is meant."""
        choices = [
            Choice(str(one.number), f"{one.number}. {self.say(one.response.kind)}")
            for one in self.window.responses
            if chosen(one.number)
        ]
        return Field(
            name="number",
            label=self.say("Which response"),
            kind="one",
            choices=tuple(choices),
            required=True,
        )

    def reason(self, hint: str = "", *, required: bool = True) -> Field:
        """Asks for a reason."""
        label = self.say("Reason")
        return Field(name="reason", label=label, kind="long", hint=hint, required=required)

    def moment(self, name: str, label: str, zone: str, *, required: bool = True) -> Iterator[Field]:
        """Asks for a local time, and for its offset where clocks show it twice."""
        local = self.say("Local time in %(zone)s.") % {"zone": zone}
        yield Field(name=name, label=label, kind="moment", hint=local, required=required)
        yield Field(
            name=f"{name}-offset",
            label=self.say("Offset from UTC, such as +02:00"),
            hint=self.say("Only for a time that clocks show twice, in the night of a change."),
        )


@dataclass(frozen=True, kw_only=True)
class FormRequest:
    """What a form asks for once it is filled in."""

    command: Command
    received: When = UNKNOWN
    waivers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One act that may be asked for, with its fields as they are here and now.

    `make` may raise Fault. Where several functions may give the act, the form asks which.
    """

    title: str
    does: str
    verb: str
    roles: tuple[Role, ...]
    fields: tuple[Field, ...]
    make: Callable[[Values], FormRequest]

    def all_fields(self, say: narration.Translate) -> tuple[Field, ...]:
        """All fields, with that for the function first where there is a choice."""
        if len(self.roles) == 1:
            return self.fields
        choices = tuple(Choice(str(role), say(str(role))) for role in self.roles)
        label = say("In which function you act")
        asked = Field(name="role", label=label, kind="one", choices=choices, required=True)
        return (asked, *self.fields)

    def actor(self, values: Values) -> Actor:
        """Who acts, as the form says; nobody has proved it."""
        role = self.roles[0] if len(self.roles) == 1 else Role(values.text("role"))
        return Actor(role=role, seat=values.text("seat") if role is Role.SEAT else "")


@dataclass(frozen=True, kw_only=True)
class Act:
    """An act that a window's page may offer: for whom, when, and its form."""

    group: str
    title: str
    offered: Callable[[WindowAtMoment], bool]
    form: Callable[[FormContext], Form]


SEAT: Final = N_("For a seat")
OFFICER: Final = N_("For the presiding officer")
SECRETARIAT: Final = N_("For the secretariat")


def is_running(shown: WindowAtMoment) -> bool:
    """Whether it has not ended, in whatever way."""
    return not shown.window.is_over


def in_phase(*phases: Phase) -> Callable[[WindowAtMoment], bool]:
    """Whether it stands so."""
    return lambda shown: shown.phase in phases


def unruled_responses(window: Window) -> list[int]:
    """The responses that wait for a ruling."""
    unruled = [one.number for one in window.responses if one.breaks is None and not window.is_over]
    return sorted({*unruled, *window.unruled_late_responses})
