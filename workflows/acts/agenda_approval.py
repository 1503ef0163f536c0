"""Acts by which the items of an agenda are approved, apart from a silence procedure on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import ApproveItems, DecideItems, NoteObjection, SubmitItems
from domain.agenda.item_stages import OPEN
from domain.streams import StreamKind
from domain.voting import MANNERS, RESULTS
from workflows.acts import agenda_state
from workflows.acts.act import STAFF, Act
from workflows.acts.choices import called_by_name
from workflows.acts.parameter import N_, Option, Parameter, Widget
from workflows.queries.agenda import AgendaForForm

ALL: Final = N_("Tick none for all that are listed here.")
FIGURE: Final = (r"\d{1,6}", N_("A whole number."))
NO_VOTE: Final = N_("Only a vote has figures.")
_KNOWN_MANNERS: Final = tuple(filter(None, MANNERS))

SUBMIT: Final = Act[AgendaForForm](
    command=SubmitItems,
    noun=StreamKind.AGENDA,
    slug="submit-items",
    title=N_("Submit items for approval"),
    does=N_(
        "Puts items before the body that approves them, as one text. Nothing runs yet: a silence"
        " procedure on them is opened after that."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.SUBMITTABLE,
    parameters=(
        Parameter(
            path="to",
            label=N_("To which body"),
            required=lambda _: True,
            choices=agenda_state.bodies,
            closed=True,
            value=lambda shown: shown.agenda.approved_by,
            option=Option("The body that approves them; else the one of the agenda."),
        ),
        Parameter(
            path="items",
            label=N_("Which items"),
            hint=ALL,
            choices=agenda_state.at(*OPEN),
            option=Option("An item; else all that are not approved.", "--item"),
        ),
        agenda_state.waivers(
            "proposer-permitted",
            "explanatory-memorandum",
            "review-item-cap",
            "organizational-item-first",
            "report-item-last",
        ),
    ),
    verb="submit",
    help=(
        "Submit items for approval, as one text.\n\n"
        "A silence procedure on them is opened with `placet window open --agenda`."
    ),
)


def _by(words: str) -> Parameter[AgendaForForm]:
    """Which body it was; the one that approves items, if nothing else is said."""
    return Parameter(
        path="by",
        label=N_("Which body"),
        choices=agenda_state.bodies,
        closed=True,
        value=lambda shown: shown.agenda.approved_by,
        option=Option(words, "--body"),
    )


APPROVE: Final = Act[AgendaForForm](
    command=ApproveItems,
    noun=StreamKind.AGENDA,
    slug="approve-items",
    title=N_("Enter an approval at a meeting"),
    does=N_("For items that the body has approved otherwise than by a silence procedure."),
    roles=(Role.BODY,),
    offered=agenda_state.SUBMITTED,
    parameters=(
        Parameter(
            path="manner",
            label=N_("How it was decided"),
            widget=Widget.SINGLE,
            choices=lambda _: called_by_name(_KNOWN_MANNERS),
            closed=True,
            option=Option(f"One of: {', '.join(_KNOWN_MANNERS)}."),
        ),
        _by("The body that has approved them; else the one of the agenda."),
        Parameter(
            path="items",
            label=N_("Which items"),
            hint=ALL,
            choices=agenda_state.at("submitted"),
            option=Option("An item; else all that are submitted.", "--item"),
        ),
        agenda_state.HAPPENED,
    ),
    verb="approve",
    help="Enter that a body has approved submitted items at a meeting.",
)


def _figures_of_a_vote(values: Mapping[str, object]) -> tuple[str, str] | None:
    """Figures are those of a vote."""
    given = [path for path in ("in_favour", "against", "abstaining") if path in values]
    return (given[0], NO_VOTE) if given and values.get("manner") != "vote" else None


DECIDE: Final = Act[AgendaForForm](
    command=DecideItems,
    noun=StreamKind.AGENDA,
    slug="decide-items",
    title=N_("Enter the decision of a meeting"),
    does=N_("For items that no silence has approved: what the body came to at its meeting."),
    roles=(Role.BODY,),
    offered=agenda_state.UNDECIDED,
    parameters=(
        Parameter(
            path="result",
            label=N_("What the body came to"),
            widget=Widget.SINGLE,
            choices=lambda _: called_by_name(RESULTS),
            closed=True,
            option=Option(f"One of: {', '.join(RESULTS)}."),
        ),
        Parameter(
            path="items",
            label=N_("Which items"),
            hint=ALL,
            choices=agenda_state.at("submitted", "not approved"),
            option=Option("An item; else all that are open.", "--item"),
        ),
        Parameter(
            path="manner",
            label=N_("How it was decided"),
            hint=N_("Empty where that is not known."),
            choices=lambda _: called_by_name(_KNOWN_MANNERS),
            closed=True,
            option=Option(f"One of: {', '.join(_KNOWN_MANNERS)}."),
        ),
        Parameter(
            path="in_favour",
            label=N_("Votes in favour"),
            pattern=FIGURE,
            option=Option("How many voted in favour.", minimum=0),
        ),
        Parameter(
            path="against",
            label=N_("Votes against"),
            pattern=FIGURE,
            option=Option("How many voted against.", minimum=0),
        ),
        Parameter(
            path="abstaining",
            label=N_("Abstentions"),
            pattern=FIGURE,
            option=Option("How many abstained.", minimum=0),
        ),
        _by("The body that has decided."),
        Parameter(
            path="note",
            label=N_("Note"),
            widget=Widget.LONG,
            option=Option("A note on the decision."),
        ),
        agenda_state.HAPPENED,
    ),
    checks=(_figures_of_a_vote,),
    verb="decide",
    help="Enter what a meeting decided on items that no silence has approved.",
)

IN_TIME: Final = N_(
    "It breaks nothing. If it was received before the deadline of a silence procedure, register it"
    " there instead, also after the end: there it counts."
)

NOTE_OBJECTION: Final = Act[AgendaForForm](
    command=NoteObjection,
    noun=StreamKind.AGENDA,
    slug="note-objection",
    title=N_("Keep an objection outside any silence"),
    does=N_(
        "For an objection that came while no silence ran: it is kept and shown, and breaks"
        " nothing. While one runs, register it there, where it counts."
    ),
    roles=STAFF,
    offered=agenda_state.OBJECTIONABLE,
    parameters=(
        Parameter(
            path="seats",
            label=N_("From which seats"),
            required=True,
            choices=agenda_state.seats,
            option=Option("A seat that objects.", "--seat"),
        ),
        Parameter(
            path="items",
            label=N_("Which items it concerns"),
            hint=N_("Tick none for the whole agenda."),
            choices=agenda_state.without_silence,
            option=Option("An item that it concerns; else the whole agenda.", "--item"),
        ),
        Parameter(
            path="text",
            label=N_("What it says"),
            widget=Widget.LONG,
            option=Option("What it says."),
        ),
        Parameter(
            path="channel",
            label=N_("How it came"),
            hint=N_("Such as: letter, mail, at the meeting."),
            option=Option("How it came, such as letter or mail."),
        ),
    ),
    warnings=lambda _: (IN_TIME,),
    help=(
        "Keep an objection that came while no silence ran on what it concerns.\n\n"
        "It breaks nothing. One that was received before the deadline of a silence procedure is"
        " entered with `placet window register`, also after the end."
    ),
)

APPROVAL: Final[tuple[Act[Any], ...]] = (SUBMIT, APPROVE, DECIDE, NOTE_OBJECTION)
