"""Forms for answers: a seat responds or withdraws, the secretariat registers on behalf."""

from __future__ import annotations

from typing import Final

from domain.actors import Role
from domain.canonical import canonical_json
from domain.silence.commands import Respond, WithdrawObjection
from domain.silence.responses import BREAKING
from web.forms.fields import Choice, Field, FieldError, Values
from web.forms.form import Form, FormContext, FormRequest
from web.i18n.labels import N_

LARGEST: Final = 56 * 1024
"""How many bytes the texts of one response may have; its event holds them with the rest."""

KINDS: Final = {
    "objection": N_("Breaks the silence: the text, or the parts concerned, are not approved."),
    "amendment": N_("Asks for another wording. It breaks the silence like an objection."),
    "no objection": N_("Says outright that there is none. It is shown, and breaks nothing."),
    "editorial comment": N_("On the form only. It breaks nothing."),
    "substantive comment": N_("On the substance. It is kept and shown, and breaks nothing."),
    "reservation": N_("Formal, attached to the outcome. It breaks nothing."),
    "interpretative statement": N_("How the text is understood; attached. It breaks nothing."),
    "explanation of position": N_("Why the silence is kept; attached. It breaks nothing."),
    "unclear": N_("Whether it breaks the silence is for the presiding officer to rule."),
}
"""What each kind of response does."""


def respond(here: FormContext) -> Form:
    """A seat of the roster answers."""
    say = here.say
    fields = [here.seat_field(say("For which seat you answer")), *_content(here)]
    powers = {name for one in here.shown.roster for name in one.acts_for}
    if powers:
        offered = tuple(one for one in here.seats() if one.value in powers)
        fields.append(
            Field(
                name="on_behalf_of",
                label=say("Also on behalf of"),
                kind="many",
                choices=offered,
                hint=say("Only for members that this seat is empowered to act for."),
            )
        )
    return Form(
        title=say("Respond"),
        does=say("Every response is kept, whatever becomes of it. None is ever turned away."),
        verb="respond",
        roles=(Role.SEAT,),
        fields=tuple(fields),
        make=lambda values: FormRequest(command=_response(here, values, (values.text("seat"),))),
    )


def register(here: FormContext) -> Form:
    """The secretariat enters what came on paper, by mail or by word of mouth."""
    say = here.say
    zone = here.shown.body.zone or "UTC"

    def make(values: Values) -> FormRequest:
        command = _response(here, values, values.many("seats"))
        return FormRequest(command=command, received=values.moment("received", zone))

    return Form(
        title=say("Register a response on behalf"),
        does=say(
            "For a response that came on paper, by mail or at a meeting. What counts is when it"
            " was received, not when it is registered."
        ),
        verb="respond",
        roles=(Role.SECRETARIAT, Role.PRESIDING_OFFICER),
        fields=(
            here.seat_field(say("From which seats"), "seats", "many"),
            *_content(here),
            *here.moment("received", say("Received"), zone),
            Field(
                name="channel",
                label=say("How it came"),
                hint=say("Such as: letter, mail, at the meeting."),
                required=True,
            ),
            _paper(here),
        ),
        make=make,
    )


def withdraw(here: FormContext) -> Form:
    """A seat takes its objection back; where names are withheld, the secretariat enters it.

    Else anybody could learn whose an objection is, by trying one seat after another. For one of
    several who signed it is withdrawn at the command line, for the same reason.
    """
    say, withheld = here.say, here.window.policy.names_withheld
    theirs = {
        one.number
        for one in here.window.responses
        if one.response.kind in BREAKING | {"unclear"} and not one.withdrawn
    }

    def make(values: Values) -> FormRequest:
        number, reason = int(values.text("number")), values.text("reason")
        command = WithdrawObjection(
            window=here.window.id,
            number=number,
            reason=reason,
            evidence=values.text("evidence"),
        )
        return FormRequest(command=command)

    return Form(
        title=say("Withdraw an objection"),
        does=say(
            "It stays on record. A silence that is broken stays broken. As names are withheld"
            " here, the secretariat enters it for the seat."
        )
        if withheld
        else say("It stays on record. A silence that is broken stays broken."),
        verb="withdraw objection",
        roles=(Role.SECRETARIAT,) if withheld else (Role.SEAT,),
        fields=(
            *(() if withheld else (here.seat_field(say("For which seat you answer")),)),
            here.numbers(theirs.__contains__),
            *((_paper(here),) if withheld else ()),
            here.reason(required=False),
        ),
        make=make,
    )


def _paper(here: FormContext) -> Field:
    say = here.say
    return Field(
        name="evidence",
        label=say("The paper or mail itself"),
        kind="paper",
        hint=say("Up to 15 MB. It is kept in the record, by its SHA-256."),
    )


def _content(here: FormContext) -> list[Field]:
    """What is answered."""
    say = here.say
    wanted = here.window.policy.reasons_required
    kinds = tuple(Choice(kind, say(kind), say(does)) for kind, does in KINDS.items())
    parts = [here.items()] if here.window.subject.items else []
    return [
        Field(name="kind", label=say("Your response"), kind="one", choices=kinds, required=True),
        *parts,
        Field(
            name="text",
            label=say("Reasons, or the text of the statement"),
            kind="long",
            hint=say("This procedure wants reasons for an objection.") if wanted else "",
        ),
        Field(name="wording", label=say("Wording that is asked for"), kind="long"),
        Field(
            name="text_hash",
            label=say("Hash of the text that is answered"),
            kind="fixed",
            value=(here.window.text_hash,),
        ),
    ]


def _response(here: FormContext, values: Values, seats: tuple[str, ...]) -> Respond:
    """The response that was written. Raises Fault where one event could not hold it."""
    if is_too_long(values):
        raise FieldError(
            "text", here.say("Reasons and wording are too long together: shorten them.")
        )
    return build_response(here.window.id, values, seats)


def is_too_long(values: Values) -> bool:
    """Whether one event could not hold what was written."""
    return len(canonical_json([values.text("text"), values.text("wording")])) > LARGEST


def build_response(window: str, values: Values, seats: tuple[str, ...]) -> Respond:
    """The response of these seats as it was written."""
    return Respond(
        window=window,
        kind=values.text("kind"),
        seats=seats,
        on_behalf_of=values.many("on_behalf_of"),
        items=values.many("items"),
        text=values.text("text"),
        wording=values.text("wording"),
        text_hash=values.text("text_hash"),
        channel=values.text("channel"),
        evidence=values.text("evidence"),
    )
