"""Acts on a body: entering and completing it, its rule pack, its seats, its calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from domain.actors import Role
from domain.body.commands import (
    AdoptRulePack,
    CompleteBody,
    EstablishBody,
    PublishCalendar,
)
from domain.body.events import BodyEstablished, RulePackAdopted
from domain.streams import StreamKind
from workflows.acts.act import ALWAYS, ON_PAGES, Act
from workflows.acts.choices import called_by_words, of_body
from workflows.acts.field_combinations import known_zone
from workflows.acts.parameter import N_, Choice, Parameter, Widget
from workflows.acts.seats import SEATS, today
from workflows.acts.shared_parameters import PLAIN_ID
from workflows.queries.body import BodiesOfOrganisation, BodyForForm

PACKS: Final[Mapping[str, tuple[str, str]]] = {
    "generic": (
        N_("Any group that approves by silence in 72 hours"),
        N_(
            "Silence lasts at least 72 hours, and 48 for an amended text. Any text may come under"
            " it. One objection breaks it, without reasons. No rules on who proposes items."
        ),
    ),
    "untoc-working-groups": (
        N_("Working groups of the Conference of the Parties to the UNTOC"),
        N_(
            "Silence lasts at least 14 days, and 48 hours for an amended text. Only items of an"
            " agenda and dates of a session come under it. One objection breaks it, without"
            " reasons. Each item needs a proposer of a permitted kind and a memorandum; items are"
            " approved before the agenda is published, in six languages, and in time before the"
            " opening."
        ),
    ),
}
"""The rule packs that ship with the program: what they are for, and what they mean."""


def _packs(shown: BodyForForm) -> tuple[Choice, ...]:
    """The packs that ship, in words where there are some."""
    return tuple(
        Choice(value=name, label=PACKS[name][0], hint=PACKS[name][1])
        if name in PACKS
        else Choice(value=name, text=pack.title)
        for name, pack in shown.packs.items()
    )


def _parents(shown: BodiesOfOrganisation | BodyForForm) -> tuple[Choice, ...]:
    """The other bodies that there are."""
    own = shown.body.id if isinstance(shown, BodyForForm) else ""
    return tuple(of_body(row.id, row.names) for row in shown.bodies if row.id != own)


def _lacking(particular: Callable[[BodyForForm], str]) -> Callable[[BodyForForm], bool]:
    return lambda shown: not particular(shown)


NAMES: Final = Parameter[Any](path="names", name="name", label=N_("Name (%(language)s)"))
SERIES: Final = Parameter[Any](
    path="symbol_series",
    label=N_("Series of document symbols"),
    hint=N_("One on each line, such as CTOC/COP/WG.7. Empty where there is none."),
)
DUTY_STATION: Final = Parameter[Any](
    path="duty_station",
    label=N_("Duty station"),
    hint=N_("The place whose holidays count, such as Vienna."),
)
PARENT: Final = Parameter[Any](path="parent", label=N_("Body above it"), choices=_parents)
MANDATE: Final = Parameter[Any](
    path="mandate", label=N_("Mandate"), hint=N_("By what decision it was established.")
)

ESTABLISH: Final = Act[BodiesOfOrganisation](
    command=EstablishBody,
    noun=StreamKind.BODY,
    slug="establish",
    title=N_("Enter a body"),
    does=N_(
        "Enters a body in the record: a conference, a working group, a board. Its rules, seats and"
        " sessions are entered next."
    ),
    roles=(Role.SECRETARIAT,),
    offered=ALWAYS,
    parameters=(
        Parameter(
            path="body",
            label=N_("Id of the body"),
            hint=N_("Small letters, digits and hyphens, such as wg-7. It stays for ever."),
            pattern=PLAIN_ID,
        ),
        NAMES,
        Parameter(
            path="zone",
            label=N_("Time zone"),
            hint=N_(
                "As the IANA names it, such as Europe/Vienna. Deadlines and days run by it, so it"
                " cannot be changed later. UTC if it is left empty."
            ),
            value=lambda shown: shown.settings.zone,
        ),
        DUTY_STATION,
        replace(PARENT, applies=lambda shown: bool(shown.bodies)),
        SERIES,
        MANDATE,
        Parameter(
            path="fictional",
            label=N_("A fictional body, to try things out"),
            widget=Widget.SELECT,
            value=lambda _: "no",
        ),
    ),
    checks=(known_zone("zone"),),
    consequences={BodyEstablished: N_("Its page says what comes next, up to its first agenda.")},
    surfaces=ON_PAGES,
)

COMPLETE: Final = Act[BodyForForm](
    command=CompleteBody,
    noun=StreamKind.BODY,
    slug="complete",
    title=N_("Complete or rename"),
    does=N_(
        "Adds names and particulars. A name in a language that has one replaces it from now on;"
        " the old one stays in the history."
    ),
    roles=(Role.SECRETARIAT,),
    offered=ALWAYS,
    parameters=(
        NAMES,
        SERIES,
        replace(DUTY_STATION, applies=_lacking(lambda shown: shown.body.duty_station)),
        replace(PARENT, applies=lambda shown: not shown.body.parent and bool(_parents(shown))),
        replace(MANDATE, applies=_lacking(lambda shown: shown.body.mandate)),
    ),
    surfaces=ON_PAGES,
)

ADOPT: Final = Act[BodyForForm](
    command=AdoptRulePack,
    noun=StreamKind.BODY,
    slug="adopt-rules",
    title=N_("Adopt a rule pack"),
    does=N_(
        "Puts rules into force for this body from now on. A silence procedure that was opened"
        " before keeps the rules of its opening."
    ),
    roles=(Role.SECRETARIAT,),
    offered=ALWAYS,
    parameters=(
        Parameter(path="pack", label=N_("Rule pack"), widget=Widget.SINGLE, choices=_packs),
    ),
    consequences={
        RulePackAdopted: N_("Each act from now on is checked by these rules, and names them.")
    },
    surfaces=ON_PAGES,
)

WEEKDAYS: Final[Mapping[str, str]] = {
    "Monday": N_("Monday"),
    "Tuesday": N_("Tuesday"),
    "Wednesday": N_("Wednesday"),
    "Thursday": N_("Thursday"),
    "Friday": N_("Friday"),
    "Saturday": N_("Saturday"),
    "Sunday": N_("Sunday"),
}
"""The days of the week in words."""
NO_DAY: Final = N_("Begin each line with a day, such as 2026-12-25.")


def _holiday(line: str) -> str:
    """The day with which a line begins. Raises ValueError with a message id."""
    try:
        return date.fromisoformat(line.split(maxsplit=1)[0]).isoformat()
    except ValueError as error:
        raise ValueError(NO_DAY) from error


def _this_year(shown: BodyForForm) -> str:
    return today(shown)[:4]


def _station(shown: BodyForForm) -> str:
    """The duty station whose calendar was published last."""
    return shown.body.calendars[-1].duty_station if shown.body.calendars else ""


PUBLISH_CALENDAR: Final = Act[BodyForForm](
    command=PublishCalendar,
    noun=StreamKind.BODY,
    slug="publish-calendar",
    title=N_("Publish a calendar"),
    does=N_(
        "Says on which days of one year a duty station does not work, as its organization has"
        " published them. Working days are counted by it; deadlines that were computed stay what"
        " they were. A later version replaces it."
    ),
    roles=(Role.SECRETARIAT,),
    offered=ALWAYS,
    parameters=(
        Parameter(path="duty_station", label=N_("Duty station"), value=_station),
        Parameter(path="year", label=N_("Year"), value=_this_year),
        Parameter(
            path="version",
            label=N_("Version of the list"),
            hint=N_("As it was published, such as the symbol of a circular, or a number."),
            value=lambda _: "1",
        ),
        Parameter(
            path="holidays",
            label=N_("Days on which nobody works"),
            hint=N_(
                "One on each line, such as 2026-12-25; what follows behind a day is not kept."
                " Days in lieu are among them."
            ),
            widget=Widget.LINES,
            entry=_holiday,
            required=True,
        ),
        Parameter(
            path="weekend",
            label=N_("Days of each week on which nobody works"),
            hint=N_("None ticked: Saturday and Sunday."),
            choices=lambda _: called_by_words(WEEKDAYS),
            closed=True,
        ),
        Parameter(
            path="order.authority",
            label=N_("By what authority"),
            hint=N_("The document in which the list was published."),
        ),
    ),
    surfaces=ON_PAGES,
    elsewhere="placet calendar load",
)

BODY: Final[tuple[Act[Any], ...]] = (
    ESTABLISH,
    ADOPT,
    *SEATS,
    COMPLETE,
    PUBLISH_CALENDAR,
)
