"""Every editing page: on which noun, of which acts, with which columns, and what its rows mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.rules import require
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import ALWAYS
from workflows.acts.agenda_annotations import ANNOTATE, PLAN_DOCUMENTS
from workflows.acts.agenda_headings import (
    AMEND_HEADING,
    MOVE_HEADING,
    PROPOSE_HEADING,
    WITHDRAW_HEADING,
)
from workflows.acts.agenda_items import AMEND, CLEAR, DESCRIBE, MOVE, PROPOSE, RENUMBER, WITHDRAW
from workflows.acts.agenda_meeting import ADOPT, AT_ADOPTION
from workflows.acts.agenda_work import ORGANIZE
from workflows.acts.catalogue import LIVE
from workflows.acts.choices import called_by_name, called_by_words
from workflows.acts.corrections import CORRECTIONS
from workflows.acts.erasable_texts import CAN_BE_ERASED
from workflows.acts.parameter import N_
from workflows.acts.seats import FILL, VACATE, today
from workflows.acts.session import PLAN, STANDING
from workflows.editing import (
    correction,
    item_annotations,
    item_counting,
    item_lines,
    item_list,
    item_list_acts,
    item_table,
    meetings,
    oral_amendments,
    roster,
    roster_lines,
    stated_time,
    work,
)
from workflows.editing.editing import Answer, Editing, Lines, Say
from workflows.editing.rows import Fault, Row

REASON: Final = Answer[Any](
    name="reason",
    label=N_("Reason"),
    hint=N_("Needed where something is changed that stands there already. It can be erased later."),
)


def _read_items(
    base: Sequence[Row], text: str, language: str, say: Say
) -> tuple[Sequence[Row], Sequence[Fault]]:
    """The rows of lines as agendas print them, or of a table that names its columns."""
    if item_table.is_table(text, language, say):
        rows, faults = item_table.read(text, language, say)
    else:
        rows, faults = item_lines.read(text, language)
    return item_lines.identify(base, rows, language), faults


ROSTER: Final = Editing[Any](
    noun=StreamKind.BODY,
    slug="roster",
    title=N_("Edit the roster"),
    does=N_(
        "The seats of the body as one list, to be pasted or loaded from a file. The next page says"
        " who will be seated, who leaves and who stays, before anything is recorded."
    ),
    acts=(FILL, VACATE),
    offered=ALWAYS,
    columns=lambda _: roster.COLUMNS,
    rows=roster.rows,
    plan=roster.plan,
    answers=(
        Answer(
            name="since",
            label=N_("From which day on"),
            hint=N_("For all that changes, unless a line says another day."),
            kind="day",
            value=today,
        ),
        Answer(
            name="rest",
            label=N_("Seats that are not on the list"),
            kind="one",
            choices=lambda _: called_by_words(
                {"vacate": N_("They are vacated on that day"), "keep": N_("They stay as they are")}
            ),
            value=lambda _: "vacate",
        ),
        Answer(name="reason", label=N_("Reason for which seats are vacated"), hint=CAN_BE_ERASED),
    ),
    lines=Lines(
        hint=N_(
            "One seat on each line, its cells set apart by tabs, semicolons or commas. The first"
            " line names the columns; without it they are: holder, id of the seat, capacity,"
            " office, group. A list of holders alone will do: ids are made of their names."
        ),
        write=lambda _, rows, __: roster_lines.write(rows),
        read=roster_lines.read,
        first=True,
        only=True,
        files=True,
    ),
)

ITEM_LIST: Final = Editing[Any](
    noun=StreamKind.AGENDA,
    slug="items",
    title=N_("Edit the list of items"),
    does=N_(
        "All items and headings at once: add, move, renumber, change or take off, with their"
        " particulars and documents. All of it is recorded, or nothing. What was submitted and is"
        " changed must be submitted again."
    ),
    acts=(
        PROPOSE,
        AMEND,
        DESCRIBE,
        CLEAR,
        WITHDRAW,
        MOVE,
        RENUMBER,
        PLAN_DOCUMENTS,
        PROPOSE_HEADING,
        AMEND_HEADING,
        MOVE_HEADING,
        WITHDRAW_HEADING,
    ),
    offered=agenda_state.NOT_ADOPTED,
    columns=item_list.columns,
    rows=item_list.rows,
    plan=item_list.plan,
    answers=(REASON,),
    lines=Lines(
        hint=N_(
            "One item on each line: its number, and its title in one language, such"
            " as “2. Organizational matters”. Under an item 2, a line may begin with (a). A heading"
            " without a number begins with #. Or a table whose first line names its columns, such"
            " as number;title;title-fr;proposer;documents: a line in it without a number is a"
            " heading."
        ),
        write=lambda _, rows, language: item_lines.text(rows, language),
        read=_read_items,
        files=True,
    ),
    counted=item_counting.counted,
    kinds={item_list_acts.HEADING: (N_("Section heading"), N_("Insert a heading above"))},
)

ANNOTATIONS: Final = Editing[Any](
    noun=StreamKind.AGENDA,
    slug="annotations",
    title=N_("Edit annotations"),
    does=N_(
        "The annotations of one item in six languages, or those of all items in one language. All"
        " that you change becomes one entry in the record."
    ),
    acts=(ANNOTATE,),
    offered=agenda_state.LISTED,
    columns=item_annotations.columns,
    rows=item_annotations.rows,
    plan=item_annotations.plan,
    chosen={
        "item": (N_("One item in six languages"), agenda_state.all_items),
        "language": (N_("All items in one language"), agenda_state.languages),
    },
    grows=False,
    called=item_annotations.called,
)

MEETINGS: Final = Editing[Any](
    noun=StreamKind.SESSION,
    slug="meetings",
    title=N_("Edit the meetings"),
    does=N_(
        "On which days, at which hours and in which languages the session meets. This replaces"
        " what was planned before."
    ),
    acts=(PLAN,),
    offered=STANDING,
    columns=lambda _: meetings.COLUMNS,
    rows=meetings.rows,
    plan=meetings.plan,
    keyed=False,
)

WORK: Final = Editing[Any](
    noun=StreamKind.AGENDA,
    slug="work",
    title=N_("Organize the work"),
    does=N_(
        "Which items are taken at which hours of which day. This replaces what was planned before."
        " An item that was begun in an earlier slot is marked as continued."
    ),
    acts=(ORGANIZE,),
    offered=agenda_state.DOCUMENTED,
    columns=lambda _: work.COLUMNS,
    rows=work.rows,
    plan=work.plan,
    keyed=False,
)

ORAL_AMENDMENTS: Final = Editing[Any](
    noun=StreamKind.AGENDA,
    slug="oral-amendments",
    title=N_("Adopt the agenda with oral amendments"),
    does=N_(
        "The body adopts its agenda with what was changed at the meeting. Each line is one"
        " amendment, in the order in which they were made. After that no item can be proposed,"
        " changed, submitted or approved."
    ),
    acts=(ADOPT,),
    offered=agenda_state.ADOPTABLE,
    columns=lambda _: oral_amendments.COLUMNS,
    rows=oral_amendments.rows,
    plan=oral_amendments.plan,
    answers=stated_time.questions(agenda_state.HAPPENED),
    waivable=lambda shown: AT_ADOPTION.choices(shown) or () if AT_ADOPTION.choices else (),
    keyed=False,
)

CORRECTION: Final[tuple[Editing[Any], ...]] = tuple(
    Editing[Any](
        noun=act.noun,
        slug="correct",
        title=act.title,
        does=N_(
            "An event is never changed; a later one says how it is to be read. Change the values"
            " that were recorded wrongly, and leave the others as they are."
        ),
        acts=(act,),
        offered=ALWAYS,
        columns=lambda _: correction.COLUMNS,
        rows=correction.rows,
        plan=correction.plan,
        answers=(
            Answer(name="reason", label=N_("Reason"), hint=CAN_BE_ERASED),
            Answer(
                name="authority",
                label=N_("By what authority"),
                hint=N_("A decision, a document, or whoever confirmed it."),
            ),
        ),
        chosen={
            "event": (
                N_("Event"),
                lambda shown: called_by_name(str(event.version) for event in shown.events),
            )
        },
        grows=False,
        of_event=True,
        called=correction.called,
    )
    for act in CORRECTIONS
)

EDITINGS: Final[tuple[Editing[Any], ...]] = (
    ROSTER,
    ITEM_LIST,
    ANNOTATIONS,
    MEETINGS,
    WORK,
    ORAL_AMENDMENTS,
    *CORRECTION,
)
"""Every editing page, in the order in which pages list them."""
BY_ADDRESS: Final[Mapping[tuple[StreamKind, str], Editing[Any]]] = {
    (editing.noun, editing.slug): editing for editing in EDITINGS
}


def on_page(noun: StreamKind, slug: str, shown: Any) -> Editing[Any]:
    """The editing page with this name in the address of a noun. Raises Refused, also on history."""
    found = BY_ADDRESS.get((noun, slug))
    require("known", found and LIVE[noun](shown), f"nothing is edited as {slug} on this {noun}")
    assert found is not None  # noqa: S101 (required above; the checker of types cannot know)
    return found


def offered(noun: StreamKind, shown: Any) -> list[Editing[Any]]:
    """The editing pages that make sense on a noun in this state."""
    return [
        editing
        for editing in EDITINGS
        if editing.noun is noun and LIVE[noun](shown) and editing.offered.holds(shown)
    ]
