"""A correction reaches every field of an event, also within texts, lists and contents."""

from __future__ import annotations

from typing import Any

import pytest

from domain.agenda.work_schedule import current_slots
from domain.body import decisions as bodies
from story import Story

BY = {"authority": "the Secretary of the body"}
SLOTS = [
    {"day": "2026-08-10", "starts": "10:00", "ends": "13:00", "entries": [{"item": "1"}]},
    {
        "day": "2026-08-10",
        "starts": "15:00",
        "ends": "18:00",
        "entries": [{"item": "2"}, {"item": "9"}],
    },
]


@pytest.fixture
def told(story: Story) -> Story:
    """An agenda of three items with an organization of work; events 2 to 5 of `agenda/a`."""
    story.body()
    story.agenda()
    story.do("organize work", agenda="a", slots=SLOTS)
    return story


def correct(story: Story, version: int, now: dict[str, str], of: str = "agenda/a") -> Any:
    answer = story.do("correct fact", of=of, version=version, now=now, reason="found", **BY)
    return answer.events[0].fact


def slots(story: Story) -> Any:
    world = story.placet.handling.decision_context(story.placet.store.history("fictional"))
    agenda = story.state("agenda/a")
    return current_slots(agenda.work, agenda.items, world.content)


def test_a_title_is_corrected_in_one_language_or_added_in_another(told: Story) -> None:
    fact = correct(told, 3, {"titles.en": "Wells", "titles.fr": "Puits"})

    assert {"en": "Wells", "fr": "Puits"} == told.state("agenda/a").item("2").titles
    assert {"titles.en": "Item 2", "titles.fr": ""} == fact.was


@pytest.mark.parametrize(
    ("now", "field", "value"),
    [
        ({"titles": '{"ru": "Колодцы"}'}, "titles", {"ru": "Колодцы"}),
        ({"subjects": '["report", "other matters"]'}, "subjects", ("report", "other matters")),
        ({"item": "5"}, "item", "5"),
        ({"proposer": ""}, "proposer", ""),
    ],
)
def test_whole_texts_and_lists_are_told_as_json(
    told: Story, now: dict[str, str], field: str, value: object
) -> None:
    correct(told, 3, now)

    assert value == getattr(told.state("agenda/a").items[1], field)


def test_a_member_of_a_list_is_corrected_by_its_number(story: Story) -> None:
    story.body()
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="b", number="1", **dates)
    hours = {"day": "2026-08-10", "starts": "10:00", "ends": "13:00", "interpretation": ["en"]}
    story.do("plan meetings", session="s", meetings=[hours, hours])
    correct(
        story, 2, {"meetings.1.day": "2026-08-11", "meetings.1.interpretation.0": "fr"}, "session/s"
    )
    first, second = story.state("session/s").meetings

    assert ("2026-08-10", ("en",)) == (first.day, first.interpretation)
    assert ("2026-08-11", ("fr",)) == (second.day, second.interpretation)


def test_a_slot_is_corrected_in_the_content_that_holds_it(told: Story) -> None:
    """The event names another content; the former one stays, and the record tells both."""
    before = told.state("agenda/a").work.text_hash
    fact = correct(told, 5, {"slots.1.entries.1.item": "1", "slots.1.entries.1.continued": "yes"})
    after = told.state("agenda/a").work.text_hash

    assert ["2", "1"] == [entry.item for entry in slots(told)[1].entries]
    assert [False, True] == [entry.continued for entry in slots(told)[1].entries]
    assert (before, after) == (fact.was["text_hash"], fact.now["text_hash"])
    assert "9" == fact.was["slots.1.entries.1.item"]
    assert told.placet.store.history("fictional").content(before)


def test_all_slots_are_corrected_at_once(told: Story) -> None:
    slot = (
        '[{"day":"2026-08-12","starts":"22:00","ends":"24:00",'
        '"entries":[{"item":"9","continued":true},{"item":"2","continued":"yes"},{"item":"1"}]}]'
    )
    correct(told, 5, {"slots": slot})

    assert ["2026-08-12"] == [str(slot.day) for slot in slots(told)]
    assert [True, True, False] == [entry.continued for entry in slots(told)[0].entries]
    assert 1 == told.state("agenda/a").work.count


@pytest.mark.parametrize(
    ("version", "now"),
    [
        (3, {"titles": "Wells"}),
        (3, {"titles": '["Wells"]'}),
        (3, {"titles": '{"en": 5}'}),
        (3, {"subjects.0": "none"}),
        (3, {"subjects": '{"a": "b"}'}),
        (3, {"subjects": "[1]"}),
        (3, {"item.0": "2"}),
        (3, {"nothing": "2"}),
        (5, {"slots.7.day": "2026-08-12"}),
        (5, {"slots.-1.day": "2026-08-12"}),
        (5, {"slots.0.day": "a day"}),
        (5, {"slots.0.entries.0.continued": "perhaps"}),
        (5, {"slots": '[{"day":"2026-08-12"}]'}),
        (5, {"slots": '[{"day":"2026-08-12","starts":"10:00","ends":"11:00","entries":[5]}]'}),
        (
            5,
            {
                "slots": '[{"day":"2026-08-12","starts":"10:00","ends":"11:00",'
                '"entries":[{"item":"1","continued":"perhaps"}]}]'
            },
        ),
    ],
)
def test_what_does_not_fit_is_refused(told: Story, version: int, now: dict[str, str]) -> None:
    with told.refused("correction-names-a-fact"):
        correct(told, version, now)


def test_hours_that_are_none_are_refused(told: Story) -> None:
    with told.refused("hours"):
        correct(told, 5, {"slots.0.ends": "10:00"})


def test_an_identity_is_never_corrected_and_no_number_given_twice(told: Story) -> None:
    with told.refused("new"):
        correct(told, 3, {"id": "i1"})
    with told.refused("new"):
        correct(told, 3, {"item": " 1."})


def test_a_content_that_is_not_there_is_refused(told: Story) -> None:
    with told.refused("known"):
        correct(told, 5, {"text_hash": "0" * 64})


def test_what_a_window_told_its_agenda_is_never_corrected(story: Story) -> None:
    """Otherwise a correction would approve what the silence did not."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.respond("objection")
    version = len([event for event in story.events() if str(event.stream) == "agenda/a"])
    with story.refused("correction-not-of-a-window"):
        correct(story, version, {"items": "[]"})


def test_what_could_not_be_read_with_it_is_refused(story: Story) -> None:
    """A seat cannot have been left that nobody sat in."""
    story.body()
    story.do("vacate seat", body="b", seat="east", until="2026-04-01")
    version = len([event for event in story.events() if str(event.stream) == "body/b"])
    correct(story, version, {"until": "2026-04-02"}, "body/b")
    with story.refused("correction-names-a-fact"):
        correct(story, version, {"seat": "north"}, "body/b")


def test_every_field_of_an_attested_window_is_corrected(story: Story) -> None:
    story.body()
    story.tell(
        "open silence",
        "2020-03-01",
        window="w",
        body="b",
        subject={"type": "decision text"},
        text={"en": "Yes."},
        closes="2020-03-04",
    )
    story.tell("respond", "2020-03-02", window="w", kind="unclear", seats=["east"])
    story.tell("rule on response", "2020-03-03", window="w", number=1, breaks=False, reason="no")
    correct(story, 1, {"seats": "12", "policy.threshold": "2", "closes": "2020-03-05"}, "window/w")
    correct(
        story,
        1,
        {"seats": "", "subject.titles.en": "The text", "policy.by_item": "yes"},
        "window/w",
    )
    state = story.state("window/w")

    assert (None, 2, "2020-03-05", True) == (
        state.seats,
        state.policy.threshold,
        state.closes,
        state.policy.by_item,
    )
    assert "The text" == state.subject.titles["en"]
    with story.refused("correction-names-a-fact"):
        correct(story, 3, {"number": "one"}, "window/w")
    for wrong in ({"seats": "many"}, {"seats": "[1]"}, {"subject": '{"titles": 5}'}):
        with story.refused("correction-names-a-fact"):
            correct(story, 1, wrong, "window/w")


def test_numbers_of_responses_are_corrected_as_a_list(story: Story) -> None:
    story.body()
    text = {"subject": {"type": "decision text"}, "text": {"en": "Yes."}}
    story.tell("open silence", "2020-03-01", window="w", body="b", closes="2020-03-04", **text)
    for seat in ("east", "west"):
        story.tell("respond", "2020-03-02", window="w", kind="objection", seats=[seat])
    broken = next(event for event in story.events() if event.name.startswith("window.broken"))
    fact = correct(story, broken.version, {"by": "[1, 2]"}, "window/w")

    assert ("[1]", "[1, 2]") == (fact.was["by"], fact.now["by"])
    with story.refused("correction-names-a-fact"):
        correct(story, broken.version, {"by": "[true]"}, "window/w")


def test_a_term_is_corrected_within_its_seat(told: Story) -> None:
    """It may begin later than the one before has ended, and not earlier."""
    told.do("vacate seat", body="b", seat="east", until="2026-06-30")
    told.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-07-01")
    filled = next(
        event for event in told.events() if getattr(event.fact, "holder", "") == "Eastland"
    ).version
    with told.refused("no-overlap-of-terms"):
        correct(told, filled, {"since": "2026-05-01"}, of="body/b")
    correct(told, filled, {"since": "2026-07-02"}, of="body/b")

    assert "2026-07-02" == str(told.state("body/b").seats[-1].since)


def test_what_was_wrong_already_keeps_nothing_from_being_corrected(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier program took this zone; the name of the body can be put right all the same."""
    with monkeypatch.context() as earlier:
        earlier.setattr(bodies, "require_zone", lambda _: None)
        story.do("establish body", body="b", names={"en": "Bordy"}, zone="Factory")
    correct(story, 1, {"names.en": "Body"}, of="body/b")
    with story.refused("exact-instant"):
        correct(story, 1, {"zone": "Europe/Wien"}, of="body/b")

    assert {"en": "Body"} == story.state("body/b").names
