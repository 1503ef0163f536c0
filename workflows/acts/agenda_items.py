"""Acts on the list of an agenda's items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import (
    AmendItem,
    ClearItem,
    DescribeItem,
    MoveItem,
    ProposeItem,
    RenumberItems,
    WithdrawItem,
)
from domain.agenda.items import NO_PARTICULARS
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import Act
from workflows.acts.choices import called_by_words
from workflows.acts.field_combinations import translated
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
from workflows.acts.shared_parameters import REASON
from workflows.queries.agenda import AgendaForForm

SUBJECTS: Final[Mapping[str, str]] = {
    "organizational": N_("The organization of the session"),
    "opening": N_("The opening of the session"),
    "adoption of the agenda": N_("The adoption of the agenda"),
    "review mechanism": N_("The review mechanism"),
    "other matters": N_("Other matters"),
    "report": N_("The adoption of the report"),
}
"""What rules look for among items, in words."""


LEVEL: Final = r"(?:\(\w{1,9}\)|\w{1,9}\)?)"
NUMBER: Final = rf"(?=.{{1,40}}$){LEVEL}(?:[\s.\-/\u200e\u200f]+{LEVEL}|\(\w{{1,9}}\))*\.?"
"""Levels of letters and digits of any script: `2`, `4.2`, `4 (b)`, `4(b)(i)`, `2 a)`."""


def proposer_kinds(shown: AgendaForForm) -> tuple[Choice, ...] | None:
    """The kinds of proposers that the rules of the body permit; written where they name none."""
    rule = shown.pack.rules.get("proposer-permitted")
    kinds = rule.parameters.get("kinds", "") if rule else ""
    return tuple(Choice(value=kind, text=kind) for kind in kinds.split(", ")) if kinds else None


ITEM: Final = Parameter[AgendaForForm](
    path="item",
    label=N_("Which item"),
    choices=agenda_state.changeable,
    option=Option("The number of the item."),
)

PARTICULARS: Final[tuple[Parameter[AgendaForForm], ...]] = (
    Parameter(
        path="proposer_kind",
        label=N_("What kind of proposer"),
        choices=proposer_kinds,
        closed=True,
        option=Option(
            "What kind of proposer, of those that the rules of the body permit, such as"
            " State Party, Bureau, Secretary-General, secretariat, Convention or previous"
            " session."
        ),
    ),
    Parameter(path="proposer", label=N_("Who proposes it"), option=Option("Who proposes it.")),
    Parameter(
        path="memorandum",
        label=N_("Explanatory memorandum"),
        hint=N_("Its symbol, or its text."),
        widget=Widget.LONG,
        option=Option("Its explanatory memorandum: a symbol, or the text."),
    ),
    Parameter(
        path="legal_basis",
        label=N_("Legal basis"),
        hint=N_("One on each line."),
        option=Option("A decision or provision that it rests on."),
    ),
    Parameter(
        path="subjects",
        label=N_("What it is about, as far as rules ask for it"),
        choices=lambda _: called_by_words(SUBJECTS),
        closed=True,
        option=Option(f"What rules look for: {', '.join(SUBJECTS)}.", "--subject"),
    ),
)
"""The particulars of an item, without its text."""

PROPOSE: Final = Act[AgendaForForm](
    command=ProposeItem,
    noun=StreamKind.AGENDA,
    slug="propose-item",
    title=N_("Propose an item"),
    does=N_("Puts an item on the list. It can be changed until it is approved."),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.UNPUBLISHED,
    parameters=(
        Parameter(
            path="item",
            label=N_("Number of the item"),
            hint=N_("As in the list, such as 2, or 4 (b) for a sub-item."),
            pattern=(NUMBER, N_("A number such as 2, 4.2 or 4 (b), at most 40 characters.")),
            option=Option("The number of the item: 2, or 4 (b) for a sub-item."),
        ),
        Parameter(
            path="titles",
            name="title",
            label=N_("Title (%(language)s)"),
            option=Option("Its title.", "--title", "LANGUAGE=TITLE"),
        ),
        Parameter(
            path="working_translations",
            label=N_("Languages in which the title is a working translation"),
            choices=agenda_state.languages,
            closed=True,
            option=Option("A language that no source has.", "--working-translation", "LANGUAGE"),
        ),
        Parameter(
            path="under",
            label=N_("Under which item"),
            hint=N_("Empty where the number says so, or where it stands by itself."),
            choices=agenda_state.all_items,
            applies=lambda shown: bool(shown.agenda.items),
            option=Option("The item that it stands under, where its number does not say so."),
        ),
        *PARTICULARS,
    ),
    invariants=(translated("working_translations", "titles"),),
    verb="propose",
    help=(
        "Propose an item of an agenda.\n\n"
        "It is numbered as in the list, and has a title in at least one language."
    ),
)

AMEND: Final = Act[AgendaForForm](
    command=AmendItem,
    noun=StreamKind.AGENDA,
    slug="amend-item",
    title=N_("Amend an item"),
    does=N_(
        "Changes the title in the languages in which you write one; the others stay. An item that"
        " was submitted must be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.CHANGEABLE,
    parameters=(
        ITEM,
        Parameter(
            path="titles",
            name="title",
            label=N_("New title (%(language)s)"),
            option=Option("Its new title.", "--title", "LANGUAGE=TITLE"),
        ),
        REASON,
    ),
    verb="amend",
    help=(
        "Change the title of an item that is neither approved nor under silence.\n\n"
        "Languages that are not given stay as they are. It has to be submitted again."
    ),
)

DESCRIBE: Final = Act[AgendaForForm](
    command=DescribeItem,
    noun=StreamKind.AGENDA,
    slug="describe-item",
    title=N_("Change the particulars of an item"),
    does=N_(
        "Changes who proposes an item, its memorandum, its legal basis or what it is about. What"
        " you leave empty stays as it is. Its title stays, so it need not be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.CHANGEABLE,
    parameters=(
        ITEM,
        *PARTICULARS,
        REASON,
    ),
    verb="describe",
    help=(
        "Change particulars of an item beside its title: proposer, memorandum, legal basis,"
        " subject.\n\n"
        "What is not given stays as it is. The item need not be submitted again."
    ),
)

CLEAR: Final = Act[AgendaForForm](
    command=ClearItem,
    noun=StreamKind.AGENDA,
    slug="clear-item",
    title=N_("Take particulars off an item"),
    does=N_(
        "Takes a proposer, a memorandum, a legal basis or a subject off an item, with nothing in"
        " its place. Its title stays, so it need not be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.CHANGEABLE,
    parameters=(
        ITEM,
        Parameter(
            path="particulars",
            label=N_("What is taken off"),
            choices=lambda _: called_by_words({each.path: str(each.label) for each in PARTICULARS}),
            closed=True,
            option=Option(f"What is taken off: {', '.join(NO_PARTICULARS)}.", "--particular"),
        ),
        REASON,
    ),
    verb="clear",
    help=(
        "Take particulars off an item, with nothing in their place.\n\n"
        "The item need not be submitted again."
    ),
)

WITHDRAW: Final = Act[AgendaForForm](
    command=WithdrawItem,
    noun=StreamKind.AGENDA,
    slug="withdraw-item",
    title=N_("Withdraw an item"),
    does=N_("Takes an item off the list, with its sub-items. It stays on record."),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.CHANGEABLE,
    parameters=(ITEM, REASON),
    verb="withdraw",
    help="Take back an item with its sub-items; none may be approved or under silence.",
)

MOVE: Final = Act[AgendaForForm](
    command=MoveItem,
    noun=StreamKind.AGENDA,
    slug="move-item",
    title=N_("Move an item"),
    does=N_(
        "Gives an item another place, with its sub-items. Its number stays. What was submitted"
        " must be submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.CHANGEABLE,
    parameters=(
        ITEM,
        Parameter(
            path="after",
            label=N_("Behind which item"),
            hint=N_("It stands on the level of that one. Empty for the top of the list."),
            choices=agenda_state.all_items,
            option=Option("The item behind which it goes; else it becomes the first."),
        ),
        Parameter(
            path="under",
            label=N_("Or as the last one under which item"),
            choices=agenda_state.all_items,
            option=Option("The item under which it becomes the last."),
        ),
        REASON,
    ),
    verb="move",
    help="Move an item with its sub-items; its number stays.",
)

RENUMBER: Final = Act[AgendaForForm](
    command=RenumberItems,
    noun=StreamKind.AGENDA,
    slug="renumber-items",
    title=N_("Renumber items"),
    does=N_(
        "Gives items other numbers, all at once; sub-items go along. What was submitted must be"
        " submitted again."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.CHANGEABLE,
    parameters=(
        Parameter(
            path="numbers",
            name="number",
            label=N_("New number for: %(choice)s"),
            choices=agenda_state.changeable,
            option=Option("The new number of an item.", "--number", "OLD=NEW"),
        ),
        REASON,
    ),
    verb="renumber",
    help="Give items other numbers, all at once: --number 2=3 --number 3=2.",
)

ITEMS: Final[tuple[Act[Any], ...]] = (
    PROPOSE,
    AMEND,
    DESCRIBE,
    CLEAR,
    WITHDRAW,
    MOVE,
    RENUMBER,
)
