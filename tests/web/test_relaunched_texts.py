"""The page of a relaunch compares what both texts have, and says what became of all else."""

from __future__ import annotations

from typing import Any

from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor

AGAIN = f"/windows/{ORGANISATION}/again"
SUBJECT = {"type": "agenda items", "agenda": "a"}


def broken_in_part(story: Story, *items: str) -> None:
    """Items 1, 2 and 9 went under silence, each by itself; item 2, or these, were objected to."""
    story.body()
    story.agenda()
    story.do("propose heading", agenda="a", titles={"en": "Opening"}, before="1")
    story.do("propose heading", agenda="a", titles={"en": "Substance"}, before="2")
    story.do("submit items", agenda="a")
    story.do("open silence", window="w", body="b", subject=SUBJECT, by_item=True)
    story.respond("objection", items=items or ["2"])
    story.clock("2026-03-05T13:00:00Z")
    story.clock("2026-03-05T14:00:00Z")
    assert {*(items or ["2"])} == {*story.state("window/w").broken}
    assert story.state("window/w").lapsed


def relaunched(story: Story, *items: str, **amended: Any) -> None:
    """Item 2 is submitted again, as amended, and put under silence again."""
    if amended:
        story.do("amend item", agenda="a", item="2", reason="Asked for.", **amended)
    story.do("submit items", agenda="a", items=items or ("2",))
    subject = SUBJECT | {"items": items or ("2",)}
    story.do("open silence", window="again", body="b", subject=subject, relaunch_of="w")


def section(story: Story) -> Any:
    """What the page of the relaunch shows of what changed."""
    page = Visitor(story).opens(AGAIN)
    assert 200 == page.status_code
    (found,) = parsed(page.text).xpath("//*[@aria-labelledby='changed']")
    return found


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_items_that_are_not_under_silence_again_were_not_removed(story: Story) -> None:
    broken_in_part(story)
    relaunched(story, titles={"en": "Item two"})
    shown = section(story)
    assert ["2"] == [words(del_).strip("[]").partition(": ")[2] for del_ in shown.iter("del")]
    assert 1 == len(shown.xpath(".//blockquote"))
    listed = [words(line) for line in shown.xpath(".//ul[@class='outcomes']/li")]
    approved = "approved, no breaking objection received"
    assert [f"1Item 1{approved}", f"9Item 9{approved}"] == [
        line.replace(" approved", "approved") for line in listed
    ]


def test_words_that_are_the_same_are_said_to_be_the_same(story: Story) -> None:
    broken_in_part(story)
    relaunched(story)
    shown = section(story)
    assert "Nothing: the words are the same." in words(shown)
    assert "struck through" not in words(shown)
    assert not shown.xpath(".//del | .//ins")


def test_a_translation_that_only_one_text_has_is_compared_with_nothing(story: Story) -> None:
    broken_in_part(story)
    relaunched(story, titles={"en": "Item 2", "fr": "Point 2"})
    shown = words(section(story))
    assert "Nothing: the words are the same." in shown
    assert "Not compared, as only one of the two texts has these languages: French" in shown


def test_a_heading_that_was_withdrawn_above_what_is_under_silence_again_is_gone(
    story: Story,
) -> None:
    broken_in_part(story, "2", "9")
    story.do("withdraw heading", agenda="a", heading="h2", reason="Not needed.")
    relaunched(story, "2", "9")
    shown = section(story)
    assert ["[removed: Substance]"] == [words(del_) for del_ in shown.iter("del")]


def test_the_same_is_there_as_json(story: Story) -> None:
    broken_in_part(story)
    relaunched(story)
    representation = Visitor(story).opens(f"{AGAIN}.json").json()
    assert [("2", "Item 2", "Item 2")] == [
        (each["part"], each["before"], each["after"])
        for each in representation["changed"]
        if not each["heading"]
    ]
    assert {"1": "approved", "9": "approved"} == {
        each["part"]: each["outcome"] for each in representation["not_compared"]["earlier"]
    }


def test_a_new_item_and_an_end_without_outcome_are_said(story: Story) -> None:
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.do("open silence", window="w", body="b", subject=SUBJECT)
    chair = "presiding officer"
    story.do("supersede silence", who=chair, window="w", reason="Another list is made.")
    story.propose("3")
    story.do("withdraw item", agenda="a", item="2", reason="Withdrawn by Eastland.")
    story.do("submit items", agenda="a")
    story.do("open silence", window="again", body="b", subject=SUBJECT, relaunch_of="w")
    shown = words(section(story))
    assert "Not under silence in the procedure before: 3" in shown
    assert "2Item 2no outcome" in shown
    assert "removed" not in shown.lower()
