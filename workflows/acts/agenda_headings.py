"""Acts on the headings without a number in an agenda's list."""

from __future__ import annotations

from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import AmendHeading, MoveHeading, ProposeHeading, WithdrawHeading
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import Act
from workflows.acts.parameter import N_, Option, Parameter
from workflows.acts.shared_parameters import REASON
from workflows.queries.agenda import AgendaForForm

HEADING: Final = Parameter[AgendaForForm](
    path="heading",
    label=N_("Which heading"),
    choices=agenda_state.headings,
    option=Option("The id of the heading, such as h1."),
)
BEFORE: Final = Parameter[AgendaForForm](
    path="before",
    label=N_("Above which item"),
    hint=N_("It heads the items from there to the next heading. Empty for the end of the list."),
    choices=agenda_state.all_items,
    option=Option("The item above which it stands; else it stands at the end of the list."),
)

PROPOSE_HEADING: Final = Act[AgendaForForm](
    command=ProposeHeading,
    noun=StreamKind.AGENDA,
    slug="propose-heading",
    title=N_("Put a heading on the list"),
    does=N_(
        "Puts a heading without a number above an item. It belongs to the text of the items below"
        " it: those that were submitted must be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.UNPUBLISHED,
    parameters=(
        Parameter(
            path="titles",
            name="title",
            label=N_("Heading (%(language)s)"),
            option=Option("Its words.", "--title", "LANGUAGE=TITLE"),
        ),
        BEFORE,
    ),
    verb="propose-heading",
    help="Put a heading without a number above an item, or at the end of the list.",
)

AMEND_HEADING: Final = Act[AgendaForForm](
    command=AmendHeading,
    noun=StreamKind.AGENDA,
    slug="amend-heading",
    title=N_("Amend a heading"),
    does=N_(
        "Changes the words in the languages in which you write some; the others stay. Items below"
        " it that were submitted must be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.HEADED,
    parameters=(
        HEADING,
        Parameter(
            path="titles",
            name="title",
            label=N_("New words (%(language)s)"),
            option=Option("Its new words.", "--title", "LANGUAGE=TITLE"),
        ),
        REASON,
    ),
    verb="amend-heading",
    help="Change the words of a heading; no item below it may be approved or under silence.",
)

MOVE_HEADING: Final = Act[AgendaForForm](
    command=MoveHeading,
    noun=StreamKind.AGENDA,
    slug="move-heading",
    title=N_("Move a heading"),
    does=N_(
        "Puts a heading above another item; the items stay. Those that come under other headings"
        " and were submitted must be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.HEADED,
    parameters=(HEADING, BEFORE, REASON),
    verb="move-heading",
    help="Put a heading above another item, or at the end of the list; the items stay.",
)

WITHDRAW_HEADING: Final = Act[AgendaForForm](
    command=WithdrawHeading,
    noun=StreamKind.AGENDA,
    slug="withdraw-heading",
    title=N_("Withdraw a heading"),
    does=N_("Takes a heading off the list. The items below it stay. It stays on record."),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.HEADED,
    parameters=(HEADING, REASON),
    verb="withdraw-heading",
    help="Take a heading off the list; the items below it stay.",
)

HEADINGS: Final[tuple[Act[Any], ...]] = (
    PROPOSE_HEADING,
    AMEND_HEADING,
    MOVE_HEADING,
    WITHDRAW_HEADING,
)
