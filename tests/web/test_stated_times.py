"""What a meeting did is entered afterwards: forms, pages and commands say both times."""

from __future__ import annotations

import json
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import Placet
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, field_values, said

AGENDA, SESSION = f"/agendas/{ORGANISATION}/a", f"/sessions/{ORGANISATION}/s"
APPROVE = f"{AGENDA}/act/approve-items"
AMEND = f"{AGENDA}/edit/oral-amendments"
KEEPS = "The record keeps the time that you state, and beside it when you entered it."
NOW = "The record will say that it happened when you confirm."


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """An agenda whose items were submitted on 2 March; somebody comes a week later."""
    story.body()
    dates = {"starts": "2026-03-05", "ends": "2026-03-06"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    story.propose("2")
    story.do("submit items", agenda="a")
    story.at("2026-03-09T12:00:00Z")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def refused(visitor: Visitor, **fields: str) -> str:
    """What the form says that comes back, with all that was written."""
    answer = visitor.sends(APPROVE, visitor.fills(APPROVE, manner="consensus", **fields))
    assert answer.status_code in {409, 422}, said(answer)
    kept = field_values(answer.text)
    assert fields == {name: kept[name][0] for name in fields}
    return said(answer)


def life(visitor: Visitor) -> list[str]:
    """The steps of the agenda's life, as its page says them."""
    steps = parsed(visitor.opens(AGENDA).text).xpath("//ol[@class='steps']/li")
    return [" ".join(step.text_content().split()) for step in steps]


def test_an_approval_is_entered_with_its_day(visitor: Visitor) -> None:
    """The form asks, the check page says what that means, and every page shows both times."""
    form = said(visitor.opens(APPROVE))
    check = visitor.checks(APPROVE, manner="consensus", happened="2026-03-03")
    recorded = said(visitor.opens(visitor.confirms(APPROVE, check).headers["location"]))
    event = visitor.story.events()[-1]
    page = said(visitor.opens(f"/events/{ORGANISATION}/{event.position}"))
    plain = visitor.opens(f"/events/{ORGANISATION}/{event.position}.json").json()["event"]
    history = said(visitor.opens(f"/history/{ORGANISATION}"))

    assert "Local time in Europe/Vienna." in form
    assert KEEPS in said(check)
    assert "When it happened, as stated3 March 2026 Received9 March 2026" in recorded
    assert "3 March 2026 stated" in page
    assert ("2026-03-03", True, "stated") == (plain["effective"], plain["stated"], plain["basis"])
    assert plain["received_at"].startswith("2026-03-09T12:0")
    assert "Approved by Body, consensus: items 1, 2." in history
    assert "3 March 2026 stated" in history
    assert "Approved 3 March 2026 stated" in life(visitor)


def test_what_is_not_stated_happens_on_confirmation(visitor: Visitor) -> None:
    """The check page says so before."""
    check = visitor.checks(APPROVE, manner="consensus")
    visitor.confirms(APPROVE, check)

    assert NOW in said(check)
    assert any(
        step.startswith("Approved 9 March 2026") and "computed" in step for step in life(visitor)
    )
    assert not any("stated" in step for step in life(visitor))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (
            {"happened": "2026-03-01"},
            "2026-03-01 is before the last step of item 1: 2026-03-02T12",
        ),
        ({"happened": "2026-03-10"}, "2026-03-10 lies ahead"),
        ({"happened": "2026-03-09", "happened-hour": "13:30"}, "lies ahead"),
        ({"happened": "yesterday"}, "This is no day: write it as 2026-03-20."),
        ({"happened-hour": "10:00"}, "This is no day: write it as 2026-03-20."),
        ({"happened": "2026-03-03", "happened-hour": "ten"}, "This is no hour: write it as 14:30."),
        ({"happened": "1492-03-03"}, "This lies too far away"),
    ],
)
def test_a_time_that_cannot_be_is_told_at_its_field(
    visitor: Visitor, fields: dict[str, str], why: str
) -> None:
    assert why in refused(visitor, **fields)
    assert "submitted" == visitor.story.state("agenda/a").stage


def test_an_hour_that_clocks_show_twice_needs_its_offset(story: Story) -> None:
    """In the night in which summer time ends; the moment is then exact."""
    story.at("2026-10-23T12:00:00Z")
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.at("2026-10-26T12:00:00Z")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    fields = {"happened": "2026-10-25", "happened-hour": "02:30"}

    assert "This time occurs twice in Europe/Vienna" in refused(visitor, **fields)
    visitor.acts("approve-items", AGENDA, manner="vote", **fields, **{"happened-offset": "+01:00"})
    assert "2026-10-25T01:30:00+00:00" == story.events()[-1].effective.exact.isoformat()


def test_a_session_is_opened_and_closed_afterwards(visitor: Visitor) -> None:
    opened = said(
        visitor.acts(
            "open",
            SESSION,
            role="presiding officer",
            happened="2026-03-05",
            **{"happened-hour": "10:00"},
        )
    )
    visitor.acts("close", SESSION, role="presiding officer", happened="2026-03-06")
    page = said(visitor.opens(SESSION))

    assert "When it happened, as stated5 March 2026, 10:00 Vienna" in opened
    assert "Opened5 March 2026, 10:00 Vienna" in page
    assert "6 March 2026 stated" in page


def amendments(visitor: Visitor, **answers: str) -> dict[str, Any]:
    """What the page of oral amendments sends with one of them."""
    line = {"r1-act": "retitle", "r1-number": "2", "r1-title-en": "Buoys"}
    return field_values(visitor.opens(AMEND).text) | {"rows": "1"} | line | answers


def test_oral_amendments_are_entered_afterwards(visitor: Visitor) -> None:
    """Nothing that was written is lost where the time is wrong."""
    wrong = visitor.sends(AMEND, amendments(visitor, **{"a-happened-hour": "10:00"}))
    early = visitor.sends(AMEND, amendments(visitor, **{"a-happened": "2026-03-01"}))
    fields = {"a-happened": "2026-03-05", "a-happened-hour": "10:20"}
    check = visitor.sends(AMEND, amendments(visitor, **fields))
    visitor.confirms(AMEND, check)

    assert (422, 409) == (wrong.status_code, early.status_code)
    assert "This is no time: write the day as 2026-03-20, and the hour as 14:30." in said(wrong)
    assert "is before the last step of item 1" in said(early)
    assert "Buoys" in wrong.text
    assert "Buoys" in early.text
    assert f"{KEEPS} 5 March 2026, 10:20 Vienna" in said(check)
    assert "2026-03-05T10:20[Europe/Vienna]" == visitor.story.events()[-1].effective


def test_a_time_is_stated_on_the_command_line(placet: Placet, story: Story, tmp_path: Path) -> None:
    """As an option, or as a field of a step in a file; a wrong one leaves nothing behind."""
    story.now -= timedelta(days=1)
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    day = f"{story.now:%Y-%m-%d}"
    store = ("--store", tmp_path / "store")
    approve = ("agenda", "approve", "a", "--manner", "consensus", *store, "--yes", "--happened")
    early, no_time = placet(*approve, "2026-02-01"), placet(*approve, "noon")
    done = placet(*approve, day)
    file = tmp_path / "step.yaml"
    file.write_text(f"live: adopt agenda\nagenda: a\nwho: body\nhappened: {day}\n")
    stepped = placet("agenda", "do", file, *store, "--json")
    shown = placet("agenda", "show", "a", *store)[1]
    listed = json.loads(placet("event", "show", str(len(story.events())), *store, "--json")[1])

    assert (1, 1) == (early[0], no_time[0])
    assert "2026-02-01 is before the last step of item 1" in early[2]
    assert 0 == done[0], done[2]
    assert 0 == stepped[0], stepped[2]
    assert [f"approved {day} stated", f"agenda adopted {day} stated"] == [
        " ".join(line.split()) for line in shown.splitlines() if "stated" in line
    ]
    assert (day, "stated") == (listed["event"]["effective"], listed["event"]["basis"])


# --- Before the session, or without it ------------------------------------------------------------


@pytest.mark.parametrize("called_off", [True, False], ids=["called off", "not opened"])
def test_what_is_adopted_before_the_session_is_noticed(story: Story, *, called_off: bool) -> None:
    """The check page says that it departs from the rule, and the page of the agenda goes on to."""
    story.body()
    dates = {"starts": "2027-02-01", "ends": "2027-02-02"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    story.do("submit items", agenda="a")
    if called_off:
        story.do("cancel session", session="s", reason="The hall is flooded.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    check = visitor.checks(f"{AGENDA}/act/adopt-agenda")
    visitor.confirms(f"{AGENDA}/act/adopt-agenda", check)
    page = said(visitor.opens(AGENDA))

    assert "This departs from the rule session-on-its-days" in said(check)
    assert "Nothing departs from the rules that apply." not in page
    assert ("and the session was called off" in page) == called_off
    assert "A session is opened, adopts its agenda and its report" in page
