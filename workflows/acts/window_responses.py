"""Acts on responses: respond, register on behalf, withdraw an objection, rule on a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from domain.actors import Role
from domain.messages import RecordedEvent
from domain.silence.commands import Respond, RuleOnResponse, WithdrawObjection
from domain.silence.events import Response
from domain.streams import StreamKind
from workflows.acts import window_state
from workflows.acts.act import STAFF, Act
from workflows.acts.field_combinations import short_together
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
from workflows.acts.response_parameters import CONTENT, EVIDENCE, ON_BEHALF, SEAT, SEATS
from workflows.acts.shared_parameters import REASON
from workflows.acts.stated_circumstances import Circumstances
from workflows.queries.window import WindowForForm

NO_FILE: Final = N_(
    "No paper or mail is kept with it: whoever doubts it later finds only what was written here."
    " Add it if there is one."
)


def _own(by: Circumstances) -> Mapping[str, object]:
    """A seat that responds responds for itself."""
    return {"seats": (by.seat,)}


RESPOND: Final = Act[WindowForForm](
    command=Respond,
    noun=StreamKind.WINDOW,
    slug="respond",
    title=N_("Respond"),
    does=N_("Every response is kept, whatever becomes of it. None is ever turned away."),
    roles=(Role.SEAT,),
    offered=window_state.UNTIL_SUPERSEDED,
    parameters=(
        SEAT,
        *CONTENT,
        Parameter(
            path="on_behalf_of",
            label=N_("Also on behalf of"),
            hint=N_("Only for members that this seat is empowered to act for."),
            choices=window_state.represented,
            as_named=True,
            applies=window_state.empowered,
            option=ON_BEHALF,
        ),
    ),
    checks=(short_together("text", "wording"),),
    derived=_own,
    help=(
        "Answer for a seat.\n\n"
        "An objection or an amendment breaks the silence; statements do not. Whatever is answered"
        " is kept. It ends with 1 when the answer does not count."
    ),
    options=("order.seat", "kind", "on_behalf_of", "items", "text", "wording", "text_hash"),
    preset=lambda _: {"channel": "command line"},
    receipt=True,
)


def _without_file(events: Sequence[RecordedEvent]) -> Sequence[str]:
    """Whether somebody registers for a seat what came on paper, and the paper does not come."""
    responses = (getattr(event.fact, "response", None) for event in events)
    return (NO_FILE,) if any(isinstance(r, Response) and not r.evidence for r in responses) else ()


REGISTER: Final = Act[WindowForForm](
    command=Respond,
    noun=StreamKind.WINDOW,
    slug="register",
    title=N_("Register a response on behalf"),
    does=N_(
        "For a response that came on paper, by mail or at a meeting. What counts is when it was"
        " received, not when it is registered."
    ),
    roles=STAFF,
    offered=window_state.UNTIL_SUPERSEDED,
    parameters=(
        SEATS,
        *CONTENT,
        Parameter[WindowForForm](
            path="order.received",
            label=N_("Received"),
            required=True,
            zone=lambda shown, _: shown.body.zone or "UTC",
            option=Option("When it came in: 2026-05-29T16:59[Europe/Vienna]."),
        ),
        Parameter[WindowForForm](
            path="channel",
            label=N_("How it came"),
            hint=N_("Such as: letter, mail, at the meeting."),
            required=True,
            option=Option("How it came, such as letter or mail."),
        ),
        EVIDENCE,
        Parameter[WindowForForm](path="on_behalf_of", option=ON_BEHALF),
    ),
    checks=(short_together("text", "wording"),),
    warnings=_without_file,
    help=(
        "Enter a response that came on paper or by mail.\n\n"
        "It counts from the time when it came in. One that came in time is never lost: found after"
        " the close, it suspends the approval."
    ),
    options=(
        "kind",
        "order.received",
        "seats",
        "channel",
        "evidence",
        "on_behalf_of",
        "items",
        "text",
        "wording",
        "text_hash",
    ),
    receipt=True,
)


def _withdrawing(shown: WindowForForm) -> tuple[Role, ...]:
    """A seat for itself; where names are withheld the secretariat enters it.

    Otherwise anybody could learn whose an objection is, by trying one seat after another. For one
    of several who signed it is withdrawn at the command line, for the same reason.
    """
    return (Role.SECRETARIAT,) if shown.window.policy.names_withheld else (Role.SEAT,)


def _withheld(shown: WindowForForm) -> bool:
    return shown.window.policy.names_withheld


WITHDRAW: Final = Act[WindowForForm](
    command=WithdrawObjection,
    noun=StreamKind.WINDOW,
    slug="withdraw-objection",
    title=N_("Withdraw an objection"),
    does=lambda shown: (
        N_(
            "It stays on record. A silence that is broken stays broken. As names are withheld"
            " here, the secretariat enters it for the seat."
        )
        if _withheld(shown)
        else N_("It stays on record. A silence that is broken stays broken.")
    ),
    roles=(Role.SEAT, Role.SECRETARIAT),
    roles_here=_withdrawing,
    offered=window_state.OBJECTED,
    parameters=(
        replace(
            SEAT,
            required=lambda shown: not _withheld(shown),
            applies=lambda shown: not _withheld(shown),
            option=Option("The seat; else the secretariat enters it.", "--as", "SEAT"),
        ),
        Parameter(
            path="number",
            label=N_("Which response"),
            widget=Widget.SINGLE,
            choices=window_state.objections,
            option=Option("The number of the objection.", "--response"),
        ),
        replace(EVIDENCE, applies=_withheld),
        REASON,
        Parameter(
            path="seats",
            option=Option("A seat or member for which it is withdrawn, where not all.", "--for"),
        ),
    ),
    verb="withdraw",
    help=(
        "Withdraw an objection. It stays on record, and a broken silence stays broken.\n\n"
        "A seat withdraws for itself; the secretariat for a seat, with the paper that asks for it."
    ),
    options=("number", "order.seat", "seats", "evidence", "reason"),
)

RULE: Final = Act[WindowForForm](
    command=RuleOnResponse,
    noun=StreamKind.WINDOW,
    slug="rule",
    title=N_("Rule on a response"),
    does=N_("Decides whether a response breaks the silence. The reason is shown to all."),
    roles=(Role.PRESIDING_OFFICER,),
    offered=window_state.DOUBTFUL,
    parameters=(
        Parameter(
            path="number",
            label=N_("Which response"),
            widget=Widget.SINGLE,
            choices=window_state.doubtful,
            option=Option("The number of the response.", "--response"),
        ),
        Parameter(
            path="breaks",
            label=N_("The ruling"),
            widget=Widget.SINGLE,
            choices=lambda _: (
                Choice(value="yes", label=N_("It breaks the silence.")),
                Choice(value="no", label=N_("It does not break it, or it did not come in time.")),
            ),
            option=Option("What the ruling is.", "--breaks/--does-not-break"),
        ),
        REASON,
        Parameter(
            path="second",
            label=N_("Second person"),
            hint=N_(
                "Needed once an approval was recorded, and to rule that an objection did not"
                " come in time. Write the function, not the name."
            ),
            option=Option("The office of the second person, where two are needed."),
        ),
    ),
    second="second",
    help=(
        "Rule on a doubtful response; the presiding officer does.\n\n"
        "Once an approval was recorded, two persons rule. An objection that certainly came in"
        " time stays one, whatever anybody rules. Under a token this prepares what takes two"
        " persons; another one confirms it by `placet window confirm`."
    ),
)

RESPONSES: Final[tuple[Act[Any], ...]] = (RESPOND, WITHDRAW, REGISTER, RULE)
