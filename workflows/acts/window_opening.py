"""The act that puts a text under silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from domain.silence.commands import OpenSilence
from domain.streams import StreamKind
from workflows.acts.act import STAFF, Act, Availability
from workflows.acts.choices import called_by_name, of_body
from workflows.acts.field_combinations import at_most_one
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
from workflows.acts.shared_parameters import PLAIN_ID, waivers
from workflows.queries.opening_options import OpeningOptions

SUBJECTS: Final = ("decision text", "agenda items", "session dates", "list of entries", "other")
TEXTS: Final = tuple(subject for subject in SUBJECTS if subject != "agenda items")
"""What brings a text of its own; that of agenda items was submitted."""
BY_THE_RULES: Final = N_("Empty for what the rules say.")
POLICY: Final = N_("How this silence works")


def _bodies(openable: OpeningOptions) -> tuple[Choice, ...]:
    return tuple(of_body(body.id, body.names) for body in openable.bodies)


def _zone(openable: OpeningOptions, given: Callable[[str], str]) -> str:
    """The zone of the body that is asked."""
    zones = {body.id: body.zone for body in openable.bodies}
    return zones.get(given("body")) or "UTC"


def _subjects(openable: OpeningOptions) -> tuple[Choice, ...]:
    """What may come under silence by the rules of a body that can be asked."""
    allowed = openable.subjects
    named = [subject for subject in SUBJECTS if allowed is None or subject in allowed]
    return called_by_name(named)


def _named(names: Sequence[str] | None) -> tuple[Choice, ...] | None:
    """What is too much to choose from is written."""
    return None if names is None else tuple(Choice(value=name, text=name) for name in names)


def _waivable(openable: OpeningOptions) -> tuple[Choice, ...]:
    return tuple(Choice(value=rule, hint=demand) for rule, demand in openable.waivable.items())


def _preset(given: Mapping[str, object]) -> Mapping[str, object]:
    """What is under silence, where the command line does not say: what an agenda implies."""
    return {"subject.type": "agenda items" if given.get("subject.agenda") else "decision text"}


SUBJECT: Final[tuple[Parameter[OpeningOptions], ...]] = (
    Parameter(
        path="window",
        label=N_("Id of the procedure"),
        hint=N_("Small letters, digits and hyphens, such as board-3-dates. It stays for ever."),
        pattern=PLAIN_ID,
    ),
    Parameter(
        path="body",
        label=N_("Who is asked"),
        choices=_bodies,
        value=lambda openable: openable.body,
        option=Option("The body whose seats are asked."),
    ),
    Parameter(
        path="subject.type",
        label=N_("What comes under silence"),
        widget=Widget.SINGLE,
        choices=_subjects,
        value=lambda openable: "agenda items" if openable.agenda else "",
        option=Option(
            "What is under silence: decision text, session dates, list of entries, other;"
            " with --agenda: agenda items.",
            "--subject",
        ),
    ),
    Parameter(
        path="subject.agenda",
        label=N_("Agenda whose submitted items come under silence"),
        hint=N_("Only for agenda items: their submitted text is taken, whole."),
        for_kinds=("agenda items",),
        choices=lambda openable: _named(openable.agendas),
        value=lambda openable: openable.agenda,
        option=Option("The agenda whose submitted items are the text."),
    ),
    Parameter(path="subject.session", option=Option("The session that it concerns.")),
    Parameter(path="subject.document", option=Option("The document of the text.")),
    Parameter(
        path="subject.items",
        name="parts",
        label=N_("Separable parts"),
        hint=N_("One on each line, for a list of entries. Empty for an undivided text."),
        for_kinds=("list of entries", "other"),
        option=Option("A part that can be answered by itself.", "--item"),
    ),
    Parameter(
        path="subject.titles",
        name="title",
        label=N_("Title (%(language)s)"),
        option=Option("Its title.", "--title", "LANGUAGE=TITLE"),
    ),
    Parameter(
        path="text",
        label=N_("Text (%(language)s)"),
        widget=Widget.LONG,
        for_kinds=TEXTS,
        option=Option(
            "The text.",
            "--text",
            "LANGUAGE=TEXT",
            file=("--text-file", "The text, in a file (UTF-8)."),
        ),
    ),
)

END: Final[tuple[Parameter[OpeningOptions], ...]] = (
    Parameter(
        path="length",
        label=N_("How long"),
        hint=N_("Empty for what the rules say. Leave it as it is if you give an end below."),
        widget=Widget.LENGTH,
        value=lambda openable: openable.length,
        gives_way_to="closes",
        option=Option("72 hours, 14 days or 10 working days."),
    ),
    Parameter(
        path="closes",
        label=N_("Or until when"),
        hint=N_("Local time of the body."),
        zone=_zone,
        option=Option("The end instead: 2026-05-29T17:00[Europe/Vienna]."),
    ),
    waivers(_waivable),
)

HOW: Final[tuple[Parameter[OpeningOptions], ...]] = (
    Parameter(
        path="threshold",
        label=N_("How many objections break it"),
        hint=BY_THE_RULES,
        pattern=(r"[1-9][0-9]{0,3}", N_("A number from 1 to 9999.")),
        fold=POLICY,
        option=Option("How many objections break it.", minimum=1),
    ),
    Parameter(
        path="by_item",
        label=N_("Each part stands or falls by itself"),
        hint=BY_THE_RULES,
        fold=POLICY,
        option=Option("What an objection breaks.", "--by-item/--as-a-whole"),
    ),
    Parameter(
        path="names_withheld",
        label=N_("Names of those who answer are withheld"),
        hint=BY_THE_RULES,
        fold=POLICY,
        option=Option("Of those who answer.", "--names-withheld/--names-shown"),
    ),
    Parameter(
        path="mandate",
        label=N_("Mandate"),
        hint=N_("By what this body may decide so."),
        option=Option("What authorises silence."),
    ),
    Parameter(
        path="channel",
        label=N_("Channel"),
        hint=N_("How the text is circulated."),
        option=Option("How the text is circulated."),
    ),
    Parameter(
        path="relaunch_of",
        label=N_("Relaunch of an earlier procedure"),
        hint=N_("Only what was not approved, of the same body and in the same matter."),
        choices=lambda openable: _named(openable.failed),
        option=Option("The ended procedure that this one takes up."),
    ),
)

OPEN: Final = Act[OpeningOptions](
    command=OpenSilence,
    noun=StreamKind.WINDOW,
    slug="open",
    title=N_("Open a silence procedure"),
    does=N_(
        "Puts one text before the seats of one body: it is approved unless somebody objects"
        " before the deadline. Text, roster and rules are frozen by it."
    ),
    roles=STAFF,
    offered=Availability(
        words=N_("always, for a body with a roster"), holds=lambda openable: bool(openable.bodies)
    ),
    parameters=(*SUBJECT, *END, *HOW),
    checks=(at_most_one("length", "closes"),),
    help=(
        "Put a text under silence.\n\n"
        "It is approved unless somebody entitled objects in time. What the options leave open is as"
        " the rules of the body have it. Before it is opened, the deadline is told with each step"
        " of its computation."
    ),
    options=(
        "body",
        "subject.type",
        "subject.agenda",
        "subject.session",
        "subject.document",
        "subject.titles",
        "text",
        "subject.items",
        "length",
        "closes",
        "threshold",
        "by_item",
        "names_withheld",
        "channel",
        "mandate",
        "relaunch_of",
    ),
    preset=_preset,
)

OPENING: Final[tuple[Act[Any], ...]] = (OPEN,)
