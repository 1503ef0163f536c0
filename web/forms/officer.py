"""Forms of the presiding officer: how a window moves, ends, and what is ruled on responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.actors import Role
from domain.messages import Command
from domain.silence import holds
from domain.silence.commands import (
    ExtendSilence,
    HoldSilence,
    ReferMatter,
    ReleaseSilence,
    ResumeSilence,
    RuleOnResponse,
    SupersedeSilence,
    SuspendSilence,
)
from domain.silence.outcome import DESTINATIONS
from domain.times import UNKNOWN
from web.forms.fields import Choice, Field, FieldError, Values
from web.forms.form import Form, FormContext, FormRequest, unruled_responses
from web.i18n.labels import N_

OFFICER = (Role.PRESIDING_OFFICER,)
EITHER = (Role.PRESIDING_OFFICER, Role.SECRETARIAT)
DOUBTS: Final[Mapping[str, str]] = {
    holds.REVIEW: N_("Something that people have to look at"),
    "letter": N_("A letter that is on its way"),
    holds.NOTICES: N_("Notices that may not have arrived"),
    holds.OUTAGE: N_("A time in which nobody could answer"),
    holds.CLOCK: N_("A clock that may be wrong"),
    holds.RESTORED: N_("A restored backup, in which answers may be missing"),
}
"""What a hold may be about besides a response, in words."""


def extend(here: FormContext) -> Form:
    """A later end."""
    say, window = here.say, here.window.id

    def make(values: Values) -> FormRequest:
        closes = values.moment("closes", here.zone)
        return FormRequest(
            command=ExtendSilence(window=window, closes=closes, reason=values.text("reason"))
        )

    return Form(
        title=say("Extend"),
        does=say("Moves the deadline to a later one, while the silence runs. All are told."),
        verb="extend silence",
        roles=OFFICER,
        fields=(*here.moment("closes", say("New deadline"), here.zone), here.reason()),
        make=make,
    )


def suspend(here: FormContext) -> Form:
    """The clock stops."""
    does = here.say("Stops the clock, for consultations for instance. Responses still count.")
    return _reasoned(here, here.say("Suspend"), does, "suspend silence", SuspendSilence)


def release(here: FormContext) -> Form:
    """A hold ends."""
    does = here.say("Ends the hold: the silence clock may record the lapse if nothing is in doubt.")
    say, window = here.say, here.window
    choices = tuple(Choice(str(one.number), f"{one.number}. {one.reason}") for one in window.holds)

    def make(values: Values) -> FormRequest:
        number, reason = int(values.text("hold") or 0), values.text("reason")
        return FormRequest(command=ReleaseSilence(window=window.id, hold=number, reason=reason))

    which = Field(
        name="hold", label=say("Which hold"), kind="one", choices=choices, required=len(choices) > 1
    )
    return Form(
        title=say("End the hold"),
        does=does,
        verb="release silence",
        roles=OFFICER,
        fields=(which, here.reason()),
        make=make,
    )


def hold(here: FormContext) -> Form:
    """The close is held."""
    does = here.say("Nothing is approved until the presiding officer ends the hold.")
    say, window = here.say, here.window
    doubts = [Choice(about, say(words)) for about, words in DOUBTS.items()]
    ends = say("A ruling on it ends the hold.")
    responses = [
        Choice(f"{holds.RESPONSE} {one.number}", f"{one.number}. {say(one.response.kind)}", ends)
        for one in window.responses
    ]

    def make(values: Values) -> FormRequest:
        about, _, number = values.text("about").partition(f"{holds.RESPONSE} ")
        command = HoldSilence(
            window=window.id,
            reason=values.text("reason"),
            about=holds.RESPONSE if number else about,
            response=int(number or 0),
        )
        return FormRequest(command=command)

    about = Field(
        name="about",
        label=say("What it is about"),
        kind="one",
        choices=(*doubts, *responses),
        value=(holds.REVIEW,),
    )
    return Form(
        title=say("Hold for review"),
        does=does,
        verb="hold silence",
        roles=EITHER,
        fields=(here.reason(), about),
        make=make,
    )


def _reasoned(
    here: FormContext,
    title: str,
    does: str,
    verb: str,
    kind: type[SuspendSilence],
) -> Form:
    """An act that needs nothing but its reason."""

    def make(values: Values) -> FormRequest:
        command: Command = kind(window=here.window.id, reason=values.text("reason"))
        return FormRequest(command=command)

    return Form(
        title=title, does=does, verb=verb, roles=OFFICER, fields=(here.reason(),), make=make
    )


def resume(here: FormContext) -> Form:
    """The clock runs again."""
    say, window = here.say, here.window.id

    def make(values: Values) -> FormRequest:
        length, stated = values.text("length"), values.text("closes")
        if bool(length) == bool(stated):
            raise FieldError("length", say("Give either a length or a deadline."))
        closes = values.moment("closes", here.zone) if stated else UNKNOWN
        return FormRequest(command=ResumeSilence(window=window, length=length, closes=closes))

    return Form(
        title=say("Resume"),
        does=say("Lets the clock run again, to a new deadline. It is never earlier than before."),
        verb="resume silence",
        roles=OFFICER,
        fields=(
            Field(
                name="length",
                label=say("Length from now on"),
                hint=say("Such as: 72 hours, 14 days, 10 working days."),
            ),
            *here.moment("closes", say("Or a new deadline"), here.zone, required=False),
        ),
        make=make,
    )


def supersede(here: FormContext) -> Form:
    """The window ends without outcome."""
    say = here.say

    def make(values: Values) -> FormRequest:
        reason, by = values.text("reason"), values.text("by")
        return FormRequest(command=SupersedeSilence(window=here.window.id, reason=reason, by=by))

    return Form(
        title=say("Supersede"),
        does=say("Ends it without outcome, because the text or the roster must change."),
        verb="supersede silence",
        roles=OFFICER,
        fields=(
            here.reason(),
            Field(name="by", label=say("Id of the procedure that follows, if there is one")),
        ),
        make=make,
    )


def rule(here: FormContext) -> Form:
    """A ruling on a doubtful response."""
    say, open_ = here.say, {*unruled_responses(here.window)}

    def make(values: Values) -> FormRequest:
        command = RuleOnResponse(
            window=here.window.id,
            number=int(values.text("number")),
            breaks=values.text("breaks") == "yes",
            reason=values.text("reason"),
            second=values.text("second"),
        )
        return FormRequest(command=command)

    rulings = (
        Choice("yes", say("It breaks the silence.")),
        Choice("no", say("It does not break it, or it did not come in time.")),
    )
    return Form(
        title=say("Rule on a response"),
        does=say("Decides whether a response breaks the silence. The reason is shown to all."),
        verb="rule on response",
        roles=OFFICER,
        fields=(
            here.numbers(open_.__contains__),
            Field(
                name="breaks", label=say("The ruling"), kind="one", choices=rulings, required=True
            ),
            here.reason(),
            Field(
                name="second",
                label=say("Second person"),
                hint=say(
                    "Needed once an approval was recorded, and to rule that an objection did not"
                    " come in time. Write the function, not the name."
                ),
            ),
        ),
        make=make,
    )


def refer(here: FormContext) -> Form:
    """Where the matter goes on."""
    say = here.say

    def make(values: Values) -> FormRequest:
        to, reason = values.text("to"), values.text("reason")
        return FormRequest(command=ReferMatter(window=here.window.id, to=to, reason=reason))

    places = tuple(Choice(place, say(place)) for place in DESTINATIONS)
    where = Field(name="to", label=say("Where it goes"), kind="one", choices=places, required=True)
    return Form(
        title=say("Refer the matter"),
        does=say("Says where the matter goes on now that the silence has ended."),
        verb="refer matter",
        roles=EITHER,
        fields=(where, here.reason(required=False)),
        make=make,
    )
