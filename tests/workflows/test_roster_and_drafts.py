"""A roster as one list, and two drafts of one list put together."""

from __future__ import annotations

from typing import Any

import pytest

from domain.languages import LANGUAGES
from domain.times import When
from story import ORGANISATION, Story
from workflows.editing import days, delimited_text, roster
from workflows.editing.delimited_text import cells_of, rows_of, text_of
from workflows.editing.rows import Column, Draft, Fate, Plan, Row, rebase

COLUMNS = (Column(name="holder", label="Who holds it"), Column(name="seat", label="Id"))
NAMES = [("holder", "holder"), ("Who holds it", "holder"), ("seat", "seat"), ("Id", "seat")]


def shown_of(story: Story) -> Any:
    """The body as an editing page reads it."""
    story.placet.projections.follow()
    return story.placet.queries.bodies.for_form(ORGANISATION, "b", story.now)


def planned(story: Story, *rows: dict[str, str], **answers: str) -> Plan:
    """What these rows mean for the roster as it stands."""
    shown = shown_of(story)
    base = roster.rows(shown)
    written = [Row(cells=cells, line=number) for number, cells in enumerate(rows, start=1)]
    given = {"rest": roster.KEEP, **answers}
    draft = Draft(rows=roster.identify(base, written), base=base, answers=given)
    return roster.plan(shown, draft)


def test_a_seat_that_is_held_as_the_list_says_is_left_alone(story: Story) -> None:
    """Whatever columns the list has; what it does not mention stays as it is."""
    story.body()
    story.do("fill seat", body="b", seat="lead", holder="Land", capacity="officer", office="Chair")
    plan = planned(
        story, {"holder": "East"}, {"seat": "west", "holder": "West"}, {"holder": "LAND"}
    )

    assert [Fate.UNCHANGED, Fate.UNCHANGED, Fate.CHANGED] == [line.fate for line in plan.lines]
    left, taken = plan.commands
    assert ("lead", "officer", "Chair") == (taken.seat, taken.capacity, taken.office)  # type: ignore[attr-defined]
    assert (When("2026-03-02"), When("2026-03-02")) == (left.until, taken.since)  # type: ignore[attr-defined]


def test_a_seat_is_filled_from_the_day_of_its_line_or_of_the_list(story: Story) -> None:
    story.body()
    early = {"holder": "North", "since": "2026-02-01", "until": "2027-01-31", "voice": "no"}
    plan = planned(story, early, {"holder": "South"}, since="2026-04-01")

    assert [(When("2026-02-01"), False), (When("2026-04-01"), None)] == [
        (command.since, command.voice)  # type: ignore[attr-defined]
        for command in plan.commands
    ]


def test_an_end_is_set_for_a_seat(story: Story) -> None:
    story.body()
    (command,) = planned(story, {"holder": "East", "until": "2026-06-30"}).commands

    assert ("VacateSeat", When("2026-06-30")) == (type(command).__name__, command.until)  # type: ignore[attr-defined]


def test_a_seat_that_was_left_is_free_for_a_list(story: Story) -> None:
    story.body()
    story.do("vacate seat", body="b", seat="east", until="2026-02-01")
    story.do("vacate seat", body="b", seat="west", until="2026-05-01")
    (command,) = planned(story, {"seat": "east", "holder": "Other"}, {"holder": "West"}).commands

    assert ["west"] == [row.key for row in roster.rows(shown_of(story))]
    assert "east" == command.seat  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"seat": "north"}, roster.NO_HOLDER),
        ({"holder": "东方"}, roster.NO_SEAT),
        ({"holder": "N", "capacity": "king"}, roster.NO_CAPACITY),
        ({"holder": "N", "since": "soon"}, days.NO_DAY),
        ({"holder": "N", "zone": "Mars"}, roster.NO_ZONE),
        ({"holder": "N", "voice": "perhaps"}, roster.NO_VOICE),
        ({"holder": "East", "since": "2020-01-01"}, roster.SINCE_FIXED),
        ({"holder": "West", "until": "2027-01-01"}, roster.END_FIXED),
        ({"holder": "Twin", "seat": "x"}, roster.SEAT_TWICE),
    ],
)
def test_what_is_wrong_with_a_line_is_told(story: Story, cells: dict[str, str], why: str) -> None:
    story.body()
    story.do("vacate seat", body="b", seat="west", until="2026-05-01")
    plan = planned(story, {"holder": "X", "seat": "x"}, cells)

    assert [(2, why)] == [(fault.line, fault.why) for fault in plan.faults]
    assert () == plan.commands


def test_a_day_that_is_none_is_a_fault_of_the_page(story: Story) -> None:
    story.body()

    assert [(0, "since")] == [
        (fault.line, fault.column) for fault in planned(story, since="31.1.2026").faults
    ]


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("Côte d'Ivoire", "cote-d-ivoire"),
        ("  Bosnia & Herzegovina ", "bosnia-herzegovina"),
        ("Россия", ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_an_id_is_made_of_a_holder(holder: str, name: str) -> None:
    assert name == roster.id_of(holder)


# --- Text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_cells_are_told_apart_by_one_mark(mark: str) -> None:
    cells, faults = cells_of(f'a{mark}"b{mark} c"\r\n\r\nd{mark}e')

    assert ([(1, ["a", f"b{mark} c"]), (3, ["d", "e"])], []) == (cells, faults)


def test_a_cell_of_several_lines_keeps_the_numbers_of_lines() -> None:
    cells, _ = cells_of('a;"b\nc"\nd;e')

    assert [1, 3] == [number for number, _ in cells]


def test_a_line_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _, (fault,) = cells_of('a;b\n"c;d')
    assert (2, delimited_text.UNREADABLE) == (fault.line, fault.why)

    monkeypatch.setattr(delimited_text, "MOST_LINES", 2)
    found, (fault,) = cells_of("a\nb\nc")
    assert (2, 3, delimited_text.TOO_LONG) == (len(found), fault.line, fault.why)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("seat;holder\nx;X", [{"seat": "x", "holder": "X"}]),
        ("WHO HOLDS IT\nX", [{"holder": "X"}]),
        ("X;x\nY", [{"holder": "X", "seat": "x"}, {"holder": "Y"}]),
        ("holder;seat\nX;x;;", [{"holder": "X", "seat": "x"}]),
        ("", []),
    ],
)
def test_a_first_line_may_name_the_columns(text: str, rows: list[dict[str, str]]) -> None:
    found, faults = rows_of(cells_of(text)[0], COLUMNS, NAMES)

    assert (rows, []) == ([dict(row.cells) for row in found], faults)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("holder;colour\nX;red", 1, delimited_text.UNKNOWN_COLUMN),
        ("holder;Who holds it\nX;Y", 1, delimited_text.TWICE),
        ("X;x;more", 1, delimited_text.TOO_MANY_CELLS),
        ("holder\n=1+1", 2, delimited_text.FORMULA),
    ],
)
def test_what_does_not_fit_the_columns_is_told(text: str, line: int, why: str) -> None:
    _, faults = rows_of(cells_of(text)[0], COLUMNS, NAMES)

    assert (line, why) in [(fault.line, fault.why) for fault in faults]


def test_who_names_no_column_is_told_which_ones_there_are() -> None:
    (fault, *_) = rows_of(cells_of("holder;colour\nX;red")[0], COLUMNS, NAMES)[1]

    assert "colour" == fault.words["text"]
    assert [*{name: called for called, name in NAMES}.values()] == fault.words["columns"].split(
        " · "
    )


def test_what_is_written_as_text_is_read_as_the_same() -> None:
    rows = [["holder", "seat"], ['Korea; "the Republic of"', "x"], ["a\nb", "y"]]

    assert rows == [list(cells) for _, cells in cells_of(text_of(rows))[0]]


# --- Two drafts -----------------------------------------------------------------------------------


def row(key: str, **cells: str) -> Row:
    """A row of the record."""
    return Row(key=key, cells=cells)


def merged(base: list[Row], own: list[Row], theirs: list[Row]) -> tuple[list[Any], list[str]]:
    """The rows of a draft after the record has gone on, and the keys that both changed."""
    draft, both = rebase(Draft(rows=tuple(own), base=tuple(base)), theirs)
    assert tuple(theirs) == draft.base
    assert [*range(1, len(draft.rows) + 1)] == [found.line for found in draft.rows]
    return [(found.key, dict(found.cells)) for found in draft.rows], [found.key for found in both]


BASE = [row("1", a="x", b="y"), row("2", a="u", b="v")]


def test_what_was_left_alone_takes_its_present_value() -> None:
    own = [row("1", a="own", b="y"), BASE[1]]
    theirs = [row("1", a="x", b="theirs"), row("2", a="u", b="new")]

    assert ([("1", {"a": "own", "b": "theirs"}), ("2", {"a": "u", "b": "new"})], []) == merged(
        BASE, own, theirs
    )


def test_what_both_changed_stays_as_the_writer_has_it() -> None:
    own, theirs = [row("1", a="own"), BASE[1]], [row("1", a="theirs", b="y"), BASE[1]]
    rows, both = merged(BASE, own, theirs)

    assert (("1", {"a": "own", "b": "y"}), ["1"]) == (rows[0], both)
    same = merged(BASE, [row("1", a="s", b="y"), BASE[1]], [row("1", a="s", b="y"), BASE[1]])
    assert [] == same[1]


def test_what_is_new_on_either_side_is_there() -> None:
    own, theirs = [*BASE, row("", a="own")], [*BASE, row("3", a="theirs")]

    assert ["1", "2", "", "3"] == [key for key, _ in merged(BASE, own, theirs)[0]]


def test_what_was_taken_off_is_off_unless_the_other_changed_it() -> None:
    """On either side; then it is there again, and named."""
    assert (["1"], []) == _keys(merged(BASE, BASE[:1], BASE))
    assert (["1", "2"], ["2"]) == _keys(merged(BASE, BASE[:1], [BASE[0], row("2", a="!", b="v")]))
    assert (["1"], []) == _keys(merged(BASE, BASE, BASE[:1]))
    own = [BASE[0], row("2", a="!", b="v")]
    assert (["1", ""], ["2"]) == _keys(merged(BASE, own, BASE[:1]))


def _keys(found: tuple[list[Any], list[str]]) -> tuple[list[str], list[str]]:
    return [key for key, _ in found[0]], found[1]


def test_every_column_of_a_roster_can_be_called_by_its_name() -> None:
    assert {f"name-{tag}" for tag in LANGUAGES} <= {column.name for column in roster.COLUMNS}
