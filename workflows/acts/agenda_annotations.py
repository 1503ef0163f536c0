"""Acts on what is printed with an item of an agenda: its annotation and its documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import AnnotateItem, PlanDocuments
from domain.agenda.events import ItemAnnotated
from domain.agenda.items import Item, find_item
from domain.languages import LANGUAGES
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import Act
from workflows.acts.agenda_items import ITEM
from workflows.acts.parameter import N_, Option, Parameter, Widget
from workflows.queries.agenda import AgendaForForm


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

ANNOTATIONS: Final[tuple[Act[Any], ...]] = (ANNOTATE, PLAN_DOCUMENTS)
