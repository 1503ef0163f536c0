"""The board: every row in its group at every moment, page by page, and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Placet as Run
from story import ORGANISATION, Story

from domain.rules import Refused
from domain.silence import Phase
from domain.times import When
from web.forms import opening
from workflows import board, openable, outstanding
from workflows.board import Board, BoardRow
from workflows.listing import Cursor


def opened(story: Story, count: int) -> None:
    """A body with so many windows on decision texts, each an hour longer than the one before."""
    story.body()
    for n in range(count):
        story.silence(window=f"w{n}", length=f"{72 + n} hours")
    story.placet.follow()


def shown(story: Story, at: datetime | str) -> Board:
    """The board at a moment that is the present."""
    story.placet.follow()
    return story.placet.reading.board(at if isinstance(at, datetime) else When(at).exact)


def ids(made: Board) -> dict[str, list[str]]:
    return {one.name: [row.id for row in one.rows] for one in made.groups()}


def closes(story: Story, window: str) -> datetime:
    closes: When = story.state(f"window/{window}").closes
    return closes.latest


def test_a_clock_runs_until_its_end_and_waits_from_then_on(story: Story) -> None:
    """The same rows, at the last moment before the deadline of one, and at the deadline."""
    opened(story, 3)
    end = closes(story, "w1")
    before = shown(story, end - timedelta(microseconds=1))
    after = shown(story, end)

    assert {board.RUNNING: ["w1", "w2"], board.WAITING: ["w0"], board.FINISHED: []} == ids(before)
    assert {board.RUNNING: ["w2"], board.WAITING: ["w0", "w1"], board.FINISHED: []} == ids(after)
    assert [2, 1, 0] == [one.count for one in before.groups()]
    assert [1, 2, 0] == [one.count for one in after.groups()]


def test_every_row_is_in_the_group_of_its_phase(story: Story) -> None:
    """Whatever became of a window, at moments before and after its deadline."""
    opened(story, 7)
    who = "presiding officer"
    story.do("suspend silence", window="w0", reason="a doubt", who=who)
    story.do("hold silence", window="w1", reason="a doubt", who=who)
    story.do("supersede silence", window="w2", reason="another text", who=who)
    story.do("respond", window="w3", kind="objection", seats=["east"], who="seat east")
    story.do("respond", window="w4", kind="unclear", seats=["east"], who="seat east")
    for moment in (story.now, closes(story, "w4"), closes(story, "w6") + timedelta(days=1)):
        rows = list(shown(story, moment).rows())
        assert {f"w{n}" for n in range(7)} == {row.id for row in rows}
        for row in rows:
            assert GROUPS[row.stands] == row.group, row.id


GROUPS: dict[str, str] = {
    Phase.OPEN: board.RUNNING,
    Phase.SUSPENDED: board.RUNNING,
    Phase.HELD: board.WAITING,
    Phase.BEING_VERIFIED: board.WAITING,
    Phase.SUPERSEDED: board.FINISHED,
    Phase.BROKEN: board.FINISHED,
}


def test_an_approval_in_doubt_waits(story: Story) -> None:
    """Somebody has to rule, so it is not folded away among what is over."""
    opened(story, 1)
    story.clock("2026-03-05T13:00:00Z")
    found = {"seats": ["east"], "received": "2026-03-04T12:00:00Z"}
    story.do("respond", window="w0", kind="objection", **found)
    (row,) = shown(story, story.now).rows()

    assert (Phase.APPROVAL_SUSPENDED, board.WAITING) == (row.stands, row.group)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three rows."""
    monkeypatch.setattr(board, "PAGE", 3)
    monkeypatch.setattr(outstanding, "PAGE", 3)


def forth(made: Board, start: Cursor | None) -> Iterator[list[BoardRow]]:
    """The pages of a group from one on."""
    while start:
        (group,) = made.groups(start)
        yield list(group.rows)
        start = group.later


def back(made: Board, start: Cursor | None) -> Iterator[list[BoardRow]]:
    while start:
        (group,) = made.groups(start)
        yield list(group.rows)
        start = group.earlier


@pytest.mark.usefixtures("small")
def test_a_board_is_paged_forth_and_back(story: Story) -> None:
    """Over both parts of what waits: a clock that has run out, and a window that is held."""
    opened(story, 8)
    for n in (0, 3, 6):
        story.do("hold silence", window=f"w{n}", reason="a doubt", who="presiding officer")
    made = shown(story, closes(story, "w5"))
    running, waiting, _ = made.groups()

    assert ["w7"] == [row.id for row in running.rows]
    assert ["w1", "w2", "w4"] == [row.id for row in waiting.rows]
    assert (7, None) == (waiting.count, waiting.earlier)
    pages = list(forth(made, waiting.later))
    assert [["w5", "w0", "w3"], ["w6"]] == [[row.id for row in page] for page in pages]
    (last,) = made.groups(Cursor.parse(pages[0][-1].cursor))
    assert [["w5", "w0", "w3"], ["w1", "w2", "w4"]] == [
        [row.id for row in page] for page in back(made, last.earlier)
    ]
    assert [f"w{n}" for n in (7, 1, 2, 4, 5, 0, 3, 6)] == [row.id for row in made.rows()]
    after = Cursor.parse(waiting.rows[1].cursor)
    assert ["w4", "w5", "w0", "w3", "w6"] == [row.id for row in made.rows(after)]


@pytest.mark.usefixtures("small")
def test_a_page_goes_on_where_it_ended_though_clocks_have_run_out_meanwhile(story: Story) -> None:
    opened(story, 6)
    running, *_ = shown(story, story.now).groups()
    later = shown(story, closes(story, "w3"))

    (group,) = later.groups(running.later)
    assert ["w4", "w5"] == [row.id for row in group.rows]


@pytest.mark.usefixtures("small")
def test_an_objection_that_does_not_count_is_not_passed_over(story: Story) -> None:
    """The board does not say that none was received."""
    story.body()
    story.silence()
    story.respond("objection", text_hash="0" * 64)
    story.placet.follow()
    ((row,),) = (one.rows for one in story.placet.reading.board(story.now).groups() if one.rows)

    assert (0, 1) == (row.counts["objected"], row.counts["uncounted"])


def test_a_board_as_of_a_moment_is_the_one_that_was_seen_then(story: Story) -> None:
    opened(story, 5)
    moment = closes(story, "w1")
    seen = list(shown(story, moment).rows())
    story.clock("2026-03-09T13:00:00Z")
    made = story.placet.reading.board(story.now, str(When.instant(moment)))

    assert [replace(row, cursor="") for row in seen] == [
        replace(row, cursor="") for row in made.rows()
    ]
    assert [3, 2, 0] == [one.count for one in made.groups()]
    assert [3, 2] == [len(list(one)) for one in (made.groups()[0].rows, made.groups()[1].rows)]


@pytest.mark.parametrize(
    "text",
    [
        "after",
        "after/running/clock/1/un",
        "beside/a/b/c/d/e",
        "after/no/clock/1/un/a",
        "after/running/no/1/un/a",
    ],
)
def test_a_row_that_cannot_be_there_is_refused(story: Story, text: str) -> None:
    opened(story, 1)

    with pytest.raises(Refused, match="no page"):
        shown(story, story.now).groups(Cursor.parse(text))


def test_a_cursor_reads_as_it_was_written() -> None:
    cursor = Cursor("running", "clock", ("1", "an/organisation", "window/a b"), back=True)

    assert cursor == Cursor.parse(str(cursor))


# --- what a meeting has to note, and what can be opened -------------------------------------------


@pytest.mark.usefixtures("small")
def test_outcomes_to_be_noted_are_paged_and_counted(story: Story) -> None:
    opened(story, 5)
    story.clock("2026-03-09T13:00:00Z")
    story.do(
        "announce outcome",
        window="w4",
        manner="noted at a meeting",
        who="presiding officer",
    )
    story.placet.follow()
    first = story.placet.reading.outstanding(ORGANISATION)
    second = story.placet.reading.outstanding(ORGANISATION, start=first.later)
    again = story.placet.reading.outstanding(ORGANISATION, start=second.earlier)

    assert (4, 4) == (first.count, second.count)
    assert ["w0", "w1", "w2"] == [one.window.id for one in first.outcomes]
    assert ["w3"] == [one.window.id for one in second.outcomes]
    assert (None, None) == (second.later, first.earlier)
    assert first.outcomes == again.outcomes
    before = story.placet.reading.outstanding(ORGANISATION, "2026-03-04T12:00:00Z")
    assert (0, ()) == (before.count, before.outcomes)


def test_too_many_to_choose_from_are_written(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(story, 3)
    story.clock("2026-03-09T13:00:00Z")
    story.placet.follow()

    def field() -> Any:
        found = story.placet.reading.openable(ORGANISATION)
        fields = opening.form(found, str, "en").all_fields(str)
        return next(one for one in fields if one.name == "relaunch_of")

    assert ("select", ["w0", "w1", "w2"]) == (field().kind, [one.value for one in field().choices])
    monkeypatch.setattr(openable, "MOST", 2)
    assert ("text", ()) == (field().kind, field().choices)


# --- the command line ----------------------------------------------------------------------------


def test_lists_are_printed_in_parts(placet: Run, tmp_path: Path) -> None:
    """All in JSON unless a limit is told; a table says where it goes on."""
    story = Story(tmp_path)
    opened(story, 4)
    story.placet.close()

    def listed(*words: str) -> tuple[list[str], str]:
        code, out, err = placet(*words, "--store", tmp_path / "store", "--json")
        assert code == 0, err
        return [row["id"] for row in json.loads(out)], err.replace("\n", "").rpartition(" ")[2]

    for noun in ("agenda", "window"):
        assert listed(noun, "list")[0] == ["w0", "w1", "w2", "w3"]
        some, after = listed(noun, "list", "--limit", "3")
        assert some == ["w0", "w1", "w2"]
        assert listed(noun, "list", "--after", after) == (["w3"], "")
        assert placet(noun, "list", "--after", "x", "--store", tmp_path / "store")[0] == 1
