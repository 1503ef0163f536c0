"""What a silence procedure belongs to: pages and letters say of which session and agenda it is."""

from __future__ import annotations

from logged_in import Person
from page_tree import parsed
from story import Story
from web_visitor import WINDOW, said

AGENDA, SESSION = "/agendas/fictional/a", "/sessions/fictional/s"


def agenda_items(story: Story) -> None:
    """The items of agenda `a`, for session 15 of body `b`, are under silence without a title."""
    story.body()
    dates = {"starts": "2027-02-01", "ends": "2027-02-05"}
    story.do("schedule session", session="s", body="b", number="15", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.silence(subject=subject, text={})


def test_its_page_and_its_forms_say_of_which_session_and_agenda_it_is(story: Story) -> None:
    agenda_items(story)
    person = Person(story)
    for path in (WINDOW, f"{WINDOW}/act/respond", f"{WINDOW}/act/register"):
        page = person.opens(path)
        shown = said(page)
        assert "Session 15, 1–5 February 2027" in shown, shown[:600]
        links = {link.get("href") for link in parsed(page.text).iter("a")}
        assert {AGENDA, SESSION} <= links, path
    assert "Session 15" in parsed(person.opens(WINDOW).text).find(".//title").text


def test_no_box_promises_an_approval_while_a_response_waits_for_a_ruling(story: Story) -> None:
    story.body()
    story.silence()
    person = Person(story)
    assert "The text is approved with effect at the deadline" in said(person.opens(WINDOW))
    story.respond("unclear")
    shown = said(person.opens(WINDOW))
    assert "Nothing is approved before the presiding officer has ruled." in shown
    assert "The text is approved with effect at the deadline, " not in shown


def test_where_names_are_withheld_a_ruling_is_asked_for_without_the_seat(story: Story) -> None:
    story.body()
    story.silence(names_withheld=True)
    story.respond("unclear", text="We wonder.")
    shown = said(Person(story).opens(f"{WINDOW}/act/rule"))
    ruled_on = shown.partition("What is ruled on")[2].partition("The ruling")[0]
    assert "Names are withheld." in ruled_on
    assert "We wonder." in ruled_on
    assert "east" not in ruled_on.lower()
