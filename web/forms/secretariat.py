"""Forms of the secretariat: what became of notices, and how the outcome was made known."""

from __future__ import annotations

from typing import Final

from domain.actors import Role
from domain.silence.commands import AnnounceOutcome, RecordNotices, RepeatNotices
from domain.silence.notice_repetition import TELLING
from domain.silence.notification import ABOUT
from web.forms.fields import Choice, Field, Values
from web.forms.form import Form, FormContext, FormRequest
from web.i18n.labels import N_

EITHER = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)

RESULTS: Final = {
    "delivered": N_("It reached them."),
    "failed": N_("It did not reach them. This stands in the way of an approval."),
    "resolved": N_("It had failed, and has reached them by now."),
    "waived": N_("It failed, and this shall not stand in the way. Say why."),
}

ANNOUNCED: Final = ("letter", "announced at a meeting", "noted at a meeting")
"""How an outcome becomes known. The last two take it off the list of what a meeting must note."""


def notices(here: FormContext) -> Form:
    """What became of notices, told by hand."""
    say = here.say

    def make(values: Values) -> FormRequest:
        command = RecordNotices(
            window=here.window.id,
            seats=values.many("seats"),
            result=values.text("result"),
            about=values.text("about"),
            reason=values.text("reason"),
            via=values.text("via"),
        )
        return FormRequest(command=command)

    results = tuple(Choice(name, say(name), say(does)) for name, does in RESULTS.items())
    told = tuple(Choice(name, say(name)) for name in ABOUT if name)
    return Form(
        title=say("Record notices"),
        does=say("Says what became of notices that went out by another way than this program."),
        verb="record notices",
        roles=EITHER,
        fields=(
            here.seat_field(say("To which seats"), "seats", "many"),
            Field(name="about", label=say("What they told"), kind="select", choices=told),
            Field(
                name="result",
                label=say("What became of them"),
                kind="one",
                choices=results,
                required=True,
            ),
            here.reason(required=False),
            Field(name="via", label=say("How they went"), hint=say("Such as: by hand, mail.")),
        ),
        make=make,
    )


def repeat(here: FormContext) -> Form:
    """What seats were told is sent to them again, on purpose."""
    say = here.say

    def make(values: Values) -> FormRequest:
        command = RepeatNotices(
            window=here.window.id,
            seats=values.many("seats"),
            about=values.text("about"),
            reason=values.text("reason"),
        )
        return FormRequest(command=command)

    told = tuple(Choice(name, say(name)) for name in TELLING)
    return Form(
        title=say("Send notices again"),
        does=say("Sends seats again what they were told of, with what holds by now."),
        verb="repeat notices",
        roles=EITHER,
        fields=(
            here.seat_field(say("To which seats"), "seats", "many"),
            Field(
                name="about",
                label=say("What they told"),
                kind="select",
                choices=told,
                required=True,
            ),
            here.reason(),
        ),
        make=make,
    )


def announce(here: FormContext) -> Form:
    """How the outcome was made known."""
    say = here.say

    def make(values: Values) -> FormRequest:
        manner, note = values.text("manner"), values.text("note")
        return FormRequest(command=AnnounceOutcome(window=here.window.id, manner=manner, note=note))

    manners = tuple(Choice(manner, say(manner)) for manner in ANNOUNCED)
    return Form(
        title=say("Announce the outcome"),
        does=say("Records how the outcome was made known, in writing or at a meeting."),
        verb="announce outcome",
        roles=EITHER,
        fields=(
            Field(name="manner", label=say("How"), kind="one", choices=manners, required=True),
            Field(name="note", label=say("Which letter, meeting or paragraph")),
        ),
        make=make,
    )
