"""The form that opens a silence procedure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from domain.actors import Role
from domain.languages import LANGUAGES
from domain.silence.commands import OpenSilence
from domain.silence.events import Subject
from domain.times import UNKNOWN
from web.forms.fields import Choice, Field, FieldError, Values
from web.forms.form import Form, FormRequest
from workflows.history import narration
from workflows.queries.opening_options import OpeningOptions

SUBJECTS: Final = ("decision text", "agenda items", "session dates", "list of entries", "other")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_THRESHOLD: Final = re.compile(r"[1-9][0-9]{0,3}")
_YES_OR_NO: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "": None}


def form(openable: OpeningOptions, say: narration.Translate, language: str) -> Form:
    """Puts a text under silence."""
    zones = {body.id: body.zone or "UTC" for body in openable.bodies}

    def make(values: Values) -> FormRequest:
        zone = zones[values.text("body")]
        waivers = {rule: values.text(f"waive-{rule}") for rule in openable.waivable}
        return FormRequest(
            command=_command(values, zone, say),
            waivers={rule: reason for rule, reason in waivers.items() if reason},
        )

    return Form(
        title=say("Open a silence procedure"),
        does=say(
            "Puts one text before the seats of one body: it is approved unless somebody objects"
            " before the deadline. Text, roster and rules are frozen by it."
        ),
        verb="open silence",
        roles=(Role.SECRETARIAT, Role.PRESIDING_OFFICER),
        fields=(
            *_what(openable, say, language),
            *_texts(say),
            *_until(openable, say),
            *_how(openable, say),
        ),
        make=make,
    )


def _what(openable: OpeningOptions, say: narration.Translate, language: str) -> tuple[Field, ...]:
    bodies = tuple(
        Choice(one.id, narration.localized_name(one.names, language) or one.id)
        for one in openable.bodies
    )
    subjects = tuple(Choice(one, say(one)) for one in SUBJECTS)
    return (
        Field(
            name="window",
            label=say("Id of the procedure"),
            hint=say(
                "Small letters, digits and hyphens, such as board-3-dates. It stays for ever."
            ),
            required=True,
        ),
        Field(name="body", label=say("Who is asked"), kind="select", choices=bodies, required=True),
        Field(
            name="type",
            label=say("What comes under silence"),
            kind="one",
            choices=subjects,
            required=True,
        ),
        Field(
            name="agenda",
            label=say("Agenda whose submitted items come under silence"),
            kind=_kind(openable.agendas),
            choices=_choices(openable.agendas),
            hint=say("Only for agenda items: their submitted text is taken, whole."),
        ),
        Field(
            name="parts",
            label=say("Separable parts"),
            kind="long",
            hint=say("One on each line, for a list of entries. Empty for an undivided text."),
        ),
    )


def _kind(names: tuple[str, ...] | None) -> str:
    """What is too much to choose from is written."""
    return "text" if names is None else "select"


def _choices(names: tuple[str, ...] | None) -> tuple[Choice, ...]:
    return tuple(Choice(one, one) for one in names or ())


def _texts(say: narration.Translate) -> tuple[Field, ...]:
    """Title and text in each language; English first, the others folded away."""
    return tuple(
        field
        for tag in sorted(LANGUAGES, key=lambda tag: tag != "en")
        for field in (
            Field(
                name=f"title-{tag}",
                label=say("Title (%(language)s)") % {"language": say(LANGUAGES[tag])},
                language=tag,
                fold="" if tag == "en" else say("Other languages"),
            ),
            Field(
                name=f"text-{tag}",
                label=say("Text (%(language)s)") % {"language": say(LANGUAGES[tag])},
                kind="long",
                language=tag,
                fold="" if tag == "en" else say("Other languages"),
            ),
        )
    )


def _until(openable: OpeningOptions, say: narration.Translate) -> tuple[Field, ...]:
    return (
        Field(
            name="length",
            label=say("How long"),
            hint=say("Such as: 72 hours, 14 days, 10 working days. Empty for what the rules say."),
        ),
        Field(
            name="closes",
            label=say("Or until when"),
            kind="moment",
            hint=say("Local time of the body."),
        ),
        Field(
            name="closes-offset",
            label=say("Offset from UTC, such as +02:00"),
            hint=say("Only for a time that clocks show twice, in the night of a change."),
        ),
        *(
            Field(
                name=f"waive-{rule}",
                label=say("Reason for waiving the rule %(rule)s") % {"rule": rule},
                hint=demand,
                fold=say("Waive a rule"),
            )
            for rule, demand in openable.waivable.items()
        ),
    )


def _how(openable: OpeningOptions, say: narration.Translate) -> tuple[Field, ...]:
    frozen = say("How this silence works")
    yes_or_no = (Choice("yes", say("Yes")), Choice("no", say("No")))
    rest = say("Empty for what the rules say.")
    return (
        Field(name="threshold", label=say("How many objections break it"), hint=rest, fold=frozen),
        Field(
            name="by_item",
            label=say("Each part stands or falls by itself"),
            kind="select",
            choices=yes_or_no,
            hint=rest,
            fold=frozen,
        ),
        Field(
            name="names_withheld",
            label=say("Names of those who answer are withheld"),
            kind="select",
            choices=yes_or_no,
            hint=rest,
            fold=frozen,
        ),
        Field(name="mandate", label=say("Mandate"), hint=say("By what this body may decide so.")),
        Field(name="channel", label=say("Channel"), hint=say("How the text is circulated.")),
        Field(
            name="relaunch_of",
            label=say("Relaunch of an earlier procedure"),
            kind=_kind(openable.failed),
            choices=_choices(openable.failed),
            hint=say("Only what was not approved, of the same body and in the same matter."),
        ),
    )


def _command(values: Values, zone: str, say: narration.Translate) -> OpenSilence:
    window, threshold = values.text("window"), values.text("threshold")
    if not _ID.fullmatch(window):
        raise FieldError("window", say("Small letters, digits and hyphens, at most sixty."))
    if threshold and not _THRESHOLD.fullmatch(threshold):
        raise FieldError("threshold", say("A number from 1 to 9999."))
    length, closes = values.text("length"), values.text("closes")
    if length and closes:
        raise FieldError("length", say("Give either a length or a deadline."))
    subject = Subject(
        type=values.text("type"),
        titles=_by_language(values, "title"),
        agenda=values.text("agenda"),
        items=values.many("parts"),
    )
    return OpenSilence(
        window=window,
        body=values.text("body"),
        subject=subject,
        length=length,
        closes=values.moment("closes", zone) if closes else UNKNOWN,
        text=_by_language(values, "text"),
        threshold=int(threshold) if threshold else None,
        by_item=_YES_OR_NO[values.text("by_item")],
        names_withheld=_YES_OR_NO[values.text("names_withheld")],
        channel=values.text("channel"),
        mandate=values.text("mandate"),
        relaunch_of=values.text("relaunch_of"),
    )


def _by_language(values: Values, name: str) -> dict[str, str]:
    told = {tag: values.text(f"{name}-{tag}") for tag in LANGUAGES}
    return {tag: text for tag, text in told.items() if text}
