"""The organization of work: hours over midnight, tracks, meetings, and as many slots as needed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain import hour_spans, organization_of_work
from domain.organization_of_work import Entry, Slot
from domain.rules import Refused, Result
from domain.session.events import Meeting
from domain.times import When
from story import Story

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def slot(day: str, starts: str, ends: str, track: str = "plenary", item: str = "1") -> Slot:
    return Slot(day=When(day), starts=starts, ends=ends, track=track, entries=(Entry(item=item),))


def meeting(day: str, starts: str = "", ends: str = "", track: str = "plenary") -> Meeting:
    return Meeting(day=When(day), starts=starts, ends=ends, track=track)


def found(rule: str, slots: list[Slot], meetings: tuple[Meeting, ...] = ()) -> tuple[Result, str]:
    entry = next(
        f for f in organization_of_work.check_slots(slots, ["1"], meetings) if f.rule == rule
    )
    return entry.result, entry.because


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        ("10:00", "13:00", (600, 780)),
        ("22:00", "02:00", (1320, 1560)),
        ("20:00", "24:00", (1200, 1440)),
        ("20:00", "00:00", (1200, 1440)),
        ("14:00", "02:00", (840, 1560)),
        ("00:00", "24:00", (0, 1440)),
        ("00:00", "00:01", (0, 1)),
    ],
)
def test_hours_may_go_on_into_the_next_day(
    starts: str, ends: str, minutes: tuple[int, int]
) -> None:
    assert minutes == hour_spans.minutes_of_day(starts, ends)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("13:00", "10:00"),
        ("14:00", "02:01"),
        ("10:00", "10:00"),
        ("24:00", "02:00"),
        ("24:00", "24:00"),
        ("24:01", "24:30"),
        ("9:00", "10:00"),
        ("09:00", "ten"),
        ("", "10:00"),
        ("10:00:30", "11:00"),
        ("10:00", "11:00+02:00"),
    ],
)
def test_hours_that_are_none_are_refused(starts: str, ends: str) -> None:
    with pytest.raises(Refused) as refusal:
        hour_spans.minutes_of_day(starts, ends)
    assert "hours" == refusal.value.rule


NIGHT = slot("2026-08-10", "22:00", "02:00")


@pytest.mark.parametrize(
    ("other", "result"),
    [
        (slot("2026-08-11", "01:00", "03:00"), Result.VIOLATED),
        (slot("2026-08-11", "01:59", "03:00"), Result.VIOLATED),
        (slot("2026-08-11", "02:00", "03:00"), Result.SATISFIED),
        (slot("2026-08-10", "20:00", "22:00"), Result.SATISFIED),
        (slot("2026-08-10", "20:00", "22:01"), Result.VIOLATED),
        (slot("2026-08-10", "20:00", "24:00"), Result.VIOLATED),
        (slot("2026-08-11", "01:00", "03:00", track="Working group"), Result.SATISFIED),
        (slot("2026-08-11", "01:00", "03:00", track=" PLENARY "), Result.VIOLATED),
        (slot("2026-08", "01:00", "03:00"), Result.UNDETERMINABLE),
        (slot("2026-08-11", "1 a.m.", "03:00"), Result.UNDETERMINABLE),
        (slot("2026-09-01", "1 a.m.", "03:00"), Result.SATISFIED),
        (slot("2026-07-01", "1 a.m.", "03:00"), Result.SATISFIED),
        (slot("unknown", "01:00", "03:00"), Result.UNDETERMINABLE),
    ],
)
def test_slots_of_one_track_do_not_overlap_over_midnight_either(
    other: Slot, result: Result
) -> None:
    assert result == found("slots-do-not-overlap", [NIGHT, other])[0]
    assert result == found("slots-do-not-overlap", [other, NIGHT])[0]


def test_slots_of_a_day_that_is_not_told_exactly_are_compared_within_it() -> None:
    entry, other = slot("2026-08", "10:00", "12:00"), slot("2026-08", "11:00", "13:00")

    assert Result.VIOLATED == found("slots-do-not-overlap", [entry, other])[0]
    assert "2026-08 11:00" in found("slots-do-not-overlap", [entry, other])[1]


@pytest.mark.parametrize(
    ("meetings", "result"),
    [
        ((meeting("2026-08-10", "21:00", "03:00"),), Result.SATISFIED),
        ((meeting("2026-08-10", "22:00", "02:00", track="Plenary"),), Result.SATISFIED),
        ((meeting("2026-08-10", "22:01", "02:00"),), Result.VIOLATED),
        ((meeting("2026-08-10", "22:00", "01:59"),), Result.VIOLATED),
        ((meeting("2026-08-10", "22:00", "24:00"),), Result.VIOLATED),
        ((meeting("2026-08-11", "22:00", "02:00"),), Result.VIOLATED),
        ((meeting("2026-08-10", "22:00", "02:00", track="Bureau"),), Result.VIOLATED),
        ((meeting("2026-08-10"),), Result.UNDETERMINABLE),
        ((meeting("2026-08-20"),), Result.VIOLATED),
        ((meeting("2026-08-20"), meeting("2026-08-10", "22:00", "02:00")), Result.SATISFIED),
        ((), Result.UNDETERMINABLE),
    ],
)
def test_a_slot_over_midnight_lies_within_a_meeting_over_midnight(
    meetings: tuple[Meeting, ...], result: Result
) -> None:
    assert result == found("slots-within-meetings", [NIGHT], meetings)[0]


def test_it_is_told_which_slots_are_outside_and_which_may_be() -> None:
    values = found("slots-within-meetings", [NIGHT], (meeting("2026-08-20"),))
    open_ = found("slots-within-meetings", [NIGHT], (meeting("2026-08-10"),))

    assert "outside the serviced meetings: 2026-08-10 22:00" == values[1]
    assert "not certainly within the serviced meetings: 2026-08-10 22:00" == open_[1]


def test_an_item_is_begun_in_the_earlier_slot_whatever_their_order() -> None:
    """The slots are read in order of time, also those whose hours cannot be read."""
    first = slot("2026-08-10", "10:00", "12:00")
    again = Slot(
        day=When("2026-08-10"),
        starts="13:00",
        ends="14:00",
        entries=(Entry(item="1", continued=True),),
    )

    assert Result.SATISFIED == found("continued-after-first-slot", [again, first])[0]
    assert () == organization_of_work.check_slots((), ["1"], ())


def test_meetings_over_midnight_are_planned_and_those_without_sense_refused(story: Story) -> None:
    story.body()
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="b", number="1", **dates)
    night = {"day": "2026-08-10", "starts": "22:00", "ends": "02:00"}
    story.do("plan meetings", session="s", meetings=[night, {"day": "2026-08-11"}])
    for wrong in ({"starts": "13:00", "ends": "10:00"}, {"starts": "ten"}, {"ends": "10:00"}):
        with story.refused("hours"):
            story.do("plan meetings", session="s", meetings=[{"day": "2026-08-10"} | wrong])


def ten_days() -> list[dict[str, Any]]:
    """Ten days, four slots each, six languages: far more than an event may hold."""
    title = "Matters relating to the implementation of the decisions of the Conference, continued, "
    return [
        {
            "day": f"2026-08-{day:02}",
            "starts": f"{start:02}:00",
            "ends": f"{start + 2:02}:00",
            "entries": [
                {"item": item, "titles": dict.fromkeys(LANGUAGES, f"{title * 2}{day} {start}")}
                for item in ("1", "2", "9")
            ],
        }
        for day in range(10, 20)
        for start in (9, 11, 14, 16)
    ]


def test_ten_days_in_six_languages_fit(story: Story) -> None:
    """The event holds the hash; the content, the page and its JSON hold the slots."""
    story.body()
    story.agenda()
    slots = ten_days()
    answer = story.do("organize work", agenda="a", slots=slots)
    fact: Any = answer.events[0].fact
    story.placet.projections.follow()
    shown = story.placet.queries.agendas.get("fictional", "a")
    content = story.placet.store.history("fictional").content(fact.text_hash)

    assert len(json.dumps(slots)) > 137_000
    assert ((), 40, 40) == (fact.slots, fact.count, shown.agenda.work.count)
    assert 40 == len(json.loads(content)["slots"])
    assert slots[7]["entries"][1]["titles"] == shown.work[7].entries[1].titles
    assert ["i1", "i2", "i3"] == [entry.id for entry in shown.work[39].entries]


def test_slots_of_nothing_or_of_unknown_items_are_refused(story: Story) -> None:
    story.body()
    story.agenda()
    with story.refused("empty"):
        story.do("organize work", agenda="a", slots=[])
    hours_ = {"day": "2026-08-10", "starts": "10:00", "ends": "13:00"}
    with story.refused("empty"):
        story.do("organize work", agenda="a", slots=[hours_ | {"entries": []}])
    with story.refused("known"):
        story.do("organize work", agenda="a", slots=[hours_ | {"entries": [{"item": "77"}]}])
