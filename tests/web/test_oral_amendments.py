"""An agenda that is adopted with what was changed at the meeting, and a calendar, in forms."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from story import ORGANISATION, Story
from web_visitor import Visitor, field_values, said

AGENDA = f"/agendas/{ORGANISATION}/a"
PATH = f"{AGENDA}/edit/oral-amendments"
CALENDAR = f"/bodies/{ORGANISATION}/b/act/publish-calendar"
LINES = [
    {"act": "delete", "number": "2", "reason": "No paper."},
    {"act": "retitle", "number": "3", "title-en": "Lighthouses and buoys", "title-fr": "Phares"},
    {"act": "add", "number": "4", "after": "3", "title-en": "Other matters"},
    {"act": "reorder", "number": "4", "after": "1"},
]


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A body in session, before which lie three items."""
    story.body()
    story.at("2026-05-04T07:00:00Z")
    dates = {"starts": "2026-05-04", "ends": "2026-05-05"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    for item in ("1", "2", "3"):
        story.propose(item)
    story.do("submit items", agenda="a")
    story.do("open session", session="s", who="presiding officer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def sent(visitor: Visitor, *lines: dict[str, str], path: str = PATH) -> dict[str, Any]:
    """What the page sends once these lines are written."""
    found = field_values(visitor.opens(path).text) | {"rows": str(len(lines))}
    for number, line in enumerate(lines, start=1):
        found |= {f"r{number}-{name}": text for name, text in line.items()}
    return found


def items(visitor: Visitor) -> list[tuple[str, str]]:
    """The items of the agenda, by number and title."""
    return [(it.item, it.titles["en"]) for it in visitor.story.state("agenda/a").items]


def test_an_agenda_is_adopted_with_several_amendments_one_after_another(visitor: Visitor) -> None:
    """The check page names each; the list is then what the meeting made of it."""
    check = visitor.sends(PATH, sent(visitor, *LINES))
    assert 200 == check.status_code
    assert "4 Other matters" in said(check)

    done = visitor.confirms(PATH, check)

    assert 303 == done.status_code, said(done)
    after = [("1", "Item 1"), ("4", "Other matters"), ("3", "Lighthouses and buoys")]
    assert after == items(visitor)
    amendments = visitor.story.events()[-1].fact.amendments
    assert ["delete", "retitle", "add", "reorder"] == [each.act for each in amendments]
    assert "No paper." == amendments[0].reason
    assert 409 == visitor.client.get(PATH).status_code


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"act": "", "number": "2"}, "Say what is changed."),
        ({"act": "delete", "number": ""}, "Give it a number"),
        ({"act": "delete", "number": "7"}, "There is no item 7 on this agenda."),
        ({"act": "add", "number": "2", "title-en": "Again"}, "There is an item 2 already."),
        ({"act": "add", "number": "8 (a)", "title-en": "Under none"}, "There is no item 8 that"),
        ({"act": "add", "number": "4"}, "Give it a title"),
        ({"act": "reorder", "number": "2", "after": "9"}, "There is no item 9 on this agenda."),
    ],
)
def test_a_line_that_cannot_be_is_named_and_nothing_is_lost(
    visitor: Visitor, line: dict[str, str], fault: str
) -> None:
    """Each line is judged on the list as those before it leave it."""
    answer = visitor.sends(PATH, sent(visitor, LINES[1], line))

    assert 422 == answer.status_code
    assert "Line 2: " + fault in said(answer)
    assert ["Lighthouses and buoys"] == field_values(answer.text)["r1-title-en"]


def test_an_item_that_was_deleted_before_cannot_be_moved(visitor: Visitor) -> None:
    answer = visitor.sends(PATH, sent(visitor, LINES[0], {"act": "reorder", "number": "2"}))

    assert "Line 2: There is no item 2 on this agenda." in said(answer)


def test_without_an_amendment_the_page_leads_to_the_other_form(visitor: Visitor) -> None:
    assert "Write at least one amendment." in said(visitor.sends(PATH, sent(visitor)))


def test_a_rule_that_can_be_waived_is_waived_with_its_reason(story: Story) -> None:
    """Without the reason it is refused, and all lines stand there still."""
    story.body(pack="untoc-working-groups", parameters={"adoption-at-opening.force": "waive"})
    dates = {"starts": "2026-05-04", "ends": "2026-05-05"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", proposer_kind="secretariat", memorandum="A/1")
    waived = {"organizational-item-first": "One item.", "report-item-last": "One item."}
    story.do("submit items", agenda="a", waive=waived)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    values = sent(visitor, {"act": "retitle", "number": "1", "title-en": "Opening"})
    rules = [name for name in values if name.startswith("a-waive-")]
    assert "a-waive-adoption-at-opening" in rules

    refused = visitor.sends(PATH, values)
    assert 409 == refused.status_code
    assert "Give a waiver with its reason" in said(refused)

    done = visitor.confirms(PATH, visitor.sends(PATH, values | dict.fromkeys(rules, "Agreed.")))

    assert 303 == done.status_code, said(done)
    recorded = visitor.story.events()[-1]
    assert "Agreed." == recorded.waivers["adoption-at-opening"]


def test_a_calendar_is_published_by_its_days(visitor: Visitor) -> None:
    """What stands behind a day is left out; the year begins as the present one."""
    days = "2026-05-14 Ascension\n2026-12-25"
    given = {"duty_station": "Vienna", "holidays": days, "order.authority": "ST/IC/2026/1"}
    values = visitor.fills(CALENDAR, **{k: v for k, v in given.items() if "." not in k})
    assert (["2026"], ["1"]) == (values["year"], values["version"])

    done = visitor.confirms(CALENDAR, visitor.sends(CALENDAR, values))

    assert 303 == done.status_code, said(done)
    (calendar,) = visitor.story.state("body/b").calendars
    assert ["2026-05-14", "2026-12-25"] == sorted(map(str, calendar.holidays))
    assert {5, 6} == calendar.weekend


@pytest.mark.parametrize(
    ("days", "status", "fault"),
    [
        ("Christmas", 422, "Begin each line with a day"),
        ("", 422, "This is needed."),
        ("2025-12-25", 409, "is not a day of the calendar for 2026"),
    ],
)
def test_days_of_no_calendar_are_sent_back(
    visitor: Visitor, days: str, status: int, fault: str
) -> None:
    values = visitor.fills(CALENDAR, duty_station="Vienna", holidays=days)

    answer = visitor.sends(CALENDAR, values)

    assert (status, True) == (answer.status_code, fault in said(answer)), said(answer)
