"""Acts on the items of an agenda: proposing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import ProposeItem
from domain.languages import LANGUAGES
from domain.streams import StreamKind
from workflows.acts.act import Act, Availability
from workflows.acts.choices import called_by_words
from workflows.acts.field_combinations import translated
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
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


def _parents(shown: AgendaForForm) -> tuple[Choice, ...]:
    """The items that there are."""
    return tuple(
        Choice(value=item.item, names=item.titles, before=f"{item.item} ")
        for item in shown.agenda.items
    )


PROPOSE: Final = Act[AgendaForForm](
    command=ProposeItem,
    noun=StreamKind.AGENDA,
    slug="propose-item",
    title=N_("Propose an item"),
    does=N_("Puts an item on the list. It can be changed until it is approved."),
    roles=(Role.SECRETARIAT,),
    offered=Availability(
        words="until the agenda is published or adopted",
        holds=lambda shown: not (shown.agenda.published or shown.agenda.adopted),
    ),
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
            choices=lambda _: called_by_words(LANGUAGES),
            closed=True,
            option=Option("A language that no source has.", "--working-translation", "LANGUAGE"),
        ),
        Parameter(
            path="under",
            label=N_("Under which item"),
            hint=N_("Empty where the number says so, or where it stands by itself."),
            choices=_parents,
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

ITEMS: Final[tuple[Act[Any], ...]] = (PROPOSE,)
