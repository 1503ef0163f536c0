"""The board: every row in its group at every moment, page by page, and counted."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from command_line import Placet as Run
from domain.rules import Refused
from domain.silence import Phase
from domain.silence.current_windows import awaited_windows, current_windows
from domain.times import UNKNOWN, When
from story import ORGANISATION, Story
from web.app import create_app
from web.cli.agenda import deadlines
from web.forms.form import Form
from web.http.context import AboutProgram
from web.presenters import window as windows
from web.presenters.agenda_next_step import next_step
from wiring import CODEC
from workflows.acts.window_opening import OPEN
from workflows.projections import due_windows
from workflows.projections.pagination import Cursor
from workflows.queries import board, opening_options, outcomes_to_note
from workflows.queries.board import Board
from workflows.queries.board_rows import BoardRow

with warnings.catch_warnings():  # says that another client will be wanted some day
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient


def opened(story: Story, count: int) -> None:
    """A body with so many windows on decision texts, each an hour longer than the one before."""
    story.body()
    for n in range(count):
        story.silence(window=f"w{n}", length=f"{72 + n} hours")
    story.placet.projections.follow()


def shown(story: Story, at: datetime | str) -> Board:
    """The board at a moment that is the present."""
    story.placet.projections.follow()
    return story.placet.queries.board(at if isinstance(at, datetime) else When(at).exact)


def ids(made: Board) -> dict[str, list[str]]:
    return {group.name: [row.id for row in group.rows] for group in made.groups()}


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
    assert [2, 1, 0] == [group.count for group in before.groups()]
    assert [1, 2, 0] == [group.count for group in after.groups()]


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
    monkeypatch.setattr(outcomes_to_note, "PAGE", 3)


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
    story.placet.projections.follow()
    ((row,),) = (
        group.rows for group in story.placet.queries.board(story.now).groups() if group.rows
    )

    assert (0, 1) == (row.counts["objected"], row.counts["uncounted"])


def test_a_board_as_of_a_moment_is_the_one_that_was_seen_then(story: Story) -> None:
    opened(story, 5)
    moment = closes(story, "w1")
    seen = list(shown(story, moment).rows())
    story.clock("2026-03-09T13:00:00Z")
    made = story.placet.queries.board(story.now, str(When.from_instant(moment)))

    assert [structs.replace(row, cursor="") for row in seen] == [
        structs.replace(row, cursor="") for row in made.rows()
    ]
    assert [3, 2, 0] == [group.count for group in made.groups()]
    assert [3, 2] == [len(list(entry)) for entry in (made.groups()[0].rows, made.groups()[1].rows)]


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


# --- several windows at once, and how they ended --------------------------------------------------


def two_windows(story: Story) -> None:
    """An agenda with two items, each under a silence of its own: `late` ends after `soon`."""
    story.body()
    story.agenda("1", "2", "3")
    subject = {"type": "agenda items", "agenda": "a"}
    for window, item, hours in (("late", "2", 96), ("soon", "3", 72)):
        story.do("submit items", agenda="a", items=[item])
        values = {"window": window, "body": "b", "length": f"{hours} hours"}
        story.do("open silence", subject=subject | {"items": [item]}, **values)


def row_of(story: Story, name: str = "a") -> BoardRow:
    return next(row for row in shown(story, story.now).rows() if row.id == name)


def page_of(story: Story, path: str) -> str:
    """The text of a page at this moment of the story."""
    placet, about = story.placet, AboutProgram(version="0", store="s", virtual=True)
    app = create_app(
        placet.queries,
        lambda: story.now,
        placet.projections.catch_up_or_wait,
        about,
        CODEC,
        receipts=placet.receipts,
    )
    found = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", TestClient(app).get(path).text))
    return found.replace(" :", ":")


def test_a_board_shows_every_deadline_of_an_agenda(story: Story) -> None:
    """The nearest first, and the row stands where that one is; page, list and their JSON agree."""
    two_windows(story)
    row = row_of(story)
    agenda = story.placet.queries.agendas.get(ORGANISATION, "a")

    assert (
        ["soon", "late"]
        == [window.id for window in row.windows]
        == [window.id for window in agenda.current]
    )
    assert (row.windows[0].closes, "soon", board.RUNNING) == (row.closes, row.window, row.group)
    assert ["soon", "late"] == [
        entry.window and entry.window.id for entry in next_step(agenda, story.now)
    ]
    assert ["soon", "late"] == [
        name for _, name in due_windows.unfinished_windows(story.placet.views)
    ]
    assert deadlines(row) == f"{row.windows[0].closes}, {row.windows[1].closes}"


def test_an_agenda_shows_every_silence_that_asked_about_its_items(story: Story) -> None:
    """Also those of items that were asked again, or withdrawn since; they place nothing."""
    two_windows(story)
    for window in ("late", "soon"):
        story.do("respond", window=window, kind="objection", seats=["east"], who="seat east")
    story.do("withdraw item", agenda="a", item="3", reason="No agreement.")
    story.do("submit items", agenda="a", items=["2"])
    subject = {"type": "agenda items", "agenda": "a", "items": ["2"]}
    story.do("open silence", window="anew", body="b", subject=subject, relaunch_of="late")
    agenda = story.placet.queries.agendas.get(ORGANISATION, "a")
    page = page_of(story, f"/agendas/{ORGANISATION}/a")

    assert ["late", "soon", "anew"] == [window.id for window in agenda.windows]
    assert ["anew"] == [window.id for window in agenda.current]
    assert 3 == sum(event.name.startswith("window.opened") for event in agenda.events)
    for name, phase in (
        ("late", "Silence broken"),
        ("soon", "Silence broken"),
        ("anew", "Silence running"),
    ):
        assert f"Silence procedure {name} {phase}" in page


def test_what_ends_first_places_the_row_whatever_else_is_stopped(story: Story) -> None:
    """A stopped clock comes behind the one that runs, a broken silence not at all."""
    two_windows(story)
    who = "presiding officer"
    story.do("suspend silence", window="soon", reason="a doubt", who=who)
    stopped = row_of(story)
    story.do("hold silence", window="late", reason="a doubt", who=who)
    held = row_of(story)
    story.do("respond", window="late", kind="objection", seats=["east"], who="seat east")
    broken = row_of(story)

    assert (["late", "soon"], board.RUNNING) == (
        [window.id for window in stopped.windows],
        stopped.group,
    )
    assert ["open", "suspended"] == [window.stands for window in stopped.windows]
    assert stopped.windows[0].closes == stopped.closes
    assert (["soon", "late"], board.RUNNING) == ([window.id for window in held.windows], held.group)
    assert (["soon"], board.RUNNING) == ([window.id for window in broken.windows], broken.group)


def test_a_clock_that_runs_is_on_the_board_whatever_the_agenda_waits_for(story: Story) -> None:
    """One approval is in doubt, so the agenda waits for a ruling; the other silence still runs."""
    two_windows(story)
    story.clock("2026-03-05T12:30:00Z")
    values = {"window": "soon", "seats": ["east"], "received": "2026-03-04T12:00:00Z"}
    story.do("respond", kind="objection", **values)
    row = row_of(story)
    agenda = story.placet.queries.agendas.get(ORGANISATION, "a")

    assert ("approval suspended", board.RUNNING) == (row.stands, row.group)
    assert (
        ["late", "soon"]
        == [window.id for window in row.windows]
        == [window.id for window in agenda.current]
    )
    assert "a ruling by two persons" in {entry.what for entry in next_step(agenda, story.now)}


def test_without_a_running_one_the_last_window_counts(story: Story) -> None:
    """What was opened last says how the items stand."""
    two_windows(story)
    for window in ("late", "soon"):
        story.do("respond", window=window, kind="objection", seats=["east"], who="seat east")
    windows = [story.state(f"window/{entry}") for entry in ("soon", "late")]

    assert ["soon"] == [window.id for window in current_windows(windows)]
    assert () == awaited_windows(windows) == current_windows([])
    assert [] == [window.id for window in row_of(story).windows if window.awaited]


def end_shown(story: Story) -> tuple[str, str, str]:
    """What the board, the page of window `w` and the list say of its end."""
    made = row_of(story, "w")
    shown_ = story.placet.queries.windows.get(ORGANISATION, "w", story.now)
    cell = page_of(story, "/").partition("Where it stands")[2]
    return deadlines(made), windows.early_end(shown_), cell


ENDS = [
    (
        "respond",
        {"kind": "objection", "seats": ["east"], "who": "seat east"},
        "broken 2026-03-02T12:06:00Z",
        "The silence was broken. 2 March 2026, 13:06 Vienna Planned deadline: 5 March 2026",
    ),
    (
        "supersede silence",
        {"reason": "another text", "who": "presiding officer"},
        "superseded 2026-03-02T12:06:00Z",
        "The procedure was superseded. 2 March 2026, 13:06 Vienna Planned deadline: 5 March 2026",
    ),
    (
        "suspend silence",
        {"reason": "a doubt", "who": "presiding officer"},
        "stopped, was 2026-03-05T12:05:00Z",
        "The clock is stopped Planned deadline: 5 March 2026",
    ),
]


@pytest.mark.parametrize(("verb", "values", "listed", "said"), ENDS, ids=[end[0] for end in ENDS])
def test_a_deadline_that_did_not_come_is_none(
    story: Story, verb: str, values: dict[str, Any], listed: str, said: str
) -> None:
    """Who looks is told when the silence broke, and never that it ended on a day ahead."""
    story.body()
    story.silence()
    assert UNKNOWN == story.state("window/w").ended
    story.do(verb, window="w", **values)
    list_, cut, cell = end_shown(story)

    assert listed == list_
    assert said in cell
    assert "The silence ended" not in cell
    assert cut in cell
    assert cut or verb == "suspend silence"


def test_a_silence_that_ended_by_its_deadline_says_so(story: Story) -> None:
    story.body()
    story.silence()
    story.clock("2026-03-05T13:00:00Z")
    listed, cut, cell = end_shown(story)

    assert ("2026-03-05T12:05:00Z", "") == (listed, cut)
    assert "The silence ended. 5 March 2026, 13:05 Vienna" in cell


def test_an_approval_that_was_revoked_says_when(story: Story) -> None:
    """Not when the silence ended, which approved."""
    story.body()
    story.silence()
    story.clock("2026-03-05T13:00:00Z")
    found = {"seats": ["east"], "received": "2026-03-04T12:00:00Z"}
    story.do("respond", window="w", kind="objection", **found)
    ruled = {"number": 1, "breaks": "yes", "reason": "It came in time.", "second": "P. Two"}
    story.do("rule on response", window="w", who="presiding officer", **ruled)
    listed, cut, cell = end_shown(story)

    assert (f"revoked {When.from_instant(story.now)}", "The approval was revoked.") == (listed, cut)
    assert "The approval was revoked. 5 March 2026" in cell


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
    story.placet.projections.follow()
    first = story.placet.queries.windows.unnoted_outcomes(ORGANISATION)
    second = story.placet.queries.windows.unnoted_outcomes(ORGANISATION, start=first.later)
    again = story.placet.queries.windows.unnoted_outcomes(ORGANISATION, start=second.earlier)

    assert (4, 4) == (first.count, second.count)
    assert ["w0", "w1", "w2"] == [outcome.window.id for outcome in first.outcomes]
    assert ["w3"] == [outcome.window.id for outcome in second.outcomes]
    assert (None, None) == (second.later, first.earlier)
    assert first.outcomes == again.outcomes
    before = story.placet.queries.windows.unnoted_outcomes(ORGANISATION, "2026-03-04T12:00:00Z")
    assert (0, ()) == (before.count, before.outcomes)


def test_too_many_to_choose_from_are_written(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(story, 3)
    for name in ("w0", "w1", "w2"):
        story.do("respond", window=name, kind="objection", seats=("east",), who="seat east")
    story.placet.projections.follow()

    def field() -> Any:
        found = story.placet.queries.windows.opening_options(ORGANISATION)
        fields = Form(act=OPEN, target="", shown=found, say=str, language="en").fields
        return next(field for field in fields if field.name == "relaunch_of")

    assert ("select", ["w0", "w1", "w2"]) == (
        field().kind,
        [choice.value for choice in field().choices],
    )
    monkeypatch.setattr(opening_options, "MOST", 2)
    assert ("text", ()) == (field().kind, field().choices)


def test_only_what_failed_is_offered_for_relaunch(story: Story) -> None:
    """Neither what was approved, nor what is still running."""
    opened(story, 5)
    story.do("respond", window="w0", kind="objection", seats=("east",), who="seat east")
    reason = "The text must change."
    story.do("supersede silence", window="w3", reason=reason, who="presiding officer")
    story.clock("2026-03-09T13:00:00Z")
    story.silence(window="running")
    story.placet.projections.follow()

    assert ("w0", "w3") == story.placet.queries.windows.opening_options(ORGANISATION).failed


def test_a_deadline_in_utc_is_not_told_twice(story: Story) -> None:
    story.body()
    story.silence(window="here", closes="2026-03-06T17:00[Europe/Vienna]")
    story.silence(window="there", closes="2026-03-07T16:30Z")
    story.placet.projections.follow()
    page = " ".join(page_of(story, "/").split())

    assert "6 March 2026, 17:00 Vienna (16:00 UTC)" in page
    assert "7 March 2026, 16:30 UTC" in page
    assert "(16:30 UTC)" not in page


def test_who_could_not_be_told_is_not_counted_as_notified(story: Story) -> None:
    """A letter that came back has told nobody, whether or not that is excused later."""
    opened(story, 1)
    values = {"window": "w0", "seats": ("east", "west"), "result": "delivered", "via": "post"}
    story.do("record notices", **values)
    story.do("record notices", window="w0", seats=("east",), result="failed", reason="It is back.")
    story.placet.projections.follow()

    def counts() -> tuple[object, object]:
        (row,) = story.placet.queries.board(story.now).rows()
        return row.counts["notified"], row.counts["delivery failed"]

    assert (1, 1) == counts()
    story.do("record notices", window="w0", seats=("east",), result="waived", reason="Closed.")
    story.placet.projections.follow()
    assert (1, 0) == counts()
    assert "notice waived" == next(
        seat.state
        for seat in story.placet.queries.windows.get(ORGANISATION, "w0", story.now).seats
        if seat.seat.seat == "east"
    )


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


def test_the_command_line_shows_every_clock_and_how_one_ended(placet: Run, tmp_path: Path) -> None:
    """In the list, and of one agenda or window."""
    story = Story(tmp_path)
    two_windows(story)
    story.silence()
    story.do("respond", window="w", kind="objection", seats=["east"], who="seat east")
    story.do("suspend silence", window="late", reason="a doubt", who="presiding officer")
    story.placet.close()

    def said(*words: str) -> str:
        code, out, err = placet(*words, "--store", tmp_path / "store")
        assert code == 0, err
        return re.sub(r" +", " ", out)

    soon, late = "2026-03-05T12:13:00Z", "2026-03-06T12:11:00Z"
    assert f"{soon}, stopped, was {late}" in said("agenda", "list")
    assert f"late suspended stopped, was {late}" in said("agenda", "show", "a")
    assert f"{soon}" in said("agenda", "show", "a")
    assert "w broken broken 2026-03-02T12:15:00Z" in said("window", "list")
    assert "ended broken 2026-03-02T12:15:00Z" in said("window", "show", "w")
    assert "planned deadline 2026-03-05T13:14:00 Europe/Vienna" in said("window", "show", "w")
    assert "planned deadline" in said("window", "show", "late")
    assert "closes before 2026-03-05" in said("window", "show", "soon")


def test_the_command_line_finds_a_listed_document_by_half_its_symbol(
    placet: Run, tmp_path: Path
) -> None:
    """As the page does: by one part, by the parts in another order, and with an asterisk."""
    story = Story(tmp_path)
    story.body()
    story.agenda("1", "2", "3")
    values = {"type": "background paper", "body": "b", "languages": ["en"]}
    joint = "FBB/WG.1/2026/3-FBB/WG.2/2026/5"
    story.do("register document", document="d", symbol=joint, **values)
    story.do("issue version", document="d", language="en")
    for item, symbol in (
        ("1", "FBB/WG.2/2026/5*"),
        ("2", "FBB/WG.2/2026/5 - FBB/WG.1/2026/3"),
        ("3", "FBB/2026/9"),
    ):
        story.do("plan documents", agenda="a", item=item, documents=[symbol])
    story.placet.close()
    code, out, err = placet("agenda", "show", "a", "--store", tmp_path / "store")
    said = re.sub(r" +", " ", out)

    assert 0 == code, err
    assert f"1 FBB/WG.2/2026/5* d {joint} background paper en" in said
    assert f"2 FBB/WG.2/2026/5 - FBB/WG.1/2026/3 d {joint} background paper en" in said
    assert "3 FBB/2026/9 no record of it" in said


def test_the_command_line_tells_of_sessions_that_are_off_or_moved(
    placet: Run, tmp_path: Path
) -> None:
    story = Story(tmp_path)
    story.body()
    for name in ("off", "moved"):
        dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
        story.do("schedule session", session=name, body="b", number="3", **dates)
        story.do("start agenda", agenda=name, body="b", session=name)
    story.do("cancel session", session="off", reason="no consensus")
    story.do("plan meetings", session="moved", meetings=[{"day": "2026-08-10"}])
    story.do("postpone session", session="moved", reason="the hall")
    story.placet.close()
    store = ("--store", tmp_path / "store")

    assert "3 cancelled" in placet("agenda", "list", *store)[1]
    assert "session 3 was cancelled: no consensus" in placet("agenda", "show", "off", *store)[1]
    assert "to be planned anew: meetings" in placet("agenda", "show", "moved", *store)[1]
