"""What is said of an event names who held a seat then, not who holds it now."""

from __future__ import annotations

import pytest

from domain.access.commands import ORGANISATION as ORGANISATION_STREAM
from domain.streams import Stream, StreamKind
from story import ORGANISATION, Story
from workflows.history.narration import actor_name, sentence
from workflows.queries.record_names import in_language

BODY = Stream(StreamKind.BODY, "b")
AGENDA = Stream(StreamKind.AGENDA, "a")


@pytest.fixture
def story(story: Story) -> Story:
    story.body(seats=("s1",))
    story.do("fill seat", body="b", seat="s2", holder="Sum", since="2026-01-01")
    return story


def follows(story: Story, holder: str, until: str = "") -> None:
    """Another holder takes the seat `s2`, on the day on which the last one leaves it."""
    day = until or story.now.date().isoformat()
    story.do("vacate seat", body="b", seat="s2", until=day)
    story.do("fill seat", body="b", seat="s2", holder=holder, since=day)


def sentences(story: Story, stream: Stream) -> list[str]:
    """The history of a stream, in sentences."""
    queries = story.placet.queries
    events = queries.record.history(ORGANISATION).events_of(stream)
    names = in_language(queries.events.names(ORGANISATION, events), "en")
    return [sentence(event, str, "en", names) for event in events]


def test_who_leaves_a_seat_is_named_though_others_came_on_the_same_day(story: Story) -> None:
    follows(story, "Summa")
    follows(story, "Summary")
    story.do("vacate seat", body="b", seat="s2", until=story.now.date().isoformat())

    assert [
        "The seat Sum was vacated.",
        "Summa took the seat s2 (member).",
        "The seat Summa was vacated.",
        "Summary took the seat s2 (member).",
        "The seat Summary was vacated.",
    ] == sentences(story, BODY)[-5:]


def test_who_left_in_the_past_is_named_where_it_is_entered_afterwards(story: Story) -> None:
    follows(story, "Summa", until="2026-02-01")

    assert "The seat Sum was vacated." in sentences(story, BODY)


def test_a_name_that_was_entered_wrongly_is_read_as_it_was_corrected(story: Story) -> None:
    filled = len(sentences(story, BODY))
    follows(story, "Summa")
    correction = {"of": "body/b", "version": filled, "now": {"holder": "Somme"}, "reason": "Typo."}
    story.do("correct fact", authority="the secretary", **correction)

    assert "The seat Somme was vacated." in sentences(story, BODY)


def test_powers_are_those_of_who_held_the_seats_then(story: Story) -> None:
    story.do("empower seat", body="b", seat="s1", acts_for=["s2", "France"], since="2026-01-01")
    follows(story, "Summa", until="2030-01-01")

    assert "The seat S1 may act for Sum, France." in sentences(story, BODY)


def test_two_holders_of_one_name_are_told_apart_then_as_well(story: Story) -> None:
    story.do("fill seat", body="b", seat="s3", holder="Sum", since="2026-01-01")
    follows(story, "Summa")

    assert "The seat Sum (s2) was vacated." in sentences(story, BODY)


def test_an_objection_outside_of_a_silence_is_of_who_objected(story: Story) -> None:
    story.agenda("1")
    story.do("note objection", agenda="a", seats=["s2"], text="No.")
    follows(story, "Summa")
    story.do("note objection", agenda="a", seats=["s2"], text="No again.")

    before, after = sentences(story, AGENDA)[-2:]

    assert ("Sum" in before, "Summa" in before, "Summa" in after) == (True, False, True)


def test_a_role_for_a_seat_is_named_by_who_sat_there_when_it_was_given(story: Story) -> None:
    role = {"principal": "p1", "role": "member", "body": "b", "seat": "s2"}
    story.do("grant role", **role, who="administrator")
    follows(story, "Summa")
    (given,) = sentences(story, ORGANISATION_STREAM)[-1:]

    assert "Sum" in given
    assert "Summa" not in given


def test_who_acted_is_named_as_the_seat_was_held_then(story: Story) -> None:
    """On the day of the change itself as well, as the record tells what came first."""
    story.agenda("1")
    queries = story.placet.queries
    story.do("propose item", agenda="a", item="2", titles={"en": "Buoys"}, who="seat s2")
    follows(story, "Summa")
    events = queries.record.history(ORGANISATION).events_of(AGENDA)
    names = in_language(queries.events.names(ORGANISATION, events), "en")

    assert "Sum" == actor_name(events[-1].actor, str, names.seats_at(events[-1]))


def test_a_silence_keeps_the_names_of_those_whom_it_asked(story: Story) -> None:
    story.silence()
    story.respond("objection", seat="s2", text="No.")
    follows(story, "Summa")
    (answer,) = (
        text for text in sentences(story, Stream(StreamKind.WINDOW, "w")) if "Response 1" in text
    )

    assert "from Sum." in answer
