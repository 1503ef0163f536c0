"""Every editing page: on which noun, of which acts, with which columns, and what its rows mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic

from domain.languages import LANGUAGES
from domain.rules import require
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import ALWAYS, AnyAct, Availability
from workflows.acts.agenda_annotations import ANNOTATE
from workflows.acts.agenda_items import AMEND, MOVE, PROPOSE, RENUMBER, WITHDRAW
from workflows.acts.agenda_meeting import ADOPT, AT_ADOPTION
from workflows.acts.agenda_work import ORGANIZE
from workflows.acts.catalogue import LIVE
from workflows.acts.choices import called_by_name, called_by_words
from workflows.acts.corrections import CORRECTIONS
from workflows.acts.parameter import N_, Choice, Shown
from workflows.acts.seats import FILL, VACATE, today
from workflows.acts.session import PLAN, STANDING
from workflows.editing import (
    correction,
    item_annotations,
    item_list,
    meetings,
    oral_amendments,
    roster,
    work,
)
from workflows.editing.delimited_text import cells_of, rows_of, text_of
from workflows.editing.rows import Column, Draft, Fault, Plan, Row

Say = Callable[[str], str]
"""Translates a message id for the reader."""


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[Shown]):
    """A question above the rows. Labels and hints are message ids."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    choices: Callable[[Shown], Sequence[Choice]] | None = None
    value: Callable[[Shown], str] = lambda _: ""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the label names."""


@dataclass(frozen=True, kw_only=True)
class Lines(Generic[Shown]):
    """How rows are written as lines of text, and read from them."""

    hint: str
    """How lines are written, as a message id."""
    write: Callable[[Shown, Sequence[Row], str], str]
    """The lines of rows, in the reader's language."""
    read: Callable[[Sequence[Row], str, str, Say], tuple[Sequence[Row], Sequence[Fault]]]
    """The rows of lines, and what is wrong with them; first the rows as they stood before."""
    first: bool = False
    """Whether the page begins with lines, and not with a table."""
    only: bool = False
    """Whether there is no table, as there may be too many rows."""
    files: bool = False
    """Whether the lines may come from a file."""


@dataclass(frozen=True, kw_only=True)
class Editing(Generic[Shown]):
    """One editing page."""

    noun: StreamKind
    slug: str
    title: str
    does: str
    acts: tuple[AnyAct, ...]
    """The acts of which it makes one append: who may do all of them may edit."""
    offered: Availability[Shown]
    columns: Callable[[Shown], tuple[Column, ...]]
    rows: Callable[[Shown], tuple[Row, ...]]
    plan: Callable[[Shown, Draft], Plan]
    answers: tuple[Answer[Shown], ...] = ()
    waivable: Callable[[Shown], Sequence[Choice]] | None = None
    """The rules that all of it may break, each with a reason, which is asked for too."""
    chosen: Mapping[str, tuple[str, Callable[[Shown], Sequence[Choice]]]] = field(
        default_factory=dict
    )
    """What is chosen before anything is edited, one of these: its label and its choices."""
    lines: Lines[Shown] | None = None
    grows: bool = True
    """Whether rows can be added, moved and taken off."""
    keyed: bool = True
    """Whether rows stand for things of the record, so that two drafts can be put together."""
    of_event: bool = False
    """Whether it is about one event, which is chosen first."""
    called: Callable[[Shown, Row], tuple[str, str]] | None = None
    """What a row is about, where its cells do not say so: a text, and the tag of a language."""

    def questions(self, shown: Shown) -> tuple[Answer[Shown], ...]:
        """The questions above the rows, and the reason for each rule that may be waived."""
        waivable = self.waivable(shown) if self.waivable else ()
        return (
            *self.answers,
            *(
                Answer[Shown](
                    name=f"{WAIVE}{rule.value}",
                    label=N_("Reason for waiving the rule %(rule)s"),
                    words={"rule": rule.value},
                    hint=rule.hint,
                )
                for rule in waivable
            ),
        )


WAIVE: Final = "waive-"
"""How the names of answers begin that give the reason for a waiver."""


def waivers(answers: Mapping[str, str]) -> dict[str, str]:
    """The waivers among the answers: each rule with its reason."""
    given = {name: text.strip() for name, text in answers.items() if name.startswith(WAIVE)}
    return {name.removeprefix(WAIVE): text for name, text in given.items() if text}


REASON: Final = Answer[Any](
    name="reason",
    label=N_("Reason"),
    hint=N_("Needed where something is changed that stands there already."),
)


def _roster_lines(rows: Sequence[Row]) -> str:
    """All seats with the columns of which something is said."""
    used = {
        column.name
        for column in roster.COLUMNS
        if any(row.text(column.name) for row in rows) or column.name in {"holder", "seat"}
    }
    names = [column.name for column in roster.COLUMNS if column.name in used]
    return text_of([names, *([row.text(name) for name in names] for row in rows)])


def _read_roster(
    base: Sequence[Row], text: str, _: str, say: Say
) -> tuple[Sequence[Row], Sequence[Fault]]:
    lines, unread = cells_of(text)
    rows, faults = rows_of(lines, roster.COLUMNS, _names(roster.COLUMNS, say))
    return roster.identify(base, rows), [*unread, *faults]


def _names(columns: Sequence[Column], say: Say) -> list[tuple[str, str]]:
    """By what names the columns can be called: their own, and their labels."""
    found = []
    for column in columns:
        language = LANGUAGES.get(column.language, "")
        found += [
            (column.name, column.name),
            (column.label % {"language": language}, column.name),
            (say(column.label) % {"language": say(language) if language else ""}, column.name),
        ]
    return [*found, ("name", "name-en")]


def _read_items(
    base: Sequence[Row], text: str, language: str, _: Say
) -> tuple[Sequence[Row], Sequence[Fault]]:
    rows, faults = item_list.read(text, language)
    return item_list.identify(base, rows, language), faults


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
        Answer(name="reason", label=N_("Reason for which seats are vacated")),
    ),
    lines=Lines(
        hint=N_(
            "One seat on each line, its cells set apart by tabs, semicolons or commas. The first"
            " line names the columns; without it they are: holder, id of the seat, capacity,"
            " office, group. A list of holders alone will do: ids are made of their names."
        ),
        write=lambda _, rows, __: _roster_lines(rows),
        read=_read_roster,
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
        "All items at once: add, move, renumber, change or take off. It becomes one entry in the"
        " record, or none. What was submitted and is changed must be submitted again."
    ),
    acts=(PROPOSE, AMEND, WITHDRAW, MOVE, RENUMBER),
    offered=agenda_state.UNPUBLISHED,
    columns=item_list.columns,
    rows=item_list.rows,
    plan=item_list.plan,
    answers=(REASON,),
    lines=Lines(
        hint=N_(
            "One item on each line: its number, and its title in the language of this page, such"
            " as “2. Organizational matters”. Under an item 2, a line may begin with (a)."
        ),
        write=lambda _, rows, language: item_list.text(rows, language),
        read=_read_items,
    ),
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
            Answer(name="reason", label=N_("Reason")),
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
