"""Headings and particulars in the list of items that is edited as a whole."""

from __future__ import annotations

import random
from typing import Any, cast

import pytest
from msgspec import structs

from domain.type_registry import VERBS
from story import ORGANISATION, Story
from workflows.acts.agenda_annotations import EITHER
from workflows.editing import item_lines, item_list, item_list_acts
from workflows.editing.catalogue import ITEM_LIST
from workflows.editing.item_counting import counted
from workflows.editing.rows import Draft, Fate, Plan, Row, rebase
from workflows.queries.agenda import AgendaForForm


def shown_of(story: Story) -> AgendaForForm:
    """The agenda as an editing page reads it."""
    story.placet.projections.follow()
    return story.placet.queries.agendas.for_editing(ORGANISATION, "a")


def begun(story: Story, *lines: str) -> list[Row]:
    """An agenda with these items, and headings where a line is no number; its rows."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for line in lines:
        if line[0].isdecimal():
            story.propose(line)
        else:
            story.do("propose heading", agenda="a", titles={"en": line})
    return [*item_list.rows(shown_of(story))]


def planned(story: Story, rows: list[Row], reason: str = "a reason") -> Plan:
    """What these rows mean for the list as it stands."""
    shown = shown_of(story)
    numbered = tuple(structs.replace(row, line=n) for n, row in enumerate(rows, start=1))
    draft = Draft(rows=numbered, base=item_list.rows(shown), answers={"reason": reason})
    return item_list.plan(shown, draft)


def does(story: Story, rows: list[Row]) -> list[str]:
    """Make the list what these rows say; the kinds of acts that it took."""
    plan = planned(story, rows)
    assert not plan.faults
    for command in plan.commands:
        fields = structs.asdict(cast("Any", command))
        story.do(VERBS[type(command)], **fields)
    return [type(command).__name__ for command in plan.commands]


def listed(story: Story) -> str:
    """The list as its rows say it: numbers, and headings by their words."""
    rows = item_list.rows(shown_of(story))
    return " ".join(row.text("number") or row.text("title-en") for row in rows)


def heading(title: str) -> Row:
    return Row(cells={"kind": "heading", "title-en": title})


def item(number: str, **cells: str) -> Row:
    return Row(cells={"number": number, "title-en": f"Item {number}", **cells})


def with_(row: Row, **cells: str) -> Row:
    """The same row with other cells."""
    return structs.replace(row, cells={**row.cells, **cells})


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.why) for fault in plan.faults]


# --- Headings -------------------------------------------------------------------------------------


def test_headings_are_put_among_items_without_moving_any(story: Story) -> None:
    first, two = begun(story, "1", "2")
    acts = does(story, [heading("Opening"), first, heading("Part"), heading("Rest"), two])

    assert ["ProposeHeading"] * 3 == acts
    assert "Opening 1 Part Rest 2" == listed(story)


def test_a_new_item_comes_right_below_a_heading(story: Story) -> None:
    first, head, two = begun(story, "1", "Rest", "2")
    story.do("submit items", agenda="a", items=["2"])
    story.do("approve items", agenda="a", who="body", manner="consensus")
    acts = does(story, [first, head, item("5"), two])

    assert ["ProposeItem", "MoveItem", "MoveHeading"] == acts
    assert "1 Rest 5 2" == listed(story)
    assert "approved" == story.state("agenda/a").item("2").approval


def test_headings_change_places_words_and_go(story: Story) -> None:
    a, first, b, two, c = begun(story, "A", "1", "B", "2", "C")
    assert ["MoveHeading"] * 2 == does(story, [b, a, first, two, c])
    assert "B A 1 2 C" == listed(story)

    assert ["WithdrawHeading", "AmendHeading"] == does(
        story, [b, with_(a, **{"title-en": "A new"}), first, two]
    )
    assert "B A new 1 2" == listed(story)
    assert [] == does(story, [*item_list.rows(shown_of(story))])


def test_what_a_heading_lacks_is_told_by_its_line(story: Story) -> None:
    first, a = begun(story, "1", "A")
    assert [(2, "title-en", item_list.NO_TITLE)] == faults(
        planned(story, [first, with_(a, **{"title-en": " "})])
    )
    assert [(0, "reason", item_list.NO_REASON)] == faults(
        planned(story, [with_(a, **{"title-en": "B"}), first], reason="")
    )
    assert not planned(story, [first, a, Row(cells={"kind": "heading", "title-en": " "})]).faults


def test_the_check_page_says_what_becomes_of_headings(story: Story) -> None:
    a, first, b = begun(story, "A", "1", "B")
    plan = planned(story, [first, b, a, heading("C")])
    assert ["B"] == [line.called for line in plan.of(Fate.UNCHANGED) if line.called != "1 Item 1"]
    assert ["A"] == [line.called for line in plan.of(Fate.CHANGED)]
    assert ["C"] == [line.called for line in plan.of(Fate.NEW)]
    removed = planned(story, [first, b])
    assert ["A"] == [line.called for line in removed.of(Fate.REMOVED)]


def test_whatever_is_written_is_reached_with_headings(story: Story) -> None:
    """Forty lists at random, each made of the one before."""
    chance = random.Random(11)  # noqa: S311 (no secret: the same lists each time)
    begun(story, "A", "1", "2", "B", "2 (a)", "3", "C")
    for number in range(40):
        target = _shuffled([*item_list.rows(shown_of(story))], chance, number)
        does(story, target)
        wanted = " ".join(row.text("number") or row.text("title-en") for row in target)
        assert wanted == listed(story)
    assert [] == does(story, [*item_list.rows(shown_of(story))])


def _shuffled(rows: list[Row], chance: random.Random, number: int) -> list[Row]:
    """Blocks of items with what is below them, and headings, in another order; one off, two new."""
    blocks: list[list[Row]] = []
    for row in rows:
        if row.kind != "heading" and "(" in row.text("number"):
            block = next(b for b in reversed(blocks) if b[0].kind != "heading")
            block.append(row)
        else:
            blocks.append([row])
    chance.shuffle(blocks)
    if len(blocks) > 6:
        blocks.pop()
    blocks.insert(chance.randrange(len(blocks)), [heading(f"H{number}")])
    blocks.insert(chance.randrange(len(blocks)), [item("", **{"title-en": f"New {number}"})])
    return [*counted([row for block in blocks for row in block])]


def test_an_item_that_cannot_be_moved_is_not(story: Story) -> None:
    first, two = begun(story, "1", "2")
    story.do("submit items", agenda="a", items=["1"])
    story.do("approve items", agenda="a", who="body", manner="consensus")
    (move,) = planned(story, [two, first]).commands
    assert "2" == cast("Any", move).item
    assert {"c", "d"} == item_list_acts.longest_in_order("abcd", "cabd", fixed={"c", "d"}) - {
        "a",
        "b",
    }
    assert {"c"} == item_list_acts.longest_in_order("cab", "abc", fixed={"c"})


# --- As lines -------------------------------------------------------------------------------------


def test_lines_write_and_read_headings(story: Story) -> None:
    begun(story, "A", "1", "B")
    rows = item_list.rows(shown_of(story))
    assert "#\tA\n1\tItem 1\n#\tB" == item_lines.text(rows, "en")

    read, wrong = item_lines.read("# A\n1 Item 1\n\tSub\n＃New", "en")
    assert not wrong
    assert ["heading", "", "heading", "heading"] == [row.kind for row in read]
    assert ["A", "Item 1", "Sub", "New"] == [row.text("title-en") for row in read]


def test_lines_mean_the_headings_that_have_their_words_else_those_left_over_in_order(
    story: Story,
) -> None:
    begun(story, "A", "1", "B", "2")
    base = item_list.rows(shown_of(story))

    def keys(text: str, language: str = "en") -> list[str]:
        return [
            r.key for r in item_lines.identify(base, item_lines.read(text, language)[0], language)
        ]

    assert ["h2", "i1", "h1", "i2"] == keys("# B\n1 Item 1\n# A\n2 Item 2")
    assert ["h1", "i1", "h2", "i2"] == keys("# A\n1 Item 1\n# Changed\n2 Item 2")
    assert ["h1", "i1", "h2", "i2"] == keys("#\n1\n#\n2", "fr")
    assert ["h1", "i1", "i2", "", ""] == keys("# A\n1 Item 1\n2 Item 2\n# C\n# D")


# --- Particulars ----------------------------------------------------------------------------------


def test_particulars_and_documents_change_by_the_acts_that_there_are(story: Story) -> None:
    (first,) = begun(story, "1")
    changed = with_(
        first,
        proposer="Northland",
        legal_basis="Decision 1/2\nArticle 3",
        subjects="report\nother matters",
        documents="X/1\nX/2",
        note="Late.",
        **{"title-fr": "Point 1"},
    )
    assert ["AmendItem", "DescribeItem", "PlanDocuments"] == does(story, [changed])

    stands = story.state("agenda/a").item("1")
    assert ("Northland", "State Party") == (stands.proposer, stands.proposer_kind)
    assert (("Decision 1/2", "Article 3"), ("report", "other matters")) == (
        stands.legal_basis,
        stands.subjects,
    )
    assert (("X/1", "X/2"), False, "Late.") == (
        stands.documents,
        stands.none_expected,
        stands.note,
    )
    (again,) = item_list.rows(shown_of(story))
    assert [] == does(story, [with_(again, subjects="other matters\nreport")])
    assert ["PlanDocuments"] == does(story, [with_(again, documents="", none_expected="yes")])


def test_a_new_item_has_its_documents_at_once(story: Story) -> None:
    rows = begun(story, "1")
    new = item("2", documents="X/3", subjects="report", working_translations="en")
    assert ["ProposeItem", "PlanDocuments"] == does(story, [*rows, new])
    stands = story.state("agenda/a").item("2")
    assert (("X/3",), ("report",), ("en",)) == (
        stands.documents,
        stands.subjects,
        stands.working_translations,
    )


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"title-en": "", "title-fr": "Point"}, "title-en", item_list.STAYS),
        ({"documents": "X/1", "none_expected": "yes"}, "documents", EITHER),
        ({"note": "Alone."}, "documents", EITHER),
        ({"subjects": "the weather"}, "subjects", item_list.NOT_KNOWN),
        ({"none_expected": "perhaps"}, "none_expected", item_list.NOT_KNOWN),
    ],
)
def test_particulars_that_cannot_be_so_are_told(
    story: Story, cells: dict[str, str], column: str, why: str
) -> None:
    (first,) = begun(story, "1")
    assert [(1, column, why)] == faults(planned(story, [with_(first, **cells)]))


def test_particulars_that_are_emptied_are_taken_off(story: Story) -> None:
    """Beside what is changed; what a row does not mention stays."""
    (first,) = begun(story, "1")
    cells = {"proposer": "", "memorandum": " ", "legal_basis": "Resolution 7/1"}
    assert ["DescribeItem", "ClearItem"] == does(story, [with_(first, **cells)])
    stands = story.state("agenda/a").item("1")
    assert ("", "unknown", ("Resolution 7/1",)) == (
        stands.proposer,
        stands.memorandum,
        stands.legal_basis,
    )
    (again,) = item_list.rows(shown_of(story))
    assert ["ClearItem"] == does(story, [with_(again, legal_basis="")])
    assert () == story.state("agenda/a").item("1").legal_basis
    assert "State Party" == stands.proposer_kind


def test_a_subject_that_is_not_offered_stays_where_it_stands(story: Story) -> None:
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1", subjects=["fisheries"])
    (first,) = item_list.rows(shown_of(story))
    assert ["DescribeItem"] == does(story, [with_(first, subjects="fisheries\nreport")])


# --- Two at the same time -------------------------------------------------------------------------


def merged(draft: str, base: str, current: str) -> str:
    """The keys of the rows that come of a draft; small letters are keys, capitals new rows."""

    def rows(keys: str) -> tuple[Row, ...]:
        return tuple(
            Row(key=key if key.islower() else "", cells={"title-en": key}, line=n)
            for n, key in enumerate(keys, start=1)
        )

    found, _ = rebase(Draft(rows=rows(draft), base=rows(base)), rows(current))
    assert [*range(1, len(found.rows) + 1)] == [row.line for row in found.rows]
    return "".join(row.text("title-en") for row in found.rows)


@pytest.mark.parametrize(
    ("draft", "base", "current", "left"),
    [
        ("abc", "abc", "cab", "cab"),
        ("cab", "abc", "abc", "cab"),
        ("cab", "abc", "bac", "cab"),
        ("aNbc", "abc", "axbc", "aNxbc"),
        ("Nabc", "abc", "cab", "Ncab"),
        ("abcN", "abc", "cabx", "cNabx"),
        ("bac", "abc", "axbc", "baxc"),
        ("ac", "abc", "abxc", "axc"),
        ("abc", "abc", "ac", "ac"),
        ("", "abc", "abcx", "x"),
    ],
)
def test_the_order_is_that_of_the_one_who_has_changed_it(
    draft: str, base: str, current: str, left: str
) -> None:
    assert left == merged(draft, base, current)


# --- Numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("1|2|2|3", "1|2|3|4"),
        ("1|1 (a)|1 (b)||2|2", "1|1 (a)|1 (b)|1 (c)|2|3"),
        ("2|2(a)|2(a)(i)|2(a)(v)|2 (c)", "1|1(a)|1(a)(i)|1(a)(ii)|1(b)"),
        ("3|3.1|3.4|7", "1|1.1|1.2|2"),
        ("2|2 A)|2 C)", "1|1 A)|1 B)"),
        ("|||", "1|2|3|4"),
        ("4 (b)|", "1|2"),
        ("5|5 (أ)|5 (ب)", "1|1 (أ)|1 (ب)"),
        ("1|1 (a)|1 (a) (I)|1 (a) (X)", "1|1 (a)|1 (a) (I)|1 (a) (II)"),
    ],
)
def test_numbers_are_counted_anew(given: str, left: str) -> None:
    rows = [item(number) for number in given.split("|")]
    mixed = [heading("A"), *rows[:1], Row(cells={"number": ""}), *rows[1:], heading("B")]
    kept = [row for row in counted(mixed) if row.text("title-en").startswith("Item")]
    assert left == "|".join(row.text("number") for row in kept)


def test_letters_and_roman_numbers_go_on() -> None:
    letters = counted([item("1"), *(item("1 (a)") for _ in range(28))])
    assert ["1 (z)", "1 (aa)", "1 (bb)"] == [row.text("number") for row in letters[-3:]]
    roman = counted([item("1"), item("1 (a)"), *(item("1 (a) (i)") for _ in range(14))])
    assert ["iv", "ix", "xiv"] == [
        roman[n + 1].text("number").removeprefix("1 (a) (").removesuffix(")") for n in (4, 9, 14)
    ]


# --- As a table from a file -----------------------------------------------------------------------


def read(text: str, language: str = "en") -> tuple[list[Row], list[Any]]:
    lines = ITEM_LIST.lines
    assert lines
    rows, wrong = lines.read((), text, language, str)
    return [*rows], [*wrong]


def test_a_table_with_named_columns_is_read_with_its_headings() -> None:
    text = (
        "Number;title;title-fr;Who proposes it;documents\n"
        ';Opening;Ouverture\n1;Work;Travaux;Northland;"X/1\nX/2"\n#;Rest;\n2;Report;Rapport;;\n'
    )
    rows, wrong = read(text)
    assert not wrong
    assert ["heading", "", "heading", ""] == [row.kind for row in rows]
    assert ("Work", "Travaux", "Northland") == tuple(
        rows[1].text(name) for name in ("title-en", "title-fr", "proposer")
    )
    assert ("X/1", "X/2") == rows[1].entries("documents")
    assert "Ouverture" == rows[0].text("title-fr")


def test_a_sub_item_of_a_table_is_numbered_below_its_item_as_in_lines() -> None:
    """`(a)` is no item of its own, and one above which nothing stands is told."""
    rows, wrong = read("number;title\n2;Boats\n(a);Small\n(b);Large\n(i);Very large\n3;Rest")
    _, (alone,) = read("number;title\n(a);Small")

    assert [] == wrong
    assert ["2", "2 (a)", "2 (b)", "2 (b) (i)", "3"] == [row.text("number") for row in rows]
    assert (2, "(a)") == (alone.line, alone.words["text"])


def test_what_a_table_names_wrongly_is_told() -> None:
    _, (fault,) = read("number;title;weather\n1;Work;fine")
    assert (1, "weather") == (fault.line, fault.words["text"])
    _, (formula,) = read("number;title\n1;=1+1")
    assert 2 == formula.line
    rows, _ = read("1. Number; title\n2. Others")
    assert ["1", "2"] == [row.text("number") for row in rows]
    assert ([], []) == read("\n")
