"""How much one seat may add to a window; a first objection is always taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.silence import rate_limit
from story import Story


@pytest.fixture
def crowded(story: Story, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A window of two items from which east has filled its measure of three within an hour."""
    monkeypatch.setattr(rate_limit, "MOST", 3)
    story.body(seats=("east", "west", "north"))
    story.do("empower seat", body="b", seat="east", acts_for=["north"])
    story.silence(subject={"type": "list of entries", "items": ["1", "2"]}, by_item=True)
    for number in range(3):
        story.respond("editorial comment", text=f"Comma {number}.")
    return story


def test_who_filled_the_measure_is_refused_what_says_nothing_new(crowded: Story) -> None:
    with crowded.refused("responses-bounded"):
        crowded.respond("editorial comment", text="Another comma.")


def test_an_hour_later_it_is_taken(crowded: Story) -> None:
    crowded.now += timedelta(hours=1)
    crowded.respond("editorial comment", text="Another comma.")

    assert 4 == len(crowded.state("window/w").responses)


def test_others_have_a_measure_of_their_own(crowded: Story) -> None:
    crowded.respond("editorial comment", "west")

    assert 4 == len(crowded.state("window/w").responses)


def test_what_the_secretariat_registers_has_none(crowded: Story) -> None:
    crowded.do("respond", window="w", kind="editorial comment", seats=["east"])

    assert 4 == len(crowded.state("window/w").responses)


def test_a_first_objection_on_each_item_is_taken_and_a_second_is_not(crowded: Story) -> None:
    crowded.respond("objection", items=["1"])
    crowded.respond("objection", items=["1", "2"])
    with crowded.refused("responses-bounded"):
        crowded.respond("objection", items=["2"])

    assert {"1", "2"} == {*crowded.state("window/w").broken}


def test_an_objection_to_the_whole_is_new_beside_one_on_an_item(crowded: Story) -> None:
    crowded.respond("objection", items=["1"])
    crowded.respond("objection")
    with crowded.refused("responses-bounded"):
        crowded.respond("objection")

    assert {"1", "2"} == {*crowded.state("window/w").broken}


def test_an_objection_also_for_another_member_is_new(crowded: Story) -> None:
    crowded.respond("objection")
    crowded.respond("objection", on_behalf_of=["north"])

    assert 5 == len(crowded.state("window/w").responses)


def test_an_objection_that_was_withdrawn_covers_nothing(crowded: Story) -> None:
    crowded.respond("objection")
    crowded.do("withdraw objection", who="seat east", window="w", number=4)
    crowded.respond("objection")

    assert "counted" == crowded.state("window/w").responses[-1].standing


def test_an_objection_that_cannot_count_is_not_new(crowded: Story) -> None:
    with crowded.refused("responses-bounded"):
        crowded.respond("objection", text_hash="0" * 64)


def test_an_unclear_answer_is_new_once_and_a_clear_one_after_it(crowded: Story) -> None:
    crowded.respond("unclear")
    with crowded.refused("responses-bounded"):
        crowded.respond("unclear")
    crowded.respond("objection")

    assert [None, True] == [response.breaks for response in crowded.state("window/w").responses[3:]]
