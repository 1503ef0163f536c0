"""Acts that move or end a silence procedure: extend, suspend, resume, hold, release, supersede."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.actors import Role
from domain.silence import holds
from domain.silence.commands import (
    ExtendSilence,
    HoldSilence,
    RecordLapse,
    ReleaseSilence,
    ResumeSilence,
    SupersedeSilence,
    SuspendSilence,
)
from domain.silence.events import (
    SilenceExtended,
    SilenceHeld,
    SilenceReleased,
    SilenceResumed,
    SilenceSuperseded,
    SilenceSuspended,
)
from domain.streams import StreamKind
from workflows.acts import window_state
from workflows.acts.act import FILES_ONLY, Act
from workflows.acts.choices import called_by_words
from workflows.acts.field_combinations import exactly_one
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
from workflows.acts.shared_parameters import REASON
from workflows.queries.window import WindowForForm

OFFICER: Final = (Role.PRESIDING_OFFICER,)

ABOUT: Final[Mapping[str, str]] = {
    holds.REVIEW: N_("Something that people have to look at"),
    "letter": N_("A letter that is on its way"),
    holds.NOTICES: N_("Notices that may not have arrived"),
    holds.OUTAGE: N_("A time in which nobody could answer"),
    holds.CLOCK: N_("A clock that may be wrong"),
    holds.RESTORED: N_("A restored backup, in which answers may be missing"),
    holds.MAIL: N_("What came by mail and waits for the secretariat"),
    holds.MAILBOX: N_("A mailbox that could not be read"),
}
"""What a hold may be about besides a response, in words."""


def _zone(shown: WindowForForm, _: object) -> str:
    return window_state.deadline_zone(shown.window)


EXTEND: Final = Act[WindowForForm](
    command=ExtendSilence,
    noun=StreamKind.WINDOW,
    slug="extend",
    title=N_("Extend"),
    does=N_("Moves the deadline to a later one, while the silence runs. All are notified."),
    roles=OFFICER,
    offered=window_state.MOVABLE,
    parameters=(
        Parameter(
            path="closes",
            label=N_("New deadline"),
            zone=_zone,
            option=Option("The new deadline: 2026-05-29T17:00[Europe/Vienna]."),
        ),
        REASON,
    ),
    consequences={
        SilenceExtended: N_(
            "The deadline moves to a later one. What is received before the new one is in time. All"
            " seats are notified."
        )
    },
    help="Move the deadline to a later one; the presiding officer does.",
)

SUSPEND: Final = Act[WindowForForm](
    command=SuspendSilence,
    noun=StreamKind.WINDOW,
    slug="suspend",
    title=N_("Suspend"),
    does=N_("Stops the clock, for consultations for instance. Responses still count."),
    roles=OFFICER,
    offered=window_state.MOVABLE,
    parameters=(REASON,),
    consequences={
        SilenceSuspended: N_(
            "The deadline no longer runs, and nothing is approved while the clock is stopped."
            " Responses that come meanwhile are in time. All seats are notified."
        )
    },
    help="Stop the clock; the presiding officer does.",
)

RESUME: Final = Act[WindowForForm](
    command=ResumeSilence,
    noun=StreamKind.WINDOW,
    slug="resume",
    title=N_("Resume"),
    does=N_("Lets the clock run again, to a new deadline. It is never earlier than before."),
    roles=OFFICER,
    offered=window_state.SUSPENDED,
    parameters=(
        Parameter(
            path="length",
            label=N_("Length from now on"),
            widget=Widget.LENGTH,
            option=Option("The new length, from now: 72 hours."),
        ),
        Parameter(
            path="closes",
            label=N_("Or a new deadline"),
            zone=_zone,
            option=Option("The new end instead."),
        ),
    ),
    checks=(exactly_one("length", "closes"),),
    consequences={
        SilenceResumed: N_(
            "The clock runs again, to the new deadline. What is received before it is in time. All"
            " seats are notified."
        )
    },
    help="Let a stopped clock run again; the presiding officer does.",
)


def _about(shown: WindowForForm) -> tuple[Choice, ...]:
    """What a hold may be about: kinds of doubt, and each response, on which a ruling ends it."""
    responses = [
        Choice(
            value=f"{holds.RESPONSE} {response.number}",
            label=response.response.kind,
            before=f"{response.number}. ",
            hint=N_("A ruling on it ends the hold."),
        )
        for response in shown.window.responses
    ]
    return (*called_by_words(ABOUT), *responses)


def _response_of(about: str) -> Mapping[str, object]:
    """`response 3` as what a hold is about, and the number of the response."""
    _, _, number = about.partition(f"{holds.RESPONSE} ")
    return {"about": holds.RESPONSE if number else about, "response": int(number or 0)}


HOLD: Final = Act[WindowForForm](
    command=HoldSilence,
    noun=StreamKind.WINDOW,
    slug="hold",
    title=N_("Hold for review"),
    does=N_("Nothing is approved until the presiding officer ends the hold."),
    roles=(Role.PRESIDING_OFFICER, Role.SECRETARIAT),
    offered=window_state.RUNNING,
    parameters=(
        REASON,
        Parameter(
            path="about",
            label=N_("What it is about"),
            widget=Widget.SINGLE,
            choices=_about,
            value=lambda _: holds.REVIEW,
            split=_response_of,
            option=Option(f"What it is about: {', '.join(holds.ABOUT)}."),
        ),
        Parameter(path="response", option=Option("The response on which a ruling ends the hold.")),
    ),
    consequences={
        SilenceHeld: N_(
            "The deadline stays, and responses are in time or late as without the hold. Nothing is"
            " approved until the hold is ended. The presiding officer is notified; the seats are"
            " not."
        )
    },
    help="Keep the clock from closing it until people have looked.",
)

RELEASE: Final = Act[WindowForForm](
    command=ReleaseSilence,
    noun=StreamKind.WINDOW,
    slug="release",
    title=N_("End the hold"),
    does=N_("Ends the hold: the silence clock may record the lapse if nothing is in doubt."),
    roles=OFFICER,
    offered=window_state.HELD,
    parameters=(
        Parameter(
            path="hold",
            label=N_("Which hold"),
            widget=Widget.SINGLE,
            choices=window_state.holds,
            required=lambda shown: len(shown.window.holds) > 1,
            option=Option("The number of the hold, where several stand."),
        ),
        REASON,
    ),
    consequences={
        SilenceReleased: N_(
            "The deadline stays. Once it and its grace are past, the silence clock records the"
            " approval, unless something is in doubt. The seats are notified of the outcome, not of"
            " this."
        )
    },
    help="End a hold; the presiding officer does. Once none stands, the clock may close it.",
)

SUPERSEDE: Final = Act[WindowForForm](
    command=SupersedeSilence,
    noun=StreamKind.WINDOW,
    slug="supersede",
    title=N_("Supersede"),
    does=N_("Ends it without outcome, because the text or the roster must change."),
    roles=OFFICER,
    offered=window_state.RUNNING,
    parameters=(
        REASON,
        Parameter(
            path="by",
            label=N_("Id of the procedure that follows, if there is one"),
            option=Option("The procedure that follows.", "--by-window"),
        ),
    ),
    consequences={
        SilenceSuperseded: N_(
            "It ends for good without outcome, and its deadline means nothing any more. Responses"
            " that come later are kept and cannot count. All seats are notified."
        )
    },
    final=True,
    help=(
        "End it without outcome; the presiding officer does.\n\n"
        "That is the way when its text or its roster must change."
    ),
)

LAPSE: Final = Act[Any](
    command=RecordLapse,
    noun=StreamKind.WINDOW,
    slug="lapse",
    title="Record the lapse",
    does="Records that the deadline passed without a breaking objection.",
    roles=(Role.CLOCK,),
    offered=window_state.AFTER_GRACE,
    surfaces=FILES_ONLY,
    no_form="no person does it; the silence clock records it",
)

LIFECYCLE: Final = (EXTEND, SUSPEND, RESUME, HOLD, RELEASE, SUPERSEDE, LAPSE)
