"""Acts on the items of an agenda: their list, their annotations and their documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import (
    AmendItem,
    AnnotateItem,
    MoveItem,
    PlanDocuments,
    ProposeItem,
    RenumberItems,
    WithdrawItem,
)
from domain.agenda.events import ItemAnnotated
from domain.agenda.items import Item, find_item
from domain.languages import LANGUAGES
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


def _kinds(shown: AgendaForForm) -> tuple[Choice, ...] | None:
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
        Parameter(
            path="proposer_kind",
            label=N_("What kind of proposer"),
            choices=_kinds,
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
            hint=N_("Its symbol, or its text. Empty where that is not known."),
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


def _chosen(shown: AgendaForForm) -> Item | None:
    """The item that the form is about."""
    number = shown.chosen.get("item", "")
    return find_item(shown.agenda.items, number) if number else None


def _note(shown: AgendaForForm) -> ItemAnnotated | None:
    """The annotation of that item that stands in the language of the form."""
    notes = item.notes if (item := _chosen(shown)) else ()
    return next((note for note in notes if note.language == shown.chosen.get("language")), None)


def _heading(shown: AgendaForForm) -> str:
    """The heading that stands there; else the title of the item in that language."""
    if note := _note(shown):
        return note.heading
    item = _chosen(shown)
    return item.titles.get(shown.chosen.get("language", ""), "") if item else ""


ANY_ITEM: Final = replace(
    ITEM,
    choices=agenda_state.all_items,
    value=lambda shown: shown.chosen.get("item", ""),
)

ANNOTATE: Final = Act[AgendaForForm](
    command=AnnotateItem,
    noun=StreamKind.AGENDA,
    slug="annotate-item",
    title=N_("Annotate an item"),
    does=N_(
        "Puts an annotation to an item, in one language at a time. It takes the place of one that"
        " stands there in that language."
    ),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.LISTED,
    parameters=(
        ANY_ITEM,
        Parameter(
            path="language",
            label=N_("Language"),
            choices=agenda_state.languages,
            closed=True,
            value=lambda shown: shown.chosen.get("language", ""),
            option=Option(f"One of: {', '.join(LANGUAGES)}."),
        ),
        Parameter(
            path="heading",
            label=N_("Heading"),
            hint=N_("As a rule, the title of the item in this language."),
            value=_heading,
            option=Option("Its heading, as a rule the title."),
        ),
        Parameter(
            path="paragraphs",
            label=N_("Paragraphs"),
            hint=N_("One on each line."),
            widget=Widget.PARAGRAPHS,
            value=lambda shown: "\n".join(note.paragraphs) if (note := _note(shown)) else "",
            option=Option("A paragraph.", "--paragraph"),
        ),
        Parameter(
            path="footnotes",
            label=N_("Footnotes"),
            hint=N_("One on each line."),
            widget=Widget.PARAGRAPHS,
            value=lambda shown: "\n".join(note.footnotes) if (note := _note(shown)) else "",
            option=Option("A footnote.", "--footnote"),
        ),
    ),
    first_fields=("item", "language"),
    verb="annotate",
    help=(
        "Annotate an item in one language.\n\n"
        "The annotation takes the place of an earlier one in that language."
    ),
)


def _none_or_some(values: Mapping[str, object]) -> tuple[str, str] | None:
    """Documents, or that there will be none: one of the two, and not both."""
    wrong = bool(values.get("documents")) == bool(values.get("none_expected"))
    return ("documents", EITHER) if wrong else None


EITHER: Final = N_("List documents, or say that none is expected.")

PLAN_DOCUMENTS: Final = Act[AgendaForForm](
    command=PlanDocuments,
    noun=StreamKind.AGENDA,
    slug="plan-documents",
    title=N_("List the documents of an item"),
    does=N_("Lists all documents of an item; it takes the place of an earlier list."),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.DOCUMENTED,
    parameters=(
        ANY_ITEM,
        Parameter(
            path="documents",
            label=N_("Symbols of its documents"),
            hint=N_("One on each line."),
            value=lambda shown: "\n".join(item.documents) if (item := _chosen(shown)) else "",
            option=Option("A document, by its symbol.", "--document"),
        ),
        Parameter(
            path="none_expected",
            label=N_("No document is expected"),
            widget=Widget.SINGLE,
            value=lambda shown: "yes" if (it := _chosen(shown)) and it.none_expected else "no",
            option=Option("No document is expected.", "--none-expected"),
        ),
        Parameter(
            path="note",
            label=N_("Note"),
            value=lambda shown: item.note if (item := _chosen(shown)) else "",
            option=Option("A note on them."),
        ),
    ),
    first_fields=("item",),
    checks=(_none_or_some,),
    verb="plan-documents",
    help="List an item's documents by symbol, or state that none is expected.",
)

ITEMS: Final[tuple[Act[Any], ...]] = (
    PROPOSE,
    AMEND,
    WITHDRAW,
    MOVE,
    RENUMBER,
    ANNOTATE,
    PLAN_DOCUMENTS,
)
