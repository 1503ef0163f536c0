"""The list of items edited as a whole: whatever is written can be reached by acts."""

from __future__ import annotations

import random
from typing import Any, cast

import pytest
from msgspec import structs

from domain.agenda import Agenda
from domain.agenda.commands import ProposeItem
from domain.agenda.item_numbers import item_key, parent_key
from story import ORGANISATION, Story
from workflows.editing import item_lines, item_list, item_list_acts
from workflows.editing.rows import Draft, Fate, Plan, Row
from workflows.queries.agenda import AgendaForForm


def shown_of(story: Story) -> AgendaForForm:
    """The agenda as an editing page reads it."""
    story.placet.projections.follow()
    return story.placet.queries.agendas.for_editing(ORGANISATION, "a")


def planned(story: Story, rows: list[Row], reason: str = "a reason") -> Plan:
    """What these rows mean for the list as it stands."""
    shown = shown_of(story)
    numbered = tuple(structs.replace(row, line=n) for n, row in enumerate(rows, start=1))
    draft = Draft(rows=numbered, base=item_list.rows(shown), answers={"reason": reason})
    return item_list.plan(shown, draft)


def does(story: Story, plan: Plan) -> Agenda:
    """Carry a plan out, first act after another; the agenda afterwards."""
    assert not plan.faults
    for command in plan.commands:
        fields = structs.asdict(cast("Any", command))
        story.do(VERB[type(command).__name__], **fields)
    found: Agenda = story.state("agenda/a")
    return found


VERB = {
    "ProposeItem": "propose item",
    "AmendItem": "amend item",
    "WithdrawItem": "withdraw item",
    "MoveItem": "move item",
    "RenumberItems": "renumber items",
}


def begun(story: Story, *items: str) -> list[Row]:
    """An agenda with these items, and its rows."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in items:
        story.propose(item)
    return [*item_list.rows(shown_of(story))]


def row(number: str, title: str = "", key: str = "") -> Row:
    """A row with an English title."""
    return Row(key=key, cells={"number": number, "title-en": title or f"Item {number}"})


def listed(agenda: Agenda) -> list[tuple[str, str]]:
    """The numbers of items with their titles, in order."""
    return [(item.item, item.titles["en"]) for item in agenda.items]


def numbered(known: Row, number: str) -> Row:
    """The same item under another number."""
    return structs.replace(known, cells={**known.cells, "number": number})


def test_an_item_is_inserted_and_the_others_are_counted_on(story: Story) -> None:
    first, two, three = begun(story, "1", "2", "3")
    after = does(
        story, planned(story, [first, row("2", "New"), numbered(two, "3"), numbered(three, "4")])
    )

    assert [("1", "Item 1"), ("2", "New"), ("3", "Item 2"), ("4", "Item 3")] == listed(after)


def test_an_item_becomes_the_sub_item_of_a_new_one(story: Story) -> None:
    first, two, three = begun(story, "1", "2", "3")
    rows = [first, row("2", "Both"), numbered(two, "2 (a)"), numbered(three, "2 (b)")]
    after = does(story, planned(story, rows))

    assert [("1", ""), ("2", ""), ("2 (a)", "2"), ("2 (b)", "2")] == [
        (item.item, item.under) for item in after.items
    ]


def test_an_item_takes_the_number_of_one_that_goes_under_a_new_one(story: Story) -> None:
    first, two, three, four = begun(story, "1", "2", "3", "4")
    rows = [first, numbered(four, "2"), row("3", "Both"), numbered(two, "3 (a)")]
    after = does(story, planned(story, [*rows, numbered(three, "3 (b)")]))

    assert ["1", "2", "3", "3 (a)", "3 (b)"] == [number for number, _ in listed(after)]


def test_an_item_is_taken_off_with_its_sub_items(story: Story) -> None:
    first, *_, three = begun(story, "1", "2", "2 (a)", "2 (b)", "3")
    plan = planned(story, [first, numbered(three, "2")])

    assert ["2", "2 (a)", "2 (b)"] == [
        line.called.split(" Item")[0] for line in plan.of(Fate.REMOVED)
    ]
    assert [("1", "Item 1"), ("2", "Item 3")] == listed(does(story, plan))


def test_a_sub_item_that_stays_keeps_its_item_from_being_taken_off(story: Story) -> None:
    first, _, sub = begun(story, "1", "2", "2 (a)")
    plan = planned(story, [first, numbered(sub, "1 (a)")])

    assert [item_list.UNDER_REMOVED] == [fault.why for fault in plan.faults]


def test_a_sub_item_goes_to_another_item_and_to_the_top(story: Story) -> None:
    first, two, sub, other = begun(story, "1", "2", "2 (a)", "2 (b)")
    after = does(story, planned(story, [first, numbered(sub, "1 (a)"), two, numbered(other, "3")]))

    assert ["1", "1 (a)", "2", "3"] == [number for number, _ in listed(after)]
    assert ["", "1", "", ""] == [item.under for item in after.items]


def test_the_order_is_made_by_as_few_moves_as_can_be(story: Story) -> None:
    rows = begun(story, "1", "2", "3", "4", "5")
    plan = planned(story, [rows[-1], *rows[:-1]])

    assert ["MoveItem"] == [type(command).__name__ for command in plan.commands]
    assert ["5", "1", "2", "3", "4"] == [number for number, _ in listed(does(story, plan))]


def test_what_is_proposed_alone_needs_no_reason(story: Story) -> None:
    rows = begun(story, "1")

    assert [ProposeItem] == [type(c) for c in planned(story, [*rows, row("2")], "").commands]
    (fault,) = planned(story, [row("1", "Other", rows[0].key)], "").faults
    assert (item_list.NO_REASON, "reason") == (fault.why, fault.column)


@pytest.mark.parametrize(
    ("number", "title", "why"),
    [
        ("", "A title", item_list.NO_NUMBER),
        ("2", " ", item_list.NO_TITLE),
        ("1", "Again", item_list.NUMBER_TWICE),
        ("1.", "Again", item_list.NUMBER_TWICE),
        ("4 (b)", "Of none", item_list.NO_PARENT),
        ("# 2", "In signs", item_list.NOT_A_NUMBER),
    ],
)
def test_each_line_that_is_wrong_is_told_by_its_number(
    story: Story, number: str, title: str, why: str
) -> None:
    rows = begun(story, "1")
    plan = planned(story, [*rows, Row(cells={"number": number, "title-en": title})])

    assert [(2, why)] == [(fault.line, fault.why) for fault in plan.faults]


def test_whatever_is_written_is_reached(story: Story) -> None:
    """Sixty lists at random, each made of the first before: taken off, moved, renumbered, new."""
    chance = random.Random(7)  # noqa: S311 (no secret: the same lists each time)
    begun(story, "1", "2", "2 (a)", "2 (b)", "3", "4", "4 (a)")
    for _ in range(60):
        target = _shuffled([*item_list.rows(shown_of(story))], chance)
        after = does(story, planned(story, target))
        assert _wanted(target) == [(item_key(n), t) for n, t in listed(after)]


def _shuffled(rows: list[Row], chance: random.Random) -> list[Row]:
    """The top level in another order, with first item off and first new, counted from 1 again."""
    tops = [r for r in rows if not parent_key(r.text("number"))]
    below = {
        top.key: [r for r in rows if parent_key(r.text("number")) == item_key(top.text("number"))]
        for top in tops
    }
    chance.shuffle(tops)
    if len(tops) > 3:
        tops.pop()
    found: list[Row] = []
    place = chance.randrange(len(tops) + 1)
    tops.insert(place, Row(cells={"number": "", "title-en": f"New {chance.random()}"}))
    for number, top in enumerate(tops, start=1):
        found.append(numbered(top, str(number)))
        subs = below.get(top.key, [])
        chance.shuffle(subs)
        if not top.key and number < len(tops) and not below.get(tops[number].key):
            subs = [tops.pop(number)]
        if chance.random() < 0.3:
            subs.append(Row(cells={"number": "", "title-en": f"Sub {chance.random()}"}))
        found += [numbered(sub, f"{number} ({chr(97 + n)})") for n, sub in enumerate(subs)]
    return found


def _wanted(rows: list[Row]) -> list[tuple[str, str]]:
    return [(item_key(r.text("number")), r.text("title-en")) for r in rows]


def test_the_longest_part_in_order_stays() -> None:
    assert {"a", "b", "d"} == item_list_acts.longest_in_order("abd", "abcd")
    assert {"b", "c"} == item_list_acts.longest_in_order("bca", "abc")
    assert {"c"} == item_list_acts.longest_in_order("cab", "abc", first="c")
    assert set() == item_list_acts.longest_in_order("", "abc")


# --- As lines -------------------------------------------------------------------------------------


def test_lines_are_read_as_agendas_print_them() -> None:
    text = "1. Opening\n\n2. Wells\n(a) Deep\n(i) Deeper\n(ii) Deepest\n(b) Dry\n3.\tReport\n4.2 X"
    rows, faults = item_lines.read(text, "en")

    assert [] == faults
    assert [
        (1, "1", "Opening"),
        (3, "2", "Wells"),
        (4, "2 (a)", "Deep"),
        (5, "2 (a) (i)", "Deeper"),
        (6, "2 (a) (ii)", "Deepest"),
        (7, "2 (b)", "Dry"),
        (8, "3", "Report"),
        (9, "4.2", "X"),
    ] == [(r.line, r.text("number"), r.text("title-en")) for r in rows]


def test_after_h_comes_i() -> None:
    letters = "\n".join(f"({letter}) {letter}" for letter in "abcdefghij")
    rows, _ = item_lines.read("2 Many\n" + letters, "en")

    assert ["2 (h)", "2 (i)", "2 (j)"] == [r.text("number") for r in rows[-3:]]


@pytest.mark.parametrize("line", ["Opening of the session", "(a) Of no item", "a new first"])
def test_a_line_without_a_number_is_told(line: str) -> None:
    rows, (fault,) = item_lines.read(line, "en")

    assert (1, item_lines.NO_LINE) == (fault.line, fault.why)
    assert [line.removeprefix("(a) ")] == [r.text("title-en") for r in rows]


def test_lines_mean_the_items_that_have_their_titles_else_their_numbers() -> None:
    base = [row("1", "Opening", "i1"), row("2", "Wells", "i2"), row("3", "Report", "i3")]
    written, _ = item_lines.read("1 New\n2 Opening\n3 Wells and springs\n4 Report", "en")
    found = item_lines.identify(base, written, "en")

    assert ["", "i1", "", "i3"] == [r.key for r in found]
    again = item_lines.identify(base, item_lines.read("2 Wells, amended", "en")[0], "en")
    assert ["i2"] == [r.key for r in again]
